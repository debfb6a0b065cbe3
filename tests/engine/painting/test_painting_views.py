"""What the painting's views are made of: layers, renders, many pictures, swapped roles, palettes, races."""

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from engine.backend import backend
from engine.backend.sines import cosine, sine
from engine.experiment import BuildError
from engine.frames import Role
from engine.painting.encodings import ENCODINGS, PALETTES, EncodingNumbers, encoder
from engine.painting.pictures_measured import LUMA, ssim, worst
from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import scenes

SMALL = {"side": 16, "depth": 2, "width": 12, "batch_size": 64}


@pytest.fixture(scope="module")
def opened():
    """Runs with these knobs, trained for a few steps (without any, nothing is compiled); the same ones only once."""
    runners = {}

    def run(scene="painting/astronaut", steps=60, **knobs):
        key = (scene, steps, *sorted(knobs.items()))
        if key not in runners:
            runner = runners[key] = Runner(scenes()[scene].with_knobs(SMALL | knobs), compiled=steps > 0)
            runner.handle(Event.PLAY)
            if steps:
                runner.advance(steps=steps)
        return runners[key]

    yield run
    for runner in runners.values():
        runner.close()


def _shown(runner, **knobs):
    runner.set_spec(runner.spec.with_knobs(knobs))
    return runner.frame().picture


def _render(runner, window=(0.0, 0.0, 1.0, 1.0), size=(16, 16), **more):
    analysis = runner.analyse("render", {"window": window, "size": size, **more})
    assert analysis.problem == ""
    return analysis.result


class TestAWholePicture:
    """Coffee is 400 x 600: 13 x 20 pixels are about 16 x 16."""

    SHAPE = (13, 20)

    def test_target_painting_and_error_have_its_shape(self, opened):
        frame = opened(image="coffee", shape="whole").frame()
        picture = frame.picture
        assert picture.target.shape[:2] == picture.painting.shape[:2] == picture.error.shape == self.SHAPE
        square = np.square(picture.painting.astype(float) - picture.target).mean()
        assert frame.metrics["psnr_db"] == pytest.approx(10 * np.log10(255**2 / square), abs=0.1)
        worst_one = picture.worst
        assert worst_one.row + worst_one.edge <= self.SHAPE[0]
        assert worst_one.column + worst_one.edge <= self.SHAPE[1]

    def test_what_is_rendered_at_its_own_size_is_the_painting(self, opened):
        runner = opened(image="coffee", shape="whole")
        painting = runner.frame().picture.painting.astype(int)
        render = _render(runner, size=self.SHAPE, beside=("nearest",))
        assert np.abs(render.image.astype(int) - painting).max() <= 1
        np.testing.assert_array_equal(render.beside[0], runner.frame().picture.target)

    def test_a_neurons_picture_has_its_shape(self, opened):
        layers = _shown(opened(image="coffee", shape="whole"), view="layers").layers
        assert layers.neurons.shape[1:] == layers.readouts.shape[1:3] == self.SHAPE

    def test_many_and_swapped_ones_are_square(self, opened):
        assert opened("painting/many", steps=0, pictures=4, shape="whole").frame().picture.target.shape[:2] == (16, 16)
        swapped = opened(steps=0, image="coffee", shape="whole", role="position")
        assert swapped.frame().picture.target.shape[:2] == (16, 16)


def test_ssim_is_that_of_scikit_image():
    noise = np.random.default_rng(0)
    first = noise.integers(0, 255, (32, 32, 3), dtype=np.uint8)
    second = np.clip(first + noise.normal(0, 20, first.shape), 0, 255).astype(np.uint8)
    grey = [picture.astype(np.float32) @ LUMA for picture in (first, second)]
    assert ssim(first, second) == pytest.approx(structural_similarity(*grey, data_range=255), abs=1e-4)
    assert ssim(first, first) == pytest.approx(1)


def test_the_worst_place_is_where_the_error_is_largest():
    error = np.zeros((64, 64), np.uint8)
    error[40:48, 8:16] = 90
    place = worst(error)
    assert (place.row, place.column, place.edge, place.error) == (40, 8, 8, 90)
    error[3:11, 21:29] = 91
    place = worst(error)
    assert (place.row, place.column, place.error) == (3, 21, 91), "wherever that is"


