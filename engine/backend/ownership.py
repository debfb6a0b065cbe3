"""Ownership: each mutable object of the engine belongs to one thread, and this says so when another one touches it.

Off in use, where ``owned`` leaves a class as it is. With FALL_LINE_GUARD=1 in the environment (the tests, the drive of
the real window) each public method of an owned class checks who calls. The first thread that calls one after the object
was made owns it; ``release`` gives it up, for the next one to take, as a builder does with what it has built.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from typing import Any, TypeVar

ENABLED = os.environ.get("FALL_LINE_GUARD") == "1"
_OWNER = "_owned_by"

C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])

trespasses: list[str] = []  # every one is written down, too, since whoever called may have caught the error


class OwnershipError(RuntimeError):
    """An object was touched by a thread that doesn't own it."""


def any_thread(method: F) -> F:
    """Mark a method that may be called from any thread, since it reads or replaces only what is frozen."""
    method.any_thread = True  # type: ignore[attr-defined]
    return method


def owned(kind: C) -> C:
    """Class decorator: objects of this class, and of its subclasses where they are decorated too, have an owner."""
    if not ENABLED:
        return kind
    kind.__init__ = _constructing(kind.__init__)  # type: ignore[misc]
    for name, member in list(vars(kind).items()):
        if name.startswith("_"):
            continue
        if callable(member) and not isinstance(member, type | staticmethod | classmethod):
            setattr(kind, name, _checked(kind, name, member))
        elif isinstance(member, property) and member.fget is not None:
            setattr(kind, name, property(_checked(kind, name, member.fget), member.fset, member.fdel, member.__doc__))
    return kind


def release(*objects: Any) -> None:
    """Give up objects and all owned ones that they hold and this thread owns; the next thread that calls takes them."""
    if ENABLED:
        seen: set[int] = set()
        for item in objects:
            _release(item, seen)


def _constructing(construct: Callable[..., None]) -> Callable[..., None]:
    """An object belongs to nobody until it is made, whatever its construction calls."""

    @functools.wraps(construct)
    def constructing(self: Any, *arguments: Any, **named: Any) -> None:
        construct(self, *arguments, **named)
        self.__dict__.pop(_OWNER, None)

    return constructing


def _checked(kind: type, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    if getattr(method, "any_thread", False):
        return method

    @functools.wraps(method)
    def checked(self: Any, *arguments: Any, **named: Any) -> Any:
        me = threading.current_thread()
        owner = self.__dict__.setdefault(_OWNER, me)
        if owner is not me:
            said = f"{kind.__name__}.{name} was called in {me.name}, but {owner.name} owns this object."
            trespasses.append(said)
            raise OwnershipError(said)
        return method(self, *arguments, **named)

    return checked


def _release(item: Any, seen: set[int]) -> None:
    if isinstance(item, dict):
        item = list(item.values())
    if isinstance(item, list | tuple):
        for part in item:
            _release(part, seen)
        return
    state = getattr(item, "__dict__", None)
    if state is None or id(item) in seen or not type(item).__module__.startswith("engine."):
        return
    seen.add(id(item))
    if state.get(_OWNER) is threading.current_thread():
        del state[_OWNER]
    _release(state, seen)
