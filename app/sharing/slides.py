"""A run as a slide: its picture, the film that plays on a click, its settings in the speaker's notes (PowerPoint)."""

from __future__ import annotations

import io

from pptx import Presentation
from pptx.util import Emu

from app.sharing import setting
from engine.knobs import differing
from engine.run.spec import RunSpec
from engine.scenes import heading

WIDTH, HEIGHT = Emu(12_192_000), Emu(6_858_000)  # 16:9, as PowerPoint's own
MARGIN = 0.03  # of the slide's width
BLANK = 6  # the layout without placeholders


def slide(poster: bytes, film: bytes, spec: RunSpec) -> bytes:
    """A presentation of one slide.

    Args:
        poster: PNG of the last moment, which is seen until the film plays.
        film: MP4.
        spec: whose title, settings and line go into the notes.
    """
    made = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    made.core_properties.title = heading(spec)
    made.core_properties.author = ""
    page = made.slides.add_slide(made.slide_layouts[BLANK])
    left, top, width, height = _place(poster)
    movie = page.shapes.add_movie(
        io.BytesIO(film), left, top, width, height, poster_frame_image=io.BytesIO(poster), mime_type="video/mp4"
    )
    movie.name = f"{heading(spec)}: {spec.about or spec.subtitle()}"  # what a screen reader says
    page.notes_slide.notes_text_frame.text = notes(spec)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def notes(spec: RunSpec) -> str:
    """What the speaker reads: what is seen, what is otherwise than usual, and how to open it."""
    moved = differing(type(spec.settings)(), spec.settings)
    settings = "\n".join(f"{knob.label}: {getattr(spec.settings, knob.name)}" for knob in moved)
    return f"{heading(spec)}\n{spec.about or spec.subtitle()}\n\n{settings}\n\nIn Fall Line: {setting.line(spec)}"


def _place(poster: bytes) -> tuple[Emu, Emu, Emu, Emu]:
    """As large as the slide has room for, in the middle."""
    from PIL import Image

    columns, rows = Image.open(io.BytesIO(poster)).size
    room = 1 - 2 * MARGIN
    scale = min(room * WIDTH / columns, room * HEIGHT / rows)
    width, height = round(columns * scale), round(rows * scale)
    return Emu((WIDTH - width) // 2), Emu((HEIGHT - height) // 2), Emu(width), Emu(height)
