"""VQA v2: questions about the photographs of MS-COCO, each answered by ten people.

Sources: Antol et al. (2015), "VQA: visual question answering"; Goyal, Khot et al. (2017), "Making the V in VQA matter",
which asks each question of a second, similar photograph with another answer, so that the question alone tells less.
443,757 train, 214,354 validation and 447,793 test questions. Questions and answers CC BY 4.0.

The official files are read, from the folder ``vqa``: ``v2_OpenEnded_mscoco_train2014_questions.json``,
``v2_mscoco_train2014_annotations.json``, ``v2_mscoco_train2014_complementary_pairs.json`` (and ``val2014``; of test
only ``v2_OpenEnded_mscoco_test2015_questions.json``). Images as `mmcourse.corpora.coco` finds them, in ``coco`` beside
it.
"""

from mmcourse._machinery.checks import check_one_of
from mmcourse._machinery.records import check_record, read_records
from mmcourse._machinery.tables import read_json, shown
from mmcourse.corpora.coco import folder_of
from mmcourse.corpora.places import find
from mmcourse.corpora.questions import Question, Questions

PARTS = {"train": "train2014", "dev": "val2014", "test": "test2015"}
VOTES = 10
CONFIDENCES = ("yes", "maybe", "no")


class Vqa(Questions):
    """The questions of VQA v2: items with ``image``, the question as caption, and the commonest answer as ``label``.

    ``questions()`` has all ten answers (`mmcourse.metrics.vqa_accuracy` wants them) and the kind, "yes/no", "number" or
    "other". Ids are those of the questions.

    Args:
        root: the folder that holds ``vqa`` (and ``coco``), or ``vqa`` itself. None: the variable ``MMCOURSE_DATA``,
            else what `mmcourse.corpora.download` fetched.
        split: "train", "dev" (the official validation questions) or "test", whose answers were not published: there
            ``label`` is None, the kind "" and the list of answers empty.

    Raises FileNotFoundError where files are missing; ValueError, naming file and question, for a malformed one: an id
    that stands twice, a question without answers or answers without a question, other than ten answers, an answer that
    is no text. (An empty answer is one: some people gave none.) Warns of questions whose image is not there.
    """

    def __init__(self, root=None, split="train"):
        check_one_of(tuple(PARTS), split=split)
        home, part = find("vqa", root), PARTS[split]
        asked = read_questions(_one(home, f"v2_OpenEnded_mscoco_{part}_questions.json"))
        answered = read_answers(_one(home, f"v2_mscoco_{part}_annotations.json"), asked) if split != "test" else {}
        coco = home.parent / "coco" if (home.parent / "coco").is_dir() else home
        folder = folder_of(coco, part)
        names = {image: f"COCO_{part}_{image:012d}.jpg" for image in {image for _, image, _ in asked}}
        there = {path.name: path for path in folder.iterdir()}
        files = {name: there[name] for name in names.values() if name in there}
        nothing = "", (), None
        questions = [
            Question(str(number), names[image], text, *answered.get(number, nothing)) for number, image, text in asked
        ]
        super().__init__("VQA", questions, files, split)


def read_questions(path):
    """The questions of a file as a list of (question id, image id, text). Raises ValueError as `Vqa` says."""
    fields = {"question_id": "whole", "image_id": "whole", "question": "text"}
    found = read_records(path, "questions", fields, key="question_id")
    return [(record["question_id"], record["image_id"], record["question"].strip()) for record in found]


def read_answers(path, asked):
    """The answers to the questions ``asked``, as {question id: (kind, ten answers, the commonest)}.

    Raises ValueError as `Vqa` says, also where the two files speak of different questions or images.
    """
    fields = {
        "question_id": "whole", "image_id": "whole", "answer_type": "text", "multiple_choice_answer": "text",
        "answers": "list",
    }  # fmt: skip
    image_of = {number: image for number, image, _ in asked}
    answered = {}
    for record in read_records(path, "annotations", fields, key="question_id"):
        number, where = record["question_id"], f"{path}, annotations (question_id {record['question_id']})"
        if image_of.get(number) != record["image_id"]:
            raise ValueError(
                f"{where}: of another question. Received: image_id={record['image_id']}. "
                f"Allowed: {image_of.get(number, 'questions that were asked')}, as the file of questions has it."
            )
        answers = tuple(_answer(vote, place, where) for place, vote in enumerate(record["answers"]))
        if len(answers) != VOTES:
            raise ValueError(f"{where}: not ten answers. Received: {len(answers)}. Allowed: {VOTES}.")
        answered[number] = record["answer_type"], answers, record["multiple_choice_answer"]
    lacking = [number for number in image_of if number not in answered]
    if lacking:
        raise ValueError(
            f"{path}: {len(lacking)} questions have no answers, the first is question_id {lacking[0]}. "
            "Allowed: the annotations that belong to the questions."
        )
    return answered


def _answer(vote, place, where):
    answer = vote.get("answer") if isinstance(vote, dict) else None
    if answer == "":
        return answer
    check_record({"answer": answer}, {"answer": "text"}, f"{where}, answer {place}")
    if vote.get("answer_confidence", "yes") not in CONFIDENCES:
        raise ValueError(
            f"{where}, answer {place}: unknown confidence. Received: {shown(vote['answer_confidence'])}. "
            f"Allowed: {', '.join(CONFIDENCES)}."
        )
    return answer


def complementary_pairs(root=None, split="train"):
    """Which questions were asked again of a similar photograph with another answer: a list of pairs of question ids.

    Raises FileNotFoundError where the file is missing; ValueError, naming file and pair, for what is no pair of two
    different whole numbers.
    """
    check_one_of(("train", "dev"), split=split)
    path = _one(find("vqa", root), f"v2_mscoco_{PARTS[split]}_complementary_pairs.json")
    pairs = read_json(path)
    if not isinstance(pairs, list) or not pairs:
        raise ValueError(f"{path}: expected a list of pairs, [[1, 2], ...]. Received: {shown(pairs)}.")
    for place, pair in enumerate(pairs):
        if not (isinstance(pair, list) and [type(one) for one in pair] == [int, int] and pair[0] != pair[1]):
            raise ValueError(f"{path}, pair {place}: received {shown(pair)}. Allowed: two different question ids.")
    return [tuple(pair) for pair in pairs]


def _one(home, name):
    """A file of the corpus: in its folder, or in one of the folders in it, such as the archives unpack into."""
    for path in (home / name, *sorted(home.glob(f"*/{name}"))):
        if path.is_file():
            return path
    raise FileNotFoundError(f"There is no {name} in {home} or in a folder in it.")
