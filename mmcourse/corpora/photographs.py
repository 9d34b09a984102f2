"""What corpora of captioned photographs share: items from names, captions and a folder of images."""

import os
import warnings
from functools import partial
from pathlib import Path

from mmcourse._machinery.pictures import read_image
from mmcourse.items import Collection, Item

PICTURES = (".jpg", ".jpeg", ".png")
CAPTIONS_EACH = 5


class Photographs(Collection):
    """Photographs with their captions, in the order of the split's list: the base class of corpora.

    Args:
        corpus: its name, for warnings.
        names: the file names of the split.
        captions: {name: (caption, ...)}.
        folder: the folder of the images, or a sequence of folders. split, language: of the items.
        at_least: whether more captions than five are nothing to be warned of.

    ``missing_images`` and ``missing_captions`` hold the names that the list has and that were left out. Warns of them,
    once for each kind, and of images with another number of captions than five.
    Raises FileNotFoundError where none of the images is there.
    """

    def __init__(self, corpus, names, captions, folder, split, language, at_least=False):
        self.split, self.language = split, language
        folders = (folder,) if isinstance(folder, Path) else tuple(folder)
        there = {entry.name: one for one in folders for entry in os.scandir(one)}
        self.missing_images = tuple(name for name in names if name not in there)
        self.missing_captions = tuple(name for name in names if name in there and name not in captions)
        self._captions = captions
        self._names = tuple(name for name in names if name in there and name in captions)
        where = " or ".join(map(str, folders))
        warn_of(corpus, self.missing_images, f"left out: {{}} of {split} without a file in {where}")
        warn_of(corpus, self.missing_captions, f"left out: {{}} of {split} without captions")
        if not self._names:
            raise FileNotFoundError(f"None of the {len(names)} images of {split} is in {where}.")
        self._folders = {name: there[name] for name in self._names}
        most = float("inf") if at_least else CAPTIONS_EACH
        odd = tuple(name for name in self._names if not CAPTIONS_EACH <= len(captions[name]) <= most)
        warn_of(corpus, odd, f"{{}} of {split} with another number of captions than {CAPTIONS_EACH}")
        super().__init__(len(self._names))

    @property
    def ids(self):
        """The file names of this collection's images, in order; no image is read for it."""
        return tuple(self._names[place] for place in self.places)

    @property
    def image_files(self):
        """The files of this collection's images, in order."""
        return tuple(self._folders[name] / name for name in self.ids)

    def item(self, place):
        """The item at ``place``; its image is read when first asked for."""
        name = self._names[place]
        return Item(
            id=name,
            split=self.split,
            image=partial(read_image, self._folders[name] / name),
            captions=self._captions[name],
            language=self.language,
        )


def warn_of(corpus, names, what, noun="image"):
    """Warn, if there are any, of these names, in one sentence: ``what`` has {} where their number belongs."""
    if names:
        count = f"{len(names)} {noun}{'' if len(names) == 1 else 's'}"
        warnings.warn(f"{corpus}: {what.format(count)} (for example {names[0]}).", UserWarning, stacklevel=4)
