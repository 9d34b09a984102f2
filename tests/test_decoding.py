"""Greedy and beam search, against exhaustive search, a plain beam search in Python, and re-scoring.

The model is a random table: log p(next | previous token, position), a different one for each row, carried in the state.
"""

import itertools
import math

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.backend import keras
from mmcourse.decoding import beam_search, greedy, score_tokens
from mmcourse.text import END, PAD, START, UNKNOWN

ops = keras.ops
few = settings(deadline=None, max_examples=6)
seeds = st.integers(0, 10**6)
penalties = st.sampled_from([0.0, 0.6, 1.0, 2.5])


def model(n, vocabulary, length, seed, sharpness=2.0):
    """A step and its first state: the logits (n, length, previous, next) of each row's table."""
    table = np.random.default_rng(seed).normal(0, sharpness, (n, length, vocabulary, vocabulary)).astype("float32")
    return table_step, {"table": table, "time": np.zeros(n, "int32")}


def table_step(tokens, state):
    table, time = state["table"], state["time"]
    _, length, v, _ = table.shape
    rows = ops.arange(ops.shape(tokens)[0], dtype="int32")
    logits = ops.take(ops.reshape(table, (-1, v)), (rows * length + time) * v + tokens, axis=0)
    return logits, {"table": table, "time": time + 1}


def plain_log_p(table):
    """log p in float64, of one row's table (length, previous, next)."""
    table = table.astype("float64")
    return table - np.log(np.exp(table).sum(-1, keepdims=True))


def plain_score(log_p, tokens, alpha):
    """The score of a list of tokens without padding."""
    total = sum(log_p[t, previous, token] for t, (previous, token) in enumerate(itertools.pairwise([START, *tokens])))
    return total / ((5 + len(tokens)) / 6) ** alpha


def plain_beam_search(log_p, width, alpha, length):
    """The algorithm of the docstring in lists, without stopping early: [(score, tokens)], best first."""
    live, finished = [[]], []
    for _ in range(length):
        longer = [[*b, token] for b in live for token in range(END, log_p.shape[-1])]
        longer = sorted(longer, key=lambda s: -plain_score(log_p, s, 0))[: 2 * width]
        finished += [s for s in longer[:width] if s[-1] == END]
        live = [s for s in longer if s[-1] != END][:width]
    return sorted(((plain_score(log_p, s, alpha), s) for s in finished or live), reverse=True)[:width]


def stripped(tokens):
    return [int(t) for t in tokens if t != PAD]


@few
@given(seeds, penalties, st.integers(1, 3), st.integers(4, 6))
def test_a_wide_beam_is_exhaustive_search(seed, alpha, length, vocabulary):
    others = range(END + 1, vocabulary)
    every = [[*s, END] for k in range(length) for s in itertools.product(others, repeat=k)]
    step, state = model(1, vocabulary, length, seed)
    log_p = plain_log_p(state["table"][0])
    expected = sorted(((plain_score(log_p, s, alpha), s) for s in every), reverse=True)
    width = (vocabulary - END) ** length
    tokens, scores = map(np.asarray, beam_search(step, state, width, alpha, length, return_all=True))
    there = scores[0] > -np.inf
    assert there.sum() == len(every)
    assert [stripped(t) for t in tokens[0][there]] == [s for _, s in expected]
    np.testing.assert_allclose(scores[0][there], [score for score, _ in expected], atol=1e-4)
    best, score = beam_search(step, state, width, alpha, length)
    assert stripped(np.asarray(best)[0]) == expected[0][1]
    np.testing.assert_allclose(score, scores[:, 0])


@few
@given(seeds, penalties, st.integers(1, 4), st.sampled_from([0.5, 2.0, 5.0]))
def test_equals_a_plain_beam_search(seed, alpha, width, sharpness):
    """Also the proof that stopping early changes nothing: the plain one does not stop."""
    step, state = model(3, 8, 6, seed, sharpness)
    every, every_score = map(np.asarray, beam_search(step, state, width, alpha, 6, return_all=True))
    best, best_score = map(np.asarray, beam_search(step, state, width, alpha, 6))
    for row in range(3):
        expected = plain_beam_search(plain_log_p(state["table"][row]), width, alpha, 6)
        there = every_score[row] > -np.inf
        assert [stripped(t) for t in every[row][there]] == [s for _, s in expected]
        np.testing.assert_allclose(every_score[row][there], [score for score, _ in expected], atol=1e-4)
        assert stripped(best[row]) == expected[0][1]
        assert best_score[row] == every_score[row, 0]
        assert (every[row][~there] == PAD).all()


