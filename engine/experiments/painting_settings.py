"""The painting experiment's knobs."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from typing import Annotated

import msgspec

from engine import encodings, images, networks, schedules
from engine.experiments.settings import (
    COSTS,
    BatchSize,
    Cost,
    Epochs,
    LearningRate,
    Optimizer,
    RunSettings,
    Shuffle,
    Speed,
    initial_spread,
    initial_weights,
    slice_directions,
)
from engine.knobs import FOLDER, Kind, KnobError, declared

TARGET_RANGES = {"255": "0 to 255", "1": "0 to 1", "-1": "−1 to 1"}
OUTPUTS = {"linear": "none (linear)", "tanh": "tanh", "sigmoid": "sigmoid"}
FACES = "faces"  # the entry of ``image`` that is many pictures
VIEWS = {
    "painting": "painting",
    "divider": "compare",
    "layers": "layers",
    "function": "zoom",
    "landscape": "landscape",
    "many": "montage",
}
PICTURE_FILES = f"Pictures ({' '.join('*' + ending for ending in images.ENDINGS)})"


def pictures_of() -> dict[str, str]:
    """The gallery's names, and the set of faces."""
    return images.IMAGES | {FACES: "100 faces"}


def is_many(settings: "PaintingSettings") -> bool:
    """Whether one network paints many pictures, chosen by a third input."""
    return bool(settings.folder) or (settings.image == FACES and not settings.image_file)


def is_swapped(settings: "PaintingSettings") -> bool:
    """Whether the network answers with a position, given a colour."""
    return settings.role == "position" and not is_many(settings)


def is_siren(settings: "PaintingSettings") -> bool:
    """Whether the layers are sines."""
    return encodings.ENCODINGS[settings.encoding].is_siren


def is_race(settings: "PaintingSettings") -> bool:
    """Whether a wide network races a deep one."""
    return settings.race and not is_many(settings) and not is_swapped(settings) and settings.depth > 1


def has_palette(settings: "PaintingSettings") -> bool:
    """Whether the painting may only use a palette's colours."""
    return settings.palette != "none" and not is_many(settings) and not is_swapped(settings)


def views_of(settings: "PaintingSettings") -> tuple[str, ...]:
    """The views that mean something: no zoom without positions, no layers without hidden ones.

    A race has one picture, and two networks with a landscape each.
    """
    if is_race(settings):
        return ("painting",)
    views = ["painting", "divider"]
    if settings.depth:
        views.append("layers")
    if not is_swapped(settings):
        views.append("function")
    views.append("landscape")
    if is_many(settings):
        views.append("many")
    return tuple(views)


def _crop(where: str, help: str) -> msgspec.Meta:
    """Where the painted square lies in its picture."""
    return declared(
        Kind.NUMBER,
        f"Crop: {where}",
        help,
        low=0,
        high=1,
        shown=lambda settings: not is_many(settings),
        group="Data",
    )


def _has_slice(settings: "PaintingSettings") -> bool:
    return settings.view == "landscape" and not is_race(settings)


