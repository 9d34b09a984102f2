"""DAQUAR: questions about photographs of rooms, the first data set of questions about real pictures.

Sources: Malinowski and Fritz (2014), "A multi-world approach to question answering about real-world scenes based on
uncertain input"; the photographs are those of NYU-Depth v2 (Silberman et al. 2012). For research.

Two forms are read, the first that is found in the folder ``daquar`` (or in a folder ``text`` in it):

- the authors' ``qa.894.raw.train.txt`` and ``qa.894.raw.test.txt``;
- ``all_qa_pairs.txt`` with the lists ``train_images_list.txt`` and ``test_images_list.txt``.

A file has a line of question, which ends in ``in the image7 ?``, and then a line of answers with commas between them.
Images are ``image7.jpg`` or ``image7.png``, in the folder, in ``images`` or in ``nyu_depth_images``.
"""

import re

from mmcourse._machinery.checks import check_one_of
from mmcourse._machinery.tables import kept_apart, lines, shown
from mmcourse.corpora.photographs import PICTURES
from mmcourse.corpora.places import find
from mmcourse.corpora.questions import Question, Questions

SPLITS = ("train", "dev", "test")
DEV_EVERY = 10
ASKED = re.compile(r"(.*?\S)(?:\s+(?:in|on|of|at))?(?:\s+(?:the|this))?\s+(image[0-9]+)\s*\??", re.IGNORECASE)


class Daquar(Questions):
    """The questions of DAQUAR, all 894 classes of things: items with ``image``, the question, and its answer.

    The question stands without its end "in the image7 ?". The ``label`` is its answers as one str, in the order of the
    file, ", " between them, as the published figures compare them; ``questions()`` has them apart, and the kind:
    "number" for *how many*, "colour" for what asks for one, "object" for all others.

    Test is the official one (654 photographs). The official train side (795) is cut by photograph: every tenth in the
    order of their numbers is dev, all others are train.

    Args:
        root: the folder that holds ``daquar``, or ``daquar`` itself. None: the variable ``MMCOURSE_DATA``, else what
            `mmcourse.corpora.download` fetched.
        split: "train", "dev" or "test".

    Raises FileNotFoundError where files are missing; ValueError, naming file and line, for a question that names no
    image, a question without an answer, an empty answer, and an image in both lists. Warns of questions whose image is
    not there.
    """

    def __init__(self, root=None, split="train"):
        check_one_of(SPLITS, split=split)
        home = find("daquar", root)
        side = "test" if split == "test" else "train"
        asked = _read(home, side)
        if split != "test":
            named = sorted({question.image for question in asked}, key=lambda name: int(name.removeprefix("image")))
            held = set(named[DEV_EVERY - 1 :: DEV_EVERY])
            asked = [question for question in asked if (question.image in held) == (split == "dev")]
        super().__init__("DAQUAR", asked, _files(home), split)


def read_pairs(path):
    """The questions of a file, a list of `Question`. Raises ValueError as `Daquar` says."""
    found = []
    every = list(lines(path))
    if len(every) % 2:
        number, line = every[-1]
        raise ValueError(f"{path}, line {number}: a question without an answer. Received: {shown(line)}.")
    for (number, line), (below, answer) in zip(every[::2], every[1::2], strict=True):
        match = ASKED.fullmatch(" ".join(line.split()))
        if not match:
            raise ValueError(
                f"{path}, line {number}: a question that names no image. Received: {shown(line)}. "
                "Allowed: what ends in 'in the image7 ?', and answers in the next line."
            )
        answers = tuple(one.strip() for one in answer.split(","))
        if not all(answers) or ASKED.fullmatch(" ".join(answer.split())):
            raise ValueError(
                f"{path}, line {below}: no answer. Received: {shown(answer)}. Allowed: words, with commas between them."
            )
        text, image = match[1], match[2].lower()
        found.append(Question(f"{image}-{number}", image, text, kind_of(text), answers, ", ".join(answers)))
    return found


def kind_of(text):
    """What a question asks for, as the corpus divides them: "number", "colour" or "object"."""
    if re.search(r"\bhow many\b", text, re.IGNORECASE):
        return "number"
    return "colour" if re.search(r"\bcolou?rs?\b", text, re.IGNORECASE) else "object"


def _read(home, side):
    """The questions of the official side "train" or "test"."""
    if path := _maybe(home, f"qa.894.raw.{side}.txt"):
        return read_pairs(path)
    path = _maybe(home, "all_qa_pairs.txt")
    lists = {one: _maybe(home, f"{one}_images_list.txt") for one in ("train", "test")}
    missing = [f"{one}_images_list.txt" for one, there in lists.items() if there is None]
    if path is None or missing:
        wanted = missing[0] if path else f"qa.894.raw.{side}.txt, nor all_qa_pairs.txt,"
        raise FileNotFoundError(f"There is no {wanted} in {home} or in a folder text in it.")
    names = {lists[one]: {line.strip(): number for number, line in lines(lists[one])} for one in lists}
    kept_apart(names)
    wanted = names[lists[side]]
    return [question for question in read_pairs(path) if question.image in wanted]


def _files(home):
    """{image: path} of all images that are there."""
    folders = (home, home / "images", home / "nyu_depth_images", home / "nyu_depth_images" / "nyu_depth_images")
    folders = [folder for folder in folders if folder.is_dir()]
    return {
        path.stem: path for folder in folders for path in sorted(folder.iterdir()) if path.suffix.lower() in PICTURES
    }


def _maybe(home, name):
    return next((path for path in (home / name, home / "text" / name) if path.is_file()), None)
