"""The readers of VQA v2 and DAQUAR, on small copies in the official formats, and on the real files of DAQUAR."""

import json

import pytest
from test_corpora_coco import put, tar
from test_corpora_flickr import picture, write

from mmcourse.corpora import Daquar, Vqa, daquar, download, vqa
from mmcourse.corpora.questions import Question, classes
from mmcourse.metrics import vqa_accuracy

ASKED = [
    {"question_id": 9000, "image_id": 9, "question": "What colour is it? "},
    {"question_id": 9001, "image_id": 9, "question": "How many are there?"},
    {"question_id": 25000, "image_id": 25, "question": "Is it red?"},
]
SAID = {9000: ["red"] * 6 + ["dark red"] * 3 + [""], 9001: ["2"] * 10, 25000: ["yes"] * 4 + ["no"] * 6}
KIND = {9000: "other", 9001: "number", 25000: "yes/no"}
ANSWERED = [
    {
        "question_id": asked["question_id"], "image_id": asked["image_id"], "question_type": "what",
        "answer_type": KIND[asked["question_id"]],
        "multiple_choice_answer": max(SAID[asked["question_id"]], key=SAID[asked["question_id"]].count),
        "answers": [
            {"answer": text, "answer_confidence": ("yes", "maybe", "no")[k % 3], "answer_id": k + 1}
            for k, text in enumerate(SAID[asked["question_id"]])
        ],
    }
    for asked in ASKED
]  # fmt: skip
PAIRS = """what is on the left of the white oven in the image1 ?
garbage_bin
what is in front of the image7 wall  on the image2 ?
table, chair
how many chairs are there in the image3?
2
What colour is the sofa in this image12 ?
brown
what is under the table in the image4 ?
dog
"""


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "data" / "vqa"
    put(home / "v2_OpenEnded_mscoco_train2014_questions.json", {"info": {}, "questions": ASKED})
    put(home / "v2_mscoco_train2014_annotations.json", {"info": {}, "annotations": ANSWERED})
    put(home / "v2_mscoco_train2014_complementary_pairs.json", [[9000, 25000]])
    test = "v2_OpenEnded_mscoco_test2015_questions.json"
    put(home / "v2_Questions_Test_mscoco" / test, {"questions": ASKED[:1]})
    for image in (9, 25):
        picture(home.parent / "coco" / "train2014" / f"COCO_train2014_{image:012d}.jpg", image)
    picture(home.parent / "coco" / "test2015" / "COCO_test2015_000000000009.jpg", 9)
    return home


def test_vqa(home):
    corpus = Vqa(home.parent)
    assert [item.id for item in corpus] == ["9000", "9001", "25000"]
    first = corpus[0]
    assert first.captions == ("What colour is it?",) and first.label == "red" and first.image.shape == (6, 9, 3)
    assert corpus.question(2) == Question(
        "25000", "COCO_train2014_000000000025.jpg", "Is it red?", "yes/no", ("yes",) * 4 + ("no",) * 6, "no"
    )
    assert corpus.sources() == ["COCO_train2014_000000000009.jpg"] * 2 + ["COCO_train2014_000000000025.jpg"]
    assert list(corpus.images()) == ["COCO_train2014_000000000009.jpg", "COCO_train2014_000000000025.jpg"]
    assert corpus[1:].questions() == corpus.questions()[1:] and len(corpus[1:].images()) == 2
    scores = vqa_accuracy(["Red.", "two", "yes"], [question.answers for question in corpus.questions()])
    assert scores.tolist() == [1, 1, 1]
    assert vqa.complementary_pairs(home) == [(9000, 25000)]


def test_of_test_only_questions_are_known(home):
    item = Vqa(home, "test")[0]
    assert item.label is None and item.split == "test" and Vqa(home, "test").question(0).answers == ()


def test_questions_without_a_picture_are_left_out(home):
    (home.parent / "coco" / "train2014" / "COCO_train2014_000000000025.jpg").unlink()
    with pytest.warns(UserWarning, match="VQA: left out: the questions about 1 image of train without a file .*0025"):
        corpus = Vqa(home)
    assert len(corpus) == 2 and corpus.missing_images == ("COCO_train2014_000000000025.jpg",)
    (home.parent / "coco" / "train2014" / "COCO_train2014_000000000009.jpg").unlink()
    with pytest.warns(UserWarning, match="left out"), pytest.raises(FileNotFoundError, match="none of the 2 images"):
        Vqa(home)


QUESTIONS, ANNOTATIONS = "v2_OpenEnded_mscoco_train2014_questions.json", "v2_mscoco_train2014_annotations.json"


