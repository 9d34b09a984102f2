"""Sounds and films to be played in a page: HTML with everything inside it, and the same in words.

Nothing plays by itself and nothing is fetched: sounds are embedded as 16-bit WAV, the frames of a film as one picture
with all of them side by side. A film is driven by its soundtrack: the sound's own controls, by mouse or by keyboard,
start it, stop it and wind it, and a short script shows the frame that belongs to the sound's time. Without scripts the
first frame stands still and the sound can be heard all the same. The transcript is text in both.
"""

import html

import numpy as np

from mmcourse.plots.web import Html, data_uri, picture_uri, require_words
from mmcourse.scenes import export

SIDE = 240  # pixels at which a film is shown
RATES = (8000, 48000)  # samples a second that every browser plays


def sound_player(audio, rate, title, transcript):
    """A sound to be played, and what is heard in words -> Html.

    - ``audio``: float (n,) or (n, channels) in [-1, 1], one or two channels; ``rate``: samples a second, 8,000 to
      48,000;
    - ``title``: what it is, in a few words; ``transcript``: a str, or a sequence of str (its lines).

    Raises ValueError for audio or a rate that no player takes, and for an empty title or transcript.
    """
    source = data_uri(wav(audio, rate), "audio/wav")
    return Html(f'<figure class="mm-player">{_sound(source, title)}{_said(title, transcript)}{_STYLE}</figure>')


def film_player(frames, audio, rate, title, transcript, alt, fps=12):
    """A film with its soundtrack, to be played, and what happens in words -> Html.

    - ``frames``: uint8 (t, h, w, 3), at least two; ``fps``: frames a second;
    - ``audio``, ``rate``, ``title``, ``transcript``: of the soundtrack, as in ``sound_player``; it is as long as the
      film;
    - ``alt``: what a reader who cannot see the frames needs to know of the first.

    A box below the controls plays it slowly. Raises ValueError as ``sound_player``, and for frames of another shape or
    type or an empty ``alt``.
    """
    frames = np.asarray(frames)
    if frames.ndim != 4 or frames.shape[-1] != 3 or len(frames) < 2 or frames.dtype != np.uint8:
        raise ValueError(
            f"Received: frames of shape {frames.shape}, {frames.dtype}. Allowed: (t, h, w, 3), uint8, t at least 2."
        )
    require_words(alt=alt)
    sound, picture = data_uri(wav(audio, rate), "audio/wav"), _strip(frames)
    look = (
        f"width:{SIDE}px;aspect-ratio:{frames.shape[2]}/{frames.shape[1]};background-image:url({picture});"
        f"background-size:{len(frames)}00% 100%"
    )
    return Html(
        f'<figure class="mm-player mm-film" data-frames="{len(frames)}" data-fps="{fps:g}">'
        f'<div class="mm-screen" role="img" aria-label="{html.escape(alt)}" style="{look}"></div>'
        f'{_sound(sound, title)}<label hidden><input type="checkbox"> a third of the speed</label>'
        f"{_said(title, transcript)}{_STYLE}<script>({_SCRIPT})();</script></figure>"
    )


def wav(audio, rate):
    """A sound as a WAV file of 16 bits, bytes: see ``sound_player`` for arguments and errors."""
    audio = np.asarray(audio, np.float64)
    audio = audio[:, None] if audio.ndim == 1 else audio
    if audio.ndim != 2 or audio.shape[1] not in (1, 2) or not len(audio) or not np.isfinite(audio).all():
        raise ValueError(f"Received: audio of shape {audio.shape}. Allowed: finite numbers, (n,), (n, 1) or (n, 2).")
    if rate != int(rate) or not RATES[0] <= rate <= RATES[1]:
        raise ValueError(f"Received: rate={rate!r}. Allowed: an integer from {RATES[0]} to {RATES[1]}.")
    return export.wav(audio, int(rate))


def _sound(source, title):
    return f'<audio controls preload="metadata" aria-label="{html.escape(title)}" src="{source}"></audio>'


def _said(title, transcript):
    lines = [transcript] if isinstance(transcript, str) else list(transcript)
    require_words(title=title, transcript=" ".join(lines))
    said = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    said = f"<ul>{said}</ul>" if len(lines) > 1 else f" {html.escape(lines[0])}"
    return f"<figcaption><strong>{html.escape(title)}.</strong> In words:{said}</figcaption>"


def _strip(frames):
    """All frames side by side, as the address of one JPEG: each is resized to a width of whole blocks, so that none
    stains its neighbour."""
    from PIL import Image

    height = max(1, round(SIDE * frames.shape[1] / frames.shape[2]))
    strip = [Image.fromarray(frame).resize((SIDE, height), Image.Resampling.LANCZOS) for frame in frames]
    return picture_uri(np.hstack(strip), "JPEG", quality=88, subsampling=0, optimize=True)


assert SIDE % 16 == 0

_STYLE = """<style>
.mm-player{margin:1.2em 0}
.mm-player audio{display:block;width:100%;max-width:24em}
.mm-player label{display:block;font-size:.9em;padding:.3em 0}
.mm-player [hidden]{display:none}
.mm-player .mm-screen{max-width:100%;background-repeat:no-repeat;background-position:0 0;border-radius:8px}
.mm-player .mm-screen{margin-bottom:.6em}
.mm-player ul{margin:.3em 0 0 1.2em;padding:0}
</style>"""

# Every film's script readies all that are not ready: it needs no names, and may run twice (in a notebook).
_SCRIPT = """function () {
  document.querySelectorAll(".mm-film:not([data-ready])").forEach(function (film) {
    var screen = film.querySelector(".mm-screen"), sound = film.querySelector("audio");
    var slowly = film.querySelector("input"), last = Number(film.dataset.frames) - 1;
    function show() {
      var frame = Math.min(last, Math.floor(sound.currentTime * Number(film.dataset.fps) + 1e-6));
      screen.dataset.frame = frame;
      screen.style.backgroundPositionX = 100 * frame / last + "%";
    }
    function run() {
      show();
      if (!sound.paused) requestAnimationFrame(run);
    }
    film.dataset.ready = "1";
    sound.addEventListener("play", run);
    ["timeupdate", "seeking", "pause", "ended"].forEach(function (name) { sound.addEventListener(name, show); });
    slowly.addEventListener("change", function () { sound.playbackRate = slowly.checked ? 1 / 3 : 1; });
    slowly.parentNode.hidden = false;
  });
}"""
