"""A setting is declared once; from that one line come its check, its range in words and its help."""

import math

import pytest

from engine.experiments import EXPERIMENTS
from engine.knobs import Kind, Knob, KnobError, changed, differing, knobs_of
from engine.scenes import scenes

SETTINGS = {name: entry.settings for name, entry in EXPERIMENTS.items()}
EVERY_KNOB = [
    pytest.param(knob, id=f"{experiment}-{knob.name}")
    for experiment, settings in SETTINGS.items()
    for knob in knobs_of(settings)
]


def knob_of(experiment: str, name: str) -> Knob:
    return next(knob for knob in knobs_of(SETTINGS[experiment]) if knob.name == name)


RATE = knob_of("regression", "learning_rate")
DEPTH = knob_of("regression", "depth")
EPOCHS = knob_of("regression", "epochs")
OPTIMIZER = knob_of("regression", "optimizer")
SHUFFLE = knob_of("regression", "shuffle")
START = knob_of("landscape", "start")
RACE = knob_of("landscape", "optimizers")


@pytest.mark.parametrize("value", ["0.25", " 0.25 ", "2.5e-1", 0.25])
def test_a_number_is_read_from_text_or_taken_as_it_is(value):
    assert RATE.parse(value) == 0.25


@pytest.mark.parametrize("value", [0, 1001, -1, "0", "1e9"])
def test_a_number_out_of_range_is_refused_with_its_name_and_its_range(value):
    with pytest.raises(KnobError) as refusal:
        RATE.parse(value)
    sentence = str(refusal.value)
    assert "learning_rate" in sentence
    assert "1e-12" in sentence
    assert "1000" in sentence
    assert str(value) in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("value", [1e-12, 1000, "1e-12", "1000"])
def test_both_ends_of_a_range_are_allowed(value):
    assert RATE.parse(value) == float(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "nan", "inf", True, False, None, "", "fast", [1.0]])
def test_what_is_no_finite_number_is_refused(value):
    for knob in (RATE, DEPTH):
        with pytest.raises(KnobError, match=knob.name):
            knob.parse(value)


@pytest.mark.parametrize(("text", "value"), [("0,25", 0.25), ("2,5E−1", 0.25), ("1e−3", 1e-3)])
def test_a_number_is_read_as_people_of_other_countries_write_it(text, value):
    assert RATE.parse(text) == value


def test_what_can_be_read_in_two_ways_is_asked_about():
    for knob, text in ((RATE, "1,000"), (EPOCHS, "1,000"), (EPOCHS, "1.000"), (START, "0,5, 0,2")):
        with pytest.raises(KnobError, match=rf"{knob.name}: “.*” can be read in two ways"):
            knob.parse(text)
    assert EPOCHS.parse("1 000") == EPOCHS.parse("1'000") == 1000


def test_a_whole_number_is_read_as_an_int():
    for value in ("3", 3, 3.0):
        parsed = DEPTH.parse(value)
        assert parsed == 3
        assert isinstance(parsed, int)


def test_a_fraction_is_refused_where_a_whole_number_is_asked_for():
    with pytest.raises(KnobError, match=r"depth must be a whole number \(1 to 8\)"):
        DEPTH.parse(2.5)


def test_a_number_too_large_for_a_float_is_refused_like_any_other():
    for knob in (RATE, DEPTH):
        with pytest.raises(KnobError, match=knob.name):
            knob.parse(10**400)


@pytest.mark.parametrize("value", ["sgdd", "", "SGD", 3, None, ["sgd"]])
def test_a_choice_that_does_not_exist_is_refused_with_those_that_do(value):
    with pytest.raises(KnobError, match=r"optimizer must be one of sgd, momentum, .*adam"):
        OPTIMIZER.parse(value)


def test_a_switch_takes_the_words_of_a_command_line():
    assert [SHUFFLE.parse(word) for word in ("on", "True", "yes", "1", 1, True)] == [True] * 6
    assert [SHUFFLE.parse(word) for word in ("off", "False", "no", "0", 0, False)] == [False] * 6
    with pytest.raises(KnobError, match="shuffle must be on or off"):
        SHUFFLE.parse("perhaps")


def test_a_list_of_numbers_is_read_from_text_or_a_list():
    assert START.parse("0.1, -0.5") == (0.1, -0.5)
    assert START.parse([0.1, -0.5]) == (0.1, -0.5)
    assert START.parse("") == ()
    assert START.parse(0.3) == (0.3,)


@pytest.mark.parametrize("value", ["0.1, nan", [0.1, True], "0.1, left", [0.1, 1e4]])
def test_one_wrong_number_refuses_the_list(value):
    with pytest.raises(KnobError, match="start"):
        START.parse(value)


def test_a_list_of_choices_keeps_its_order_and_refuses_strangers():
    assert RACE.parse("adam, sgd") == ("adam", "sgd")
    with pytest.raises(KnobError, match="optimizers must be one of"):
        RACE.parse(["adam", "newton"])


def test_an_unknown_knob_is_refused_with_those_that_exist():
    with pytest.raises(KnobError, match=r"no knob 'lerning_rate'.*learning_rate"):
        changed(SETTINGS["painting"](), {"lerning_rate": 1})


def test_changing_a_knob_leaves_the_old_settings_alone():
    old = SETTINGS["painting"]()
    new = changed(old, {"depth": "2", "learning_rate": "0.5"})
    assert (old.depth, new.depth, new.learning_rate) == (6, 2, 0.5)
    assert {knob.name for knob in differing(old, new)} == {"depth", "learning_rate"}