@pytest.mark.parametrize(
    ("name", "spoil", "named"),
    [
        (QUESTIONS, lambda c: c["questions"][1].update(question_id=9000), r"questions 1 \(question_id 9000\).* at 0"),
        (QUESTIONS, lambda c: c["questions"][1].update(question=""), r"questions 1 .*9001\): wrong 'question'.*''"),
        (QUESTIONS, lambda c: c["questions"][1].update(image_id="9"), r"questions 1 .*9001\): wrong 'image_id'.*'9'"),
        (QUESTIONS, lambda c: c["questions"][1].update(image_id=10), r"question_id 9001\): of another question.*10"),
        (QUESTIONS, lambda c: c["questions"].pop(), r"question_id 25000\): of another question"),
        (QUESTIONS, lambda c: c.pop("questions"), "questions"),
        (ANNOTATIONS, lambda c: c["annotations"].pop(1), "1 questions have no answers, the first is question_id 9001"),
        (ANNOTATIONS, lambda c: c["annotations"][0]["answers"].pop(), r"question_id 9000\): not ten answers.*9"),
        (ANNOTATIONS, lambda c: c["annotations"][0]["answers"][3].update(answer=2), r"9000\), answer 3: wrong"),
        (ANNOTATIONS, lambda c: c["annotations"][0]["answers"].__setitem__(3, "red"), r"9000\), answer 3: wrong"),
        (ANNOTATIONS, lambda c: c["annotations"][0]["answers"][3].update(answer_confidence="?"), "unknown confidence"),
        (ANNOTATIONS, lambda c: c["annotations"][0].pop("answer_type"), r"9000\): wrong 'answer_type'"),
        (ANNOTATIONS, lambda c: c["annotations"][2].update(question_id=9000), r"annotations 2 .* stands at 0 already"),
    ],
)
def test_malformed_files_of_vqa_are_named(home, name, spoil, named):
    content = json.loads((home / name).read_text())
    spoil(content)
    put(home / name, content)
    with pytest.raises(ValueError, match=named) as caught:
        Vqa(home)
    assert "v2_" in str(caught.value)


@pytest.mark.parametrize("pairs", [{}, [], [[1]], [[1, 1]], [[1, "2"]], [[1, True]], [1, 2]])
def test_malformed_pairs_are_named(home, pairs):
    put(home / "v2_mscoco_train2014_complementary_pairs.json", pairs)
    with pytest.raises(ValueError, match=r"complementary_pairs.json"):
        vqa.complementary_pairs(home)


def test_what_is_missing_of_vqa_is_named(home, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"v2_OpenEnded_mscoco_val2014_questions.json"):
        Vqa(home, "dev")
    with pytest.raises(FileNotFoundError, match="download vqa"):
        Vqa(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"split='val'.*train, dev, test"):
        Vqa(home, "val")
    (home.parent / "coco" / "train2014").rename(home.parent / "coco" / "elsewhere")
    with pytest.raises(FileNotFoundError, match="no folder train2014"):
        Vqa(home)


@pytest.fixture
def rooms(tmp_path):
    """A small DAQUAR in the form of one file and two lists."""
    home = tmp_path / "data" / "daquar"
    write(home / "all_qa_pairs.txt", PAIRS)
    write(home / "train_images_list.txt", "image1\nimage2\nimage3\n")
    write(home / "test_images_list.txt", "image12\nimage4\n")
    for number in (1, 2, 3, 4, 12):
        picture(home / "images" / f"image{number}.{'png' if number == 4 else 'jpg'}", number)
    return home


def test_daquar(rooms, monkeypatch):
    monkeypatch.setattr(daquar, "DEV_EVERY", 3)
    train, dev, test = (Daquar(rooms.parent, split) for split in ("train", "dev", "test"))
    assert [question.text for question in train.questions()] == [
        "what is on the left of the white oven",
        "what is in front of the image7 wall",
    ]
    assert train[1].label == "table, chair" and train.question(1).answers == ("table", "chair")
    assert [(q.kind, q.text) for q in dev.questions()] == [("number", "how many chairs are there")]
    assert [(q.kind, q.answer, q.image) for q in test.questions()] == [
        ("colour", "brown", "image12"),
        ("object", "dog", "image4"),
    ]
    assert test[0].image.shape == (6, 9, 3) and test[1].id == "image4-9"


