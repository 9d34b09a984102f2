"""Scene World: splits, items as pure functions, and the truth pinned."""

import itertools
import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse import scenes
from mmcourse.scenes import COLOURS, HELD_OUT, SHAPES, SIZES, SPLITS, Scenes, sampling
from mmcourse.scenes import image as pictures
from mmcourse.scenes.random import Stream
from mmcourse.scenes.scene import MARGIN, RADIUS, UNIT

anything = st.builds(
    sampling.scene, split=st.sampled_from(sorted(SPLITS)), seed=st.integers(-5, 2**40), index=st.integers(0, 2**40)
)

# (split, seed, index): background, things from back to front. Whoever changes this changes the data set: VERSION too.
GOLDEN = {
    ("train", 0, 0): (3, "small blue circle 161 257 93, small purple star 858 119 89"),
    ("train", 0, 7): (
        5,
        "large purple cross 363 588 153, large blue square 559 190 162, small green star 880 733 89",
    ),
    ("train", 3, 12345): (5, "small orange cross 598 753 96"),
    ("dev", 0, 1): (0, "large blue cross 644 362 160"),
    ("test", 0, 0): (
        2,
        "small orange cross 665 508 86, small green circle 868 195 87, large blue cross 478 198 141",
    ),
    ("unseen_pairs", 0, 0): (0, "small green triangle 261 400 94"),
    ("unseen_counts", 0, 999): (
        1,
        "small yellow square 770 310 89, large red star 195 712 144, small blue triangle 410 340 94, "
        "large green circle 555 846 141",
    ),
    # The last thing finds its place at the last of its tries; no place after as many, and one into each quarter; no
    # place either, where one try more would have found one; two things exactly as far apart as they must be.
    ("unseen_counts", 1, 105): (
        3,
        "large purple circle 393 427 159, large red triangle 785 450 140, large orange circle 763 843 149, "
        "small green circle 126 649 90",
    ),
    ("unseen_counts", 1, 31): (
        1,
        "large yellow circle 797 722 144, large yellow circle 199 305 164, large green circle 232 765 150, "
        "large orange square 757 223 143",
    ),
    ("unseen_counts", 1, 1176): (
        2,
        "large yellow triangle 221 694 148, large orange square 796 854 145, large blue cross 741 183 148, "
        "large green square 180 250 152",
    ),
    ("unseen_counts", 1, 5145): (
        3,
        "large red square 375 378 162, small yellow square 441 608 88, large yellow cross 784 442 164, "
        "large red star 728 798 157",
    ),
}


def told(scene):
    return ", ".join(f"{t.size} {t.colour} {t.shape} {t.x} {t.y} {t.radius}" for t in scene.things)


def pairs(scene):
    return {(thing.colour, thing.shape) for thing in scene.things}


@pytest.mark.parametrize("key", GOLDEN, ids=str)
def test_golden_truth(key):
    scene = sampling.scene(*key)
    assert (scene.background, told(scene)) == GOLDEN[key]
    assert scene.key == (key[1], key[0], key[2])
    assert scenes.VERSION == "1.0"


def test_streams_are_what_they_were():
    assert Stream("a").bits() == 15926845700958812385
    assert Stream("train", 0, 12, "image").bits() == 4938797336196684322
    assert Stream("train", np.int64(0), 12, "image").bits() == 4938797336196684322


@given(anything)
@settings(deadline=None)
def test_every_scene_is_well_formed(scene):
    few, most = sampling.COUNTS[scene.key[1]]
    assert few <= len(scene) <= most
    assert 0 <= scene.background < sampling.BACKGROUNDS == len(pictures.GRADIENTS)
    for thing in scene.things:
        assert (thing.shape in SHAPES, thing.colour in COLOURS, thing.size in SIZES) == (True, True, True)
        assert abs(thing.radius - RADIUS[thing.size]) <= sampling.JITTER[thing.size]
        for centre in (thing.x, thing.y):
            assert thing.radius < centre < UNIT - thing.radius  # nothing leaves the frame


@given(anything)
@settings(deadline=None)
def test_things_hardly_overlap_and_always_stand_in_a_relation(scene):
    for a, b in itertools.combinations(scene.things, 2):
        wide, high = (a.radius + b.radius - abs(p - q) for p, q in ((a.x, b.x), (a.y, b.y)))
        shared = max(0, min(wide, 2 * a.radius, 2 * b.radius)) * max(0, min(high, 2 * a.radius, 2 * b.radius))
        assert shared <= 0.1 * (4 * a.radius**2 + 4 * b.radius**2 - shared)
        assert max(abs(a.x - b.x), abs(a.y - b.y)) >= MARGIN
        assert any(scene.holds(relation, a, b) for relation in scenes.RELATIONS)


