"""Flickr8k, its Chinese captions Flickr8K-CN, and Flickr30k: photographs with five captions each.

Sources: Hodosh, Young and Hockenmaier (2013), "Framing image description as a ranking task"; Young, Lai, Hodosh and
Hockenmaier (2014), "From image descriptions to visual denotations"; Li, Lan, Dong and Liu (2016), "Adding Chinese
captions to images"; splits of Flickr30k after Karpathy and Fei-Fei (2015). For research and teaching only: the
photographs belong to those who took them.

Three forms of the text are read, the first that is found:

- the official files: ``Flickr8k.token.txt`` with ``Flickr_8k.trainImages.txt``, ``...devImages.txt`` and
  ``...testImages.txt``; for Flickr30k ``results_20130124.token``. A line is ``name.jpg#0<tab>caption``;
- ``captions.txt`` of Kaggle: a table with commas and the header ``image,caption`` (it has no splits: the official lists
  must lie beside it);
- ``dataset_flickr8k.json`` or ``dataset_flickr30k.json`` of Karpathy, which brings its own splits.

Files may lie in the corpus's folder or in a folder ``text`` in it; images in ``images``, ``Images``,
``Flicker8k_Dataset``, ``Flickr8k_Dataset``, ``flickr30k-images`` or ``flickr30k_images``.
"""

import csv
import json
import os
import warnings
from pathlib import Path

from mmcourse._machinery.pictures import read_image
from mmcourse.corpora.places import find
from mmcourse.items import Collection, Item

SPLITS = ("train", "dev", "test")
LANGUAGES = ("en", "zh")
REFERENCES = ("translated", "written")
IMAGE_FOLDERS = (
    *("Flickr8k_Dataset/Flicker8k_Dataset", "Images/Images"),  # as unpacking an archive into a folder leaves them
    *("images", "Images", "Flicker8k_Dataset", "Flickr8k_Dataset", "flickr30k-images", "flickr30k_images"),
)
CAPTIONS_EACH = 5


def read_tokens(path):
    """The official form, lines ``name.jpg#0<tab>caption`` (or, in Flickr8K-CN, ``name.jpg#zhc#0 caption``), as
    {name: (caption 0, caption 1, ...)} in the order of the file.

    Raises ValueError with the file and the line for a line that is malformed, names a caption twice, or leaves one out.
    """
    found, last = {}, {}
    for number, line in _lines(path):
        head, tab, caption = line.partition("\t")
        if not tab:
            head, _, caption = line.partition(" ")
        parts = head.split("#")
        caption = caption.strip()
        if not (len(parts) in (2, 3) and parts[0] and parts[-1].isdecimal() and caption):
            raise ValueError(f"{path}, line {number}: expected name#number and a caption. Received: {line!r}.")
        name, place = parts[0], int(parts[-1])
        captions = found.setdefault(name, {})
        if place in captions:
            raise ValueError(f"{path}, line {number}: caption {place} of {name} stands here a second time.")
        captions[place] = caption
        last[name] = number
    for name, captions in found.items():
        if sorted(captions) != list(range(len(captions))):
            raise ValueError(
                f"{path}, line {last[name]}: the captions of {name} are not numbered from 0 without a gap. "
                f"Received: {sorted(captions)}."
            )
    return {name: tuple(captions[place] for place in sorted(captions)) for name, captions in found.items()}


def read_table(path):
    """Kaggle's form, a table ``image,caption`` with a header and quoted commas, as {name: (caption, ...)}.

    Raises ValueError with the file and the line for a wrong header or a row that has not two fields.
    """
    found = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            header = next(rows, None)
            if header is None or [field.strip() for field in header] != ["image", "caption"]:
                raise ValueError(f"{path}, line 1: expected the header image,caption. Received: {header}.")
            for row in rows:
                if not row:
                    continue
                if len(row) != 2 or not row[0].strip() or not row[1].strip():
                    raise ValueError(f"{path}, line {rows.line_num}: expected an image and a caption. Received: {row}.")
                found.setdefault(row[0].strip(), []).append(row[1].strip())
        except (csv.Error, UnicodeDecodeError) as error:
            raise ValueError(f"{path}, line {rows.line_num}: {error}.") from error
    return {name: tuple(captions) for name, captions in found.items()}


