"""Small, fixed features that put two modalities side by side: a voice as one vector, utterances as one vector for each
modality, the products of two vectors; how a thing moves in a film, and when the film grows loud; and one scene as two
sensors see it.

They are as simple as can be, so that a linear model on top of them shows what is in the data rather than what a large
network can do. The pages on text, images and sound have better features.
"""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from mmcourse._machinery.checks import check_number, check_numbers, check_whole
from mmcourse._machinery.sounds import check_sound
from mmcourse.scenes import PALETTE, Scenes
from mmcourse.scenes.image import masks
from mmcourse.scenes.scene import UNIT
from mmcourse.text import bag_of_words

FRAME, HOP = 512, 256  # samples: at 16 kHz frames of 32 milliseconds, overlapping by half
LOWEST = 60.0  # hertz
SILENCE = 1e-6  # power below which there is nothing to hear: keeps the logarithm finite

SIGHT = {"things": 2, "shapes": ("circle", "cross"), "colours": ("blue", "orange"), "sizes": ("small",)}
APART, BLUR = 500, 45  # in 1/1024 of the picture's side: how far apart two things are at least, how wide a blur is


def describe_voice(sound, rate, bands=12):
    """A recording -> one vector, float64 (2 * bands,): how loud each band of frequencies is, and how much that varies.

    1. The sound (the mean of its channels) is cut into overlapping frames, each under a Hann window.
    2. The power of each frame is summed in ``bands`` bands of equal ratio, from 60 hertz to half the rate.
    3. In decibels, the mean over the frames stands first, then the standard deviation over the frames.

    Args:
        sound: float (n,) or (n, channels), at least 512 samples.
        rate: samples a second. bands: how many; at 16 kHz up to 18.

    Raises ValueError for a sound shorter than a frame, and for so many bands that one holds no frequency.
    """
    check_number("samples a second, above 0", above=0, rate=rate)
    check_whole(bands=bands)
    check_numbers(sound=(sound, "…"))
    check_sound(np.asarray(sound), "sound")
    sound = np.asarray(sound, "float64")
    sound = sound.mean(axis=1) if sound.ndim == 2 else sound
    if sound.ndim != 1 or len(sound) < FRAME:
        raise ValueError(f"Received: sound of shape {sound.shape}. Allowed: {FRAME} samples or more, (n,) or (n, c).")
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP] * np.hanning(FRAME)  # (t, 512)
    power = np.abs(np.fft.rfft(frames)) ** 2  # (t, 257)
    hertz = np.fft.rfftfreq(FRAME, 1 / rate)
    edges = np.geomspace(LOWEST, rate / 2, bands + 1)
    within = (hertz[:, None] > edges[:-1]) & (hertz[:, None] <= edges[1:])  # (257, bands)
    if not within.any(axis=0).all():
        raise ValueError(f"Each band must hold a frequency. Received: bands={bands!r}, rate={rate!r}.")
    decibels = 10 * np.log10(power @ within + SILENCE)  # (t, bands)
    return np.concatenate([decibels.mean(axis=0), decibels.std(axis=0)])


def products(a, b):
    """Every number of one modality times every number of the other: (n, d) and (n, c) -> (n, d * c).

    A linear model on these can answer "which way does this one count, given the other?", which no linear model on
    ``a`` and ``b`` side by side can. (The tensor, or outer product, of the two vectors of each item.)

    Raises ValueError where the numbers of items differ.
    """
    check_numbers("One row for each item.", a=(a, "n d"), b=(b, "n c"))
    a, b = np.asarray(a), np.asarray(b)
    return (a[:, :, None] * b[:, None, :]).reshape(len(a), -1)