class PaintingSettings(RunSettings, frozen=True, kw_only=True):
    """A network from a pixel's position to its colour."""

    learning_rate: LearningRate = 0.001
    schedule: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Schedule",
            "How the learning rate goes on: constant; down to 0 along a cosine over all epochs; or halved whenever "
            f"{schedules.PATIENCE} epochs in a row brought nothing better.",
            options=lambda: schedules.SCHEDULES,
            group="Run",
            live=True,
        ),
    ] = "constant"
    optimizer: Optimizer = "adam"
    depth: Annotated[
        int,
        declared(Kind.WHOLE, "Depth", "How many hidden layers the network has.", low=0, high=12, group="Network"),
    ] = 6
    grow: Annotated[
        bool,
        declared(
            Kind.SWITCH,
            "Grow",
            "The depth keeps the painting: new layers start as the identity (exactly so with relu), lost ones are "
            "folded into the last. Off: the new network starts from its own initial weights.",
            live=True,
            group="Network",
        ),
    ] = True
    width: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Width",
            "How many neurons a hidden layer has.",
            low=4,
            high=256,
            logarithmic=True,
            group="Network",
        ),
    ] = 64
    race: Annotated[
        bool,
        declared(
            Kind.SWITCH,
            "Race a wide network",
            "A second network with one hidden layer and as many parameters paints the same picture beside this one.",
            shown=lambda settings: not is_many(settings) and not is_swapped(settings) and settings.depth > 1,
            group="Play",
        ),
    ] = False
    encoding: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Encoding",
            "How a position is told to the network: as two numbers, as waves of random or doubling frequencies, or as "
            "two numbers to a network whose layers are sines.",
            options=lambda: {name: entry.label for name, entry in encodings.ENCODINGS.items()},
            group="Network",
        ),
    ] = "coordinates"
    frequencies: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Frequencies",
            "How many waves the encoding has (positional: how many doublings). 0 takes what suits the side.",
            low=0,
            high=512,
            shown=lambda settings: encodings.ENCODINGS[settings.encoding].has_frequencies,
            group="Layers",
        ),
    ] = 0
    fourier_scale: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Fourier scale",
            "The spread of the waves' frequencies, in periods a picture: small ones blur, large ones crumble.",
            low=0.1,
            high=200,
            logarithmic=True,
            shown=lambda settings: encodings.ENCODINGS[settings.encoding].has_scale,
            group="Network",
        ),
    ] = 10.0
    siren_frequency: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Sine frequency",
            "How many times faster than its sum each neuron's sine turns; the paper takes 30.",
            low=1,
            high=200,
            logarithmic=True,
            shown=is_siren,
            group="Network",
        ),
    ] = 30.0
    activation: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Activation",
            "The bend that each hidden neuron puts into its sum. Without one, the painting is a plain slope of colour.",
            options=lambda: networks.ACTIVATIONS,
            shown=lambda settings: not is_siren(settings),
            group="Network",
        ),
    ] = "relu"
    initializer: Annotated[str, initial_weights("Layers", lambda settings: not is_siren(settings))] = "normal"
    init_scale: Annotated[
        float, initial_spread("Layers", lambda settings: settings.initializer == "normal" and not is_siren(settings))
    ] = 0.1
    output: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Last bend",
            "What the network's answer goes through: nothing, tanh (−1 to 1) or sigmoid (0 to 1).",
            options=lambda: OUTPUTS,
            shown=lambda settings: not has_palette(settings),
            group="Layers",
        ),
    ] = "linear"
    cost: Cost = "absolute"
    batch_size: BatchSize = 50
    shuffle: Shuffle = True
    epochs: Epochs = 500
    image: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Picture",
            "What is to be painted; the tab Pictures shows them.",
            options=pictures_of,
            shown=lambda settings: not settings.image_file and not settings.folder,
            group="Data",
        ),
    ] = "astronaut"
    image_file: Annotated[
        str,
        declared(
            Kind.FILE,
            "Picture file",
            "A picture of your own: PNG, JPEG, GIF (its first frame), WebP, TIFF or BMP. Empty takes the gallery's.",
            files=PICTURE_FILES,
            hint="drop one here",
            shown=lambda settings: not settings.folder,
            group="Data",
        ),
    ] = ""
    folder: Annotated[
        str,
        declared(
            Kind.FILE,
            "Folder of pictures",
            "One network paints every picture in it; a third input says which. Empty takes the one picture.",
            files=FOLDER,
            hint="one picture",
            group="Data",
        ),
    ] = ""
    pictures: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Pictures",
            "How many of the folder's pictures (or of the faces) are painted.",
            low=2,
            high=400,
            logarithmic=True,
            shown=is_many,
            group="Data",
        ),
    ] = 100
    side: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Side",
            "The picture's height and width, in pixels.",
            low=16,
            high=512,
            logarithmic=True,
            group="Data",
        ),
    ] = 64
    crop_zoom: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Crop",
            "How many times smaller than the largest square the painted one is.",
            low=1,
            high=16,
            logarithmic=True,
            shown=lambda settings: not is_many(settings),
            group="Data",
        ),
    ] = 1.0
    crop_x: Annotated[float, _crop("across", "Where the painted square lies: 0 is left, 1 is right.")] = 0.5
    crop_y: Annotated[float, _crop("down", "Where the painted square lies: 0 is at the top, 1 at the bottom.")] = 0.5
    target_range: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Colour range",
            "The numbers that stand for dark and bright: the lecture trains on 0 to 255, its homework on 0 to 1.",
            options=lambda: TARGET_RANGES,
            shown=lambda settings: not is_swapped(settings),
            group="Data",
        ),
    ] = "255"
    palette: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Palette",
            "The colours that the network may use. It learns to mix them, and its strongest one is painted.",
            options=lambda: {name: label for name, (label, _) in encodings.PALETTES.items()},
            shown=lambda settings: not is_many(settings) and not is_swapped(settings),
            group="Play",
        ),
    ] = "none"
    extra_inputs: Annotated[
        tuple[str, ...],
        declared(
            Kind.CHOICES,
            "Extra inputs",
            "What else the network is told of a position: noise, waves, or its distance and angle from the middle.",
            options=lambda: {name: label for name, (label, _, _) in encodings.EXTRAS.items()},
            shown=lambda settings: not is_swapped(settings),
            group="Play",
        ),
    ] = ()
    role: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Roles",
            "From a position to its colour, or the other way round: each pixel moves to where its colour is expected.",
            options=lambda: encodings.ROLES,
            shown=lambda settings: not is_many(settings),
            group="Play",
        ),
    ] = "colour"
    view: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "View",
            "Which view of the painting is shown.",
            options=lambda: VIEWS,
            offered=views_of,
            live=True,
            group="View",
        ),
    ] = "painting"
    directions: Annotated[
        str, slice_directions(lambda settings: settings.view == "landscape" and not is_race(settings))
    ] = "main"
    layer: Annotated[
        int,
        declared(
            Kind.WHOLE,
            "Layer",
            "The hidden layer whose neurons are shown; beyond the last one counts as the last.",
            low=1,
            high=12,
            live=True,
            group="View",
        ),
    ] = 1
    walk: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Walk",
            "Which of many pictures is painted, 0 the first and 1 the last; between two of them, what lies between.",
            low=0,
            high=1,
            live=True,
            group="View",
        ),
    ] = 0.0
    speed: Speed = "max"


