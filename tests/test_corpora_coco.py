"""The readers of MS-COCO and AI Challenger, on small copies in the official format that the tests write."""

import io
import json
import tarfile

import numpy as np
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_corpora_flickr import picture

from mmcourse._machinery.archives import unpack
from mmcourse._machinery.outlines import outlined
from mmcourse.corpora import AiChallenger, CocoCaptions, CocoInstances
from mmcourse.items import Item

IMAGES = [
    {"id": 9, "file_name": "COCO_train2014_000000000009.jpg", "width": 9, "height": 6, "license": 3},
    {"id": 25, "file_name": "COCO_train2014_000000000025.jpg", "width": 9, "height": 6},
    {"id": 30, "file_name": "COCO_train2014_000000000030.jpg", "width": 9, "height": 6},
]
TOLD = [
    {"id": 100 + k - 7 * image, "image_id": image, "caption": f"A picture {image},\n told {k} times. "}
    for image in (25, 9)
    for k in range(5 + (image == 9))
]
CATEGORIES = [
    {"id": 90, "name": "toothbrush", "supercategory": "indoor"},
    {"id": 1, "name": "person", "supercategory": "person"},
    {"id": 13, "name": "stop sign", "supercategory": "outdoor"},
]
SQUARE = [2.0, 1.0, 5.0, 1.0, 5.0, 4.0, 2.0, 4.0]
MARKED = [
    {"id": 1, "image_id": 9, "category_id": 90, "bbox": [2, 1, 3.0, 3], "iscrowd": 0, "segmentation": [SQUARE]},
    {"id": 2, "image_id": 9, "category_id": 1, "bbox": [7, 4.5, 4, 1.5], "iscrowd": 1,
     "segmentation": {"size": [6, 9], "counts": [6, 6, 42]}},
    {"id": 3, "image_id": 30, "category_id": 13, "bbox": [0, 0, 9, 6], "iscrowd": 0,
     "segmentation": {"size": [6, 9], "counts": "06o0"}},
]  # fmt: skip
SAID = [
    {"url": "http://x", "image_id": f"{name}.jpg", "caption": [f"{name}的图片{k}" for k in range(5)]} for name in "ab"
]


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf8")


@pytest.fixture
def home(tmp_path):
    """A small COCO as the official archives unpack it; two of its three photographs have a file."""
    home = tmp_path / "data" / "coco"
    put(home / "annotations" / "captions_train2014.json", {"info": {}, "images": IMAGES, "annotations": TOLD})
    instances = {"images": IMAGES, "annotations": MARKED, "categories": CATEGORIES}
    put(home / "annotations" / "instances_train2014.json", instances)
    for image in IMAGES[:2]:
        picture(home / "train2014" / image["file_name"], image["id"])
    return home


@pytest.mark.filterwarnings("ignore:COCO")
def test_captions(home):
    corpus = CocoCaptions(home.parent)
    assert corpus.ids == tuple(image["file_name"] for image in IMAGES[:2])
    first = corpus[0]
    assert isinstance(first, Item) and first.split == "train" and first.language == "en" and len(first.captions) == 6
    assert first.captions[0] == "A picture 9, told 0 times." and first.image.shape == (6, 9, 3)
    assert [len(item.captions) for item in corpus] == [6, 5]
    assert CocoCaptions(home).ids == corpus.ids, "the folder itself is found, too"


def test_captions_without_an_image_are_told(home):
    put(home / "annotations" / "captions_train2014.json", {"images": IMAGES, "annotations": [
        *TOLD, {"id": 999, "image_id": 30, "caption": "gone"}]})  # fmt: skip
    with pytest.warns(UserWarning, match="COCO: left out: 1 image of train without a file .*000030.jpg"):
        assert len(CocoCaptions(home)) == 2


def test_few_captions_are_told_and_many_are_usual(home):
    put(home / "annotations" / "captions_train2014.json", {"images": IMAGES[:2], "annotations": TOLD[1:]})
    with pytest.warns(UserWarning, match="1 image of train with another number of captions than 5") as told:
        CocoCaptions(home)
    assert len(told) == 1 and "000025" in str(told[0].message)


def test_archives_unpacked_into_folders_of_their_names_are_found(home):
    (home / "annotations_trainval2014").mkdir()
    (home / "annotations").rename(home / "annotations_trainval2014" / "annotations")
    (home / "unpacked").mkdir()
    (home / "train2014").rename(home / "unpacked" / "train2014")
    (home / "unpacked").rename(home / "train2014")
    assert len(CocoCaptions(home.parent)) == 2