@pytest.mark.parametrize("knob", EVERY_KNOB)
def test_every_default_is_accepted_by_its_own_knob(knob):
    parsed = knob.parse(knob.default)
    assert parsed == knob.default
    assert type(parsed) is type(knob.default)


@pytest.mark.parametrize("knob", EVERY_KNOB)
def test_every_default_can_be_typed_as_it_is_listed(knob):
    typed = ",".join(map(str, knob.default)) if isinstance(knob.default, tuple) else str(knob.default)
    assert knob.parse(typed) == knob.default


@pytest.mark.parametrize("knob", EVERY_KNOB)
def test_every_knob_has_a_label_and_a_sentence_of_help_and_says_what_it_takes(knob):
    assert knob.label.strip()
    assert len(knob.help) > 10
    assert knob.help.endswith(".")
    assert knob.range_text()


@pytest.mark.parametrize("knob", EVERY_KNOB)
def test_every_option_of_every_choice_is_accepted_and_has_a_label(knob):
    for option, label in knob.choices.items():
        assert knob.parse(option) == (option if knob.kind is Kind.CHOICE else (option,))
        assert label.strip()


@pytest.mark.parametrize("name", scenes())
def test_every_value_of_every_scene_is_accepted_by_its_knob(name):
    settings = scenes()[name].settings
    for knob in knobs_of(type(settings)):
        assert knob.parse(getattr(settings, knob.name)) == getattr(settings, knob.name)


LIVE, STRUCTURAL = True, False
ALL = ("landscape", "regression", "painting")
NETWORKS = ("regression", "painting")


@pytest.mark.parametrize(
    ("experiments", "name", "kind", "live"),
    [
        (ALL, "learning_rate", Kind.NUMBER, LIVE),
        (ALL, "optimizer", Kind.CHOICE, STRUCTURAL),
        (ALL, "momentum", Kind.NUMBER, LIVE),
        (ALL, "beta_1", Kind.NUMBER, LIVE),
        (ALL, "beta_2", Kind.NUMBER, LIVE),
        (["landscape", "painting"], "seed", Kind.WHOLE, STRUCTURAL),
        (["regression"], "seed", Kind.WHOLE, LIVE),
        (["landscape"], "landscape", Kind.CHOICE, STRUCTURAL),
        (["landscape"], "start", Kind.NUMBERS, LIVE),
        (["landscape"], "gradient", Kind.CHOICE, STRUCTURAL),
        (["landscape"], "gradient_noise", Kind.NUMBER, LIVE),
        (NETWORKS, "depth", Kind.WHOLE, STRUCTURAL),
        (NETWORKS, "width", Kind.WHOLE, STRUCTURAL),
        (NETWORKS, "activation", Kind.CHOICE, STRUCTURAL),
        (NETWORKS, "initializer", Kind.CHOICE, STRUCTURAL),
        (NETWORKS, "init_scale", Kind.NUMBER, STRUCTURAL),
        (["regression"], "cost", Kind.CHOICE, LIVE),
        (["painting"], "cost", Kind.CHOICE, STRUCTURAL),
        (NETWORKS, "batch_size", Kind.WHOLE, STRUCTURAL),
        (NETWORKS, "shuffle", Kind.SWITCH, LIVE),
        (["regression"], "curve", Kind.CHOICE, LIVE),
        (["regression"], "points", Kind.WHOLE, STRUCTURAL),
        (["regression"], "noise", Kind.NUMBER, LIVE),
        (["regression"], "model", Kind.CHOICE, STRUCTURAL),
        (["regression"], "degree", Kind.WHOLE, STRUCTURAL),
        (["regression"], "summed", Kind.SWITCH, STRUCTURAL),
        (["painting"], "image", Kind.CHOICE, STRUCTURAL),
        (["painting"], "side", Kind.WHOLE, STRUCTURAL),
        (["painting"], "target_range", Kind.CHOICE, STRUCTURAL),
    ],
)
def test_the_knobs_that_scripts_rely_on_keep_their_names_and_kinds(experiments, name, kind, live):
    for experiment in experiments:
        knob = knob_of(experiment, name)
        assert (knob.kind, knob.live) == (kind, live)


@pytest.mark.parametrize(
    ("experiments", "name", "options"),
    [
        (ALL, "optimizer", {"sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "nadam", "lion"}),
        (["landscape"], "gradient", {"difference", "automatic"}),
        (NETWORKS, "cost", {"absolute", "squared", "huber"}),
        (["regression"], "model", {"line", "sum", "polynomial", "scaled_polynomial", "network"}),
        (["painting"], "target_range", {"255", "1"}),
        (["painting"], "image", {"astronaut"}),
    ],
)
def test_the_choices_that_scripts_rely_on_keep_their_names(experiments, name, options):
    for experiment in experiments:
        assert options <= set(knob_of(experiment, name).choices)


def test_a_colour_range_may_be_given_as_a_number_as_scene_files_will():
    settings = changed(SETTINGS["painting"](), {"target_range": 1})
    assert settings.target_range == "1"


def test_momentum_is_shown_only_where_an_optimizer_in_use_has_it():
    momentum = knob_of("landscape", "momentum")
    settings = SETTINGS["landscape"]
    assert not momentum.is_shown(settings(optimizer="sgd"))
    assert momentum.is_shown(settings(optimizer="momentum"))
    assert momentum.is_shown(settings(optimizers=("sgd", "nesterov")))
    assert not momentum.is_shown(settings(optimizer="momentum", optimizers=("sgd", "adam")))
