"""The painting page with the real engine: a depth that moves, files that are no pictures, and what is written."""

import itertools

import pytest
from PIL import Image
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QAction

from app.cli import main
from app.files.outputs import OutputError
from app.sessions.runner_cache import MOST_KEPT, RunnerCache
from app.sharing.animation import Animation, animated, targets, write
from engine.frames import Analysis
from engine.run.runner import Runner
from engine.run.states import Event, State
from engine.scenes import scenes
from tests.app.sessions.windows import PATIENCE, frames_of, session_of, wait_for

pytestmark = pytest.mark.engine
QUICK = {"side": 16, "width": 8, "batch_size": 64, "epochs": 1_000_000}


def quick(**knobs):
    return scenes()["painting/astronaut"].with_knobs(QUICK | knobs)


@pytest.fixture
def painting(qtbot, opened):
    application = opened(quick(depth=2))
    session = session_of(application)
    qtbot.waitUntil(lambda: session.is_up_to_date and session.state is State.RUNNING, timeout=PATIENCE)
    return application, session


def test_a_moved_depth_keeps_the_painting_and_the_count_of_steps(qtbot, painting):
    application, session = painting
    frames = frames_of(session)
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].step > 500, timeout=PATIENCE)
    before = frames[-1]
    session.change_knob("depth", 4)
    qtbot.waitUntil(lambda: frames[-1].run != before.run, timeout=PATIENCE)
    first = next(frame for frame in frames if frame.run != before.run)
    assert first.step >= before.step
    assert first.cost < 1.3 * before.cost
    wait_for(qtbot, session, State.RUNNING)
    qtbot.waitUntil(lambda: frames[-1].step > first.step, timeout=PATIENCE)
    compiled = application.engine._hosts[list(application.sessions).index("painting")]._cache
    assert len(compiled._runners) >= 1
    session.change_knob("depth", 2)
    qtbot.waitUntil(lambda: session.is_up_to_date and session.state is State.RUNNING, timeout=PATIENCE)


def test_many_moves_of_a_hand_in_a_pause_are_few_pictures(qtbot, painting):
    _, session = painting
    session.change_knob("view", "layers")
    session.page.pause_requested.emit()
    wait_for(qtbot, session, State.PAUSED)
    frames = frames_of(session)

    def shown() -> int | None:
        """The layer in the newest frame; None before there is one of this view."""
        layers = frames[-1].picture.layers if frames else None
        return layers.layer if layers else None

    session.change_knob("layer", 1)
    qtbot.waitUntil(lambda: shown() == 1, timeout=PATIENCE)
    sent = []
    session.host.frame_ready.connect(sent.append)
    for number in range(60):
        session.change_knob("layer", 1 + (number + 1) % 2)
    session.change_knob("layer", 2)
    qtbot.waitUntil(lambda: bool(sent) and shown() == 2, timeout=PATIENCE)
    session.page.play_requested.emit()
    wait_for(qtbot, session, State.RUNNING)
    assert len(sent) < 30


def test_a_live_knob_that_keeps_moving_keeps_no_network_from_being_made(qtbot, painting):
    _, session = painting
    moving = QTimer()
    rates = itertools.cycle([0.001, 0.002])
    moving.timeout.connect(lambda: session.change_knob("learning_rate", next(rates)))
    moving.start(10)
    before = session._run
    session.change_knob("depth", 3)
    qtbot.waitUntil(lambda: session._run != before, timeout=PATIENCE)
    moving.stop()
    qtbot.waitUntil(lambda: session.is_up_to_date and session.state is State.RUNNING, timeout=PATIENCE)


def test_a_reset_while_the_step_is_compiled_stays_at_the_start(qtbot, painting):
    _, session = painting
    with qtbot.waitSignal(session.host.compiling, check_params_cb=lambda _, goes_on: goes_on, timeout=PATIENCE):
        session.change_knob("depth", 5)
    with qtbot.waitSignal(session.host.compiling, check_params_cb=lambda _, goes_on: not goes_on, timeout=PATIENCE):
        session.page.reset_requested.emit()
    frames = frames_of(session)
    session.page.step_requested.emit()
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].step == 1, timeout=PATIENCE)
    assert session.state is State.PAUSED