def test_the_authors_form_is_read_first(rooms):
    write(rooms / "qa.894.raw.test.txt", "what is it in the image4 ?\ncat\n")
    assert [question.answer for question in Daquar(rooms, "test").questions()] == ["cat"]
    assert len(Daquar(rooms, "train")) == 3


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("what is it ?\ncat\n", r"line 1: a question that names no image.*what is it \?"),
        ("what is it in the image1 ?\ncat\nwhat is it in the image2 ?\n", "line 3: a question without an answer"),
        ("what is it in the image1 ?\ncat,,dog\n", "line 2: no answer.*cat,,dog"),
        ("what is it in the image1 ?\nwhat is it in the image2 ?\ncat\ndog\n", "line 2: no answer"),
        ("what is it in the image1 ?\n\xff\n", "line 2: not UTF-8"),
    ],
)
def test_malformed_lines_of_daquar_are_named(rooms, text, named):
    (rooms / "all_qa_pairs.txt").write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match=f"all_qa_pairs.txt, {named}"):
        Daquar(rooms)


def test_what_is_missing_of_daquar_is_named(rooms, tmp_path):
    write(rooms / "test_images_list.txt", "image12\nimage1\n")
    with pytest.raises(ValueError, match=r"image1 stands in .*train_images_list.txt, line 1"):
        Daquar(rooms)
    (rooms / "test_images_list.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"no test_images_list.txt"):
        Daquar(rooms)
    (rooms / "all_qa_pairs.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"no qa.894.raw.train.txt, nor all_qa_pairs.txt"):
        Daquar(rooms)
    with pytest.raises(FileNotFoundError, match="download daquar"):
        Daquar(tmp_path / "nowhere")


def test_classes_are_those_of_train(rooms):
    asked = [Question(str(k), "image1", "?", "object", (a,), a) for k, a in enumerate(["b", "a", "b", None, "c"])]
    assert classes(asked) == ("b", "a", "c") and classes(asked, 2) == ("b", "a") and classes([]) == ()


def test_downloads_of_questions_and_pictures(tmp_path):
    """The real download code, from a folder as if it were the server."""
    server = tmp_path / "server"
    server.mkdir()
    write(server / "qa.894.raw.train.txt", PAIRS)
    write(server / "qa.894.raw.test.txt", "what is it in the image4 ?\ncat\n")
    picture(tmp_path / "image4.png", 4)
    import io
    import tarfile

    with tarfile.open(server / "nyu_depth_images.tar", "w") as out:
        data = (tmp_path / "image4.png").read_bytes()
        member = tarfile.TarInfo("nyu_depth_images/image4.png")
        member.size = len(data)
        out.addfile(member, io.BytesIO(data))
    folder = download.daquar(tmp_path / "data", f"{server.as_uri()}/")
    assert Daquar(folder, "test")[0].image.shape == (6, 9, 3)
    assert set(json.loads((folder / "downloaded.json").read_text())) == set(download.DAQUAR_FILES)
    assert download.daquar(tmp_path / "data", "nowhere") == folder, "what is there is not fetched again"
    tar(server / "nyu_depth_images.tar", [("../evil", tarfile.REGTYPE)])
    with pytest.raises(ValueError, match="a path out of its folder"):
        download.daquar(tmp_path / "other", f"{server.as_uri()}/")


def test_downloads_of_coco_are_held_to_their_md5(tmp_path):
    import hashlib
    import zipfile

    server = tmp_path / "server"
    (server / "zips").mkdir(parents=True)
    with zipfile.ZipFile(server / "zips" / "train2014.zip", "w") as out:
        out.writestr("train2014/a.jpg", b"data")
    md5 = hashlib.md5((server / "zips" / "train2014.zip").read_bytes(), usedforsecurity=False).hexdigest()
    folder = download.coco(tmp_path / "data", f"{server.as_uri()}/", {"zips/train2014.zip": md5})
    assert (folder / "train2014" / "train2014" / "a.jpg").read_bytes() == b"data"
    told = json.loads((folder / "downloaded.json").read_text())["zips/train2014.zip"]
    assert told["compared"] and len(told["sha256"]) == 64
    with pytest.raises(ValueError, match=f"Received: MD5 {md5}. Expected: {'0' * 32}"):
        download.coco(tmp_path / "other", f"{server.as_uri()}/", {"zips/train2014.zip": "0" * 32})
    assert not list((tmp_path / "other").glob("**/*.part"))


def test_the_real_daquar(data_dir):
    root = data_dir("daquar").parent
    splits = {split: Daquar(root, split) for split in daquar.SPLITS}
    assert sum(map(len, splits.values())) == 12_468 and len(splits["test"]) == 5_673
    images = {split: set(corpus.images()) for split, corpus in splits.items()}
    assert len(images["train"] | images["dev"]) == 794 and not images["train"] & images["dev"]
    assert len({answer for corpus in splits.values() for q in corpus.questions() for answer in q.answers}) == 582
    assert splits["train"][0].image.shape == (224, 224, 3)
