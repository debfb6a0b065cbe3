"""A setting goes into one line and a scene file and comes out the same; what is damaged is one sentence."""

import json
import zlib
from base64 import urlsafe_b64encode

import numpy as np
import pytest

from app.cli import main
from app.files.opening import spec_of as opened
from app.sharing import setting
from app.sharing.setting import ShareError
from engine.knobs import knobs_of
from engine.scenes import from_toml, scenes

each_scene = pytest.mark.parametrize("name", scenes())
LINE = setting.line(scenes()["regression/deep"])


def moved(spec, count: int = 3):
    """The spec with so many numbers moved, each to a value of many digits."""
    generator = np.random.default_rng(0)
    knobs = knobs_of(type(spec.settings))
    numbers = [knob for knob in knobs if isinstance(knob.default, float) and knob.is_shown(spec.settings)]
    for knob in numbers:
        low, high = max(knob.low, 1e-3), min(knob.high, 0.9)
        if low < high and count:
            try:
                spec = spec.with_knobs({knob.name: float(generator.uniform(low, high))})
                count -= 1
            except ValueError:
                continue
    return spec.with_knobs({"seed": 12345})


@each_scene
def test_a_scene_with_knobs_moved_is_a_short_line_and_comes_out_the_same(name):
    spec = moved(scenes()[name])
    line = setting.line(spec)
    assert len(line) <= 300
    assert setting.spec_of(line) == spec
    assert opened(line) == spec


@each_scene
def test_a_scene_file_opens_to_the_same_settings(name, tmp_path):
    spec = moved(scenes()[name])
    path = tmp_path / "a.toml"
    path.write_bytes(setting.scene_file(spec))
    assert from_toml(path, "a").settings == spec.settings


def test_what_a_chat_does_to_a_line_does_no_harm():
    broken = f'  "{LINE[:30]}\n{LINE[30:50]} {LINE[50:]}" \n'
    assert setting.spec_of(broken) == scenes()["regression/deep"]


def test_a_scene_of_ones_own_keeps_its_title(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('experiment = "regression"\ntitle = "Mine, ünd söme"\n[settings]\ndegree = 7\n')
    spec = from_toml(path, "mine")
    assert setting.spec_of(setting.line(spec)) == spec


def test_files_of_this_machine_are_left_out_and_named():
    spec = scenes()["regression/deep"].with_knobs({"file": "/home/me/secret.csv"})
    assert "secret" not in str(zlib.decompress(_bytes_of(setting.line(spec))[4:], -15))
    assert setting.left_out(spec) == ("/home/me/secret.csv",)
    assert setting.left_out(scenes()["regression/deep"]) == ()


def _bytes_of(line: str) -> bytes:
    from base64 import urlsafe_b64decode

    letters = line.removeprefix("fallline:")
    return urlsafe_b64decode(letters + "=" * (-len(letters) % 4))


def packed(held) -> str:
    content = json.dumps(held).encode()
    check = zlib.crc32(content).to_bytes(4, "big")
    return "fallline:" + urlsafe_b64encode(check + zlib.compress(content, 9, wbits=-15)).decode().rstrip("=")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fallline:", "copy the whole line"),
        ("fallline:!!!", "copy the whole line"),
        (LINE[:-3], "damaged"),
        (LINE[:20] + ("A" if LINE[20] != "A" else "B") + LINE[21:], "damaged"),
        ("fallline:" + "A" * 100_000, "copy the whole line"),
        (packed([1, "regression/deep", {"x" * 10: "A" * 1_000_000}]), "copy the whole line|damaged"),
        (packed([2, "regression/deep", {}]), "newer Fall Line"),
        (packed([1, "regression/nothing", {}]), "doesn't have"),
        (packed([1, "regression/deep", {"nothing": 1}]), "can't be run here"),
        (packed([1, "regression/deep", {"depth": 10**9}]), "can't be run here"),
        (packed([1, "regression/deep", {"depth": [[1]]}]), "can't be run here"),
        (packed({"a": 1}), "damaged"),
        (packed([1, "os", {}, "a", "b", "c"]), "damaged"),
        (packed([1, ["regression/deep"], {}]), "damaged"),
    ],
)
def test_a_line_that_gives_no_setting_is_one_sentence(line, words):
    with pytest.raises(ShareError, match=words) as refused:
        setting.spec_of(line)
    assert "\n" not in str(refused.value)


def test_the_command_line_takes_and_says_it(capsys, tmp_path):
    assert main(["run", LINE[:-2], "--steps", "1"]) == 2
    assert "damaged" in capsys.readouterr().err


def test_a_code_for_the_hall_is_a_picture():
    assert setting.qr_code(LINE).startswith(b"\x89PNG")