class UtteranceVectors:
    """Utterances as one vector for each modality: the words that occur, the bands of the voice, the face's pixels.

    Fitted once, on training items; then ``vectors(collection)`` makes one batch of all items of a collection:

    - ``text`` float32 (n, words): 1 where the word occurs, less its share of the training items;
    - ``audio`` float32 (n, 24): ``describe_voice``, each number of mean 0 and deviation 1 in training, divided by √24,
      so that a voice's vector has a norm of about 1, half of a sentence's;
    - ``image`` float32 (n, 16): the face's pixels along their 16 main directions, scaled alike;
    - ``present`` {name: bool (n,)}: which items have the modality. What is missing is a vector of zeros.

    The batch of the training items themselves is the attribute ``train``.

    Args:
        train: a collection such as ``Utterances``, the training items.
        modalities: which of "text", "audio" and "image". Voices take by far the longest.

    Raises ValueError for an unknown modality, and for one that no training item has.
    """

    def __init__(self, train, modalities=("text", "audio", "image")):
        steps = {
            "text": (bag_of_words(binary=True), FunctionTransformer(_dense), StandardScaler(with_std=False)),
            "audio": (FunctionTransformer(_voices), StandardScaler(), FunctionTransformer(_shrink)),
            "image": (FunctionTransformer(_pixels), PCA(16, whiten=True, random_state=0), FunctionTransformer(_shrink)),
        }
        self.steps = {}
        modalities = (modalities,) if isinstance(modalities, str) else modalities
        if not isinstance(modalities, (tuple, list)) or not modalities:
            raise ValueError(f"Received: modalities={modalities!r}. Allowed: some of {', '.join(steps)}.")
        if not hasattr(train, "__iter__") or not all(hasattr(item, "captions") for item in train):
            raise ValueError(f"Received: train, a {type(train).__name__}. Allowed: a collection of items.")
        for name in modalities:
            if name not in steps:
                raise ValueError(f"Received: modality {name!r}. Allowed: {', '.join(steps)}.")
            self.steps[name] = make_pipeline(*steps[name])
        self.train = self._describe(train, "fit_transform")

    def __call__(self, collection):
        return self._describe(collection, "transform")

    def _describe(self, collection, how):
        batch = {"present": {}}
        for name, steps in self.steps.items():
            values = [_raw(item, name) for item in collection]
            there = np.array([value is not None for value in values], bool)
            if how == "fit_transform" and not there.any():
                raise ValueError(f"Received: training items none of which has {name}.")
            rows = getattr(steps, how)([value for value in values if value is not None]) if there.any() else None
            size = rows.shape[1] if rows is not None else self.train[name].shape[1]
            batch[name] = np.zeros((len(values), size), "float32")
            if rows is not None:
                batch[name][there] = rows
            batch["present"][name] = there
        return batch


def _raw(item, name):
    """One item's modality, None where it lacks it."""
    if name == "text":
        return item.captions[0] if item.captions else None
    return getattr(item, name) if name == "image" or item.audio is None else (item.audio, item.rate)


def _voices(sounds):
    return np.array([describe_voice(sound, rate) for sound, rate in sounds])


def _pixels(faces):
    return np.array(faces).reshape(len(faces), -1) / 255


def _dense(counts):
    return counts.toarray()


def _shrink(x):
    return x / np.sqrt(x.shape[1])


def moves(frames):
    """How the one thing of a film moves from frame to frame, in pixels to the right and downwards.

    The thing is what differs from the film's median picture; differences below twice their own median are noise. Where
    it is, is their centre of mass.

    Args:
        frames: numbers (t, h, w, channels), of a camera that stands still.
    Returns:
        float64 (t - 1, 2).

    Raises ValueError for fewer than two frames, another shape, and numbers that are not finite.
    """
    check_numbers(frames=(frames, "t h w channels"))
    frames = np.asarray(frames, "float64")
    if len(frames) < 2:
        raise ValueError(f"Received: frames of shape {frames.shape}. Allowed: two frames or more.")
    odd = np.abs(frames - np.median(frames, axis=0)).sum(axis=-1)  # (t, h, w)
    odd = np.clip(odd - 2 * np.median(odd), 0, None)
    across, down = odd.sum(axis=1) @ np.arange(odd.shape[2]), odd.sum(axis=2) @ np.arange(odd.shape[1])
    return np.diff(np.stack([across, down], axis=-1) / (odd.sum(axis=(1, 2))[:, None] + 1e-9), axis=0)


