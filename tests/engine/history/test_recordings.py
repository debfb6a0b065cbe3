"""Recordings are exact, and a damaged one is one sentence: nothing in a file is ever run."""

from __future__ import annotations

import copy
import io
import json
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest

from engine.history.lane_book import LaneBook
from engine.history.lane_log import ACTIONS
from engine.history.packing import PackingError, state_sha256
from engine.history.recording_file import Recording, RecordingError, decoded, encoded, load
from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import scenes
from tests.engine.history.test_replay import LENGTH, RUNS, numbers, recorded, same

MOST_MEMORY = 500_000_000


def content_of(runner: Runner, book: LaneBook) -> bytes:
    return encoded(Recording({runner.spec.experiment: book.dump(runner, 1 << 30)}, {"page": runner.spec.experiment}))


@pytest.fixture(params=RUNS, ids=[run[0] for run in RUNS])
def run(request, opened):
    scene, knobs, hands = request.param
    runner = opened(scene, **knobs)
    book, states = recorded(runner, hands)
    return runner, book, states


def test_a_recording_goes_on_where_it_was_and_shows_every_moment(run, opened):
    runner, book, states = run
    content = content_of(runner, book)
    recording = decoded(content, "a.fallline")
    assert recording.view == {"page": runner.spec.experiment}
    taken = LaneBook(least_work=0)
    front = taken.adopt(recording.books[runner.spec.experiment])
    lane = taken.lanes[front]
    assert state_sha256(lane.end) == state_sha256(runner.snapshot())
    assert [(mark.step, mark.text) for mark in lane.marks()] == [(mark.step, mark.text) for mark in book.active.marks()]
    for step in (0, 30, runner.step):
        replay = taken.replay(front, step, runner.experiment)
        while not replay.work(0.01):
            pass
        same(numbers(replay.state), states[step])
    assert content_of(runner, book) == content, "the same runs make the same file"


@pytest.fixture(scope="module")
def content() -> bytes:
    runner = Runner(scenes()["regression/line"].with_knobs({"points": 60, "batch_size": 20}))
    try:
        return content_of(runner, recorded(runner, {})[0])
    finally:
        runner.close()


