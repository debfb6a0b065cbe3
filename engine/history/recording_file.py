"""Recordings: the runs of a page, or of all, as one ``.fallline`` file, and back. Serves the history.

The file is a zip that NumPy can read, too: ``recording.json`` says what the runs were, ``arrays/N.npy`` hold scalars,
key states, and the small files that people brought. Everything is size-checked before it is unpacked, and nothing in it
is ever executed.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine import files
from engine.history import brought_files
from engine.history.keys import KeyState
from engine.history.lane_log import ACTIONS, LaneEvent, LaneLog
from engine.history.packing import NUMBERS, Packer, PackingError, Unpacker
from engine.lanes import MarkKind
from engine.run.history import RunState
from engine.run.spec import RunSpec

VERSION = 1
FORMAT = "Fall Line recording"
ENDING = ".fallline"
MOST_BYTES = 240_000_000  # of a file, and of all that is unpacked from it: both are in memory at once
MOST_JSON, MOST_ARRAYS, MOST_LANES, MOST_EVENTS = 40_000_000, 200_000, 1000, 1_000_000
PIECE = 1 << 20  # bytes that are unpacked at once
MEMBER_BYTES = 400  # of an array beside its numbers
MEMBER = re.compile(r"arrays/(0|[1-9][0-9]{0,6})\.npy")
LANE = {  # a lane's parts, but for its events and key states
    "number": int, "spec": RunSpec, "style": int, "parent": int | None, "fork": int, "name": str, "is_named": bool,
    "end": RunState, "last_step": int, "seconds": float, "epoch_steps": int, "is_shown": bool, "state": str,
    "cost": float | int, "best": float | int, "diverged_at": int | None, "spikes": list,
}  # fmt: skip
EVENT = {
    "step": int, "text": str, "spec": RunSpec, "action": tuple | None, "goes_on": bool, "continues": bool,
}  # fmt: skip
STAMP = (1980, 1, 1, 0, 0, 0)  # the same runs make the same file


class RecordingError(ValueError):
    """A file that can't be opened; the message is one sentence that says why."""


@dataclass(frozen=True, eq=False)
class Book:
    """A page's lanes as they were, each with its key states and an ``end``. ``active``: the one in front."""

    lanes: tuple[tuple[LaneLog, tuple[KeyState, ...]], ...]
    active: int | None = None

    def thinner(self) -> Book:
        """Without every second key state that can be done without."""
        return replace(self, lanes=tuple((lane, _thinned(keys)) for lane, keys in self.lanes))

    def specs(self) -> Iterator[RunSpec]:
        """All that were ever in force."""
        for lane, keys in self.lanes:
            yield lane.spec
            yield from (event.spec for event in lane.events)
            yield from (key.state.spec for key in keys)


@dataclass(frozen=True, eq=False)
class Recording:
    """``books`` by experiment; ``view``: what was shown, for the window alone."""

    books: Mapping[str, Book]
    view: Mapping[str, Any] = field(default_factory=dict)


def encoded(recording: Recording, most_bytes: int = MOST_BYTES) -> bytes:
    """The file's content; of more key states than fit, as few are left out as may be, evenly.

    Raises:
        PackingError: something of a kind that can't be kept, or more than load() takes.
    """
    text, arrays = _packed(recording)
    while not _fits(text, arrays, most_bytes):
        thinner = replace(recording, books={name: book.thinner() for name, book in recording.books.items()})
        if _count(thinner) == _count(recording):
            raise PackingError(f"the runs take more than {most_bytes // 1_000_000} MB; delete some of them first")
        recording = thinner
        text, arrays = _packed(recording)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("recording.json", STAMP), text, zipfile.ZIP_DEFLATED, 6)
        for number, array in enumerate(arrays):
            info = zipfile.ZipInfo(f"arrays/{number}.npy", STAMP)
            with archive.open(info, "w", force_zip64=False) as member:
                np.lib.format.write_array(member, np.ascontiguousarray(array).reshape(array.shape), allow_pickle=False)
    return made.getvalue()


