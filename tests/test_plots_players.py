"""Players: a valid sound inside, words for who cannot hear or see it, nothing from outside; and a film that moves."""

import base64
import io
import re
import wave

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from mmcourse import plots
from mmcourse.plots import players
from mmcourse.scenes import Scenes, film, sound

RNG = np.random.default_rng(0)
SOUND = 0.5 * np.sin(np.arange(8000) / 8).astype("float32")
FRAMES = np.stack([np.full((24, 32, 3), 10 * k, "uint8") for k in range(12)])


def parsed(html):
    return BeautifulSoup(html, "html.parser")


def embedded(address):
    kind, data = address.split(";base64,")
    return kind, base64.b64decode(data, validate=True)


@pytest.mark.parametrize("channels", [None, 1, 2])
def test_the_sound_inside_is_the_sound_given(channels):
    audio = RNG.uniform(-1.2, 1.2, 4000 if channels is None else (4000, channels))
    page = parsed(plots.sound_player(audio, 16000, "A tune", "noise"))
    kind, data = embedded(page.audio["src"])
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (channels or 1, 16000, 2)
        inside = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, channels or 1) / 32767
    assert kind == "data:audio/wav"
    np.testing.assert_allclose(inside, np.clip(audio.reshape(4000, -1), -1, 1), atol=1 / 32767)


def test_a_sound_has_controls_a_name_and_words_and_does_not_play_by_itself():
    page = parsed(plots.sound_player(SOUND, 8000, "A tune", ["left: a bell", "right: a reed"]))
    assert page.audio.has_attr("controls") and not page.audio.has_attr("autoplay") and not page.audio.has_attr("loop")
    assert page.audio["aria-label"] == "A tune"
    assert [li.text for li in page.figcaption.find_all("li")] == ["left: a bell", "right: a reed"]


def test_the_film_holds_every_frame_in_order():
    page = parsed(plots.film_player(FRAMES, SOUND, 8000, "A film", "It grows lighter.", "A dark frame."))
    screen = page.select_one(".mm-screen")
    assert screen["role"] == "img" and screen["aria-label"] == "A dark frame."
    kind, data = embedded(re.search(r"url\(([^)]*)\)", screen["style"])[1])
    strip = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    side = players.SIDE
    assert kind == "data:image/jpeg" and strip.shape == (side * 24 // 32, 12 * side, 3)
    for k in range(12):  # up to the very edge: no frame stains its neighbour
        np.testing.assert_allclose(strip[:, k * side : (k + 1) * side], 10.0 * k, atol=3)
    assert page.figure["data-frames"] == "12" and page.figure["data-fps"] == "12"
    assert page.find("label").has_attr("hidden"), "what needs a script shows only with it"


def test_a_scenes_own_sound_and_film_fit():
    item = Scenes("test", n=1)[0]
    assert plots.sound_player(item.audio, item.rate, "A sound", sound.transcript(item.truth))
    track = film.soundtrack(item.truth)
    page = parsed(plots.film_player(item.frames, track, sound.RATE, "A film", film.transcript(item.truth), "A scene."))
    _, data = embedded(page.audio["src"])
    with wave.open(io.BytesIO(data)) as file:
        assert file.getnframes() / file.getframerate() == len(item.frames) / film.FPS


EVIL = 'a "quoted" <script>alert(1)</script> & more'


@pytest.mark.parametrize(
    "made",
    [
        lambda: plots.sound_player(SOUND, 8000, EVIL, EVIL),
        lambda: plots.film_player(FRAMES, SOUND, 8000, EVIL, [EVIL, EVIL], EVIL),
    ],
)
def test_texts_are_escaped_and_nothing_comes_from_outside(made):
    html = made()
    page = parsed(html)
    assert page.audio["aria-label"] == EVIL and EVIL in page.figcaption.text
    assert all("alert" not in (script.string or "") for script in page.find_all("script"))
    assert not re.search(r"(?:https?:)?//\w", re.sub(r"base64,[^\"')]*", "", html))
    assert html._repr_html_() == html and made() == html


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: plots.sound_player(np.zeros((0, 2)), 8000, "a", "b"), "audio of shape (0, 2)"),
        (lambda: plots.sound_player(np.zeros((9, 3)), 8000, "a", "b"), "audio of shape (9, 3)"),
        (lambda: plots.sound_player([0.0, np.nan], 8000, "a", "b"), "finite numbers"),
        (lambda: plots.sound_player(SOUND, 400, "a", "b"), "rate=400"),
        (lambda: plots.sound_player(SOUND, 8000.5, "a", "b"), "rate=8000.5"),
        (lambda: plots.sound_player(SOUND, 8000, " ", "b"), "title=' '"),
        (lambda: plots.sound_player(SOUND, 8000, "a", []), "transcript=''"),
        (lambda: plots.film_player(FRAMES[:1], SOUND, 8000, "a", "b", "c"), "frames of shape (1, 24, 32, 3)"),
        (lambda: plots.film_player(FRAMES / 255, SOUND, 8000, "a", "b", "c"), "float64"),
        (lambda: plots.film_player(FRAMES, SOUND, 8000, "a", "b", ""), "alt=''"),
    ],
)
def test_errors_name_what_came(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


@pytest.mark.browser
def test_the_sound_has_its_length_and_the_film_follows_it_by_keyboard(chromium, tmp_path):
    audio = 0.1 * np.sin(np.arange(16000) / 20)  # two seconds
    frames = np.repeat(FRAMES, 2, axis=0)
    (tmp_path / "a.html").write_text(
        "<!doctype html><title>t</title>"
        + plots.sound_player(SOUND, 8000, "A tune", "a tone")
        + plots.film_player(frames, audio, 8000, "A film", "It grows lighter.", "A dark frame.")
        + plots.film_player(frames, audio, 8000, "Another", "It grows lighter.", "A dark frame."),
        "utf8",
    )
    tab, outside = chromium.new_page(), []
    tab.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else outside.append(r.url))
    tab.goto((tmp_path / "a.html").as_uri())
    tab.wait_for_function("[...document.querySelectorAll('audio')].every(a => a.readyState >= 1)")
    assert tab.evaluate("[...document.querySelectorAll('audio')].map(a => a.duration)") == pytest.approx([1, 2, 2])
    assert tab.evaluate("[...document.querySelectorAll('audio')].every(a => a.paused)"), "nothing plays by itself"
    film_ = tab.locator(".mm-film").first
    film_.locator("audio").focus()
    tab.keyboard.press("Space")
    tab.wait_for_function("Number(document.querySelector('.mm-screen').dataset.frame) >= 3")
    shift = tab.evaluate("parseFloat(document.querySelector('.mm-screen').style.backgroundPositionX)")
    assert 100 * 3 / 23 - 0.01 <= shift <= 100
    tab.evaluate("document.querySelector('.mm-film audio').pause()")
    tab.evaluate("document.querySelector('.mm-film audio').currentTime = 1.5")  # wound by hand: the frame follows
    tab.wait_for_function("document.querySelector('.mm-screen').dataset.frame === '18'")
    film_.locator("input").check()
    assert tab.evaluate("document.querySelector('.mm-film audio').playbackRate") == pytest.approx(1 / 3)
    assert tab.evaluate("document.querySelectorAll('.mm-screen')[1].dataset.frame") is None, "the other one stands"
    assert outside == []
    tab.close()