def rewritten(content: bytes, **parts: bytes | None) -> bytes:
    """The same zip with members put in place of others."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            given = parts.get(info.filename, old.read(info))
            if given is not None:
                new.writestr(info.filename, given)
        for name, given in parts.items():
            if name not in old.namelist() and given is not None:
                new.writestr(name, given)
    return made.getvalue()


def table_of(content: bytes) -> dict:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("recording.json"))


def with_table(content: bytes, change) -> bytes:
    table = table_of(content)
    change(table)
    return rewritten(content, **{"recording.json": json.dumps(table).encode()})


def npy(array: np.ndarray, allow_pickle: bool = False) -> bytes:
    made = io.BytesIO()
    np.save(made, array, allow_pickle=allow_pickle)
    return made.getvalue()


def huge_header() -> bytes:
    made = io.BytesIO()
    np.lib.format.write_array_header_1_0(made, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    return made.getvalue()


class Bomb:
    def __reduce__(self):
        return (exec, ("raise SystemExit('something was run')",))


def lane(table):
    return table["books"]["regression"]["lanes"][0]


DAMAGES = {
    **{f"cut at {tenth} tenths": lambda c, tenth=tenth: c[: len(c) * tenth // 10] for tenth in range(10)},
    "not a zip": lambda c: b"hello",
    "a text": lambda c: b"learning_rate = 0.1\n" * 100,
    "no table": lambda c: rewritten(c, **{"recording.json": None}),
    "no JSON": lambda c: rewritten(c, **{"recording.json": b"{"}),
    "JSON too deep": lambda c: rewritten(c, **{"recording.json": b"[" * 100_000}),
    "another format": lambda c: with_table(c, lambda t: t.update(format="x")),
    "a newer version": lambda c: with_table(c, lambda t: t.update(version=99)),
    "a version that is none": lambda c: with_table(c, lambda t: t.update(version="1")),
    "no books": lambda c: with_table(c, lambda t: t.pop("books")),
    "books of another kind": lambda c: with_table(c, lambda t: t.update(books=[1, 2])),
    "an unknown experiment": lambda c: with_table(c, lambda t: lane(t)["spec"]["x"].update(experiment="os")),
    "an unknown knob": lambda c: with_table(c, lambda t: lane(t)["spec"]["x"]["settings"].update(evil=1)),
    "a knob out of range": lambda c: with_table(c, lambda t: lane(t)["spec"]["x"]["settings"].update(depth=10**9)),
    "a huge step": lambda c: with_table(c, lambda t: lane(t).update(last_step=-5)),
    "a parent that isn't there": lambda c: with_table(c, lambda t: lane(t).update(parent=77)),
    "a name that is none": lambda c: with_table(c, lambda t: lane(t).update(name=5)),
    "an unknown class": lambda c: with_table(c, lambda t: lane(t).update(end={"c": ["Popen", {}]})),
    "a class with other parts": lambda c: with_table(c, lambda t: lane(t).update(end={"c": ["RunState", {}]})),
    "an array that isn't there": lambda c: with_table(c, lambda t: lane(t).update(spikes={"a": 10**9})),
    "nested without end": lambda c: with_table(c, lambda t: lane(t).update(spikes=nested())),
    "no key states": lambda c: with_table(c, lambda t: lane(t).update(keys=[])),
    "an array missing": lambda c: rewritten(c, **{"arrays/0.npy": None}),
    "an array with a pickle": lambda c: rewritten(c, **{"arrays/0.npy": npy(np.array([Bomb()], object), True)}),
    "a pickle alone": lambda c: rewritten(c, **{"arrays/0.npy": pickle.dumps(Bomb())}),
    "an array of text": lambda c: rewritten(c, **{"arrays/0.npy": npy(np.array(["a", "b"]))}),
    "a huge header": lambda c: rewritten(c, **{"arrays/0.npy": huge_header()}),
    "a zip bomb": lambda c: rewritten(c, **{"arrays/0.npy": b"\0" * 401_000_000}),
    "runs that left each other": lambda c: with_table(c, leave_each_other),
    "a moment's field of another kind": lambda c: with_table(c, lambda t: lane(t)["end"]["c"][1].update(message=5)),
    "a list as the page": lambda c: with_table(c, lambda t: t["view"].update(page=["regression"])),
    "an action that nobody can do": lambda c: with_table(c, lambda t: lane(t)["events"].append(unknown_action(t))),
    "a file that is none": lambda c: with_table(c, lambda t: t.update(files=[["x.png", 5]])),
    "a path out of it": lambda c: rewritten(c, **{"../../evil.py": b"x"}),
    "an absolute path": lambda c: rewritten(c, **{"/tmp/evil": b"x"}),
    "something else in it": lambda c: rewritten(c, **{"readme.txt": b"x"}),
}


def leave_each_other(table):
    first = lane(table)
    table["books"]["regression"]["lanes"].append(copy.deepcopy(first) | {"number": first["number"] + 1, "fork": 9})
    first.update(parent=first["number"] + 1, fork=9)
    table["books"]["regression"]["lanes"][1].update(parent=first["number"])


def unknown_action(table):
    event = {"kind": "action", "step": 1, "text": "", "spec": lane(table)["spec"], "goes_on": False}
    return event | {"continues": False, "action": {"t": ["system", "ls"]}}


def nested():
    value = 1
    for _ in range(300):
        value = {"t": [value]}
    return value


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_one_sentence(content, damage, tmp_path):
    file = tmp_path / "a.fallline"
    file.write_bytes(damage(content))
    with pytest.raises(RecordingError) as refused:
        load(str(file))
    sentence = str(refused.value)
    assert sentence.startswith(f"{file} can't be opened: ")
    assert sentence.count("\n") == 0
    assert sentence.endswith(".")
    assert len(sentence) < len(str(file)) + 200


@pytest.mark.parametrize("share", np.linspace(0.0005, 0.9995, 60).tolist())
def test_a_flipped_byte_is_one_sentence_or_nothing_that_counts(content, share):
    at = int(len(content) * share)
    damaged = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
    refused, recording = "", None
    try:
        recording = decoded(damaged, "a.fallline")
    except RecordingError as error:
        refused = str(error)
    if recording is None:
        assert refused.startswith("a.fallline can't be opened: ")
    else:  # a date in the zip's own tables, say
        assert encoded(recording) == content


def test_key_states_beyond_the_bytes_are_left_out_and_the_ends_stay(opened):
    runner = opened("regression/deep", points=60, batch_size=20)
    book = LaneBook(least_work=0)
    runner.recorder = book
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    for _ in range(40):
        book._due = 0.0
        runner.advance(steps=5)
    whole = book.dump(runner, 1 << 30).lanes[0][1]
    few = book.dump(runner, book.keys.bytes // 4).lanes[0][1]
    assert len(whole) == 41
    assert 8 <= len(few) <= 16
    assert (few[0].step, few[-1].step) == (0, 200)


@pytest.mark.parametrize("size", [230_000_000, 401_000_000], ids=["just under the limit", "over it"])
def test_a_zip_bomb_takes_no_more_memory_than_a_recording_may(content, size):
    bomb = rewritten(content, **{"arrays/0.npy": npy(np.zeros(size // 8))})
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    try:
        decoded(bomb, "a.fallline")
    except RecordingError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MOST_MEMORY


def test_a_file_that_would_be_too_large_keeps_fewer_moments_and_can_be_opened(opened):
    runner = opened("regression/deep", points=60, batch_size=20)
    book = LaneBook(least_work=0)
    runner.recorder = book
    runner.handle(Event.RESET)
    runner.handle(Event.PLAY)
    for _ in range(LENGTH):
        book._due = 0.0
        runner.advance(steps=1)
    whole = Recording({"regression": book.dump(runner, 1 << 30)})
    size = len(encoded(whole))
    small = encoded(whole, size // 3)
    assert len(small) <= size // 3
    keys = decoded(small, "a.fallline").books["regression"].lanes[0][1]
    assert (keys[0].step, keys[-1].step) == (0, LENGTH)
    assert 2 < len(keys) < len(whole.books["regression"].lanes[0][1])
    with pytest.raises(PackingError, match="delete some of them"):
        encoded(whole, 10_000)


def test_every_action_of_an_experiment_can_be_kept(opened):
    for scene in ("landscape/parabola", "regression/line", "painting/astronaut"):
        assert set(opened(scene).experiment.actions) <= set(ACTIONS)


class TestFilesThatPeopleBrought:
    """A run on somebody's table goes on where that table is not."""

    TABLE = "speed,dist\n" + "".join(f"{number},{number * number}\n" for number in range(40))

    @pytest.fixture
    def table(self, tmp_path):
        path = tmp_path / "there" / "cars.csv"
        path.parent.mkdir()
        path.write_text(self.TABLE)
        return path

    @pytest.fixture
    def kept(self, table, opened) -> bytes:
        runner = opened("regression/line", source="file", file=str(table))
        return content_of(runner, recorded(runner, {})[0])

    def points(self, kept: bytes) -> tuple[str, np.ndarray]:
        spec = decoded(kept, "a.fallline").books["regression"].lanes[0][0].spec
        runner = Runner(spec)
        try:
            return spec.settings.file, runner.frame().picture.data_x
        finally:
            runner.close()

    def test_one_that_is_still_there_is_read_there(self, kept, table):
        assert self.points(kept)[0] == str(table)

    def test_one_that_is_gone_comes_with_the_recording(self, kept, table):
        before = self.points(kept)[1]
        table.unlink()
        path, after = self.points(kept)
        assert path == str(table)
        np.testing.assert_array_equal(before, after)

    def test_another_one_of_its_name_is_not_taken_for_it(self, kept, table):
        before = self.points(kept)[1]
        table.write_text("a,b\n1,2\n3,4\n5,6\n")
        path, after = self.points(kept)
        assert path == str(table.with_name("cars (as recorded).csv"))
        np.testing.assert_array_equal(before, after)
