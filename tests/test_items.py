"""Items and collections: what is lazy stays lazy, and an index means what it means in Python."""

import copy
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.items import Collection, Item

HEAVY = ("image", "captions", "audio", "frames")


class Counted:
    """A function without arguments that counts how often it is called."""

    def __init__(self, value):
        self.value, self.calls = value, 0

    def __call__(self):
        self.calls += 1
        return self.value


class Squares(Collection):
    def __init__(self, n):
        super().__init__(n)
        self.made = []

    def item(self, place):
        self.made.append(place)
        return Item(id=str(place), split="train", label=place * place)


def test_defaults():
    item = Item("a", "train")
    assert (item.captions, item.language) == ((), "en")
    assert all(getattr(item, name) is None for name in ("image", "audio", "rate", "frames", "label", "truth"))


def test_values_are_kept():
    image = np.zeros((2, 2, 3), np.uint8)
    item = Item("a", "dev", image=image, captions=("one", "two"), language="zh", rate=16000, label=3)
    assert item.image is image
    assert (item.captions, item.language, item.rate, item.label) == (("one", "two"), "zh", 16000, 3)


@pytest.mark.parametrize("name", HEAVY)
def test_a_function_is_called_once_and_only_when_asked(name):
    function = Counted(("a caption",) if name == "captions" else np.arange(3))
    item = Item("a", "train", **{name: function})
    assert function.calls == 0
    assert getattr(item, name) is function.value
    assert getattr(item, name) is function.value
    assert function.calls == 1


def test_comparing_and_printing_draw_nothing():
    def forbidden():
        raise AssertionError("drawn")

    one, two = (Item("a", "train", image=forbidden, audio=forbidden, frames=forbidden) for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert "image" not in repr(one)
    assert one != Item("b", "train")
    assert one != Item("a", "train", captions=("other",))


def test_arrays_do_not_disturb_comparison():
    assert Item("a", "train", image=np.zeros((2, 2, 3))) == Item("a", "train", image=np.ones((2, 2, 3)))


def test_a_failing_function_says_so_every_time():
    def fail():
        raise OSError("no such file")

    item = Item("a", "train", image=fail)
    for _ in range(2):
        with pytest.raises(OSError, match="no such file"):
            _ = item.image


def test_frozen_and_unknown_fields():
    item = Item("a", "train", image=Counted(1))
    with pytest.raises(FrozenInstanceError):
        item.label = 1
    with pytest.raises(AttributeError, match="picture"):
        _ = item.picture


def test_copies():
    item = Item("a", "train", image=Counted(np.float32(5)), captions=("one",))
    for other in (copy.copy(item), copy.deepcopy(item), replace(item, label=None)):
        assert other == item
        assert other.image == 5


@given(n=st.integers(0, 12), index=st.integers(-15, 15))
def test_index_as_in_a_list(n, index):
    collection, places = Squares(n), list(range(n))
    assert len(collection) == n
    if -n <= index < n:
        assert collection[index].id == str(places[index])
        assert collection[np.int32(index)] == collection[index]
    else:
        with pytest.raises(IndexError, match=rf"Squares holds {n} items.*index={index}\b"):
            collection[index]


bounds = st.none() | st.integers(-15, 15)


@given(n=st.integers(0, 12), start=bounds, stop=bounds, step=bounds.filter(lambda s: s != 0), again=bounds)
def test_slices_as_in_a_list(n, start, stop, step, again):
    part, expected = Squares(n)[start:stop:step], list(range(n))[start:stop:step]
    assert isinstance(part, Squares)
    assert [item.label for item in part] == [place * place for place in expected]
    assert [item.id for item in part[again:]] == [str(place) for place in expected[again:]]
    assert len(part) == len(expected)


def test_items_are_made_one_by_one():
    squares = Squares(1000)
    assert squares[10:20].made == []
    next(iter(squares))
    assert squares.made == [0]


@pytest.mark.parametrize("index", ["0", 1.0, None, (1, 2), [1]])
def test_no_index(index):
    with pytest.raises(TypeError, match="Allowed: an integer or a slice"):
        Squares(3)[index]


def test_iterating_twice_and_a_list():
    squares = Squares(4)
    assert list(squares) == list(squares)


def test_a_collection_without_items_says_what_is_missing():
    with pytest.raises(NotImplementedError, match="item"):
        Collection(3)[0]