def read_karpathy(path):
    """Karpathy's form, as ({name: (caption, ...)}, {"train": [names], "dev": [names], "test": [names]}).

    His "val" is our "dev", his "restval" goes to "train". Raises ValueError naming the file (and the place in its list
    of images) where something is missing.
    """
    try:
        images = json.loads(Path(path).read_text("utf-8-sig"))["images"]
        if not isinstance(images, list):
            raise TypeError(f"images is a {type(images).__name__}")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"{path}: expected JSON with a list of images ({error}).") from error
    names = {"train": "train", "restval": "train", "val": "dev", "test": "test"}
    captions, splits = {}, {split: [] for split in SPLITS}
    for place, image in enumerate(images):
        try:
            name, split = image["filename"], names[image["split"]]
            captions[name] = tuple(sentence["raw"].strip() for sentence in image["sentences"])
            "\n".join([name, *captions[name]]).encode()  # halves of characters, as JSON may hold, cannot be shown
        except (KeyError, TypeError, AttributeError, UnicodeEncodeError) as error:
            raise ValueError(f"{path}, image {place}: missing or wrong {error}.") from error
        splits[split].append(name)
    return captions, splits


def read_names(path):
    """A split's list, one name a line, with or without ``.jpg``. Raises ValueError for a name that stands twice."""
    names = {}
    for number, line in _lines(path):
        name = line.strip()
        name = name if Path(name).suffix.lower() in (".jpg", ".jpeg", ".png") else f"{name}.jpg"
        if name in names:
            raise ValueError(f"{path}, line {number}: {name} stands in line {names[name]} already.")
        names[name] = number
    return list(names)


def _lines(path):
    """(number, line) for every line that is not empty. Only line feeds end a line: captions may hold odd characters."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = Path(path).read_bytes()[: error.start].count(b"\n") + 1
        raise ValueError(f"{path}, line {number}: not UTF-8 ({error.reason}).") from error
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if line.strip():
            yield number, line


class _Photographs(Collection):
    """What the corpora share: items from names, captions and a folder of images.

    The order is that of the split's list; ``missing_images`` and ``missing_captions`` hold the names that the list has
    and that were left out.
    """

    def __init__(self, names, captions, images, split, language):
        self.split, self.language = split, language
        self.folder = images
        there = {entry.name for entry in os.scandir(images)}
        self.missing_images = tuple(name for name in names if name not in there)
        self.missing_captions = tuple(name for name in names if name in there and name not in captions)
        self._captions = captions
        self._names = tuple(name for name in names if name in there and name in captions)
        _warn(self.missing_images, f"left out: {{}} of {split} without a file in {images}", "image")
        _warn(self.missing_captions, f"left out: {{}} of {split} without captions", "image")
        if not self._names:
            raise FileNotFoundError(f"None of the {len(names)} images of {split} is in {images}.")
        odd = tuple(name for name in self._names if len(captions[name]) != CAPTIONS_EACH)
        _warn(odd, f"{{}} of {split} with another number of captions than {CAPTIONS_EACH}", "image")
        super().__init__(len(self._names))

    @property
    def ids(self):
        """The file names of this collection's images, in order; no image is read for it."""
        return tuple(self._names[place] for place in self.places)

    @property
    def image_files(self):
        """The files of this collection's images, in order."""
        return tuple(self.folder / name for name in self.ids)

    def item(self, place):
        """The item at ``place``; its image is read when first asked for."""
        name = self._names[place]
        return Item(
            id=name,
            split=self.split,
            image=lambda: read_image(self.folder / name),
            captions=self._captions[name],
            language=self.language,
        )


def _warn(names, what, noun):
    if names:
        count = f"{len(names)} {noun}{'' if len(names) == 1 else 's'}"
        warnings.warn(f"Flickr: {what.format(count)} (for example {names[0]}).", UserWarning, stacklevel=4)


