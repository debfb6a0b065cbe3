"""Films of a run: which moments they show, and MP4 and WebM files of them. Serves the exports."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.files.outputs import OutputError
from app.sharing.playing import Camera

MOST_FRAMES = 20_000
MOST_FPS = 60.0
CODECS = {  # by ending: what every browser and every presentation program plays
    ".mp4": ("libx264", ["-crf", "18", "-preset", "medium", "-tune", "animation", "-movflags", "+faststart"]),
    ".webm": ("libvpx-vp9", ["-crf", "30", "-b:v", "0", "-row-mt", "1", "-cpu-used", "4"]),
}


@dataclass(frozen=True)
class Plan:
    """``seconds`` long, ``fps`` frames in each. ``is_early``: moments come often at first, as there is most to see."""

    seconds: float = 10.0
    fps: float = 30.0
    is_early: bool = True

    @property
    def count(self) -> int:
        """How many moments there are."""
        return round(self.seconds * self.fps)

    def share(self, number: int) -> float:
        """The share (0..1) of the run at which moment ``number`` (0 .. count - 1) is."""
        even = min(1.0, number / max(1, self.count - 1))
        return even * even if self.is_early else even

    def checked(self) -> Plan:
        """The same.

        Raises:
            OutputError: nobody could play it.
        """
        if not 0 < self.fps <= MOST_FPS:
            raise OutputError(f"A film has 1 to {MOST_FPS:g} frames a second, not {self.fps:g}.")
        if not 2 <= self.count <= MOST_FRAMES:
            raise OutputError(
                f"{self.seconds:g} seconds at {self.fps:g} frames a second are {self.count:,} moments; a film has 2 to "
                f"{MOST_FRAMES:,}."
            )
        return self


class Planned:
    """What a camera (see app.sharing.playing) with a plan does beside taking its pictures."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan.checked()
        self._next = 0

    @property
    def done(self) -> float:
        """The share (0..1) of its moments that it has."""
        return self._next / self._plan.count

    def due(self, share: float) -> bool:
        """Whether, when this share (0..1) of the run is done, the next moment has come."""
        return self._next < self._plan.count and share >= self._plan.share(self._next)

    def next_share(self) -> float:
        """At which share of the run the next moment is."""
        return self._plan.share(min(self._next, self._plan.count - 1))

    def skip(self, share: float) -> None:
        """Pass over the moments up to this share."""
        while self.due(share):
            self._next += 1


class Film(Planned):
    """A camera whose moments go straight to the encoder; one that is passed over is not in the film.

    Args:
        ending: ".mp4" or ".webm".
        shown: gives what the run shows now, (height, width, 3) uint8 with even edges, always of the same size.

    Raises:
        OutputError: the film can't be encoded.
    """

    def __init__(self, ending: str, plan: Plan, shown: Callable[[], np.ndarray]) -> None:
        super().__init__(plan)
        self._ending, self._shown = ending, shown
        handle, self._path = tempfile.mkstemp(suffix=ending)
        os.close(handle)
        self._encoder = None

    def capture(self, share: float) -> None:
        """Take what the run shows now for every moment up to this share."""
        if not self.due(share):
            return
        frame = np.ascontiguousarray(self._shown())
        while self.due(share):
            self._send(frame)
            self._next += 1

    def content(self) -> bytes:
        """The film; of a run that ended early its last moment stands until the end.

        Raises:
            OutputError: it could not be encoded.
        """
        try:
            self.capture(1.0)
            self._encoder.close()
            self._encoder = None
            with open(self._path, "rb") as file:
                found = file.read()
        except (OSError, RuntimeError) as error:
            raise OutputError(f"The film can't be written: {str(error).strip().splitlines()[0]}") from None
        if not found:
            raise OutputError("The film can't be written: the encoder gave nothing.")
        return found

    def close(self) -> None:
        """Leave no file behind."""
        if self._encoder is not None:
            self._encoder.close()
            self._encoder = None
        if os.path.exists(self._path):
            os.unlink(self._path)

    def _send(self, frame: np.ndarray) -> None:
        try:
            if self._encoder is None:
                self._encoder = self._opened(frame)
            self._encoder.send(frame)
        except (OSError, RuntimeError) as error:
            raise OutputError(f"The film can't be written: {str(error).strip().splitlines()[0]}") from None

    def _opened(self, frame: np.ndarray):
        import imageio_ffmpeg

        codec, parameters = CODECS[self._ending]
        encoder = imageio_ffmpeg.write_frames(
            self._path,
            (frame.shape[1], frame.shape[0]),
            fps=self._plan.fps,
            codec=codec,
            quality=None,
            macro_block_size=2,
            output_params=parameters,
            ffmpeg_log_level="error",
        )
        encoder.send(None)
        return encoder


class Cameras:
    """Several cameras as one; ``told`` hears the share (0..1) of the moments that have been taken."""

    def __init__(self, cameras: Sequence[Camera], told: Callable[[float], None] | None = None) -> None:
        self._cameras, self._told = tuple(cameras), told

    def due(self, share: float) -> bool:
        """Whether one of them has a moment due."""
        return any(camera.due(share) for camera in self._cameras)

    def next_share(self) -> float:
        """Where the next moment of any of them is."""
        return min(camera.next_share() for camera in self._cameras)

    def skip(self, share: float) -> None:
        """All pass over theirs."""
        for camera in self._cameras:
            camera.skip(share)

    def capture(self, share: float) -> None:
        """All that are due take theirs."""
        for camera in self._cameras:
            if camera.due(share):
                camera.capture(share)
        if self._told is not None:
            self._told(min(camera.done for camera in self._cameras))
