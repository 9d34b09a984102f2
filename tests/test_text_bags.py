"""Bag of words and TF-IDF against their formulas, worked out word by word; and Chinese words."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.text import SPECIAL, Vocabulary, bag_of_words, segment_chinese, tf_idf, tokenize

TRAIN = ["A red circle.", "a red star and a blue star", "the blue circle is left of the red circle", "nothing"]
TEST = ["A red circle and a zebra.", "", "blue blue blue"]
sentences = st.lists(st.sampled_from(["a", "red", "blue", "star", "Circle,", "dog's"]), max_size=6).map(" ".join)


def tf_idf_by_hand(train, test, words):
    """The docstring's three steps, in loops."""
    df = {w: sum(w in tokenize(c) for c in train) for w in words}
    out = np.zeros((len(test), len(words)))
    for i, caption in enumerate(test):
        for w in tokenize(caption):
            if w in df:
                out[i, words.index(w)] += np.log((1 + len(train)) / (1 + df[w])) + 1
        length = np.sqrt((out[i] ** 2).sum())
        out[i] = out[i] / length if length else out[i]
    return out


def test_columns_are_the_ids_of_a_vocabulary():
    vocabulary = Vocabulary.build(TRAIN)
    counts = bag_of_words(vocabulary).fit_transform(TEST).toarray()
    expected = np.zeros((len(TEST), len(vocabulary)))
    for i, caption in enumerate(TEST):
        for word in tokenize(caption):
            if word in vocabulary:  # the zebra is not counted
                expected[i, vocabulary.id(word)] += 1
    np.testing.assert_array_equal(counts, expected)
    assert counts.dtype == np.float32 and not counts[:, : len(SPECIAL)].any()


@settings(deadline=None, max_examples=40)
@given(st.lists(sentences, min_size=1, max_size=6), st.lists(sentences, min_size=1, max_size=4))
def test_tf_idf_is_its_formula(train, test):
    vocabulary = Vocabulary(["a", "blue", "red", "star", "circle", "dog", "'s"])
    found = tf_idf(vocabulary).fit(train).transform(test).toarray()
    expected = tf_idf_by_hand(train, test, list(vocabulary.words))
    np.testing.assert_allclose(found[:, len(SPECIAL) :], expected, atol=1e-6)


@pytest.mark.parametrize("make", [bag_of_words, tf_idf])
def test_without_a_vocabulary_only_the_captions_given_to_fit_count(make):
    vectoriser = make().fit(TRAIN)
    assert "zebra" not in vectoriser.vocabulary_ and vectoriser.transform(TEST).shape[1] == len(vectoriser.vocabulary_)


def test_the_order_of_words_is_lost_and_longer_runs_keep_some_of_it():
    two = ["a red circle is left of a blue square", "a blue square is left of a red circle"]
    for make in (bag_of_words, tf_idf):
        one, other = make().fit_transform(two).toarray()
        np.testing.assert_array_equal(one, other)
        one, other = make(longest=2).fit_transform(two).toarray()
        assert (one != other).any()
    assert "red circle" in bag_of_words(longest=2).fit(two).vocabulary_


def test_binary_and_chinese():
    assert bag_of_words(binary=True).fit_transform(["blue blue"]).toarray().tolist() == [[1.0]]
    assert set(bag_of_words(tokenizer="zh").fit(["红色的圆形"]).vocabulary_) == set("红色的圆形")
    assert set(tf_idf(Vocabulary(["红"], "zh")).fit(["红色"]).vocabulary_) == {*SPECIAL, "红"}


def test_errors_name_what_came():
    with pytest.raises(ValueError, match="longest=0"):
        bag_of_words(longest=0)
    with pytest.raises(ValueError, match=r"longest=2\. Allowed: 1, since"):
        tf_idf(Vocabulary(["a"]), longest=2)
    with pytest.raises(ValueError, match="Received: words=\\['a'\\]"):
        bag_of_words(["a"])
    with pytest.raises(ValueError, match="tokenizer='fr'"):
        tf_idf(tokenizer="fr")


def test_chinese_words_and_no_punctuation():
    assert segment_chinese("一个小女孩在草地上奔跑。") == ["一个", "小女孩", "在", "草地", "上", "奔跑"]
    assert segment_chinese("NBA球员，穿Ｔ恤！") == ["nba", "球员", "穿", "t恤"]
    assert segment_chinese(" ，。 ") == []


def test_the_segmenter_is_silent_and_writes_no_file(tmp_path):
    code = "from mmcourse.text import segment_chinese; print(len(segment_chinese('一只狗在草地上奔跑')))"
    env = {"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert (done.stdout.strip(), done.stderr) == ("6", "")
    assert not list(tmp_path.iterdir())