@given(anything)
@settings(deadline=None)
def test_held_out_pairs(scene):
    assert bool(pairs(scene) & set(HELD_OUT)) == (scene.key[1] == "unseen_pairs")


def test_held_out_words_are_seen_in_other_pairs():
    seen = [pair for scene in Scenes("train", n=600).truths() for pair in pairs(scene)]
    assert set(seen) == set(itertools.product(COLOURS, SHAPES)) - set(HELD_OUT)
    assert set().union(*(pairs(scene) for scene in Scenes("unseen_pairs", n=200).truths())) >= set(HELD_OUT)


def test_each_split_has_its_numbers_of_things():
    for split in SPLITS:
        counts = {len(scene) for scene in Scenes(split, n=60).truths()}
        assert counts == ({4} if split == "unseen_counts" else {1, 2, 3}), split


def test_words_and_counts_are_drawn_evenly():
    truths = Scenes("train", n=3000).truths()
    counts = np.bincount([len(scene) for scene in truths], minlength=4)[1:]
    assert np.all(np.abs(counts / len(truths) - 1 / 3) < 0.04)  # 4.6 standard deviations
    things = [thing for scene in truths for thing in scene.things]
    kinds = {}
    for thing in things:
        kinds[thing.colour, thing.shape] = kinds.get((thing.colour, thing.shape), 0) + 1
    shares = np.array(list(kinds.values())) / len(things)
    assert np.all(np.abs(shares - 1 / 26) < 0.012)
    assert abs(np.mean([thing.size == "large" for thing in things]) - 0.5) < 0.03
    assert all(abs(np.mean([getattr(t, axis) for t in things]) - UNIT / 2) < 15 for axis in "xy")


def test_an_item_needs_no_other_item():
    forwards = [item.truth for item in Scenes("dev", n=20)]
    backwards = [Scenes("dev")[i].truth for i in reversed(range(20))]
    assert forwards == backwards[::-1]
    assert len({told(scene) for scene in forwards}) == 20


def test_seeds_and_splits_differ():
    told_by = [told(sampling.scene(split, seed, 0)) for split in ("train", "dev", "test") for seed in (0, 1, -1)]
    assert len(set(told_by)) == len(told_by)
    assert sampling.scene("train") == sampling.scene("train", seed=0, index=0)


def test_no_loop_runs_for_ever():
    stream = Stream("crowd")
    for _ in range(300):  # four of the largest often find no room by chance, and then get a quarter each
        radii = [RADIUS["large"] + sampling.JITTER["large"]] * 4
        centres = sampling._places(radii, stream)
        assert len(centres) == 4
        for (x, y), (a, b) in itertools.combinations(centres, 2):
            assert 100 * max(abs(x - a), abs(y - b)) >= sampling.CLOSEST * 2 * radii[0]