def load(path: str) -> Recording:
    """Read a file.

    Raises:
        RecordingError: it can't be read, or is no whole recording.
    """
    try:
        content = files.content(path, MOST_BYTES, "a recording")
    except files.FileError as error:
        raise RecordingError(f"{path} can't be opened: {error}") from None
    return decoded(content, path)


def decoded(content: bytes, name: str) -> Recording:
    """What a file's content holds; ``name`` is for the sentences.

    Raises:
        RecordingError: it is no whole recording of this version.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpacked(_table(archive), _arrays(archive))
    except PackingError as error:
        raise RecordingError(f"{name} can't be opened: {error}.") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, OSError, zlib.error):
        raise RecordingError(f"{name} can't be opened: it is damaged, or no recording of Fall Line.") from None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, MemoryError):
        raise RecordingError(f"{name} can't be opened: what is in it is not as it should be.") from None


def _table(archive: zipfile.ZipFile) -> dict[str, Any]:
    members = archive.infolist()
    strange = [
        info.filename for info in members if info.filename != "recording.json" and not MEMBER.fullmatch(info.filename)
    ]
    if strange or len(members) > MOST_ARRAYS:
        raise PackingError("there are things in it that are no part of a recording")
    if sum(info.file_size for info in members) > MOST_BYTES:
        raise PackingError(f"it holds more than {MOST_BYTES // 1_000_000} MB")
    content = _member(archive, "recording.json", MOST_JSON)
    try:
        table = json.loads(content)
    except (ValueError, RecursionError):
        raise PackingError("what is in it is not as it should be") from None
    if not isinstance(table, dict) or table.get("format") != FORMAT:
        raise PackingError("it is no recording of Fall Line")
    version = table.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise PackingError("it was made by a newer Fall Line than this one")
    return table


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise PackingError("a part of it is missing") from None
    if info.file_size > most:
        raise PackingError("a part of it is too large")
    with archive.open(info) as member:
        content = member.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise PackingError("a part of it has another size than it says")
    return content


def _arrays(archive: zipfile.ZipFile) -> list[np.ndarray]:
    count = len(archive.infolist()) - 1
    return [_array(archive, f"arrays/{number}.npy") for number in range(count)]


def _array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """Read straight into its memory: what says little of its size in the file must not need it twice."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise PackingError("a part of it is missing") from None
    with archive.open(info) as member:
        version = np.lib.format.read_magic(member)
        if version != (1, 0):
            raise PackingError("an array in it is not as it should be")
        shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(member, max_header_size=2000)
        size = int(np.prod(shape, dtype=object)) * dtype.itemsize
        is_plain = dtype.kind in NUMBERS and not dtype.hasobject and not is_fortran
        if not is_plain or size != info.file_size - member.tell():
            raise PackingError("an array in it is not as it should be")
        array = np.empty(shape, dtype)
        room = memoryview(array.reshape(-1)).cast("B") if size else b""
        while len(room) and (count := member.readinto(room[:PIECE])):
            room = room[count:]
        if len(room) or member.read(1):
            raise PackingError("a part of it has another size than it says")
    array.setflags(write=False)
    return array


def _packed(recording: Recording) -> tuple[str, list[np.ndarray]]:
    """The table as JSON, and the arrays that it names by their numbers."""
    packer = Packer()
    brought = brought_files.of_specs(spec for book in recording.books.values() for spec in book.specs())
    table = {
        "format": FORMAT,
        "version": VERSION,
        "view": dict(recording.view),
        "files": [[path, packer.pack(np.frombuffer(content, np.uint8))] for path, content in brought.items()],
        "books": {name: _packed_book(book, packer) for name, book in recording.books.items()},
    }
    return json.dumps(table), packer.arrays()


def _fits(text: str, arrays: list[np.ndarray], most_bytes: int) -> bool:
    size = len(text) + sum(array.nbytes + MEMBER_BYTES for array in arrays)
    return size <= most_bytes and len(text) <= MOST_JSON and len(arrays) < MOST_ARRAYS