@few
@given(seeds, penalties, st.integers(1, 5))
def test_every_score_equals_rescoring_and_no_sentence_comes_twice(seed, alpha, width):
    step, state = model(2, 7, 5, seed)
    tokens, scores = map(np.asarray, beam_search(step, state, width, alpha, 5, return_all=True))
    for k in range(width):
        there = scores[:, k] > -np.inf
        rescored = np.asarray(score_tokens(step, state, tokens[:, k], alpha))
        np.testing.assert_allclose(scores[there, k], rescored[there], atol=1e-5)
    for row in range(2):
        sentences = [tuple(t) for t, s in zip(tokens[row], scores[row], strict=True) if s > -np.inf]
        assert len(set(sentences)) == len(sentences)
        assert not {PAD, START} & {t for s in sentences for t in stripped(s[: s.index(END)] if END in s else s)}
    chosen, sums = greedy(step, state, 5)
    np.testing.assert_allclose(sums, score_tokens(step, state, chosen), atol=1e-5)


@few
@given(seeds)
def test_greedy_is_a_beam_of_one(seed):
    step, state = model(4, 6, 5, seed)
    tokens, scores = map(np.asarray, greedy(step, state, 5))
    beam, beam_scores = map(np.asarray, beam_search(step, state, 1, 0.0, 5))
    np.testing.assert_array_equal(tokens, beam)
    np.testing.assert_allclose(scores, beam_scores, atol=1e-6)
    log_p = plain_log_p(state["table"][0])
    last, expected = START, []
    while last != END and len(expected) < 5:
        last = END + int(log_p[len(expected), last, END:].argmax())
        expected.append(last)
    assert stripped(tokens[0]) == expected


@few
@given(seeds, st.integers(1, 4), penalties)
def test_rescoring_equals_the_plain_sum(seed, length, alpha):
    step, state = model(3, 6, 5, seed)
    tokens = np.random.default_rng(seed).integers(UNKNOWN, 6, (3, 5)).astype("int32")
    tokens[0, length:] = PAD  # cut short
    tokens[1, length] = END  # what comes after the end does not count
    sentences = [tokens[0, :length].tolist(), tokens[1, : length + 1].tolist(), tokens[2].tolist()]
    expected = [plain_score(plain_log_p(t), s, alpha) for t, s in zip(state["table"], sentences, strict=True)]
    np.testing.assert_allclose(score_tokens(step, state, tokens, alpha), expected, atol=1e-4)


def test_rows_do_not_know_each_other():
    step, state = model(5, 7, 6, seed=4)
    order = [3, 0, 4, 2, 1]
    for search in (lambda s: greedy(step, s, 6), lambda s: beam_search(step, s, 3, 0.7, 6, return_all=True)):
        tokens, scores = map(np.asarray, search(state))
        shuffled = [np.asarray(x) for x in search({k: v[order] for k, v in state.items()})]
        np.testing.assert_array_equal(shuffled[0], tokens[order])
        np.testing.assert_allclose(shuffled[1], scores[order], atol=1e-6)
        for i in range(5):
            alone = [np.asarray(x) for x in search({k: v[i : i + 1] for k, v in state.items()})]
            np.testing.assert_array_equal(alone[0], tokens[i : i + 1])
            np.testing.assert_allclose(alone[1], scores[i : i + 1], atol=1e-6)


def chain(*probabilities):
    """A step that does not look at the past, with the given p at each time; the last one repeats."""
    with np.errstate(divide="ignore"):  # a token of p = 0 has the logit -inf
        table = np.log(np.array(probabilities, "float32"))

    def step(tokens, state):
        calls.append(1)
        return ops.take(ops.convert_to_tensor(table), ops.minimum(state, len(table) - 1), axis=0), state + 1

    calls = []
    return step, np.zeros(1, "int32"), calls


def test_finished_sentences_do_not_keep_scoring():
    """Erratum 35. The end comes first (p = 0.6); whatever is said after it must not cost or earn anything."""
    step, state, _ = chain([0, 0, 0.6, 0.4], [0, 0, 0.5, 0.5])
    for length in (1, 2, 9):
        for tokens, score in (greedy(step, state, length), beam_search(step, state, 2, 0.0, length)):
            np.testing.assert_array_equal(tokens, [[END] + [PAD] * (length - 1)])
            np.testing.assert_allclose(score, [math.log(0.6)], rtol=1e-6)


