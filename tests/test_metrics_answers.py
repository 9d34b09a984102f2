"""The score of visual question answering, against its definition, and the examples that the challenge states."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.metrics import normalize_answer, vqa_accuracy

# https://visualqa.org/evaluation.html says in words what is done, with these examples.
STATED = [
    ("dont", "don't"),
    ("girl's", "girl's"),
    ("2:50 pm", "2:50 pm"),
    ("100,978", "100978"),
    ("Yes", "yes"),
    ("no.", "no"),
    ("1.5", "1.5"),
    ("two", "2"),
    ("a dog", "dog"),
    ("the Dog", "dog"),
    ("an apple", "apple"),
    ("black/white", "black white"),
]
FURTHER = [
    ("  on  the\ttable\n", "on table"),
    ("p.m.", "pm"),
    (".5", ".5"),
    ("5.", "5"),
    ("none", "0"),
    ("ten", "10"),
    ("eleven", "eleven"),
    ("t-shirt!", "t shirt"),
    ("wouldnt've", "wouldn't've"),
    ("don’t", "don't"),  # the apostrophe that phones write
    ("were", "were"),  # not we're
    ("1,000,000", "1000000"),
    ("cats, dogs", "cats dogs"),
    ("the", ""),
    ("红色", "红色"),
    ("snake_case", "snake case"),
]


@pytest.mark.parametrize(("given_", "wanted"), STATED + FURTHER)
def test_answers_are_written_alike(given_, wanted):
    assert normalize_answer(given_) == wanted


@given(st.text(alphabet="abDT nowe12.,'’:;/-_()!\t", max_size=30))
def test_writing_alike_twice_changes_nothing_in_what_is_compared(text):
    once = normalize_answer(text)
    assert once == once.lower() and once.split() == once.split(" ")[: len(once.split())]
    assert not set(once) & set(",;/-_()!\t") and not set(once.split()) & {"a", "an", "the"}


def by_definition(answer, people):
    """Antol et al.: min(agreeing / 3, 1), averaged over all ways of leaving one person out."""
    values = []
    for nine in itertools.combinations(range(len(people)), len(people) - 1):
        values.append(min(sum(people[k] == answer for k in nine) / 3, 1.0))
    return sum(values) / len(values)


@given(st.lists(st.sampled_from(["cat", "dog", "red"]), min_size=2, max_size=12), st.sampled_from(["cat", "dog", "x"]))
def test_accuracy_is_its_definition(people, answer):
    np.testing.assert_allclose(vqa_accuracy([answer], [people]), [by_definition(answer, people)], atol=1e-12)


def test_accuracy_of_ten_people():
    votes = [["yes"] * agreeing + ["no"] * (10 - agreeing) for agreeing in range(11)]
    np.testing.assert_allclose(vqa_accuracy(["Yes."] * 11, votes), [0, 0.3, 0.6, 0.9, *[1] * 7])
    np.testing.assert_allclose(vqa_accuracy(["Yes."] * 11, votes, normalize=False), 0)


def test_an_empty_answer_agrees_with_empty_ones_only():
    assert vqa_accuracy(["the"], [[""] * 10]) == [1.0] and vqa_accuracy([""], [["cat"] * 10]) == [0.0]


@pytest.mark.parametrize(
    ("answers", "votes", "error", "named"),
    [
        (["a"], [], ValueError, "1 answers, votes on 0 questions"),
        ([], [], ValueError, "0 answers"),
        ("yes", [["yes"] * 10], TypeError, "answers, a str"),
        (["yes"], {"yes": 10}, TypeError, "votes, a dict"),
        (["yes"], ["yes"], ValueError, "votes on question 0: 'yes'"),
        (["yes"], [["yes"]], ValueError, "votes on question 0"),
        ([1], [["1"] * 10], TypeError, "an answer of type int"),
        (["1"], [[1] * 10], TypeError, "an answer of type int"),
        ([None], [["1"] * 10], TypeError, "an answer of type NoneType"),
    ],
)
def test_what_cannot_be_scored_is_refused(answers, votes, error, named):
    with pytest.raises(error, match=named):
        vqa_accuracy(answers, votes)


def test_normalize_is_a_bool():
    with pytest.raises(ValueError, match="normalize='yes'"):
        vqa_accuracy(["a"], [["a", "b"]], normalize="yes")
