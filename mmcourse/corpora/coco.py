"""MS-COCO: photographs of everyday scenes, five captions or more each, and outlines of 80 kinds of things.

Sources: Lin et al. (2014), "Microsoft COCO: common objects in context"; Chen et al. (2015), "Microsoft COCO captions".
Annotations CC BY 4.0; the photographs belong to those who took them (Flickr's terms).

The official files are read, from the folder ``coco`` or a folder ``annotations`` in it: ``captions_train2014.json`` and
``instances_train2014.json``, or ``val2014``, ``train2017``, ``val2017``; images in ``train2014`` (and so on), or in
``images/train2014``. Of Karpathy's splits (2015), by which most captioning papers score, ``dataset_coco.json``.
"""

from functools import partial

import numpy as np

from mmcourse._machinery.checks import check_one_of
from mmcourse._machinery.outlines import outlined
from mmcourse._machinery.pictures import read_image
from mmcourse._machinery.records import read_records
from mmcourse._machinery.tables import shown
from mmcourse.corpora.flickr import read_karpathy
from mmcourse.corpora.photographs import Photographs
from mmcourse.corpora.places import find
from mmcourse.items import Collection, Item

YEARS = (2014, 2017)
SPLITS = {"train": "train", "dev": "val"}  # ours -> that of the files; what is true of COCO's test is kept secret
HOLDS = ("annotations", "train2014", "val2014", "train2017", "val2017")
IMAGE = {"id": "whole", "file_name": "text"}
SIZED = IMAGE | {"width": "whole", "height": "whole"}


class CocoCaptions(Photographs):
    """The captioned photographs of MS-COCO: items with ``image`` and ``captions``, five or more, ids the file names.

    Args:
        root: the folder that holds ``coco``, or ``coco`` itself. None: the variable ``MMCOURSE_DATA``, else what
            `mmcourse.corpora.download` fetched.
        split: "train", "dev" (the official validation images) or "test".
        year: 2014 (82,783 + 40,504 images) or 2017 (118,287 + 5,000: the same photographs, divided anew).
        splits: "official", which has no test, since its captions were never published; or "karpathy": 113,287 train,
            5,000 dev, 5,000 test, all from the images of 2014. A score on the one says nothing on the other.

    Raises FileNotFoundError where files are missing, ValueError, naming file and record, for a malformed one: an id or
    a file name that stands twice, a caption of no image, an empty one. Warns as `Photographs` does.
    """

    def __init__(self, root=None, split="train", year=2014, splits="official"):
        check_one_of(("official", "karpathy"), splits=splits)
        check_one_of(("train", "dev", "test") if splits == "karpathy" else tuple(SPLITS), split=split)
        check_one_of((2014,) if splits == "karpathy" else YEARS, year=year)
        home = find("coco", root, holds=HOLDS)
        if splits == "karpathy":
            captions, names = read_karpathy(file_of(home, "dataset_coco.json"))
            folders = [folder_of(home, f"{part}2014") for part in ("train", "val")]
            super().__init__("COCO", names[split], captions, folders, split, "en", at_least=True)
            return
        part = f"{SPLITS[split]}{year}"
        captions = read_captions(file_of(home, f"captions_{part}.json"))
        super().__init__("COCO", list(captions), captions, folder_of(home, part), split, "en", at_least=True)


class CocoInstances(Collection):
    """The things in the photographs of MS-COCO: items with ``image`` and, as ``label``, a dict of arrays of k things:

    - ``boxes`` float32 (k, 4): x0, y0, x1, y1 as shares of the frame, cut at its edges;
    - ``classes`` int64 (k,): places in ``.classes``, the 80 names in the order of their ids (which have gaps);
    - ``crowd`` bool (k,): one box around many things of a kind, which scores leave out.

    ``masks(place)`` draws the outlines. Photographs in which nothing is marked stay, with k = 0.

    Args: root, split, year: as those of `CocoCaptions`, official splits.
    Raises as `CocoCaptions` does, and ValueError for a box that is no four numbers, has a negative side, or lies
    outside its photograph, and for an unknown category or image.
    """

    def __init__(self, root=None, split="train", year=2014):
        check_one_of(tuple(SPLITS), split=split)
        check_one_of(YEARS, year=year)
        home, part = find("coco", root, holds=HOLDS), f"{SPLITS[split]}{year}"
        self.split, self._folder = split, folder_of(home, part)
        self._images, self._marked, self.classes = read_instances(file_of(home, f"instances_{part}.json"))
        super().__init__(len(self._images))

    def item(self, place):
        """The item at ``place``; its image is read when first asked for."""
        image = self._images[place]
        marked = self._marked[place]
        scale = np.array([image["width"], image["height"]] * 2, "float64")
        corners = np.array([one["bbox"] for one in marked], "float64").reshape(-1, 4)
        corners[:, 2:] += corners[:, :2]
        return Item(
            id=image["file_name"],
            split=self.split,
            image=partial(read_image, self._folder / image["file_name"]),
            label={
                "boxes": np.clip(corners / scale, 0, 1).astype("float32"),
                "classes": np.array([one["class"] for one in marked], "int64"),
                "crowd": np.array([bool(one["iscrowd"]) for one in marked], bool),
            },
        )

    def masks(self, place):
        """Which pixels belong to each thing of the item at ``place`` (of the whole collection), bool (k, H, W)."""
        image = self._images[place]
        size = image["height"], image["width"]
        masks = [outlined(one["segmentation"], *size, one["where"]) for one in self._marked[place]]
        return np.array(masks, bool).reshape(-1, *size)


