"""The lecture's chapters: each opens its scene, and every number in it is what a fresh run says."""

import json
import re

import pytest

from app.cli import main
from engine import lecture
from engine.lecture import LectureError, chapters, read
from engine.run.runner import Runner
from engine.run.states import Event, State
from tests.app.commands.outcomes import outcome_of

each = pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
GOOD = """+++
title = "One"
scene = "landscape/parabola"
knobs = ["start"]
formula = "x²"

[question]
ask = "Where?"
of = "cost"
tolerance = 0.1

[transfer]
ask = "And there?"
of = "cost"
tolerance = 0.1
+++

## Look

Here.

## What happened

That.

## In short

So.
"""


def test_they_are_listed_in_their_order(capsys):
    assert main(["lecture"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(chapters()) == 16
    assert lines[0].split(maxsplit=1)[0] == "1"
    assert main(["lecture", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["number"] for one in found] == list(range(1, 17))
    for one in found:
        assert {"name", "title", "scene", "knobs", "question", "transfer", "claims", "formula"} <= set(one)


def test_a_chapter_is_read_by_its_number_or_its_name(capsys):
    assert main(["lecture", "3"]) == 0
    by_number = capsys.readouterr().out
    assert main(["lecture", "update-rule"]) == 0
    assert capsys.readouterr().out == by_number
    assert "The update rule" in by_number
    assert "landscape/first-descent" in by_number
    assert main(["lecture", "17"]) == 2
    assert "1 to 16" in capsys.readouterr().err


@each
def test_few_knobs_a_guess_and_a_place_not_seen_before(chapter):
    assert 1 <= len(chapter.knobs) <= 3
    assert chapter.question.ask.rstrip().endswith(("?", ".", "x."))
    transfer, own = chapter.transfer, chapter.question
    assert (transfer.scene, transfer.set, transfer.of) != (own.scene, own.set, own.of)
    assert len(chapter.short) < 140


@pytest.mark.engine
@each
def test_every_claim_and_every_question_is_what_a_fresh_run_says(chapter):
    for asked in (chapter.question, chapter.transfer, *chapter.claims):
        if asked.value is not None and asked.of == "cost" and asked is chapter.transfer:
            truth = asked.value  # a bound, which is tried below
        else:
            truth = asked.truth(outcome_of(asked, chapter.scene))
        if asked in chapter.claims:
            said = asked.value if asked.value is not None else _number(asked.text)
            assert asked.accepts(said, truth), (asked.text, truth)
        else:
            assert asked.accepts(truth + 0.9 * asked.tolerance, truth)
            assert not asked.accepts(truth + 1.1 * asked.tolerance + 1, truth)
            low, high = getattr(asked, "low", None), getattr(asked, "high", None)
            assert low is None or low <= truth <= high


@pytest.mark.engine
def test_the_largest_rate_on_the_narrow_valley_is_the_one_that_is_asked_for():
    (chapter,) = [one for one in chapters() if one.name == "learning-rate"]
    asked = chapter.transfer
    for factor, comes_down in ((0.95, True), (1.05, False)):
        spec = asked.spec(chapter.scene).with_knobs({"learning_rate": factor * asked.value})
        runner = Runner(spec)
        try:
            first = runner.frame().cost
            runner.handle(Event.PLAY)
            while runner.state is State.RUNNING:
                runner.advance(1000)
            assert (runner.state is not State.DIVERGED and runner.frame().cost < first) == comes_down
        finally:
            runner.close()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("landscape/parabola", "landscape/nowhere", "no scene"),
        ('["start"]', '["side"]', "no knob 'side'"),
        ("## In short\n\nSo.", "", "'In short' is missing"),
        ("tolerance = 0.1\n\n[transfer]", 'tolerance = "much"\n\n[transfer]', "float"),
        ("+++\n\n## Look", "\n\n## Look", "header"),
        ("+++\n\n## Look", '[[claims]]\ntext = "7"\nof = "cost"\ntolerance = 0\n+++\n\n## Look', "not said"),
    ],
)
def test_a_chapter_that_is_wrong_says_so_in_one_sentence(before, after, words):
    assert read(GOOD, 1, "one").short == "So."
    assert before in GOOD
    with pytest.raises(LectureError, match=words) as refusal:
        read(GOOD.replace(before, after), 1, "one")
    assert "Chapter one" in str(refusal.value)


def test_what_no_run_says_is_named():
    asked = lecture.Asked(of="metrics.nothing", tolerance=1.0)
    with pytest.raises(LectureError, match=r"metrics\.nothing"):
        asked.truth({"metrics": {}})


def _number(text: str) -> float:
    found = re.search(r"−?\d[\d,]*(?:\.\d+)?", text)
    return float(found[0].replace(",", "").replace("−", "-"))