def test_sines_are_sines_and_their_gradient_is_the_cosine():
    tf = backend.tensorflow()
    x = np.linspace(-90, 90, 5001).astype(np.float32)
    with tf.GradientTape() as tape:
        given = tf.constant(x)
        tape.watch(given)
        value = sine(given)
    np.testing.assert_allclose(value, np.sin(x.astype(float)), atol=1e-5)
    np.testing.assert_allclose(tape.gradient(value, given), np.cos(x.astype(float)), atol=2e-5)
    np.testing.assert_allclose(cosine(tf.constant(x)), np.cos(x.astype(float)), atol=2e-5)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_gives_as_many_features_as_it_says(encoding):
    tf = backend.tensorflow()
    encode, count = encoder(encoding, ("noise", "waves", "polar"), 2, EncodingNumbers(8, 5.0, 0))
    features = np.asarray(encode(tf.constant(np.random.default_rng(0).uniform(-1.7, 1.7, (50, 2)), "float32")))
    assert features.shape == (50, count)
    assert np.isfinite(features).all()
    assert np.abs(features).max() < 3


def test_sine_layers_start_with_the_same_spread_in_every_layer(opened):
    experiment = opened("painting/siren", depth=4, width=128, steps=0).experiment
    network = experiment._network
    parts = network.layers.parts(backend.tensorflow().constant(network.layers.initial(0)))
    layers = network.layers.hidden(parts, experiment._features)
    spreads = [float(np.std(np.asarray(sums) * 30)) for sums, _ in layers[1:]]
    assert max(spreads) < 1.3 * min(spreads), spreads


def test_a_layer_shows_every_neuron_and_what_a_linear_layer_could_paint(opened):
    picture = _shown(opened(), view="layers", layer=2).layers
    assert (picture.layer, picture.depth) == (2, 2)
    assert picture.neurons.shape == (12, 16, 16)
    assert picture.readouts.shape == (2, 16, 16, 3)
    assert picture.incoming.shape == (12, 12)
    assert picture.outgoing.shape == (12, 3)
    alive = picture.high > picture.low
    assert (picture.neurons.reshape(12, -1).max(axis=1)[alive] == 255).all()
    assert _shown(opened(), layer=9).layers.layer == 2, "beyond the last counts as the last"
    assert _shown(opened(), view="painting").layers is None


def test_a_neuron_that_is_switched_off_is_missed_by_the_painting_but_not_by_the_training(opened):
    runner = opened()
    _shown(runner, view="layers", layer=2)
    before, parameters = runner.frame(), runner.experiment.training.parameters.copy()
    for neuron in range(12):
        runner.act("switch_neuron", {"layer": 2, "neuron": neuron, "on": False})
    after = runner.frame()
    assert after.picture.switched_off == 12
    assert after.picture.layers.off.all()
    assert after.metrics["psnr_db"] != before.metrics["psnr_db"]
    assert after.cost == before.cost, "which is the training's"
    assert np.abs(after.picture.layers.outgoing).min() > 0, "its weights are still there to be seen"
    assert len(np.unique(after.picture.painting.reshape(-1, 3), axis=0)) == 1, "only the last bias is left"
    np.testing.assert_array_equal(runner.experiment.training.parameters, parameters)
    runner.act("switch_neuron", {"layer": 99, "neuron": 99, "on": False})
    runner.act("switch_neuron", {"all_on": True})
    assert runner.frame().cost == before.cost


@pytest.mark.parametrize("scene", ["painting/astronaut", "painting/fourier", "painting/siren"])
def test_a_render_at_the_pictures_own_size_is_the_painting(opened, scene):
    runner = opened(scene, steps=60 if scene == "painting/astronaut" else 0)
    painting = runner.frame().picture.painting.astype(int)
    assert np.abs(_render(runner).image - painting).max() <= 1


def test_a_render_is_of_any_size_and_of_any_window(opened):
    runner = opened()
    whole = _render(runner, size=(128, 128)).image
    corner = _render(runner, window=(0.5, 0.0, 0.5, 0.5), size=(64, 64)).image
    assert np.abs(corner.astype(int) - whole[64:, :64]).max() <= 1
    large = _render(runner, size=(300, 200), window=(-1.0, -1.0, 3.0, 3.0))
    assert large.image.shape == (300, 200, 3)
    assert runner.analyse("render", {"window": (0, 0, 1, 1), "size": (1024, 1024)}).result.image.shape == (
        1024,
        1024,
        3,
    )


