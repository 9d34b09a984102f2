"""CMU-MOSI: people talk about films into a camera; is an utterance positive or negative? Features, not recordings.

Source: Zadeh, Zellers, Pincus and Morency (2016), "MOSI: multimodal corpus of sentiment intensity and subjectivity
analysis in online opinion videos". One vector an utterance and modality (text 100, audio 73, video 100 numbers), two
classes, 62 videos to train and 31 to test: the sizes and the split of Poria et al. (2017), "Context-dependent sentiment
analysis in user-generated videos". Academic licence: nobody may pass it on, so there is no download.

The file is ``cmu_mosi/mosi_utterance_features.npz`` with, for each side, ``train_`` and ``test_``: ``id``
(VIDEO_number), ``transcript``, ``text``, ``audio``, ``video``, ``label`` (1: positive).
"""

import re

import numpy as np

from mmcourse._machinery.archives import UNREADABLE
from mmcourse._machinery.tables import cut
from mmcourse.corpora.places import find
from mmcourse.items import Collection, Item

FILE = "mosi_utterance_features.npz"
SPLITS = ("train", "dev", "test")
SIZES = {"text": 100, "audio": 73, "video": 100}
DEV_EVERY = 5
NAME = re.compile(r"(.+)_([0-9]+)")  # a video's own name may hold _ too


class Mosi(Collection):
    """Utterances of CMU-MOSI: a collection of ``items.Item`` with ``captions`` (the transcript, capitals as in the
    file), ``label`` (0 negative, 1 positive) and ``id`` ("VIDEO_number"), in the order of the file.

    Test is the official one (752 utterances of 31 videos). The official train side (1,447 of 62) is cut by video: every
    fifth video in alphabetical order is dev (12 videos, 283 utterances), all others are train (50, 1,164). No video is
    in two splits. A video is as near to a speaker as the file can tell: the corpus has 93 videos of 89 speakers.

    **A trap.** The vectors of text and video were learned, with the labels of the official train side. So they know
    the labels of train *and of dev*: a linear classifier reads text with 98 % on dev and 74 % on test, video with 91 %
    and 52 %. Only test is data that the features have never seen.

    Args:
        root: the folder that holds ``cmu_mosi``, or ``cmu_mosi`` itself. None: the variable ``MMCOURSE_DATA``.
        split: "train", "dev" or "test".

    Raises FileNotFoundError where the file is missing, saying what it is and where to ask; ValueError for an unknown
    split, and, naming the file, for one that is damaged: no arrays, wrong shapes, numbers that are not finite, labels
    other than 0 and 1, an id or a transcript that is no text or empty, an id that is malformed or there twice, a video
    on both sides.
    """

    def __init__(self, root=None, split="train"):
        if split not in SPLITS:
            raise ValueError(f"Unknown split. Received: split={split!r}. Allowed: {', '.join(SPLITS)}.")
        self.split = split
        self.path = find("cmu_mosi", root) / FILE
        sides = read_features(self.path)
        side = sides["test" if split == "test" else "train"]
        rows = np.arange(len(side["id"]))
        if split != "test":
            videos = video_names(side["id"])
            held = np.isin(videos, sorted(set(videos))[DEV_EVERY - 1 :: DEV_EVERY])
            rows = rows[held if split == "dev" else ~held]
        self._side = {name: array[rows] for name, array in side.items()}
        super().__init__(len(rows))

    def item(self, place):
        """The item at ``place``."""
        side = self._side
        return Item(
            id=str(side["id"][place]),
            split=self.split,
            captions=(str(side["transcript"][place]),),
            label=int(side["label"][place]),
        )

    def vectors(self):
        """{"text": (n, 100), "audio": (n, 73), "video": (n, 100)}, float32, as they stand in the file."""
        return {name: self._side[name][list(self.places)] for name in SIZES}

    def labels(self):
        """0 or 1, int (n,)."""
        return self._side["label"][list(self.places)].astype(int)

    def videos(self):
        """From which video each utterance is, str (n,): what a split by groups needs."""
        return video_names(self._side["id"][list(self.places)])

    @property
    def ids(self):
        """The ids of the items, in order."""
        return tuple(str(name) for name in self._side["id"][list(self.places)])


def video_names(ids):
    """``["1DmNV9C1hbY_10", ...]`` -> the videos, str (n,). Raises ValueError for an id of another form."""
    found = [NAME.fullmatch(str(name)) for name in ids]
    if None in found:
        raise ValueError(f"An utterance's id is VIDEO_number. Received: {str(ids[found.index(None)])!r}.")
    return np.array([match[1] for match in found], str)


def read_features(path):
    """The file as {"train", "test": {"id", "transcript", "text", "audio", "video", "label"}}; raises as `Mosi` says."""
    if not path.is_file():
        raise FileNotFoundError(f"There is no {FILE} in {path.parent}.")
    names = ("id", "transcript", *SIZES, "label")
    unreadable = (*UNREADABLE, AttributeError, TypeError, SyntaxError)
    try:
        # Opened here: of a file that is none, NumPy leaves its own open.
        with open(path, "rb") as raw, np.load(raw, allow_pickle=False) as file:  # what others sent is never unpickled
            sides = {side: {name: file[f"{side}_{name}"] for name in names} for side in ("train", "test")}
    except PermissionError:
        raise
    except unreadable as error:
        raise ValueError(
            f"The file of features is damaged: {path} ({cut(str(error)) or 'it ends too early'})."
        ) from error
    try:
        for side, arrays in sides.items():
            _check(side, arrays)
        both = set(video_names(sides["train"]["id"])) & set(video_names(sides["test"]["id"]))
        if both:
            raise ValueError(f"video {min(both)} is both in train and in test")
    except ValueError as error:
        raise ValueError(f"The file of features is not CMU-MOSI's: {path}: {error}.") from error
    return sides


def _check(side, arrays):
    n = len(arrays["id"]) if arrays["id"].ndim else 0
    shapes = {"id": (n,), "transcript": (n,), "label": (n,)} | {name: (n, size) for name, size in SIZES.items()}
    for name, shape in shapes.items():
        if arrays[name].shape != shape or not n:
            raise ValueError(f"{side}_{name} has shape {arrays[name].shape}, expected {shape}, n from 1")
    for name in SIZES:
        if arrays[name].dtype != np.float32 or not np.isfinite(arrays[name]).all():
            raise ValueError(f"{side}_{name} holds {arrays[name].dtype}, expected finite float32")
    if not np.isin(arrays["label"], (0, 1)).all():
        raise ValueError(f"{side}_label holds {sorted(set(arrays['label'].tolist()))[:5]}, expected 0 and 1")
    for name in ("id", "transcript"):
        if arrays[name].dtype.kind != "U":
            raise ValueError(f"{side}_{name} holds {arrays[name].dtype}, expected text (of NumPy's kind U)")
        empty = [place for place, text in enumerate(arrays[name].tolist()) if not text.strip()]
        if empty:
            raise ValueError(f"{side}_{name} is empty at place {empty[0]}, expected text")
    video_names(arrays["id"])
    if len(set(arrays["id"].tolist())) != n:
        raise ValueError(f"{side}_id names an utterance twice")
