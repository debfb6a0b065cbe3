"""The painting experiment's knobs."""

# No `from __future__ import annotations` here: get_type_hints would evaluate the knobs' lambdas in the class's names.

from typing import Annotated

import msgspec

from engine import views
from engine.experiment import Experiment
from engine.knobs import FOLDER, Kind, KnobError, declared
from engine.painting import encodings, images
from engine.painting.variants import FACES, has_palette, is_many, is_race, is_siren, is_swapped
from engine.painting.views import VIEWS
from engine.training import networks, schedules
from engine.training.run_settings import (
    BatchSize,
    Cost,
    Epochs,
    LearningRate,
    RunSettings,
    Shuffle,
    Speed,
    WeightDecay,
    initial_spread,
    initial_weights,
    network_optimizer,
    slice_directions,
)

TARGET_RANGES = {"255": "0 to 255", "1": "0 to 1", "-1": "−1 to 1"}
SHAPES = {"square": "a square of it", "whole": "the whole picture"}
OUTPUTS = {"linear": "none (linear)", "tanh": "tanh", "sigmoid": "sigmoid"}
PICTURE_FILES = f"Pictures ({' '.join('*' + ending for ending in images.ENDINGS)})"


def pictures_of() -> dict[str, str]:
    """The gallery's names, and the set of faces."""
    return images.IMAGES | {FACES: "100 faces"}


def _crop(where: str, help: str) -> msgspec.Meta:
    """Where the painted part lies in its picture."""
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
            "How the learning rate goes on: constant; down to 0 along a cosine over all epochs; halved whenever "
            f"{schedules.PATIENCE} epochs in a row brought nothing better; or up, held, and down in the last fifth.",
            options=lambda: schedules.SCHEDULES,
            group="Run",
            live=True,
        ),
    ] = "constant"
    optimizer: Annotated[str, network_optimizer()] = "adam"
    weight_decay: WeightDecay = 0.004
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
            "The function that each hidden neuron applies to its sum. Without one, the painting is a slope of colour.",
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
            "Last activation",
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
            "A picture of your own: PNG, JPEG, GIF, WebP, AVIF, TIFF and others. Empty takes the gallery's.",
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
            "One network paints every picture in it, or every frame of an animated one; a third input says which.",
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
            "The picture's height and width, in pixels; a whole picture has as many pixels as this square.",
            low=16,
            high=512,
            logarithmic=True,
            group="Data",
        ),
    ] = 64
    shape: Annotated[
        str,
        declared(
            Kind.CHOICE,
            "Shape",
            "What is painted of the picture: a square, or all of it in its own shape.",
            options=lambda: SHAPES,
            shown=lambda settings: not is_many(settings) and not is_swapped(settings),
            group="Data",
        ),
    ] = "square"
    crop_zoom: Annotated[
        float,
        declared(
            Kind.NUMBER,
            "Crop",
            "How many times smaller than the largest part of the picture the painted one is.",
            low=1,
            high=16,
            logarithmic=True,
            shown=lambda settings: not is_many(settings),
            group="Data",
        ),
    ] = 1.0
    crop_x: Annotated[float, _crop("across", "Where the painted part lies: 0 is left, 1 is right.")] = 0.5
    crop_y: Annotated[float, _crop("down", "Where the painted part lies: 0 is at the top, 1 at the bottom.")] = 0.5
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
            options=lambda: views.labels(VIEWS),
            offered=lambda settings: views.offered(VIEWS, settings),
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

    def check(self) -> None:
        """Refuse colours that a last activation can't reach.

        Raises:
            KnobError: targets of 0 to 255 behind tanh or sigmoid.
        """
        reach = {"tanh": ("-1", "1"), "sigmoid": ("1",)}.get(self.output)
        if reach and self.target_range not in reach and not is_swapped(self) and not has_palette(self):
            wanted = " or ".join(TARGET_RANGES[name] for name in reach)
            raise KnobError(
                f"output {self.output} can't reach colours of {TARGET_RANGES[self.target_range]}; "
                f"set the colour range to {wanted} first."
            )

    def following(self, old: "PaintingSettings") -> dict[str, object]:
        """The view that goes along: who chooses many pictures wants to see them, and one alone has no montage."""
        if is_many(self) and (not is_many(old) or self.folder != old.folder):
            return {"view": "many"}
        if not is_many(self) and self.view == "many":
            return {"view": "painting"}
        return {}

    def describe(self) -> str:
        from engine.painting.description import description_of

        return description_of(self)

    def open(self) -> Experiment:
        from engine.painting.experiment import PaintingExperiment

        return PaintingExperiment(self)
