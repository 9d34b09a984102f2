"""The Free Spoken Digit Dataset (FSDD): six people say the English digits, fifty times each, at 8,000 samples a second.

Source: Jackson, Souza, Flaks, Pan, Nicolas and Thite (2018), "Free Spoken Digit Dataset"; CC BY-SA 4.0. A recording is
``recordings/{digit}_{speaker}_{index}.wav``, 16 bits, one channel. Whoever is heard in training and again in the test
makes the test easy, so that this module splits by *speaker* unless told otherwise.
"""

import re
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from mmcourse._machinery import sounds
from mmcourse._machinery.tables import apple_double
from mmcourse.corpora.places import find
from mmcourse.items import Collection, Item

RATE = 8000
SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
SPLITS = ("train", "dev", "test")
SCHEMES = ("speakers", "official")
NAME = re.compile(r"([0-9])_([a-z]+)_([0-9]+)\.wav")
OFFICIAL_TEST = 5  # the recordings 0 to 4 of each digit and speaker


def read_wav(path, rate=RATE):
    """A WAV file of 16 bits and one channel as float32 ``(n, 1)`` in [-1, 1).

    Raises FileNotFoundError for a missing file, and ValueError naming the file where it is no WAV, is cut off, is of
    another coding (called by its name), or has another rate, width or number of channels.
    """
    x, form = sounds.read_wav(path)
    if form[:3] != (rate, 1, 16):
        raise ValueError(
            f"{path}: expected {rate} samples a second, 1 channel, 16 bits. "
            f"Received: {form.rate}, {form.channels}, {form.bits}."
        )
    return x


def read_name(path):
    """``7_jackson_32.wav`` -> (7, "jackson", 32). Raises ValueError for a name of another form."""
    found = NAME.fullmatch(Path(path).name)
    if not found:
        raise ValueError(f"A recording's name is digit_speaker_index.wav. Received: {str(path)!r}.")
    return int(found[1]), found[2], int(found[3])


class SpokenDigits(Collection):
    """Spoken digits: a collection of ``items.Item`` with ``audio`` (float32 (n, 1), read when first asked for),
    ``rate`` 8000, ``label`` 0 to 9 and ``id``, the file's name without ``.wav``. Items stand in the order of speaker,
    digit and index.

    ==========  ==================================================  ===========================================
    scheme      train, dev, test                                    what the test asks
    ==========  ==================================================  ===========================================
    "speakers"  four speakers, one, one: 2,000, 500, 500 items      does it understand somebody new?
    "official"  index 5 … 49, none, index 0 … 4: 2,700 and 300      does it know six voices that it has heard?
    ==========  ==================================================  ===========================================

    Args:
        root: the folder that holds ``fsdd``, or ``fsdd`` itself (with ``recordings`` in it). None: the variable
            ``MMCOURSE_DATA``, else what `mmcourse.corpora.download` fetched.
        split: "train", "dev" or "test"; None for all recordings.
        scheme: "speakers" or "official".
        dev, test: the speakers of these splits, names or tuples of names; train has all others.

    Raises FileNotFoundError where there are no recordings, saying where to get them; ValueError for an unknown split,
    scheme or speaker, a speaker in two splits, a split that the scheme does not have, a split without a recording, and,
    naming the file, for a file whose name is none of a recording, or that of one which is there already (7_lucas_01).
    """

    def __init__(self, root=None, split="train", scheme="speakers", dev="theo", test="yweweler"):
        if split is not None and split not in SPLITS:
            raise ValueError(f"Unknown split. Received: split={split!r}. Allowed: {', '.join(SPLITS)}, None.")
        if scheme not in SCHEMES:
            raise ValueError(f"Unknown scheme. Received: scheme={scheme!r}. Allowed: {', '.join(SCHEMES)}.")
        if scheme == "official" and split == "dev":
            raise ValueError("The official split has no dev part. Received: split='dev'. Allowed: train, test.")
        self.split, self.scheme = split, scheme
        self.folder = _recordings(root)
        recordings = [(*read_name(path), path) for path in self.folder.glob("*.wav") if not apple_double(path.name)]
        recordings.sort(key=lambda r: (r[1], r[0], r[2], r[3].name))
        for one, other in pairwise(recordings):
            if one[:3] == other[:3]:
                raise ValueError(
                    f"Two files are one recording, {'_'.join(map(str, one[:3]))}. Received: {one[3]}, {other[3].name}. "
                    "Allowed: one file each."
                )
        known = sorted({speaker for _, speaker, _, _ in recordings})
        held = {"dev": _names(dev), "test": _names(test)}
        if scheme == "speakers" and split is not None:
            _check_speakers(held, known)
        self._recordings = [r for r in recordings if split in (None, _part(scheme, held, r[1], r[2]))]
        if not self._recordings:
            raise ValueError(f"No recording is in this split. Received: split={split!r}, scheme={scheme!r}.")
        super().__init__(len(self._recordings))

    def item(self, place):
        """The item at ``place``."""
        digit, speaker, index, path = self._recordings[place]
        return Item(
            id=f"{digit}_{speaker}_{index}",
            split=self.split or "all",
            audio=partial(read_wav, path),
            rate=RATE,
            label=digit,
        )

    def labels(self):
        """The digits, int (n,); no sound is read for it."""
        return np.array([self._recordings[place][0] for place in self.places], int)

    def speakers(self):
        """Who speaks, str (n,): what a split by groups needs."""
        return np.array([self._recordings[place][1] for place in self.places])

    @property
    def ids(self):
        """The ids of the items, in order; no sound is read for it."""
        return tuple("_".join(map(str, self._recordings[place][:3])) for place in self.places)


def _part(scheme, held, speaker, index):
    if scheme == "official":
        return "test" if index < OFFICIAL_TEST else "train"
    return next((split for split, names in held.items() if speaker in names), "train")


def _names(given):
    return (given,) if isinstance(given, str) else tuple(given)


def _check_speakers(held, known):
    for split, names in held.items():
        for name in names:
            if name not in known:
                raise ValueError(f"Unknown speaker. Received: {split}={name!r}. Allowed: {', '.join(known)}.")
    both = set(held["dev"]) & set(held["test"])
    if both:
        raise ValueError(
            f"Nobody speaks in two splits. Received: dev={held['dev']}, test={held['test']}, {min(both)} in both."
        )


def _recordings(root):
    """The folder of the recordings, as unpacked by hand or by ``corpora.download``."""
    given = Path(root).expanduser() if root is not None else None
    if given is not None and (given / "recordings").is_dir():
        return given / "recordings"
    home = find("fsdd", root)
    for pattern in ("recordings", "*/recordings", "*/*/recordings"):
        for folder in sorted(home.glob(pattern)):
            if folder.is_dir() and not all(apple_double(path.name) for path in folder.glob("*.wav")):
                return folder
    raise FileNotFoundError(f"There is no folder of recordings in {home}. Expected: recordings/0_george_0.wav, ...")