def test_quarters_hold_the_largest():
    radius = RADIUS["large"] + sampling.JITTER["large"]
    centres = sampling._quarters([radius] * 4, Stream("quarters"))
    assert {(x // (UNIT // 2), y // (UNIT // 2)) for x, y in centres} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert all(radius + sampling.EDGE <= c <= UNIT - radius - sampling.EDGE for centre in centres for c in centre)


def test_knobs():
    narrow = Scenes("train", n=50, things=(2, 3), shapes=["star"], colours=("red", "green"), sizes=("small",))
    for scene in narrow.truths():
        assert len(scene) in (2, 3)
        assert {(t.shape, t.size) for t in scene.things} == {("star", "small")}
        assert {t.colour for t in scene.things} <= {"red", "green"}
    assert {len(scene) for scene in Scenes("train", n=20, things=4).truths()} == {4}
    assert len(Scenes("train", n=1, n_captions=2)[0].captions) == 2


def test_collection():
    collection = Scenes("test", image_size=32)
    item = collection[np.int64(-1)]
    assert len(collection) == SPLITS["test"] == 1000
    assert (item.id, item.split, item.language) == ("test-0-999", "test", "en")
    assert item.truth == sampling.scene("test", 0, 999)
    assert (item.image.shape, item.image.dtype) == ((32, 32, 3), np.uint8)
    assert len(item.captions) == 5
    assert all(isinstance(caption, str) for caption in item.captions)
    assert item.captions == collection[999].captions == collection.captions()[999]
    assert [len(Scenes(split)) for split in SPLITS] == [8000, 1000, 1000, 1000, 1000]
    assert len(Scenes("train", n=20_000)) == 20_000
    assert item == Scenes("test")[999]
    assert item != Scenes("test", seed=1)[999]


def test_past_the_end():
    with pytest.raises(IndexError, match=r"Scenes holds 3 items\. Received: index=3\. Allowed: -3 to 2"):
        Scenes("dev", n=3)[3]
    with pytest.raises(IndexError, match="empty"):
        Scenes("dev", n=0)[0]


def test_whole_arrays_and_streams():
    collection = Scenes("dev", n=23)
    images = collection.images()
    assert (images.shape, images.dtype) == ((23, 64, 64, 3), np.uint8)
    assert [len(part) for part in collection.render(chunk=10)] == [10, 10, 3]
    assert np.array_equal(np.concatenate(list(collection.render(chunk=10))), images)
    assert np.array_equal(collection[20:3:-4].images(), images[20:3:-4])
    assert np.array_equal(collection[7].image, images[7])
    assert Scenes("dev", n=0).images().shape == (0, 64, 64, 3)
    assert collection[3:5].truths() == [collection[3].truth, collection[4].truth]


def test_a_stream_draws_only_what_is_asked_for(monkeypatch):
    drawn = []
    monkeypatch.setattr(pictures, "render_batch", lambda scenes, size: drawn.append(len(scenes)))
    stream = Scenes("train", n=10**9).render(chunk=8)
    next(stream), next(stream)
    assert drawn == [8, 8]


BAD = [
    ({"split": "validation"}, ValueError, r"split='validation'.*train, dev, test, unseen_pairs, unseen_counts"),
    ({"language": "fr"}, ValueError, r"language='fr'.*Allowed: en"),
    ({"image_size": 0}, ValueError, r"image_size=0.*8 to 4096"),
    ({"image_size": 64.0}, ValueError, r"image_size=64\.0"),
    ({"n": -1}, ValueError, r"n=-1"),
    ({"seed": 0.5}, ValueError, r"seed=0\.5"),
    ({"colour": "red"}, TypeError, r"colour='red'.*things, shapes, colours, sizes"),
    ({"things": 5}, ValueError, r"things=5.*1 to 4"),
    ({"things": 0}, ValueError, r"things=0"),
    ({"things": (3, 1)}, ValueError, r"things=\(3, 1\)"),
    ({"things": "2"}, ValueError, r"things='2'"),
    ({"things": (1, 2.5)}, ValueError, r"things=\(1, 2\.5\)"),
    ({"shapes": "circle"}, ValueError, r"shapes='circle'"),
    ({"shapes": ("hexagon",)}, ValueError, r"hexagon.*circle, square, triangle, star, cross"),
    ({"colours": ()}, ValueError, r"colours=\(\)"),
    ({"shapes": ("star",), "colours": ("blue",)}, ValueError, r"no colour-shape pair"),
    ({"shapes": ("circle",), "split": "unseen_pairs"}, ValueError, r"'unseen_pairs' has no colour-shape pair left"),
    ({"n_captions": 0}, ValueError, r"n_captions=0"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), BAD, ids=[str(wrong) for wrong, _, _ in BAD])
def test_bad_input_is_named(wrong, error, message):
    with pytest.raises(error, match=message):
        Scenes(**{"split": "train", **wrong})


def test_a_scene_of_an_unknown_split_is_refused_too():
    with pytest.raises(ValueError, match=r"Received: split='val'\. Allowed: train, dev, test, unseen_pairs, unseen"):
        sampling.scene("val")
    with pytest.raises(ValueError, match=r"Received: things=\(1, 2, 3\)\. Allowed: an integer from 1 to 4"):
        sampling.scene("train", things=(1, 2, 3))


@pytest.mark.parametrize(
    ("seed", "index", "message"),
    [
        (0, -1, r"Received: index=-1\. Allowed: an integer >= 0"),
        ("0", 0, r"Received: seed='0', index=0\. Allowed: two integers"),
        (0, 1.5, r"Received: seed=0, index=1\.5\. Allowed: two integers"),
    ],
)
def test_bad_index_is_named(seed, index, message):
    with pytest.raises(ValueError, match=message):
        sampling.scene("train", seed, index)


def test_same_truth_in_a_fresh_process_and_no_keras():
    code = (
        "import json, sys; from mmcourse.scenes import Scenes; "
        "print(json.dumps([repr(s) for s in Scenes('train', n=30).truths()])); "
        "assert not {'keras', 'tensorflow', 'jax', 'torch', 'PIL'} & set(sys.modules)"
    )
    told_there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(told_there) == [repr(scene) for scene in Scenes("train", n=30).truths()]


@pytest.mark.parametrize("wrong", [True, 1.0, (1.0, 2.0), (True, 2), "1", (1, 2, 3), (2, 1), {1, 2}, 0, 5])
def test_what_a_cache_takes_for_the_same_is_refused(wrong):
    Scenes("train", n=1, things=1), Scenes("train", n=1, things=(1, 2))  # remembered, and 1 == 1.0 == True
    with pytest.raises(ValueError, match=r"things=.* Allowed: an integer from 1 to 4, or \(fewest, most\)"):
        Scenes("train", n=1, things=wrong)
