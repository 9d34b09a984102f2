"""The catalogue and the shop's customers: what is promised of titles, purchases and friends."""

import numpy as np
import pytest

from mmcourse.scenes import HELD_OUT
from mmcourse.scenes.catalogue import ATTRIBUTES, MATERIALS, PRAISE, Catalogue
from mmcourse.scenes.random import Stream
from mmcourse.scenes.shoppers import KEEPS, TASTE, shop

TOYS = Catalogue("test", n=600)
TRUTH = TOYS.attributes()
STORE = shop(TRUTH, users=120, late=40)
SAID = {"box": "square", "disc": "circle", "plus": "cross", "violet": "purple", "big": "large", "little": "small",
        "tiny": "small"}  # fmt: skip


def claims(title):
    """What a title says of each attribute, read by our own list of synonyms -> {name: value}."""
    known = {value: name for name, values in ATTRIBUTES.items() for value in values}
    said = [SAID.get(word, word) for word in title.split(",")[0].lower().split()]
    return {known[word]: word for word in said if word in known}


def test_items_are_the_same_on_every_machine():
    assert TOYS.titles()[:4] == [
        "Woollen cross", "Big blue woollen circle, best price", "Small yellow glass circle", "Large yellow star",
    ]  # fmt: skip
    assert [TRUTH[name][1] for name in ATTRIBUTES] == ["large", "blue", "woollen", "circle"]
    assert list(zip(STORE.user[:3], STORE.item[:3], STORE.day[:3], strict=True)) == [
        (17, 383, 0),
        (46, 409, 0),
        (52, 364, 0),
    ]


def test_the_truth_is_the_scene_s_and_items_agree_with_bulk():
    part = TOYS[10:60:7]
    for row, item in enumerate(part):
        thing = item.truth.things[0]
        assert len(item.truth) == 1 and item.captions == (part.titles()[row],)
        assert (thing.size, thing.colour, thing.shape) == tuple(
            part.attributes()[name][row] for name in ("size", "colour", "shape")
        )
    assert set(TRUTH["material"]) == set(MATERIALS)
    assert all(pair in HELD_OUT for pair in _pairs(Catalogue("unseen_pairs", n=50)))
    assert not any(pair in HELD_OUT for pair in _pairs(TOYS))


def _pairs(toys):
    truth = toys.attributes()
    return zip(truth["colour"], truth["shape"], strict=True)


def test_titles_leave_out_and_lie_as_often_as_told():
    told = [claims(title) for title in TOYS.titles()]
    left = np.mean([1 - len(said) / 4 for said in told])
    false = np.mean([any(TRUTH[name][i] != value for name, value in said.items()) for i, said in enumerate(told)])
    most = [sum(TRUTH[name][i] != value for name, value in said.items()) for i, said in enumerate(told)]
    assert abs(left - 0.35) < 0.04 and 0.025 < false < 0.075 and max(most) == 1
    for title, said in zip(TOYS.titles(), told, strict=True):
        assert ("shape" in said) != ("toy" in title.lower().split(",")[0].split())
        assert title[0].isupper() and ("," not in title or title.split(", ")[1] in PRAISE)


def test_knobs_move_nothing_else():
    full = Catalogue("test", n=200, left_out=0, wrong=0)
    for i, title in enumerate(full.titles()):
        assert claims(title) == {name: TRUTH[name][i] for name in ATTRIBUTES}
    some = Catalogue("test", n=200, left_out=35, wrong=0)
    for a, b in zip(some.titles(), full.titles(), strict=True):
        assert set(claims(a).items()) <= set(claims(b).items())
        assert a.partition(",")[2] == b.partition(",")[2]
    nothing = Catalogue("test", n=50, left_out=100, wrong=100)
    assert {title.split(",")[0] for title in nothing.titles()} == {"Toy"}
    lies = Catalogue("test", n=200, left_out=0, wrong=100).titles()
    assert all(sum(TRUTH[k][i] != v for k, v in claims(title).items()) == 1 for i, title in enumerate(lies))


def test_a_second_seller_lists_the_same_toy_under_a_title_of_their_own():
    twice = Catalogue("test", n=200, duplicates=40)
    sources = twice.sources()
    copies = np.flatnonzero(sources != np.arange(200))
    truth = twice.attributes()
    assert len(copies) > 40 and all(truth[name][i] == truth[name][sources[i]] for name in truth for i in copies)
    assert any(twice.titles()[i] != twice.titles()[sources[i]] for i in copies)


@pytest.mark.parametrize("knob", [{"things": 2}, {"language": "zh"}, {"text_noise": 5}])
def test_other_knobs_are_refused(knob):
    with pytest.raises(TypeError, match="Unknown knob"):
        Catalogue("test", **knob)
    with pytest.raises(ValueError, match="left_out"):
        Catalogue("test", left_out=101)


def test_purchases_obey_the_shop():
    assert (np.diff(STORE.day) >= 0).all() and STORE.day.max() < 100
    assert (STORE.day >= STORE.released[STORE.item]).all() and (STORE.day >= STORE.joined[STORE.user]).all()
    pairs = list(zip(STORE.user, STORE.item, strict=True))
    assert len(set(pairs)) == len(pairs), "nobody buys the same twice"
    table = STORE.bought(STORE.day < 50)
    assert table.shape == (120, 600) and table.sum() == (STORE.day < 50).sum()
    late = [np.mean(STORE.released > 0), np.mean(STORE.joined > 0)]
    assert all(0.25 < share < 0.5 for share in late)


def test_taste_popularity_and_friends_show_in_purchases():
    fits = sum(np.mean(STORE.likes[name][STORE.user] == TRUTH[name][STORE.item]) for name in TASTE)
    blind = sum(np.mean(STORE.likes[name][:, None] == TRUTH[name]) for name in TASTE)
    assert fits > 1.8 * blind
    sold = np.sort(STORE.bought(STORE.day >= 0).sum(0))[::-1]
    assert sold[:60].sum() > 0.3 * sold.sum()
    friends = STORE.friends
    assert (friends == friends.T).all() and not np.diag(friends).any()
    alike = np.mean([STORE.likes[name][:, None] == STORE.likes[name] for name in TASTE], axis=0)
    off = ~np.eye(120, dtype=bool)
    assert alike[friends].mean() > alike[off & ~friends].mean() + 0.2
    circles = np.arange(120) // 15
    for name in TASTE:
        common = np.array([Stream("circle likes", name, 0, c).choice(ATTRIBUTES[name]) for c in circles])
        assert np.mean(STORE.likes[name] == common) > KEEPS / 100 - 0.1


def test_a_shop_is_a_function_of_its_seed():
    few = {name: column[:40] for name, column in TRUTH.items()}
    one, same, other = (shop(few, seed, users=20, days=30) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.item, same.item)
    assert not np.array_equal(one.item[:20], other.item[:20])
    empty = shop(few, 1, users=0)
    assert empty.bought(empty.day >= 0).shape == (0, 40)