class Flickr8k(_Photographs):
    """Flickr8k, in English or Chinese: 6,000 train, 1,000 dev and 1,000 test photographs, five captions each.

    Chinese (``language="zh"``) needs the folder ``flickr8k_cn`` beside ``flickr8k``. Its train and dev captions were
    written by Chinese speakers looking at the photographs (``#zhc#``, 9.0 characters on average). Of the test
    photographs there are two sets of five captions: the five English ones translated by hand (``#zhm#``, 18.3
    characters), which is what the corpus calls its test references and the default here, and five written from the
    photograph as in train. A model that writes as briefly as it was taught is punished for it when it is scored against
    the translations (brevity penalty), so say which set a score refers to.

    Args:
        root: the folder that holds ``flickr8k`` (and ``flickr8k_cn``), or the folder ``flickr8k`` itself. None: the
            variable ``MMCOURSE_DATA``, else what `mmcourse.corpora.download` fetched.
        split: "train", "dev" or "test".
        language: "en" or "zh".
        references: of the Chinese test split: "translated" or "written". Elsewhere without effect.

    Warns, once for each kind, of listed images without a file or captions (some copies lack four train images) and of
    captions for images that cannot exist (``2258277193_586949ec62.jpg.1``).
    Raises FileNotFoundError where files are missing, saying which and where to get them; ValueError with file and line
    for a malformed one.
    """

    def __init__(self, root=None, split="train", language="en", references="translated"):
        _check("split", split, SPLITS)
        _check("language", language, LANGUAGES)
        _check("references", references, REFERENCES)
        home = find("flickr8k", root, holds=IMAGE_FOLDERS)
        if language == "en":
            captions, splits = _english(home, "Flickr8k.token.txt", "dataset_flickr8k.json")
            names = splits[split] if splits else read_names(_one(home, f"Flickr_8k.{split}Images.txt"))
        else:
            chinese = home.parent / "flickr8k_cn"
            if not chinese.is_dir():
                raise FileNotFoundError(f"The Chinese captions are missing: there is no folder {chinese}.")
            names = read_names(_one(chinese, f"flickr8k{'val' if split == 'dev' else split}.txt"))
            translated = split == "test" and references == "translated"
            captions = read_tokens(
                _one(chinese, "flickr8kzhmtest.captions.txt" if translated else "flickr8kzhc.caption.txt")
            )
        super().__init__(names, captions, _images(home), split, language)


class Flickr30k(_Photographs):
    """Flickr30k in English: 31,783 photographs, five captions each; Karpathy's splits: 1,000 dev, 1,000 test, the rest
    train.

    Args:
        root: the folder that holds ``flickr30k``, or the folder ``flickr30k`` itself. None: as for `Flickr8k`.
        split: "train", "dev" or "test".

    The splits come from ``dataset_flickr30k.json``, or from lists ``flickr30k_train.txt``, ``flickr30k_dev.txt`` (or
    ``..._val.txt``) and ``flickr30k_test.txt`` beside ``results_20130124.token``. Nobody may pass the photographs on,
    so there is no download: the error says where to ask. Warns and raises as `Flickr8k` does.
    """

    def __init__(self, root=None, split="train"):
        _check("split", split, SPLITS)
        home = find("flickr30k", root, holds=IMAGE_FOLDERS)
        captions, splits = _english(home, "results_20130124.token", "dataset_flickr30k.json")
        words = ("dev", "val") if split == "dev" else (split,)
        names = splits[split] if splits else read_names(_one(home, *(f"flickr30k_{word}.txt" for word in words)))
        super().__init__(names, captions, _images(home), split, "en")


def _english(home, tokens, karpathy):
    """(captions, splits or None) from the first form that is found; captions of no possible image are left out."""
    if path := _maybe(home, tokens):
        captions, splits = read_tokens(path), None
    elif path := _maybe(home, karpathy):
        captions, splits = read_karpathy(path)
    elif path := _maybe(home, "captions.txt"):
        captions, splits = read_table(path), None
    else:
        raise FileNotFoundError(f"No captions in {home}. Expected one of: {tokens}, {karpathy}, captions.txt.")
    odd = tuple(name for name in captions if Path(name).suffix.lower() not in (".jpg", ".jpeg", ".png"))
    _warn(odd, f"left out: the captions of {{}} that no image file has, in {path}", "name")
    return {name: texts for name, texts in captions.items() if name not in odd}, splits


def _maybe(home, *names):
    return next((p for name in names for p in (home / name, home / "text" / name) if p.is_file()), None)


def _one(home, *names):
    path = _maybe(home, *names)
    if path is None:
        raise FileNotFoundError(f"There is no {' or '.join(names)} in {home} or in a folder text in it.")
    return path


def _images(home):
    for folder in IMAGE_FOLDERS:
        if (home / folder).is_dir():
            return home / folder
    raise FileNotFoundError(f"There is no folder of images in {home}. Expected one of: {', '.join(IMAGE_FOLDERS)}.")


def _check(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"Unknown {name}. Received: {name}={value!r}. Allowed: {', '.join(allowed)}.")