@pytest.mark.filterwarnings("ignore:COCO")
def test_karpathy_splits_draw_on_both_folders(home):
    picture(home / "val2014" / "COCO_val2014_000000000042.jpg", 42)
    told = [{"raw": f"told {k}", "tokens": []} for k in range(5)]
    names = {
        "COCO_val2014_000000000042.jpg": "test",
        IMAGES[0]["file_name"]: "train",
        IMAGES[1]["file_name"]: "restval",
    }
    images = [
        {"filepath": name.split("_")[1], "filename": name, "split": split, "sentences": told}
        for name, split in names.items()
    ]
    put(home / "dataset_coco.json", {"dataset": "coco", "images": images})
    assert CocoCaptions(home, "train", splits="karpathy").ids == tuple(image["file_name"] for image in IMAGES[:2])
    test = CocoCaptions(home, "test", splits="karpathy")
    assert test.ids == ("COCO_val2014_000000000042.jpg",) and test[0].image.shape == (6, 9, 3)


def test_instances(home):
    corpus = CocoInstances(home)
    assert len(corpus) == 3 and corpus.classes == ("person", "stop sign", "toothbrush"), "in the order of their ids"
    label = corpus[0].label
    np.testing.assert_allclose(label["boxes"], [[2 / 9, 1 / 6, 5 / 9, 4 / 6], [7 / 9, 4.5 / 6, 1, 1]], atol=1e-6)
    assert label["boxes"].dtype == "float32"
    assert list(label["classes"]) == [2, 0] and list(label["crowd"]) == [False, True]
    assert corpus[1].label["boxes"].shape == (0, 4), "a photograph in which nothing is marked stays"
    masks = corpus.masks(0)
    square = np.zeros((6, 9), bool)
    square[1:4, 2:5] = True
    crowd = np.zeros((6, 9), bool)
    crowd[:, 1] = True  # run lengths go down the columns
    np.testing.assert_array_equal(masks[1], crowd)
    assert (masks[0] | square == masks[0]).all() and masks[0].sum() <= 16, "the square, and at most a row and a column"
    assert corpus.masks(1).shape == (0, 6, 9)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda c: c["annotations"][0].update(bbox=[1, 2, -3, 4]), r"annotations \(id 1\): no box.*-3"),
        (lambda c: c["annotations"][0].update(bbox=[1, 2, 3]), r"annotations \(id 1\): no box"),
        (lambda c: c["annotations"][0].update(bbox=[1, 2, float("nan"), 4]), r"annotations \(id 1\): no box"),
        (lambda c: c["annotations"][0].update(bbox=["1", 2, 3, 4]), r"annotations \(id 1\): no box"),
        (lambda c: c["annotations"][0].update(bbox=[100, 2, 3, 4]), r"id 1\): the box lies outside its photograph"),
        (lambda c: c["annotations"][1].update(category_id=2), r"annotations \(id 2\): unknown.*category_id=2"),
        (lambda c: c["annotations"][1].update(image_id=10), r"annotations \(id 2\): unknown.*image_id=10"),
        (lambda c: c["annotations"][1].update(id=1), r"annotations 1 \(id 1\): stands at 0 already"),
        (lambda c: c["annotations"][2].pop("iscrowd"), r"annotations 2 \(id 3\): wrong 'iscrowd'.*no 'iscrowd'"),
        (lambda c: c["images"][0].update(width=0), r"images \(id 9\): no picture is so large"),
        (lambda c: c["images"][0].update(file_name="../a.jpg"), r"images \(id 9\): no file name.*\.\./a\.jpg"),
        (lambda c: c["images"][1].update(file_name=IMAGES[0]["file_name"]), "another image's file already"),
        (lambda c: c["images"][1].update(id=9), r"images 1 \(id 9\): stands at 0 already"),
        (lambda c: c["images"].append([]), "images 3: no record"),
        (lambda c: c.update(categories=[]), "categories"),
        (lambda c: c.pop("annotations"), "annotations"),
    ],
)
def test_malformed_instances_are_named(home, spoil, named):
    content = json.loads((home / "annotations" / "instances_train2014.json").read_text())
    spoil(content)
    put(home / "annotations" / "instances_train2014.json", content)
    with pytest.raises(ValueError, match=named) as caught:
        CocoInstances(home)
    assert "instances_train2014.json" in str(caught.value)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda c: c["annotations"][2].update(caption=" "), r"annotations 2 \(id .*\): wrong 'caption'.*' '"),
        (lambda c: c["annotations"][2].update(caption=5), r"annotations 2 .*wrong 'caption'.*5"),
        (lambda c: c["annotations"][2].update(caption="\ud800"), r"annotations 2 .*wrong 'caption'"),
        (lambda c: c["annotations"][2].update(image_id=77), "a caption of no image.*image_id=77"),
        (lambda c: c["annotations"][2].update(id=True), r"annotations 2 .*wrong 'id'.*True"),
        (lambda c: c.update(images={}), "images"),
    ],
)
def test_malformed_captions_are_named(home, spoil, named):
    content = json.loads((home / "annotations" / "captions_train2014.json").read_text())
    spoil(content)
    put(home / "annotations" / "captions_train2014.json", content)
    with pytest.raises(ValueError, match=named) as caught:
        CocoCaptions(home)
    assert "captions_train2014.json" in str(caught.value)


