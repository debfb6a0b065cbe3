"""The guard: an object belongs to the first thread that calls it, until it is given up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.backend import ownership


@ownership.owned
class Part:
    def count(self) -> int:
        return 1


@ownership.owned
class Whole:
    def __init__(self) -> None:
        self.parts = [Part()]
        self.parts[0].count()

    def count(self) -> int:
        return sum(part.count() for part in self.parts)

    @ownership.any_thread
    def size(self) -> int:
        return len(self.parts)


# the walk of release() looks at the engine's own classes alone
Part.__module__ = Whole.__module__ = "engine.test"


def elsewhere(work):
    with ThreadPoolExecutor(1) as other:
        return other.submit(work).result()


def test_another_thread_than_the_first_is_refused_and_written_down():
    whole = Whole()
    assert elsewhere(Part().count) == 1
    part = Part()
    part.count()
    with pytest.raises(ownership.OwnershipError, match=r"Part\.count was called in .* but MainThread owns"):
        elsewhere(part.count)
    assert len(ownership.trespasses) == 1
    ownership.trespasses.clear()
    assert elsewhere(whole.size) == 1, "a method for any thread asks nobody"


def test_what_is_given_up_with_all_its_parts_can_be_taken_by_another_thread():
    whole = Whole()
    whole.count()
    ownership.release(whole)
    assert elsewhere(whole.count) == 1
    with pytest.raises(ownership.OwnershipError):
        whole.count()
    ownership.trespasses.clear()


def test_what_another_thread_owns_is_not_given_up_for_it():
    part = Part()
    elsewhere(part.count)
    ownership.release(part)
    with pytest.raises(ownership.OwnershipError):
        part.count()
    ownership.trespasses.clear()