def read_captions(path):
    """COCO's caption format as {file name: (caption, ...)}, in the order of its images, captions in that of their ids.

    Images without a caption are left out. Raises ValueError as `CocoCaptions` says.
    """
    images = _images(path, IMAGE)
    told = read_records(path, "annotations", {"id": "whole", "image_id": "whole", "caption": "text"}, key="id")
    captions = {number: [] for number in images}
    for record in sorted(told, key=lambda record: record["id"]):
        if record["image_id"] not in captions:
            raise ValueError(
                f"{path}, annotations (id {record['id']}): a caption of no image. Received: image_id="
                f"{record['image_id']}. Allowed: an id of the file's images."
            )
        captions[record["image_id"]].append(" ".join(record["caption"].split()))
    return {images[number]["file_name"]: tuple(texts) for number, texts in captions.items() if texts}


def read_instances(path):
    """COCO's format of things: (images, what is marked in each, names of the classes).

    ``images``: dicts with id, file_name, width, height; of each a list of dicts with bbox (x, y, width, height in
    pixels), class (a place in the names), iscrowd, segmentation, and ``where``, for messages.
    Raises ValueError as `CocoInstances` says.
    """
    images = _images(path, SIZED)
    kinds = read_records(path, "categories", {"id": "whole", "name": "text"}, key="id")
    kinds = sorted(kinds, key=lambda kind: kind["id"])
    place_of = {kind["id"]: place for place, kind in enumerate(kinds)}
    marked = {number: [] for number in images}
    fields = {"id": "whole", "image_id": "whole", "category_id": "whole", "bbox": "list", "iscrowd": "whole"}
    for record in read_records(path, "annotations", fields, key="id"):
        where = f"{path}, annotations (id {record['id']})"
        for field, known in (("image_id", images), ("category_id", place_of)):
            if record[field] not in known:
                raise ValueError(f"{where}: unknown. Received: {field}={record[field]}. Allowed: one of the file's.")
        image = images[record["image_id"]]
        marked[image["id"]].append(
            {
                "bbox": _box(record["bbox"], image, where),
                "class": place_of[record["category_id"]],
                "iscrowd": record["iscrowd"],
                "segmentation": record.get("segmentation"),
                "where": where,
            }
        )
    return list(images.values()), list(marked.values()), tuple(kind["name"] for kind in kinds)


def _images(path, fields):
    """{id: record} of a file's images, in its order; their file names are names, not paths, and stand once."""
    records = read_records(path, "images", fields, key="id")
    seen = set()
    for record in records:
        where, name = f"{path}, images (id {record['id']})", record["file_name"]
        if "/" in name or "\\" in name or name in (".", ".."):
            raise ValueError(f"{where}: no file name. Received: {shown(name)}. Allowed: a name without folders.")
        if name in seen:
            raise ValueError(f"{where}: {name} is another image's file already. Allowed: each once.")
        if any(record[side] < 1 for side in ("width", "height") if side in fields):
            raise ValueError(
                f"{where}: no picture is so large. Received: {record['width']} x {record['height']}. Allowed: from 1."
            )
        seen.add(name)
    return {record["id"]: record for record in records}


def _box(box, image, where):
    numeric = len(box) == 4 and all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in box)
    # As what must hold, so that NaN fails.
    if not (numeric and 0 <= box[2] < 1e9 and 0 <= box[3] < 1e9):
        raise ValueError(f"{where}: no box. Received: {shown(box)}. Allowed: [x, y, width, height] in pixels, from 0.")
    x, y, width, height = box
    if not (-width <= x <= image["width"] and -height <= y <= image["height"]):
        raise ValueError(
            f"{where}: the box lies outside its photograph. Received: {shown(box)}, "
            f"a photograph of {image['width']} x {image['height']}. Allowed: boxes that touch it."
        )
    return box


def file_of(home, name):
    """A file of the corpus, in its folder or in a folder ``annotations``. Raises FileNotFoundError that names it."""
    for path in (home / "annotations" / name, home / name, *sorted(home.glob(f"*/annotations/{name}"))):
        if path.is_file():
            return path
    raise FileNotFoundError(f"There is no {name} in {home} or in a folder annotations in it.")


def folder_of(home, part):
    """The folder of the images of a part such as "train2014". Raises FileNotFoundError that names it."""
    for folder in (home / part, home / "images" / part, home / part / part):
        if folder.is_dir() and not (folder / part).is_dir():
            return folder
    raise FileNotFoundError(f"There is no folder {part} with images in {home} or in a folder images in it.")