def test_a_step_asked_for_while_it_is_compiled_is_taken_then(qtbot, painting):
    _, session = painting
    with qtbot.waitSignal(session.host.compiling, check_params_cb=lambda _, goes_on: goes_on, timeout=PATIENCE):
        session.change_knob("depth", 6)  # which no test before has had compiled
    session.page.reset_requested.emit()
    session.page.step_requested.emit()
    frames = frames_of(session)
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].step == 1, timeout=PATIENCE)
    assert session.state is State.PAUSED


def test_a_chosen_scene_starts_anew_and_inherits_nothing(qtbot, painting):
    _, session = painting
    session.change_knob("depth", 3)
    frames = frames_of(session)
    qtbot.waitUntil(lambda: session.is_up_to_date and bool(frames) and frames[-1].step > 100, timeout=PATIENCE)
    run = session._run
    frames.clear()
    session.open_spec(quick(depth=2))
    qtbot.waitUntil(lambda: any(frame.run != run for frame in frames), timeout=PATIENCE)
    assert next(frame for frame in frames if frame.run != run).step == 0


def test_a_file_that_is_no_picture_leaves_what_is_being_painted(qtbot, painting, tmp_path):
    application, session = painting
    frames = frames_of(session)
    qtbot.waitUntil(lambda: bool(frames), timeout=PATIENCE)
    run = session._run
    path = tmp_path / "notes.png"
    path.write_text("no picture")
    application.opener.open(str(path))
    qtbot.waitUntil(lambda: "notes.png is not a picture" in session.page.header.message(), timeout=PATIENCE)
    assert session.spec.settings.image_file == ""
    step = frames[-1].step
    qtbot.waitUntil(lambda: frames[-1].step > step, timeout=PATIENCE)
    assert session._run == run


def test_a_folder_is_painted_by_one_network_and_a_picture_alone_after_it(qtbot, painting, tmp_path):
    application, session = painting
    frames = frames_of(session)
    for number in range(3):
        Image.effect_noise((40, 40), 60).save(tmp_path / f"{number}.png")
    for name in ("a.png", "b.png", "c.png"):
        (tmp_path / name).write_text("no picture")
    sentence = "3 files are no pictures that can be painted: a.png, b.png and 1 more."
    application.opener.open(str(tmp_path))
    qtbot.waitUntil(lambda: session.page.header.message() == sentence, timeout=PATIENCE)
    qtbot.waitUntil(lambda: frames[-1].picture.montage is not None, timeout=PATIENCE)
    assert session.page.view.current() == "many"
    found = [finding.sentence for finding in frames[-1].findings]  # the longer it trained, the more there may be
    assert [said for said in found if "no picture" in said] == [sentence]
    wait_for(qtbot, session, State.RUNNING)
    assert session.page.header.message() == sentence
    session.change_knob("depth", 1)
    qtbot.waitUntil(lambda: session.is_up_to_date, timeout=PATIENCE)
    assert sentence not in session.page.header.message(), "it has been said"
    application.opener.open(str(tmp_path / "1.png"))
    qtbot.waitUntil(lambda: session.spec.settings.image_file.endswith("1.png"), timeout=PATIENCE)
    assert session.spec.settings.folder == ""
    assert session.spec.settings.view == "painting"
    qtbot.waitUntil(lambda: session.is_up_to_date and frames[-1].run == session._run, timeout=PATIENCE)
    assert not [finding for finding in frames[-1].findings or () if "no picture" in finding.sentence]
    assert session.page.view.current() == "painting"