def grows_loud(sound, frames):
    """Whether the sound grows much louder (by 4.3 decibels: e times the power) at each of so many frames of a film.

    Args:
        sound: float (n,). frames: how many, t; what is left over at the end is cut off.
    Returns:
        bool (t,); the first frame has none before it, and is False.

    Raises ValueError for more frames than samples.
    """
    check_whole(frames=frames)
    check_numbers(sound=(sound, "n"))
    check_sound(np.asarray(sound), "sound")
    sound = np.asarray(sound, "float64")
    if not 1 <= frames <= len(sound):
        raise ValueError(f"Received: frames={frames}, sound of {len(sound)} samples. Allowed: 1 to {len(sound)}.")
    size = len(sound) // frames
    power = np.log((sound[: frames * size].reshape(frames, size) ** 2).mean(axis=1) + SILENCE)
    return np.diff(power, prepend=power[0]) > 1


def two_sensors(split, n, size=24, seed=0):
    """One scene, seen by two sensors: one sees shapes without colour, the other colours without shape.

    Every scene holds a circle and a cross, far apart, one of them orange and one blue. The label is 1 where the circle
    is orange. Each sensor alone sees the same things in both cases, and both cases are equally likely.

    Args:
        split, seed: of ``Scenes``. n: how many scenes. size: side of the pictures in cells.
    Returns:
        {"shape": float32 (n, size, size, 1), grey silhouettes on black; "colour": float32 (n, size, size, 3), one round
        blur of equal width in the colour of each thing}, values in [0, 1]; and the labels, int (n,).
    """
    check_whole(n=n, size=size)
    drawn, scenes, place = Scenes(split, seed, 100 * n + 100, **SIGHT), [], 0  # about one in ten will do
    while len(scenes) < n:
        scene, place = drawn.scene(place), place + 1
        a, b = scene.things
        if a.shape != b.shape and a.colour != b.colour and np.hypot(a.x - b.x, a.y - b.y) > APART:
            scenes.append(scene)
    shape = np.zeros((n, size, size, 1), "float32")
    colour = np.zeros((n, size, size, 3), "float32")
    middle = (np.arange(size) + 0.5) / size * UNIT
    for i, scene in enumerate(scenes):
        shape[i, :, :, 0] = masks(scene, size).max(axis=0)
        for thing in scene.things:
            blur = np.exp(-((middle[:, None] - thing.y) ** 2 + (middle - thing.x) ** 2) / (2 * BLUR**2))
            colour[i] += blur[:, :, None] * np.array(PALETTE[thing.colour]) / 255
    labels = np.array([scene.find(shape="circle")[0].colour == "orange" for scene in scenes], int)
    return {"shape": shape, "colour": colour.clip(0, 1)}, labels


def misalign(pictures, cells, seed=0):
    """Each picture (n, h, w, c), moved by so many cells into a random direction of its own; what leaves on one side
    comes in on the other. ``cells``: a number, 0 or more."""
    check_number("0 or more", at_least=0, cells=cells)
    check_numbers(pictures=(pictures, "n h w c"))
    if not len(pictures):
        raise ValueError(f"Received: pictures of shape {np.shape(pictures)}. Allowed: one or more.")
    angles = np.random.default_rng(seed).uniform(0, 2 * np.pi, len(pictures))
    moves = np.round(cells * np.stack([np.sin(angles), np.cos(angles)], axis=1)).astype(int)
    return np.stack([np.roll(x, move, axis=(0, 1)) for x, move in zip(pictures, moves, strict=True)])
