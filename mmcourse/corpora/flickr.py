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

from pathlib import Path

from mmcourse._machinery.tables import apple_double, kept_apart, lines, read_json, rows, shown
from mmcourse.corpora.photographs import PICTURES, Photographs, warn_of
from mmcourse.corpora.places import find

SPLITS = ("train", "dev", "test")
LANGUAGES = ("en", "zh")
REFERENCES = ("translated", "written")
IMAGE_FOLDERS = (
    *("Flickr8k_Dataset/Flicker8k_Dataset", "Images/Images"),  # as unpacking an archive into a folder leaves them
    *("images", "Images", "Flicker8k_Dataset", "Flickr8k_Dataset", "flickr30k-images", "flickr30k_images"),
)


def read_tokens(path):
    """The official form, lines ``name.jpg#0<tab>caption`` (or, in Flickr8K-CN, ``name.jpg#zhc#0 caption``), as
    {name: (caption 0, caption 1, ...)} in the order of the file.

    Raises ValueError with the file and the line for a line that is malformed, names a caption twice, or leaves one out.
    """
    found, last = {}, {}
    for number, line in lines(path):
        head, tab, caption = line.partition("\t")
        if not tab:
            head, _, caption = line.partition(" ")
        parts = head.split("#")
        caption = caption.strip()
        if not (len(parts) in (2, 3) and parts[0].strip() and parts[-1].isdecimal() and caption):
            raise ValueError(f"{path}, line {number}: expected name#number and a caption. Received: {shown(line)}.")
        name, place = parts[0].strip(), int(parts[-1])
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

    Raises ValueError with the file and the line for a wrong header, a row that has not two fields, and a
    quotation mark that is not closed in its line.
    """
    found = {}
    for _, (name, caption) in rows(path, ("image", "caption"), "an image and a caption"):
        found.setdefault(name, []).append(caption)
    return {name: tuple(captions) for name, captions in found.items()}


def read_karpathy(path):
    """Karpathy's form, as ({name: (caption, ...)}, {"train": [names], "dev": [names], "test": [names]}).

    His "val" is our "dev", his "restval" goes to "train". Raises ValueError naming the file (and the place in its list
    of images) where something is missing, empty, of another type than text, or there twice.
    """
    content = read_json(path)
    images = content.get("images") if isinstance(content, dict) else content
    if not isinstance(content, dict) or not isinstance(images, list):
        raise ValueError(
            f'{path}: expected JSON with a list of images, {{"images": [...]}}. Received: images={shown(images)}.'
        )
    names = {"train": "train", "restval": "train", "val": "dev", "test": "test"}
    captions, splits, first = {}, {split: [] for split in SPLITS}, {}
    for place, image in enumerate(images):
        try:
            name, split, texts = _karpathy(image, names)
            if name in first:
                raise ValueError(f"{name} is image {first[name]} already. Allowed: each once, in one split")
        except ValueError as error:
            raise ValueError(f"{path}, image {place}: {error}.") from error
        captions[name], first[name] = texts, place
        splits[names[split]].append(name)
    return captions, splits


def _karpathy(image, splits):
    """(name, his split, captions) of one image. Raises ValueError that says what is wrong with it."""
    for field, kind in (("filename", str), ("split", str), ("sentences", list)):
        if not isinstance(image, dict) or not isinstance(image.get(field), kind) or not image[field]:
            received = shown(image.get(field) if isinstance(image, dict) else image)
            raise ValueError(f"missing or wrong {field!r}. Received: {received}. Allowed: a {kind.__name__}, not empty")
    if image["split"] not in splits:
        raise ValueError(f"wrong 'split'. Received: {image['split']!r}. Allowed: {', '.join(splits)}")
    texts = [sentence.get("raw") if isinstance(sentence, dict) else sentence for sentence in image["sentences"]]
    for number, text in enumerate(texts):
        if not isinstance(text, str) or not isinstance(image["sentences"][number], dict) or not text.strip():
            received = shown(image["sentences"][number])
            raise ValueError(f'sentence {number} is no caption. Received: {received}. Allowed: {{"raw": "A caption."}}')
    try:
        "\n".join([image["filename"], *texts]).encode()
    except UnicodeEncodeError as error:  # halves of characters, as JSON may hold, cannot be shown
        raise ValueError(f"half of a character ({error.reason}). Received: {shown(error.object)}") from error
    return image["filename"], image["split"], tuple(text.strip() for text in texts)


def read_names(path):
    """A split's list, one name a line, with or without ``.jpg``. Raises ValueError for a name that stands twice, and
    for one that begins with ``._``, as macOS names what it writes beside a file."""
    return list(_numbered(path))


def _numbered(path):
    names = {}
    for number, line in lines(path):
        name = line.strip()
        name = name if Path(name).suffix.lower() in PICTURES else f"{name}.jpg"
        if apple_double(name):
            raise ValueError(f"{path}, line {number}: {name} is what macOS writes beside a file. Leave the line out.")
        if name in names:
            raise ValueError(f"{path}, line {number}: {name} stands in line {names[name]} already.")
        names[name] = number
    return names


def _listed(home, split, files):
    """The names of a split, of which ``files`` has what its list may be called: {split: (name, ...)}.

    The lists of the other splits are read too, where they are: no picture may be in two."""
    paths = {other: _maybe(home, *names) for other, names in files.items()}
    paths[split] = _one(home, *files[split])
    found = {path: _numbered(path) for path in paths.values() if path is not None}
    kept_apart(found)
    return list(found[paths[split]])


class Flickr8k(Photographs):
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
    for a malformed one, and for a photograph that is in two splits.
    """

    def __init__(self, root=None, split="train", language="en", references="translated"):
        _check("split", split, SPLITS)
        _check("language", language, LANGUAGES)
        _check("references", references, REFERENCES)
        home = find("flickr8k", root, holds=IMAGE_FOLDERS)
        if language == "en":
            captions, splits = _english(home, "Flickr8k.token.txt", "dataset_flickr8k.json")
            names = (
                splits[split] if splits else _listed(home, split, {s: (f"Flickr_8k.{s}Images.txt",) for s in SPLITS})
            )
        else:
            chinese = home.parent / "flickr8k_cn"
            if not chinese.is_dir():
                raise FileNotFoundError(f"The Chinese captions are missing: there is no folder {chinese}.")
            words = {"train": "train", "dev": "val", "test": "test"}
            names = _listed(chinese, split, {s: (f"flickr8k{word}.txt",) for s, word in words.items()})
            translated = split == "test" and references == "translated"
            captions = read_tokens(
                _one(chinese, "flickr8kzhmtest.captions.txt" if translated else "flickr8kzhc.caption.txt")
            )
        super().__init__("Flickr", names, captions, _images(home), split, language)


class Flickr30k(Photographs):
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
        words = {"train": ("train",), "dev": ("dev", "val"), "test": ("test",)}
        lists = {s: tuple(f"flickr30k_{word}.txt" for word in names) for s, names in words.items()}
        names = splits[split] if splits else _listed(home, split, lists)
        super().__init__("Flickr", names, captions, _images(home), split, "en")


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
    odd = tuple(name for name in captions if Path(name).suffix.lower() not in PICTURES)
    warn_of("Flickr", odd, f"left out: the captions of {{}} that no image file has, in {path}", "name")
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