def test_the_length_penalty_lets_a_longer_sentence_win():
    step, state, _ = chain([0, 0, 0.5, 0.5], [0, 0, 0.01, 0.99], [0, 0, 0.9, 0.1])
    short, _ = beam_search(step, state, 2, 0.0, 6)
    assert stripped(np.asarray(short)[0]) == [END]
    long, score = beam_search(step, state, 2, 3.0, 6)
    assert stripped(np.asarray(long)[0]) == [3, 3, END]
    np.testing.assert_allclose(score, [math.log(0.5 * 0.99 * 0.9) / (8 / 6) ** 3], rtol=1e-5)


@pytest.mark.skipif(keras.config.backend() == "jax", reason="JAX calls a step once, to compile it")
def test_stops_when_nothing_better_can_come():
    step, state, calls = chain([0, 0, 0.1, 0.9], [0, 0, 0.98, 0.02], [0, 0, 0.5, 0.5])
    greedy(step, state, 50)
    assert len(calls) == 2
    calls.clear()
    beam_search(step, state, 2, 0.0, 50)  # after two tokens ln(0.9 · 0.98) beats ln(0.9 · 0.02)
    assert len(calls) == 2
    calls.clear()
    beam_search(step, state, 3, 0.0, 50, return_all=True)
    assert len(calls) == 3  # the third place takes one more


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_when_no_sentence_ends_the_live_ones_are_the_answer(alpha):
    """Erratum 35: no crash, and the same score as for others."""
    step, state, _ = chain([0, 0, 0, 0.7, 0.3])
    for tokens, score in (greedy(step, state, 4), beam_search(step, state, 1, 0.0, 4)):
        np.testing.assert_array_equal(tokens, [[3, 3, 3, 3]])
        np.testing.assert_allclose(score, [4 * math.log(0.7)], rtol=1e-5)
    tokens, scores = beam_search(step, state, 3, alpha, 4, return_all=True)
    np.testing.assert_array_equal(np.asarray(tokens)[0, 0], [3, 3, 3, 3])
    expected = np.array([4 * math.log(0.7)] + 2 * [3 * math.log(0.7) + math.log(0.3)]) / (9 / 6) ** alpha
    np.testing.assert_allclose(np.asarray(scores)[0], expected, rtol=1e-5)


def test_forbidden_tokens_are_passed_over_not_renormalised():
    step, state, _ = chain([0.2, 0.3, 0.1, 0.3, 0.1], [0.1, 0.1, 0.7, 0.05, 0.05])
    tokens, score = greedy(step, state, 3)
    np.testing.assert_array_equal(tokens, [[UNKNOWN, END, PAD]])
    np.testing.assert_allclose(score, [math.log(0.3 * 0.7)], rtol=1e-5)
    for tokens, score in (
        greedy(step, state, 3, forbidden=(PAD, START, UNKNOWN, END)),
        beam_search(step, state, 2, 0.0, 3, forbidden=(PAD, START, UNKNOWN, END)),
    ):
        np.testing.assert_array_equal(tokens, [[4, 4, 4]])
        np.testing.assert_allclose(score, [math.log(0.1 * 0.05 * 0.05)], rtol=1e-5)


def test_ties_go_to_the_lower_id():
    step, state, _ = chain([0, 0, 0.2, 0.4, 0.4], [0, 0, 1, 0, 0])
    np.testing.assert_array_equal(greedy(step, state, 3)[0], [[3, END, PAD]])
    tokens, _ = beam_search(step, state, 2, 0.0, 3, return_all=True)
    assert sorted(map(stripped, np.asarray(tokens)[0])) == [[3, END], [4, END]]


def nested_step(tokens, state):
    """A state of every kind: nested, with an image that stays, and sums of what was said, by which beams differ."""
    image, (said, [time]) = state["image"], state["rest"]
    said = said + ops.one_hot(tokens, 6)
    logits = ops.sum(image * said[:, None, :], axis=2) + ops.cast(time, "float32")[:, None] * ops.sin(said)
    return logits, {"image": image, "rest": (said, [time + 1])}


def nested_state(n=3):
    image = np.random.default_rng(5).normal(0, 2, (n, 6, 6)).astype("float32")
    return {"image": image, "rest": (np.zeros((n, 6), "float32"), [np.zeros(n, "int32")])}