def test_beside_a_render_stand_enlargements_of_the_target(opened):
    runner = opened()
    target = runner.frame().picture.target
    nearest, bicubic = _render(runner, size=(64, 64), beside=("nearest", "bicubic")).beside
    np.testing.assert_array_equal(nearest, target.repeat(4, axis=0).repeat(4, axis=1))
    assert np.abs(bicubic.astype(int) - nearest).mean() < 30
    assert len(np.unique(bicubic)) > len(np.unique(nearest))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"window": (0, 0, 1, 1), "size": (4000, 10)}, "at most 1024"),
        ({"window": (0, 0, 0, 1), "size": (10, 10)}, "no such window"),
        ({"window": (0, 0, 1, 1), "size": (10, 10), "beside": ("magic",)}, "nearest or bicubic"),
    ],
)
def test_a_render_that_can_not_be_has_a_sentence(opened, arguments, words):
    assert words in opened().analyse("render", arguments).problem


def test_many_pictures_are_painted_by_one_network_and_walked_through(opened):
    runner = opened("painting/many", pictures=9, steps=0)
    picture = _shown(runner, view="many", walk=0.0)
    montage = picture.montage
    assert (montage.count, montage.columns) == (9, 3)
    assert montage.painting.shape == montage.target.shape == (48, 48, 3)
    assert np.abs(montage.painting[:16, :16].astype(int) - picture.painting).max() <= 1
    np.testing.assert_array_equal(montage.target[:16, :16], picture.target)
    last = _shown(runner, walk=1.0)
    assert last.montage.chosen == 8
    assert np.abs(montage.painting[32:, 32:].astype(int) - last.painting).max() <= 1
    between = _shown(runner, walk=0.06)
    assert between.montage.chosen == pytest.approx(0.48)
    ends = [picture.painting, _shown(runner, walk=0.125).painting]
    assert not any(np.array_equal(between.painting, end) for end in ends)
    walk = runner.analyse("walk", {"frames": 5}).result
    assert walk.shape == (5, 16, 16, 3)
    assert np.abs(walk[-1].astype(int) - last.painting).max() <= 1


def test_with_swapped_roles_every_pixel_is_moved_to_where_its_colour_is_expected(opened):
    runner = opened(role="position", steps=0)
    frame = runner.frame()
    colours = set(map(tuple, frame.picture.target.reshape(-1, 3)))
    assert "psnr_db" not in frame.metrics
    assert frame.picture.painting.any()
    assert frame.picture.error.max() > 0
    assert len(colours) > 10
    assert "positions" in runner.analyse("render", {"window": (0, 0, 1, 1), "size": (10, 10)}).problem


@pytest.mark.parametrize("palette", sorted(set(PALETTES) - {"none"}))
def test_a_palette_is_all_that_is_painted_with(opened, palette):
    runner = opened(palette=palette, steps=0)
    picture = runner.frame().picture
    used = np.unique(picture.painting.reshape(-1, 3), axis=0)
    assert len(used) <= 16
    fixed = PALETTES[palette][1]
    if not isinstance(fixed, int):
        assert set(map(tuple, used.tolist())) <= set(fixed)
    off = np.abs(picture.painting.astype(float) - picture.target).mean()
    assert runner.frame().metrics["mae"] == pytest.approx(off, abs=1), "of what is shown"


def test_a_race_trains_each_network_as_if_it_were_alone(opened):
    race, alone = opened(race=True), opened()
    own = alone.experiment.training.parameters
    np.testing.assert_allclose(race.experiment.training.parameters[: len(own)], own, rtol=2e-3, atol=2e-4)
    frame = race.frame()
    rival = frame.picture.rival
    assert rival.painting.shape == (16, 16, 3)
    assert frame.metrics["rival_psnr_db"] == rival.psnr_db
    assert [frame.cost, frame.metrics["rival_cost"]] == pytest.approx([curve.y[-1] for curve in frame.curves])
    wide = race.experiment._rival[0].layers.parameters
    assert wide == pytest.approx(len(own), rel=0.05)
    assert [(curve.label, curve.role) for curve in frame.curves] == [("deep", Role.DESCENT), ("wide", Role.DESCENT)]
    assert len(frame.curves[0].x) == frame.epoch + 1, "the start, and each epoch"