def test_what_is_not_there_is_named(home, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"captions_val2014.json"):
        CocoCaptions(home, "dev")
    with pytest.raises(FileNotFoundError, match="download coco"):
        CocoCaptions(tmp_path)
    with pytest.raises(ValueError, match=r"split='test'.*train, dev"):
        CocoCaptions(home, "test")
    with pytest.raises(ValueError, match=r"year=2017.*2014"):
        CocoCaptions(home, "test", year=2017, splits="karpathy")
    with pytest.raises(ValueError, match="year=2015"):
        CocoInstances(home, year=2015)
    (home / "annotations" / "captions_val2014.json").write_text("[")
    with pytest.raises(ValueError, match=r"captions_val2014.json: expected JSON"):
        CocoCaptions(home, "dev")


@given(st.lists(st.integers(0, 1), min_size=12, max_size=12))
def test_run_lengths_are_those_of_coco(bits):
    masks = oracles.oracle("pycocotools.mask")
    wanted = np.array(bits, "uint8").reshape(4, 3)
    packed = masks.encode(np.asfortranarray(wanted))["counts"].decode()
    np.testing.assert_array_equal(outlined({"size": [4, 3], "counts": packed}, 4, 3), wanted.astype(bool))
    flat = wanted.T.ravel()
    changes = np.flatnonzero(np.diff(flat)) + 1
    counts = np.diff([0, *([0] if flat[0] else []), *changes, len(flat)]).tolist()
    np.testing.assert_array_equal(outlined({"size": [4, 3], "counts": counts}, 4, 3), wanted.astype(bool))


@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_long_runs_are_those_of_coco(height, width, data):
    masks = oracles.oracle("pycocotools.mask")
    wanted = np.zeros((height, width), "uint8")
    for _ in range(data.draw(st.integers(0, 3))):
        y, x = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
        wanted[y:, x : x + data.draw(st.integers(1, width))] ^= 1
    packed = masks.encode(np.asfortranarray(wanted))["counts"].decode()
    np.testing.assert_array_equal(outlined({"size": [height, width], "counts": packed}, height, width), wanted)


def test_polygons_are_nearly_those_of_coco():
    masks = oracles.oracle("pycocotools.mask")
    random = np.random.default_rng(3)
    for _ in range(20):
        angles = np.sort(random.uniform(0, 2 * np.pi, 9))
        radius = random.uniform(12, 28, 9)
        points = np.stack([32 + radius * np.cos(angles), 30 + radius * np.sin(angles)], axis=1)
        ours = outlined([points.ravel().tolist()], 60, 64)
        theirs = masks.decode(masks.frPyObjects([points.ravel().tolist()], 60, 64))[..., 0].astype(bool)
        assert (ours & theirs).sum() / (ours | theirs).sum() > 0.94


