"""The look of figures and pages: colours told apart and read, words wrapped, files small and our own."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse import plots
from mmcourse.plots import cover, look
from mmcourse.scenes.sampling import scene
from mmcourse.scenes.scene import PALETTE

STATIC = Path(__file__).resolve().parents[1] / "book" / "_static"


def css_colours():
    """The variables of css/colours.css: those of the world, of the light mode and of the dark mode."""
    text = (STATIC / "css" / "colours.css").read_text("utf8")
    found = {}
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", text):
        name = "dark" if "dark" in selector and "light" not in selector else "light" if "light" in selector else "world"
        found.setdefault(name, {}).update(re.findall(r"--mm-([\w-]+):\s*(#[0-9a-f]{6})", body))
    return found


def test_the_pages_and_the_figures_have_the_worlds_colours():
    world = css_colours()["world"]
    assert {k.removeprefix("world-"): v for k, v in world.items() if k.startswith("world-")} == look.COLOURS
    assert {name: look.to_hex(rgb) for name, rgb in PALETTE.items()} == look.COLOURS
    assert world["figure-paper"] == css_colours()["light"]["paper"] == look.PAPER


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_reads_on_every_background(mode):
    c = css_colours()[mode]
    pairs = [(text, back) for text in ("ink", "muted", "accent") for back in ("paper", "wash", "accent-wash")]
    pairs += [(k, b) for k in ("good", "bad", "warn", "stretch") for b in ("paper", "wash", f"{k}-wash")]
    pairs += [("ink", f"{k}-wash") for k in ("good", "bad", "warn", "stretch")] + [("paper", "accent")]
    poor = {pair: round(look.contrast(c[pair[0]], c[pair[1]]), 2) for pair in pairs}
    assert not {pair: ratio for pair, ratio in poor.items() if ratio < 4.5}


def test_contrast_is_that_of_the_standard():
    assert look.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert look.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails


def test_lines_stand_out_and_words_in_their_colours_read():
    for colour in look.SERIES:
        assert look.contrast(colour, look.PAPER) >= 3
        assert look.contrast(look.readable(colour), look.PAPER) >= 4.5


# Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB.
BLINDNESS = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_first_curves_can_be_told_apart_by_the_colour_blind(kind):
    def lab(colour):
        v = look.to_rgb(colour) / 255
        v = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
        v = np.clip(np.array(BLINDNESS[kind]) @ v, 0, 1)
        m = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
        x, y, z = (np.array(m) @ v) / [0.9505, 1, 1.089]
        f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
        return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])

    seen = [lab(colour) for colour in look.SERIES[:3]]
    assert min(np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]) > 15


# What is vendored.


def test_the_logo_is_what_the_command_draws_and_files_are_small():
    assert (STATIC / "logo.svg").read_text("utf8") == (STATIC / "favicon.svg").read_text("utf8") == cover.logo()
    assert all((STATIC / name).stat().st_size < 200_000 for name in ("cover.webp", "cover.png"))
    fonts = list((STATIC / "fonts").glob("*.woff2"))
    assert fonts and sum(font.stat().st_size for font in fonts) <= 300_000
    for font in fonts:
        licence = STATIC / "fonts" / f"LICENSE-{font.name.split('-latin')[0]}.txt"
        assert "SIL Open Font License" in licence.read_text("utf8")


def test_style_sheets_and_scripts_of_ours_ask_the_network_for_nothing():
    for path in [*STATIC.glob("*.css"), *STATIC.glob("css/*.css"), *STATIC.glob("*.js")]:
        text = path.read_text("utf8")
        assert not re.search(r"https?:|//[a-z]+\.", text), path
        for url in re.findall(r'url\("([^"]+)"\)', text):
            assert (path.parent / url).is_file(), f"{path.name} names {url}, which is not there"


# Words.


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=25), st.floats(1.0, 4.0))
@settings(max_examples=40, deadline=None)
def test_wrapping_loses_no_word_and_keeps_the_width(words, width):
    lines = look.wrap(" ".join(words), width)
    assert " ".join(lines).split() == words
    assert all(look.text_width(line) <= width or " " not in line for line in lines)


def test_chinese_is_drawn_or_refused_but_never_boxes():
    assert look.wrap("一颗黄色的星星在上面", 0.5)[0] != "一颗黄色的星星在上面"
    if look.cjk_font():
        assert look.drawable("星星") == "星星"
    else:
        with pytest.raises(RuntimeError, match=r"plots\.cards"):
            plots.scene(scene("train", 0, 0), "一颗黄色的星星")
