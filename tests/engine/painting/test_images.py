"""Pictures from files: every kind that people have, and every kind of file that is none."""

import os
import tracemalloc

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from engine.backend.timeout import call_with_timeout
from engine.painting import picture_file
from engine.painting.images import Crop, PictureError, cut, folder, preview, read


@pytest.fixture
def striped():
    """Red above, blue below; 40 rows, 60 columns."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20], pixels[20:] = (255, 0, 0), (0, 0, 255)
    return Image.fromarray(pixels)


WRITTEN = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".avif", ".jp2", ".ppm", ".tga", ".qoi", ".pcx",
    ".sgi", ".dds", ".mpo",
)  # fmt: skip


@pytest.mark.parametrize("ending", WRITTEN)
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
    with pytest.raises(PictureError, match="does not answer"):
        read(str(tmp_path / "pipe.png"))
    with pytest.raises(TimeoutError):
        call_with_timeout((tmp_path / "pipe.png").read_bytes, seconds=0.05)


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


@pytest.mark.parametrize("shape", [(300, 500), (500, 300), (64, 64), (40, 2000)])
def test_a_whole_picture_has_its_own_shape_and_as_many_pixels_as_the_square(shape):
    source = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)
    rows, columns = cut(source, 64, Crop(is_whole=True)).shape[:2]
    assert rows * columns == pytest.approx(64 * 64, rel=0.03)
    assert rows / columns == pytest.approx(shape[0] / shape[1], rel=0.1)


def test_of_a_picture_like_a_thread_so_much_is_left_that_it_can_be_measured():
    assert cut(np.zeros((8, 4000, 3), np.uint8), 16, Crop(is_whole=True)).shape[0] == 8


def test_a_crop_of_a_whole_picture_has_its_shape():
    assert Crop(2.0, 1.0, 0.0, is_whole=True).box(300, 500) == (0, 250, 150, 250)


def test_a_preview_keeps_the_shape():
    assert preview(np.zeros((100, 400, 3), np.uint8), 200).shape == (50, 200, 3)


def test_a_folder_gives_its_pictures_by_name_and_passes_over_the_rest(tmp_path):
    for name, colour in (("b.png", "blue"), ("a.png", "red"), ("c.jpg", "white")):
        Image.new("RGB", (30, 20), colour).save(tmp_path / name)
    (tmp_path / "broken.png").write_bytes(b"no")
    (tmp_path / "notes.txt").write_text("no picture")
    many = folder(str(tmp_path), 10, 16)
    found = many.pictures
    assert many.left_out == ("broken.png",)
    assert many.remarks() == ("1 file is no picture that can be painted: broken.png.",)
    assert found.shape == (3, 16, 16, 3)
    assert found[0, 8, 8, 0] > 250 > 5 > found[0, 8, 8, 2], "a comes first"
    first = folder(str(tmp_path), 2, 16)
    assert first.names == ("a.png", "b.png")
    assert "2 of 4 pictures are painted" in first.remarks()[0]


def test_a_folder_without_pictures_gets_a_sentence(tmp_path):
    with pytest.raises(PictureError, match="no picture"):
        folder(str(tmp_path), 10, 16)
    with pytest.raises(PictureError, match="can't be read"):
        folder(str(tmp_path / "gone"), 10, 16)


def test_the_content_decides_and_not_the_ending(tmp_path, striped):
    striped.save(tmp_path / "a.png")
    for name in ("a.jpg", "a.txt", "a"):
        (tmp_path / name).write_bytes((tmp_path / "a.png").read_bytes())
        assert picture_file.read(str(tmp_path / name)).format == "PNG"


def test_a_white_logo_is_seen_on_its_ground_and_a_dark_one_on_white(tmp_path):
    for colour, ground in (("white", 0), ("black", 255), ("red", 255)):
        logo = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
        logo.paste(colour, (10, 10, 30, 30))
        logo.save(tmp_path / "logo.png")
        found = picture_file.read(str(tmp_path / "logo.png"))
        assert (found.pixels[0, 0] == ground).all()
        assert found.remarks == (f"What is transparent was laid on {'white' if ground else 'black'}.",)


def test_an_embedded_profile_is_turned_into_srgb(tmp_path):
    Image.new("LAB", (20, 20), (255, 128, 128)).save(tmp_path / "lab.tif")
    assert (read(str(tmp_path / "lab.tif")) > 250).all()
    # a linear light profile: half of the light is three quarters of sRGB's value
    linear = _linear_profile()
    Image.new("RGB", (20, 20), (128, 128, 128)).save(tmp_path / "linear.png", icc_profile=linear)
    found = picture_file.read(str(tmp_path / "linear.png"))
    assert abs(int(found.pixels[10, 10, 0]) - 188) <= 2
    assert "into sRGB" in found.remarks[0]
    Image.new("RGB", (20, 20), (128, 128, 128)).save(tmp_path / "broken.png", icc_profile=linear[:100])
    assert (read(str(tmp_path / "broken.png")) == 128).all()


def _linear_profile() -> bytes:
    """A matrix profile with sRGB's primaries and no gamma: sRGB's own with its three curves made straight."""
    content = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(content[128:132], "big")
    for entry in range(count):
        at = 132 + 12 * entry
        if content[at : at + 4] in (b"rTRC", b"gTRC", b"bTRC"):
            place = int.from_bytes(content[at + 4 : at + 8], "big")
            content[place : place + 12] = b"curv" + bytes(8)  # a curve without points is the identity
    name = content.find(b"s\0R\0G\0B")
    while name >= 0:
        content[name : name + 7] = b"L\0i\0n\0r"
        name = content.find(b"s\0R\0G\0B")
    return bytes(content)


def test_floats_in_three_channels_are_read(tmp_path):
    values = np.linspace(0, 1, 20 * 30 * 3, dtype=np.float32).reshape(20, 30, 3)
    tifffile.imwrite(tmp_path / "floats.tif", values, photometric="rgb")
    found = read(str(tmp_path / "floats.tif"))
    assert found.shape == (20, 30, 3)
    assert (found[0, 0, 0], found[-1, -1, -1]) == (0, 255)


def test_sixteen_bits_in_three_channels_are_read(tmp_path):
    values = np.linspace(0, 65535, 20 * 30 * 3).reshape(20, 30, 3).astype(np.uint16)
    tifffile.imwrite(tmp_path / "deep.tif", values, photometric="rgb")
    found = read(str(tmp_path / "deep.tif"))
    assert (found[0, 0, 0], found[-1, -1, -1]) == (0, 255)


def test_the_first_of_many_pages_is_taken_and_that_is_said(tmp_path):
    pages = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "lime")]
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    found = picture_file.read(str(tmp_path / "pages.tif"))
    assert tuple(found.pixels[10, 10]) == (255, 0, 0)
    assert found.remarks == ("It has 3 pages; the first is taken.",)


@pytest.mark.parametrize("name", ["film.gif", "film.webp", "film.png", "pages.tif"])
def test_an_animated_picture_is_many_pictures(tmp_path, name):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "lime", "white")]
    options = {"lossless": True} if name.endswith("webp") else {}
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], **options)
    many = folder(str(tmp_path / name), 10, 16)
    assert many.pictures.shape == (4, 16, 16, 3)
    assert many.pictures[1, 8, 8, 2] > 240 > 20 > many.pictures[1, 8, 8, 0]
    half = folder(str(tmp_path / name), 2, 16)
    assert half.pictures[1].min() > 240, "the last is among them"
    assert half.remarks() == ("2 of 4 pictures are painted; the knob pictures says how many.",)


def test_one_picture_is_not_many(tmp_path, striped):
    striped.save(tmp_path / "one.png")
    with pytest.raises(PictureError, match="is one picture"):
        folder(str(tmp_path / "one.png"), 10, 16)


def test_numbered_files_come_in_the_order_of_their_numbers_and_hidden_ones_do_not_exist(tmp_path, striped):
    for name in ("img10.png", "img2.png", "IMG1.png", "a.png"):
        striped.save(tmp_path / name)
    for name in ("._img1.png", ".hidden.png"):
        (tmp_path / name).write_bytes(b"no picture")
    many = folder(str(tmp_path), 10, 16)
    assert many.names == ("a.png", "IMG1.png", "img2.png", "img10.png")
    assert many.left_out == ()


def test_a_file_without_an_ending_is_told_by_its_content(tmp_path, striped):
    striped.save(tmp_path / "a.png")
    (tmp_path / "photo").write_bytes((tmp_path / "a.png").read_bytes())
    (tmp_path / "README").write_text("words")
    assert folder(str(tmp_path), 10, 16).names == ("a.png", "photo")


def test_two_hundred_megapixels_of_a_jpeg_are_decoded_small(tmp_path):
    path = tmp_path / "large.jpg"
    Image.new("L", (20_000, 10_000), 200).save(path)
    found = picture_file.read(str(path))
    assert (found.width, found.height) == (20_000, 10_000)
    assert max(found.pixels.shape) <= 2048
    assert abs(int(found.pixels[0, 0, 0]) - 200) < 3


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"%PDF-1.4", "is a PDF"), (b"<svg xmlns=''></svg>", "is an SVG"), (b"<!doctype html>", "is a web page"),
     (b"words", "is not a picture that can be read here"), (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC|cut off")],
)  # fmt: skip
def test_what_is_no_picture_is_called_by_its_kind(tmp_path, content, said):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(PictureError, match=said):
        read(str(tmp_path / "a.png"))


def test_a_photo_of_a_phone_is_read_where_its_package_is_there(tmp_path, striped):
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.from_pillow(striped).save(tmp_path / "a.heic")
    found = read(str(tmp_path / "a.heic"))
    assert found.shape == (40, 60, 3)
    assert found[5, 30, 0] > 200 > 60 > found[5, 30, 2]


def test_a_large_picture_of_sixteen_bits_takes_no_multiple_of_its_pixels(tmp_path):
    path = tmp_path / "deep.png"
    steps = np.linspace(0, 65535, 6000).astype(np.uint16)
    Image.fromarray(np.repeat(steps[None], 6000, axis=0)).save(path, compress_level=1)
    tracemalloc.start()
    try:
        pixels = picture_file.read(str(path)).pixels
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 8 * 36_000_000, "not even one float a pixel"
    np.testing.assert_allclose(pixels[100, :, 0], np.linspace(0, 255, pixels.shape[1]), atol=1.5)