def test_the_state_follows_its_beam():
    """Beams change places; a state that stayed behind would give other scores than re-scoring."""

    def copying(tokens, state):  # the same, but nothing is handed back untouched
        logits, state = nested_step(tokens, state)
        return logits, keras.tree.map_structure(lambda x: x + 0, state)

    tokens, scores = beam_search(nested_step, nested_state(), 4, 0.5, 6, return_all=True)
    for k in range(4):
        rescored = np.asarray(score_tokens(nested_step, nested_state(), tokens[:, k], 0.5))
        there = np.asarray(scores)[:, k] > -np.inf
        np.testing.assert_allclose(np.asarray(scores)[there, k], rescored[there], atol=1e-5)
    copied_tokens, copied_scores = beam_search(copying, nested_state(), 4, 0.5, 6, return_all=True)
    np.testing.assert_array_equal(tokens, copied_tokens)
    np.testing.assert_array_equal(scores, copied_scores)


def test_float16_logits_are_summed_in_float32():
    step, state = model(2, 50, 12, seed=1)
    state["table"] = state["table"].astype("float16")
    rounded = {**state, "table": state["table"].astype("float32")}
    for search in (greedy, lambda s, state, length: beam_search(s, state, 3, 0.7, length)):
        tokens, scores = search(step, state, 12)
        expected_tokens, expected = search(step, rounded, 12)
        np.testing.assert_array_equal(tokens, expected_tokens)
        np.testing.assert_allclose(scores, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda step, state: beam_search(step, state, 0, 0.0, 3), "width=0"),
        (lambda step, state: beam_search(step, state, 2, -0.5, 3), r"-0\.5"),
        (lambda step, state: beam_search(step, state, 2, 0.0, 0), "max_length=0"),
        (lambda step, state: greedy(step, state, 0), "max_length=0"),
        (lambda step, state: greedy(step, {}, 3), "leading axis"),
        (lambda step, state: greedy(step, {"a": np.zeros(2), "b": np.float32(1)}, 3), "leading axis"),
        (lambda step, state: score_tokens(step, state, np.zeros(3, "int32")), r"\(3,\)"),
        (lambda step, state: score_tokens(step, state, np.zeros((2, 3), "int32")), "2 rows of tokens, 1 of the state"),
        (lambda step, state: greedy(lambda t, s: (step(t, s["table"])[0], (s,)), state, 3), None),
    ],
)
def test_errors(call, words):
    _, state = model(1, 5, 3, seed=0)
    with pytest.raises(ValueError, match=words) if words else pytest.raises(Exception):
        call(table_step, state)


class Decoder(keras.Model):
    """All searches in one compiled call."""

    def call(self, state):
        return {
            "greedy": greedy(table_step, state, 6),
            "best": beam_search(table_step, state, 3, 0.7, 6),
            "all": beam_search(table_step, state, 4, 0.7, 6, return_all=True),
            "score": score_tokens(table_step, state, ops.zeros_like(state["time"])[:, None] + ops.arange(3, 9), 0.7),
        }


def figures():
    """What each backend is asked: everything eagerly, and compiled by ``predict`` in batches of 4 and 3."""
    _, state = model(7, 9, 6, seed=8)
    decoder = Decoder()
    tokens, scores = beam_search(nested_step, nested_state(), 4, 0.5, 6, return_all=True)
    results = {"nested/tokens": tokens, "nested/scores": scores}
    for name, outputs in (("eager", decoder(state)), ("compiled", decoder.predict(state, batch_size=4, verbose=0))):
        for key, value in outputs.items():
            for i, array in enumerate(value if isinstance(value, tuple) else (value,)):
                results[f"{name}/{key}/{i}"] = array
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree_eager_and_compiled(backend):
    _, state = model(7, 9, 6, seed=8)
    results = on_backend(backend, figures)
    expected = [plain_beam_search(plain_log_p(table), 4, 0.7, 6) for table in state["table"]]
    for way in ("eager", "compiled"):
        scores = results[f"{way}/all/1"]
        for row, sentences in enumerate(expected):
            got = [stripped(t) for t in results[f"{way}/all/0"][row][: len(sentences)]]
            assert got == [s for _, s in sentences]
            np.testing.assert_allclose(scores[row][: len(sentences)], [s for s, _ in sentences], atol=1e-4)
    here = on_backend(keras.config.backend(), figures)
    assert set(here) == set(results)
    for name, value in here.items():
        assert results[name].dtype == value.dtype
        np.testing.assert_allclose(results[name], value, atol=1e-5, err_msg=name)