def check(settings: PaintingSettings) -> None:
    """Refuse colours that a last bend can't reach.

    Raises:
        KnobError: targets of 0 to 255 behind tanh or sigmoid.
    """
    reach = {"tanh": ("-1", "1"), "sigmoid": ("1",)}.get(settings.output)
    if reach and settings.target_range not in reach and not is_swapped(settings) and not has_palette(settings):
        wanted = " or ".join(TARGET_RANGES[name] for name in reach)
        raise KnobError(
            f"output {settings.output} can't reach colours of {TARGET_RANGES[settings.target_range]}; "
            f"set the colour range to {wanted} first."
        )


def follow(old: PaintingSettings, new: PaintingSettings) -> dict[str, object]:
    """The view that goes along: who chooses many pictures wants to see them, and one alone has no montage."""
    if is_many(new) and (not is_many(old) or new.folder != old.folder):
        return {"view": "many"}
    if not is_many(new) and new.view == "many":
        return {"view": "painting"}
    return {}


def describe(settings: PaintingSettings) -> str:
    """One line that says what is being seen."""
    bend = "sine" if is_siren(settings) else settings.activation
    layers = f"{settings.depth} × {settings.width} {bend} → " if settings.depth else ""
    if is_swapped(settings):
        return f"(red, green, blue) → {layers}(row, column)  ·  {COSTS[settings.cost]}"
    given = ["row", "column", *(["picture"] if is_many(settings) else []), *settings.extra_inputs]
    encoding = "" if settings.encoding in ("coordinates", "siren") else f"{settings.encoding} → "
    answer = "palette" if has_palette(settings) else "red, green, blue"
    return f"({', '.join(given)}) → {encoding}{layers}({answer})  ·  {COSTS[settings.cost]}"