def _count(recording: Recording) -> int:
    return sum(len(keys) for book in recording.books.values() for _, keys in book.lanes)


def _thinned(keys: tuple[KeyState, ...]) -> tuple[KeyState, ...]:
    kept, leaves_out = [], False
    for key in keys:
        if not (key.is_pinned or key is keys[-1]):
            leaves_out = not leaves_out
            if leaves_out:
                continue
        kept.append(key)
    return tuple(kept)


def _packed_book(book: Book, packer: Packer) -> dict[str, Any]:
    return {
        "active": book.active,
        "lanes": [
            {
                **{name: packer.pack(getattr(lane, name)) for name in LANE},
                "events": [_packed_event(event, packer) for event in lane.events],
                "keys": [[packer.pack(key.state), key.count, key.seconds, key.is_pinned] for key in keys],
            }
            for lane, keys in book.lanes
        ],
    }


def _packed_event(event: LaneEvent, packer: Packer) -> dict[str, Any]:
    return {"kind": event.kind.value, **{name: packer.pack(getattr(event, name)) for name in EVENT}}


def _unpacked(table: Mapping[str, Any], arrays: list[np.ndarray]) -> Recording:
    view = table.get("view")
    if not isinstance(view, dict) or not isinstance(table["books"], dict):
        raise PackingError("what is in it is not as it should be")
    if not all(isinstance(value, str | bool) for value in view.values()):
        raise PackingError("what was shown is not as it should be")
    brought = {str(path): Unpacker(arrays).unpack(content).tobytes() for path, content in table.get("files", [])}
    unpacker = Unpacker(arrays, brought_files.placed(brought))
    return Recording({str(name): _unpacked_book(book, unpacker) for name, book in table["books"].items()}, view)


def _unpacked_book(table: Mapping[str, Any], unpacker: Unpacker) -> Book:
    if len(table["lanes"]) > MOST_LANES:
        raise PackingError("there are more runs in it than fit")
    lanes = tuple(_unpacked_lane(lane, unpacker) for lane in table["lanes"])
    numbers = [lane.number for lane, _ in lanes]
    is_tree = all(lane.parent is None or lane.parent in numbers[:at] for at, (lane, _) in enumerate(lanes))
    if len(set(numbers)) != len(numbers) or not is_tree:  # a run comes after the one that it left
        raise PackingError("its runs don't hang together")
    active = table["active"]
    return Book(lanes, active if active in numbers else None)


def _unpacked_lane(table: Mapping[str, Any], unpacker: Unpacker) -> tuple[LaneLog, tuple[KeyState, ...]]:
    if len(table["events"]) > MOST_EVENTS:
        raise PackingError("there are more events in it than fit")
    values = {name: unpacker.unpack(table[name]) for name in LANE}
    lane = LaneLog(**values, events=[_unpacked_event(event, unpacker) for event in table["events"]])
    keys = tuple(
        KeyState(_state(unpacker.unpack(state)), int(count), float(seconds), bool(pinned))
        for state, count, seconds, pinned in table["keys"]
    )
    for name, kind in LANE.items():
        if not isinstance(getattr(lane, name), kind):
            raise PackingError(f"a run's {name} is not as it should be")
    if not keys or min(lane.last_step, lane.fork, lane.epoch_steps - 1) < 0:
        raise PackingError("a run has no beginning")
    return lane, tuple(sorted(keys, key=lambda key: key.step))


def _unpacked_event(table: Mapping[str, Any], unpacker: Unpacker) -> LaneEvent:
    values = {name: unpacker.unpack(table[name]) for name in EVENT}
    event = LaneEvent(kind=MarkKind(table["kind"]), **values)
    is_right = all(isinstance(getattr(event, name), kind) for name, kind in EVENT.items())
    if not is_right or (event.action is not None and (len(event.action) != 2 or event.action[0] not in ACTIONS)):
        raise PackingError("an event is not as it should be")
    return event


def _state(value: Any) -> RunState:
    if not isinstance(value, RunState) or not isinstance(value.step, int) or value.step < 0:
        raise PackingError("a moment is not as it should be")
    return value
