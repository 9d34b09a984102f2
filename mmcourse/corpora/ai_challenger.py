"""AI Challenger 2017: photographs, mostly of people, with five Chinese captions each.

Source: Wu et al. (2017), "AI Challenger: a large-scale dataset for going deeper in image understanding". The contest
was held by Sinovation Ventures, Sogou and ByteDance. 210,000 train and 30,000 validation photographs; for research.

The official files are read, from the folder ``ai_challenger`` or from the folders that the archives unpack into:
``caption_train_annotations_20170902.json`` with ``caption_train_images_20170902``, and
``caption_validation_annotations_20170910.json`` with ``caption_validation_images_20170910``.
"""

from mmcourse._machinery.checks import check_one_of
from mmcourse._machinery.records import check_record, read_records
from mmcourse.corpora.photographs import Photographs
from mmcourse.corpora.places import find

PARTS = {"train": ("train", "20170902"), "dev": ("validation", "20170910")}


class AiChallenger(Photographs):
    """The captioned photographs of AI Challenger: items with ``image`` and five Chinese ``captions``.

    Args:
        root: the folder that holds ``ai_challenger``, or that folder itself. None: the variable ``MMCOURSE_DATA``.
        split: "train" or "dev" (the official validation photographs). The captions of its tests were not published.

    Raises FileNotFoundError where files are missing; ValueError, naming file and record, for a malformed one. Warns as
    `Photographs` does.
    """

    def __init__(self, root=None, split="train"):
        check_one_of(tuple(PARTS), split=split)
        part, date = PARTS[split]
        home = find("ai_challenger", root)
        captions = read_captions(_of(home, part, date, f"caption_{part}_annotations_{date}.json"))
        images = _of(home, part, date, f"caption_{part}_images_{date}")
        super().__init__("AI Challenger", list(captions), captions, images, split, "zh")


def read_captions(path):
    """The contest's format, a list of {"url", "image_id", "caption"}, as {file name: (caption, ...)}.

    Raises ValueError, naming file and record, for a record that lacks a field, a name that stands twice, no caption at
    all, and one that is empty or no text.
    """
    captions = {}
    for record in read_records(path, None, {"image_id": "text", "caption": "list"}, key="image_id"):
        where = f"{path}, record (image_id {record['image_id']})"
        for number, text in enumerate(record["caption"] or [None]):
            check_record({f"caption {number}": text}, {f"caption {number}": "text"}, where)
        captions[record["image_id"]] = tuple(text.strip() for text in record["caption"])
    return captions


def _of(home, part, date, name):
    """A file or folder of the corpus, where the archive that brought it was unpacked, or in the corpus's folder."""
    for folder in (home, home / f"ai_challenger_caption_{part}_{date}", home / f"caption_{part}_{date}"):
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"There is no {name} in {home}, or in a folder ai_challenger_caption_{part}_{date} in it.")