def test_a_picture_file_is_painted_and_its_whole_is_shown_small(opened, tmp_path):
    from PIL import Image

    path = tmp_path / "half.png"
    pixels = np.zeros((60, 120, 3), np.uint8)
    pixels[:, 60:] = (255, 0, 0)
    Image.fromarray(pixels).save(path)
    picture = opened(steps=0, image_file=str(path)).frame().picture
    assert picture.source.name == "half.png"
    assert picture.source.whole.shape == (60, 120, 3)
    assert picture.target[8, 1, 0] < 60 < 200 < picture.target[8, 14, 0]
    right = opened(steps=0, image_file=str(path), crop_x=1.0).frame().picture.target
    assert right[:, 8:, 0].min() > 200


def test_a_file_that_is_no_picture_is_one_sentence_and_no_run(tmp_path):
    path = tmp_path / "notes.png"
    path.write_text("nothing to see")
    with pytest.raises(BuildError, match=r"notes\.png is not a picture"):
        Runner(scenes()["painting/astronaut"].with_knobs({"image_file": str(path)}))


def test_the_gallery_has_a_thumbnail_of_every_picture(opened):
    thumbnails = opened().analyse("thumbnails", {}).result.pictures
    assert "astronaut" in thumbnails
    assert all(pixels.shape == (96, 96, 3) for pixels in thumbnails.values())


def test_a_large_picture_is_measured_as_a_small_one_is(opened):
    runner = opened("painting/fourier", side=160, width=8, depth=1, steps=0)
    picture = runner.frame().picture
    off = np.square(picture.painting.astype(float) - picture.target).mean()
    assert runner.frame().metrics["psnr_db"] == pytest.approx(10 * np.log10(255**2 / off), abs=0.1)


def test_a_slice_has_the_networks_own_cost_and_a_dragged_ball_paints_from_there(opened):
    runner = opened(steps=40, view="landscape")
    runner.frame()  # every epoch's end has been measured now
    position = runner.analyse("surface", {"directions": "main"}).result
    surface = position.surface
    assert surface.terrain.z.shape == (41, 41)
    assert surface.title == "Slice: main directions"
    np.testing.assert_allclose(position.path[-1], 0, atol=1e-5)
    row, column = 25, 12
    runner.act("place", (surface.terrain.x[column], surface.terrain.y[row]))
    frame = runner.frame()
    assert surface.points == 256  # all pixels of so small a picture, so that the slice is exact
    assert frame.cost == pytest.approx(surface.terrain.z[row, column], rel=1e-3)
    np.testing.assert_allclose(
        frame.picture.position.path[-1], [surface.terrain.x[column], surface.terrain.y[row]], rtol=1e-3, atol=1e-4
    )


def test_a_race_has_no_slice_and_says_why(opened):
    analysis = opened("painting/wide-against-deep", steps=0).analyse("surface", {})
    assert analysis.result is None
    assert "end the race" in analysis.problem


def test_a_reset_run_begins_its_way_anew(opened):
    runner = opened(steps=24, view="landscape")
    runner.analyse("surface", {})
    assert len(runner.frame().picture.position.path) > 2
    runner.handle(Event.RESET)
    assert runner.frame().picture.position is None
    assert len(runner.analyse("surface", {}).result.path) == 2  # its start, kept as epoch 0, and here


def test_a_deep_network_of_sigmoids_says_that_its_gradient_vanishes(opened):
    runner = opened(activation="sigmoid", depth=12, steps=1)
    assert runner.frame().findings is None
    layers = runner.analyse("inside", {}).result.layers
    assert [layer.name for layer in layers] == [*(f"layer_{number}" for number in range(1, 13)), "output"]
    runner.advance(steps=1)
    assert "The gradient vanishes" in [finding.title for finding in runner.frame().findings]
    runner.handle(Event.RESET)
    assert runner.frame().findings is None


def test_every_kind_of_painter_can_be_looked_into(opened):
    for knobs in ({"encoding": "fourier"}, {"encoding": "siren"}, {"palette": "own-8"}, {"role": "position"}):
        assert opened(steps=0, **knobs).analyse("inside", {}).result.layers[-1].name == "output", knobs
    race = opened("painting/wide-against-deep", steps=0).analyse("inside", {}).result.layers
    assert [layer.name for layer in race] == ["layer_1", "layer_2", "output"]  # the deep one's