def test_the_menu_writes_the_homework_and_the_zoom_its_render(qtbot, painting, tmp_path):
    application, session = painting
    session.open_spec(quick(depth=1, epochs=100, learning_rate=0.01))
    qtbot.waitUntil(lambda: session.is_up_to_date, timeout=PATIENCE)
    application.window.homework_requested.emit(str(tmp_path))
    session.page.view.named("function").save(str(tmp_path / "render.png"))
    names = ("single.gif", "reference.png", "render.png")
    qtbot.waitUntil(lambda: all((tmp_path / name).exists() for name in names), timeout=PATIENCE)
    assert Image.open(tmp_path / "single.gif").n_frames > 3
    assert Image.open(tmp_path / "render.png").size == (1024, 1024)


def test_a_render_is_saved_beside_the_homework_which_the_same_entry_stops(qtbot, painting, tmp_path):
    application, session = painting
    said, entry = session.page.header.message, application.window.findChild(QAction, "homework")
    first = entry.text()
    folder = tmp_path / "homework"
    folder.mkdir()
    application.window.homework_requested.emit(str(folder))
    assert entry.text().replace("&", "") == "Stop writing the homework's pictures"
    qtbot.waitUntil(lambda: "epoch" in session.page.header.note(), timeout=PATIENCE)
    session.page.view.named("function").save(str(tmp_path / "render.png"))
    qtbot.waitUntil(lambda: said() == "render.png is saved.", timeout=PATIENCE)
    assert (tmp_path / "render.png").exists()
    session.page.view.named("function").save(str(tmp_path / "nowhere" / "render.png"))
    qtbot.waitUntil(lambda: "nowhere" in said(), timeout=PATIENCE)
    session.page.show_note("Preparing another depth …")
    session.page.show_note("")
    assert session.page.header.note().startswith("Painting for the files: epoch ")
    assert session.page.header.note().endswith("of 500")
    entry.trigger()
    qtbot.waitUntil(lambda: entry.text() == first, timeout=PATIENCE)
    assert said() == "Stopped: none of the homework's pictures are written."
    assert session.page.header.note() == ""
    qtbot.waitUntil(lambda: all(task.done() for task in application.writer._tasks), timeout=PATIENCE)
    assert list(folder.iterdir()) == []


def test_the_homework_of_a_long_run_shows_its_first_epochs_and_says_so(qtbot, painting, tmp_path, monkeypatch):
    application, session = painting
    monkeypatch.setattr("app.files.writer.MOST_EPOCHS", 20)
    session.change_knob("learning_rate", 0.03)  # else so small a network is still black after 20 epochs
    application.window.homework_requested.emit(str(tmp_path))
    said = session.page.header.message
    qtbot.waitUntil(lambda: said().startswith("Written: "), timeout=PATIENCE)
    assert said() == "Written: reference.png, single.gif, of the first 20 of 1,000,000 epochs."
    assert Image.open(tmp_path / "single.gif").n_frames > 3


def test_the_homework_of_a_run_that_diverges_says_where_its_pictures_end(qtbot, painting, tmp_path):
    application, session = painting
    session.open_spec(quick(depth=2, optimizer="sgd", cost="squared", learning_rate=1000.0))
    wait_for(qtbot, session, State.DIVERGED)
    application.window.homework_requested.emit(str(tmp_path))
    said = session.page.header.message
    qtbot.waitUntil(lambda: said().startswith("Written: "), timeout=PATIENCE)
    assert "The run diverged at step" in said()


def test_what_could_not_be_written_has_its_sentence(qtbot, painting, tmp_path):
    application, session = painting
    said = session.page.header.message
    application.window.homework_requested.emit(str(tmp_path / "gone"))
    qtbot.waitUntil(lambda: f"there is no folder {tmp_path / 'gone'}" in said(), timeout=PATIENCE)
    session.host.analysis_ready.emit(
        Analysis(session._run, 1, "render", {"save_to": "/a/b.png"}, None, "It's too large.")
    )
    qtbot.waitUntil(lambda: said() == "b.png is not saved: it's too large.", timeout=PATIENCE)