@pytest.mark.parametrize(
    "outline",
    [
        None, "abc", [[1, 2, 3, 4]], [[1, 2, 3, 4, 5]], [[1, 2, 3, 4, 5, "6"]], [[0, 0, 1, 1, 1, float("nan")]],
        {"size": [6, 9]}, {"size": [9, 6], "counts": [54]}, {"size": [6, 9], "counts": [53]},
        {"size": [6, 9], "counts": [60, -6]}, {"size": [6, 9], "counts": "\x00"}, {"size": [6, 9], "counts": "o"},
        {"size": [6, 9], "counts": "o" * 40}, [1, 2, 3, 4, 5, 6],
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused(outline):
    with pytest.raises(ValueError, match=r"^here: "):
        outlined(outline, 6, 9, "here")


@given(st.text(max_size=40))
def test_packed_runs_are_read_or_refused(text):
    try:
        assert outlined({"size": [5, 7], "counts": text}, 5, 7, "here").shape == (5, 7)
    except ValueError as error:
        assert str(error).startswith("here: ")


@pytest.fixture
def challenge(tmp_path):
    home = tmp_path / "data" / "ai_challenger"
    part = home / "ai_challenger_caption_train_20170902"
    put(part / "caption_train_annotations_20170902.json", SAID)
    for seed, record in enumerate(SAID):
        picture(part / "caption_train_images_20170902" / record["image_id"], seed)
    return home


def test_ai_challenger(challenge):
    corpus = AiChallenger(challenge.parent)
    assert corpus.ids == ("a.jpg", "b.jpg") and corpus[1].captions[4] == "b的图片4" and corpus[1].language == "zh"
    assert corpus[0].image.shape == (6, 9, 3)
    (challenge / "ai_challenger_caption_train_20170902").rename(challenge / "caption_train_20170902")
    assert len(AiChallenger(challenge)) == 2
    with pytest.raises(FileNotFoundError, match=r"caption_validation_annotations_20170910.json"):
        AiChallenger(challenge, "dev")
    with pytest.raises(ValueError, match="split='test'"):
        AiChallenger(challenge, "test")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda c: c[1].update(image_id="a.jpg"), r"record 1 \(image_id 'a.jpg'\): stands at 0 already"),
        (lambda c: c[1]["caption"].__setitem__(2, ""), r"record \(image_id b.jpg\): wrong 'caption 2'.*''"),
        (lambda c: c[1]["caption"].__setitem__(2, None), "wrong 'caption 2'.*None"),
        (lambda c: c[1].update(caption=[]), r"record \(image_id b.jpg\): wrong 'caption 0'"),
        (lambda c: c[1].update(caption="一张图片"), r"record 1 .*wrong 'caption'"),
        (lambda c: c[1].pop("image_id"), "record 1: wrong 'image_id'.*no 'image_id'"),
        (lambda c: c.append("b"), "record 2: no record"),
        (lambda c: c.clear(), "list of records"),
    ],
)
def test_malformed_records_of_ai_challenger_are_named(challenge, spoil, named):
    path = challenge / "ai_challenger_caption_train_20170902" / "caption_train_annotations_20170902.json"
    content = json.loads(path.read_text())
    spoil(content)
    put(path, content)
    with pytest.raises(ValueError, match=named) as caught:
        AiChallenger(challenge)
    assert path.name in str(caught.value)


def test_names_of_images_lead_nowhere_else(challenge):
    path = challenge / "ai_challenger_caption_train_20170902" / "caption_train_annotations_20170902.json"
    put(path, [*SAID, {"image_id": "../../secret.jpg", "caption": ["a"] * 5}])
    picture(challenge / "secret.jpg")
    with pytest.warns(UserWarning, match="without a file"):
        assert AiChallenger(challenge).ids == ("a.jpg", "b.jpg")


def tar(path, members):
    with tarfile.open(path, "w") as out:
        for name, kind in members:
            member = tarfile.TarInfo(name)
            member.type = kind
            member.linkname = "/etc/passwd" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            data = b"data" if kind == tarfile.REGTYPE else b""
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))
    return path


def test_tar_archives_are_unpacked(tmp_path):
    path = tar(tmp_path / "a.tar", [("in", tarfile.DIRTYPE), ("in/a.txt", tarfile.REGTYPE), ("b.txt", tarfile.REGTYPE)])
    folder = unpack(path, tmp_path / "out")
    assert (folder / "in" / "a.txt").read_bytes() == b"data" == (folder / "b.txt").read_bytes()


@pytest.mark.parametrize(
    ("name", "kind", "named"),
    [
        ("../a", tarfile.REGTYPE, "a path out of its folder"),
        ("/a", tarfile.REGTYPE, "a path out of its folder"),
        ("a", tarfile.SYMTYPE, "a link or a special file"),
        ("a", tarfile.LNKTYPE, "a link or a special file"),
        ("a", tarfile.FIFOTYPE, "a link or a special file"),
        ("a", tarfile.CHRTYPE, "a link or a special file"),
    ],
)
def test_dangerous_tar_archives_are_refused(tmp_path, name, kind, named):
    path = tar(tmp_path / "a.tar", [("good.txt", tarfile.REGTYPE), (name, kind)])
    with pytest.raises(ValueError, match=f"a.tar.*{named}"):
        unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_damaged_or_large_tar_archives_are_refused(tmp_path):
    path = tar(tmp_path / "a.tar", [(f"{k}.txt", tarfile.REGTYPE) for k in range(3)])
    with pytest.raises(ValueError, match="more than 2 members"):
        unpack(path, tmp_path / "out", members_at_most=2)
    with pytest.raises(ValueError, match="more than allowed: 9 bytes"):
        unpack(path, tmp_path / "out", size_at_most=9)
    data = path.read_bytes()
    flipped = [bytes([*data[:place], 255, *data[place + 1 :]]) for place in (100, 1124)]  # in a first and second header
    for spoilt in (b"", b"nothing", data[:300], data[:700], data[:1024], *flipped):
        path.write_bytes(spoilt)
        with pytest.raises(ValueError, match=r"a.tar is damaged"):
            unpack(path, tmp_path / "out")
