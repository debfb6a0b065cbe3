"""Pictures from files: every kind that people have, and every kind of file that is none."""

import os

import numpy as np
import pytest
from PIL import Image

from engine import images
from engine.images import Crop, PictureError, cut, folder, preview, read
from engine.patience import answered


@pytest.fixture
def striped():
    """Red above, blue below; 40 rows, 60 columns."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20], pixels[20:] = (255, 0, 0), (0, 0, 255)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("ending", images.ENDINGS)
def test_every_format_is_read(tmp_path, striped, ending):
    path = tmp_path / f"picture{ending}"
    striped.save(path)
    found = read(str(path))
    assert found.shape == (40, 60, 3)
    assert found.dtype == np.uint8
    assert found[5, 30, 0] > 200 > 60 > found[5, 30, 2]
    assert found[35, 30, 2] > 200 > 60 > found[35, 30, 0]


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "RGBA", "LA"])
def test_every_kind_of_pixel_is_read(tmp_path, striped, mode):
    path = tmp_path / ("picture.tif" if mode == "CMYK" else "picture.png")
    striped.convert(mode).save(path)
    found = read(str(path))
    assert found.shape == (40, 60, 3)
    if mode in ("P", "CMYK", "RGBA"):
        assert found[5, 30, 0] > 200 > 60 > found[5, 30, 2]


def test_sixteen_bits_are_brought_to_eight(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray(np.linspace(0, 65535, 400).reshape(20, 20).astype(np.uint16)).save(path)
    found = read(str(path))
    assert found[0, 0, 0] == 0
    assert found[-1, -1, 0] == 255
    assert abs(int(found[10, 0, 0]) - 128) < 3


@pytest.mark.parametrize(
    ("kind", "most"), [(np.uint16, 4095), (np.float32, 3.0), (np.float32, 1.0)], ids=["12 bits", "floats", "0 to 1"]
)
def test_a_tiff_s_open_range_is_stretched(tmp_path, kind, most):
    path = tmp_path / "deep.tif"
    Image.fromarray(np.linspace(0, most, 400).reshape(20, 20).astype(kind)).save(path)
    found = read(str(path))
    assert found[0, 0, 0] == 0
    assert found[-1, -1, 0] == 255
    assert abs(int(found[10, 0, 0]) - 128) < 3


def test_of_a_slender_picture_as_much_is_kept_as_is_painted(tmp_path):
    path = tmp_path / "slender.png"
    Image.new("RGB", (5000, 8)).save(path)
    assert read(str(path)).shape == (8, 5000, 3)


def test_a_name_that_no_file_can_have_is_one_sentence():
    for ask in (read, lambda path: folder(path, 10, 16)):
        with pytest.raises(PictureError, match="can have such a name"):
            ask("a\0b.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_what_never_answers_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="no file that pictures are kept in"):
        read(str(tmp_path / "pipe.png"))
    with pytest.raises(TimeoutError):
        answered((tmp_path / "pipe.png").read_bytes, seconds=0.05)


def test_what_is_transparent_is_white(tmp_path):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(path)
    assert (read(str(path)) == 255).all()


def test_a_gif_gives_its_first_frame(tmp_path):
    path = tmp_path / "film.gif"
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert tuple(read(str(path))[10, 10]) == (255, 0, 0)


def test_a_photo_stands_upright_as_its_exif_says(tmp_path, striped):
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    striped.save(path, exif=exif)
    found = read(str(path))
    assert found.shape == (60, 40, 3)
    assert found[30, 35, 0] > 200, "what was above is on the right"


def test_sixteen_bits_stand_upright_and_what_is_clear_is_white(tmp_path):
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = 6
    deep = np.zeros((20, 30), np.uint16)
    deep[:5] = 65535
    Image.fromarray(deep).save(path, exif=exif)
    found = read(str(path))
    assert found.shape == (30, 20, 3)
    assert (found[:, -5:] == 255).all(), "what was above is on the right"
    assert (found[:, :-5] == 0).all()
    Image.fromarray(deep).save(path, transparency=0)
    assert (read(str(path)) == 255).all()


def _write(path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def _saved(path, *arguments) -> str:
    Image.new(*arguments).save(path)
    return str(path)


HOSTILE = {
    "truncated": (lambda p, png: _write(p / "a.png", png[: len(png) // 2]), "damaged or cut off"),
    "empty": (lambda p, png: _write(p / "a.png", b""), "is empty"),
    "text": (lambda p, png: _write(p / "a.png", b"not a picture at all"), "is not a picture"),
    "one pixel": (lambda p, png: _saved(p / "a.png", "RGB", (1, 1)), "at least 8 x 8"),
    "a line": (lambda p, png: _saved(p / "a.png", "RGB", (5000, 1)), "5,000 x 1 pixels"),
    "huge": (lambda p, png: _saved(p / "a.png", "1", (30_000, 30_000)), "pixels"),
    "a folder": (lambda p, png: str(p), "is a folder"),
    "nothing": (lambda p, png: str(p / "gone" / "a.png"), "is not there"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_gets_one_sentence_that_names_it(tmp_path, striped, kind):
    whole = tmp_path / "whole.png"
    Image.effect_noise((80, 80), 50).save(whole)
    make, words = HOSTILE[kind]
    path = make(tmp_path, whole.read_bytes())
    with pytest.raises(PictureError) as caught:
        read(path)
    sentence = str(caught.value)
    assert words in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_a_decompression_bomb_is_not_decoded(tmp_path, monkeypatch):
    path = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(path)
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(PictureError, match="pixels"):
        read(str(path))


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "a.bmp"
    Image.new("RGB", (20, 20), "red").save(path)
    first = read(str(path))
    Image.new("RGB", (24, 20), "blue").save(path)
    assert read(str(path)).shape != first.shape


def test_the_crop_takes_the_square_that_it_says():
    source = np.zeros((100, 200, 3), np.uint8)
    source[:, 150:] = 255
    assert cut(source, 16).max() == 0, "the middle is black"
    assert cut(source, 16, Crop(1.0, 1.0, 0.5)).mean() == pytest.approx(127.5, abs=12), "half of the right is white"
    assert cut(source, 16, Crop(2.0, 1.0, 0.0)).min() == 255, "a smaller square in the corner is white"


def test_a_preview_keeps_the_shape():
    assert preview(np.zeros((100, 400, 3), np.uint8), 200).shape == (50, 200, 3)


def test_a_folder_gives_its_pictures_by_name_and_passes_over_the_rest(tmp_path):
    for name, colour in (("b.png", "blue"), ("a.png", "red"), ("c.jpg", "white")):
        Image.new("RGB", (30, 20), colour).save(tmp_path / name)
    (tmp_path / "broken.png").write_bytes(b"no")
    (tmp_path / "notes.txt").write_text("no picture")
    found, left_out = folder(str(tmp_path), 10, 16)
    assert left_out == ("broken.png",)
    assert found.shape == (3, 16, 16, 3)
    assert found[0, 8, 8, 0] > 250 > 5 > found[0, 8, 8, 2], "a comes first"
    assert len(folder(str(tmp_path), 2, 16)[0]) == 2


def test_a_folder_without_pictures_gets_a_sentence(tmp_path):
    with pytest.raises(PictureError, match="no picture"):
        folder(str(tmp_path), 10, 16)
    with pytest.raises(PictureError, match="can't be read"):
        folder(str(tmp_path / "gone"), 10, 16)
