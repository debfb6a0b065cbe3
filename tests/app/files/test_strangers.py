"""Damaged files give a result or one sentence, soon; the benchmark `strangers` tries twenty times as many."""

import pytest

from tests import strangers

pytestmark = pytest.mark.engine
COUNT = 100
LONGEST = 2.0  # seconds: a hang, not a slow machine


@pytest.fixture(scope="module")
def kinds():
    return {kind.name: kind for kind in strangers.kinds()}


@pytest.mark.parametrize("name", ["scene", "line", "table", "picture", "formula", "recording"])
def test_what_a_stranger_brings_is_read_or_refused_in_a_sentence(kinds, tmp_path, name):
    (tmp_path / "within").mkdir()
    found = list(strangers.tried(kinds[name], COUNT, 1, tmp_path / "within"))
    assert not [(content[:200], fault) for content, fault, _ in found if fault]
    assert max(seconds for *_, seconds in found) < 10 * LONGEST
    assert [path.name for path in tmp_path.iterdir()] == ["within"], "nothing is written elsewhere"