def test_many_pictures_leave_an_animation_of_all_and_a_walk(tmp_path):
    spec = scenes()["painting/many"].with_knobs({"pictures": 4, "side": 16, "depth": 1, "width": 32})
    path, folder = targets(str(tmp_path), spec)
    assert (path, folder) == (str(tmp_path / "multiple.gif"), tmp_path)
    runner = Runner(animated(spec))
    animation = Animation(runner, lambda *_: b"")
    runner.handle(Event.PLAY)
    animation.capture(0.0)
    runner.advance(steps=100)  # until it paints something that the walk can change
    animation.capture(1.0)
    companions = animation.companions()
    runner.close()
    assert set(companions) == {"reference.png", "final.gif"}
    (tmp_path / "final.gif").write_bytes(companions["final.gif"])
    assert Image.open(tmp_path / "final.gif").n_frames > 100


def test_run_leaves_the_homeworks_files_in_a_folder(tmp_path, capsys):
    knobs = [part for knob in ("side=16", "width=8", "depth=1", "learning_rate=0.01") for part in ("--set", knob)]
    assert main(["run", "painting/homework", *knobs, "--epochs", "20", "--gif", str(tmp_path)]) == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["reference.png", "single.gif"]
    assert Image.open(tmp_path / "single.gif").n_frames > 10
    assert Image.open(tmp_path / "reference.png").size == (400, 400)
    assert main(["run", "painting/homework", "--gif", str(tmp_path / "a.png")]) == 2
    assert "must end in .gif" in capsys.readouterr().err


def test_an_animation_needs_a_name_that_can_be_written(tmp_path):
    spec = scenes()["painting/homework"]
    (tmp_path / "notes").write_text("a file, and no folder")
    for path in ("a.png", "no/a.gif", "no/new/", "new", "notes/"):
        with pytest.raises(OutputError):
            targets(f"{tmp_path}/{path}", spec)
    assert [file.name for file in tmp_path.iterdir()] == ["notes"]


def test_a_new_folder_is_made_when_there_is_something_to_write(tmp_path):
    path, folder = targets(f"{tmp_path}/new/", scenes()["painting/homework"])
    assert (path, folder) == (str(tmp_path / "new" / "single.gif"), tmp_path / "new")
    assert not folder.exists(), "the run may still be refused"
    assert write({path: b"GIF"}) == ["single.gif"]
    assert (folder / "single.gif").read_bytes() == b"GIF"
    with pytest.raises(OutputError, match="can't be made"):
        write({str(tmp_path / "no" / "new" / "single.gif"): b"GIF"})


def test_a_picture_of_ones_own_is_one_picture_whatever_the_gallery_says():
    own = scenes()["painting/many"].with_knobs({"image_file": "a.png"})
    assert animated(own) is own


class _Compiled:
    """What RunnerCache needs to know of a Runner."""

    def __init__(self, spec, keeps=True):
        self.spec, self.is_compiled, self.closed, self.rests = spec, True, False, False
        self.experiment = type("Experiment", (), {"is_cacheable": keeps})()

    def release_history(self):
        self.rests = True

    def close(self, waits):
        self.closed = True


def test_spares_are_found_by_what_a_graph_depends_on_and_the_oldest_go():
    spares = RunnerCache()
    runners = [_Compiled(quick(depth=depth)) for depth in range(MOST_KEPT + 1)]
    for runner in runners:
        spares.put(runner)
    assert runners[0].closed
    assert spares.take(quick(depth=0)) is None
    assert spares.take(quick(depth=3, learning_rate=0.5, view="layers")) is runners[3]
    assert spares.take(quick(depth=3)) is None, "it is in use"
    assert not any(runner.rests for runner in runners), "that takes milliseconds, for which somebody waits now"
    spares.release_histories()
    assert [runner.rests for runner in runners[1:]] == [number != 3 for number in range(1, MOST_KEPT + 1)]
    large = _Compiled(quick(depth=1), keeps=False)
    spares.put(large)
    assert large.closed
    spares.close()
    assert all(runner.closed for runner in runners if runner is not runners[3])
