"""Decoding: from a model that knows the next token to whole sentences.

Everything works over any function ``step(tokens, state) -> (logits, state)``: ``tokens`` int32 (n,) are the last
tokens, ``logits`` (n, V) score the next ones, ``state`` is any nest (dict, tuple, list) of arrays with leading axis n,
whose shapes and types ``step`` keeps. The loop is ``keras.ops.while_loop``: the same code runs eagerly and compiled
(``tf.function``, ``jax.jit``, inside ``Model.predict``) on TensorFlow, JAX and PyTorch. Layers that ``step`` uses must
be built before: a variable cannot be made inside a compiled loop.

Two promises, both tested:

- *A score is what it says.* It equals the one that ``score_tokens`` gives the returned tokens. Tokens that may not be
  chosen (``forbidden``) are passed over, but the softmax still counts them: nothing is renormalised.
- *Rows do not know each other.* The answer for one row is the same alone and in any batch.

Of equally good choices the one with the lower id wins, then the one that was found first. (PyTorch's top-k leaves the
order of exactly equal scores open; it is the same in every run, but may differ from the other two.)
"""

import numpy as np

from mmcourse._machinery.checks import (
    as_numbers,
    check_given,
    check_ids,
    check_number,
    check_shapes,
    check_type,
    check_whole,
    known,
    shape_of,
)
from mmcourse.backend import keras
from mmcourse.text import END, PAD, START

ops = keras.ops


def greedy(step, state, max_length, forbidden=(PAD, START)):
    """The likeliest next token, again and again, until the end token.

    Args:
        step: ``step(tokens int32 (n,), state) -> (logits (n, V), state)``.
        state: nest of arrays with leading axis n: what ``step`` needs at the start token.
        max_length: most tokens in a sentence, the end token counted.
        forbidden: ids that are never chosen.
    Returns:
        tokens: int32 (n, max_length): after the start token; the end token is there if it came; 0 after it.
        scores: float32 (n,): sums of log-probabilities, that of the end token included.
    Raises:
        ValueError: max_length below 1; a state without a leading axis; a step that is none, or whose logits are NaN
            (inside a compiled function nothing can be raised: there the scores are NaN).
    """
    leaves = _leaves(step, state, max_length, forbidden)
    n = ops.shape(leaves[0])[0]
    position = ops.arange(max_length, dtype="int32")

    def searching(t, last, tokens, scores, ended, *leaves):
        return ops.logical_and(t < max_length, ops.logical_not(ops.all(ended)))

    def advance(t, last, tokens, scores, ended, *leaves):
        log_p, leaves = _log_probabilities(step, last, state, leaves)  # (n, V)
        best = ops.cast(ops.argmax(_without(log_p, forbidden), axis=-1), "int32")
        gain = ops.take_along_axis(log_p, best[:, None], axis=1)[:, 0]
        scores = ops.where(ended, scores, scores + gain)  # a sentence that has ended gains and loses nothing
        last = ops.where(ended, PAD, best)
        tokens = ops.where(position == t, last[:, None], tokens)
        return t + 1, last, tokens, scores, ops.logical_or(ended, last == END), *leaves

    start = (
        ops.zeros((), "int32"),
        ops.full((n,), START, "int32"),
        ops.full((n, max_length), PAD, "int32"),
        ops.zeros((n,), "float32"),
        ops.zeros((n,), "bool"),
    )
    _, _, tokens, scores, *_ = ops.while_loop(searching, advance, (*start, *leaves))
    _refuse_nan(scores)
    return tokens, scores


def beam_search(step, state, width, length_penalty, max_length, return_all=False, forbidden=(PAD, START)):
    """The best sentence that is found by following the ``width`` best beginnings at once.

    A finished sentence scores (Wu et al. 2016, "Google's neural machine translation system", eq. 14, without coverage)

        score = Σ_t log p(token_t) / ((5 + length) / 6)^α,      α = length_penalty,

    where the sum and the length count the end token. α = 0 compares plain log-probabilities, which favours short
    sentences, since each further word can only cost; a larger α favours longer ones. For each row:

    1. Every live beginning is continued by every token; the 2·width best of these are kept for the moment.
    2. Those among the *first width* that end are finished. They leave the beam, keep their score, and compete with
       what was finished before: the ``width`` best stay.
    3. The first ``width`` of the 2·width that do not end are the new live beginnings. (At most ``width`` of them can
       end, so that enough remain.)
    4. The search stops when no live beginning can still win: log-probabilities only fall, so with S the best live sum,
       S / ((5 + max_length) / 6)^α bounds all that may come.
    5. If nothing has finished within ``max_length`` tokens, the live beginnings are the answer, scored alike.

    With ``width=1`` and ``length_penalty=0`` this is ``greedy``.

    Args:
        step: ``step(tokens int32 (m,), state) -> (logits (m, V), state)``; called with m = n · width rows.
        state: nest of arrays with leading axis n. An array that ``step`` hands back untouched (the image, say) must not
            depend on the tokens, and is not copied about when the beams change places.
        width: how many beginnings are followed, 1 or more.
        length_penalty: α, 0 or more.
        max_length: most tokens in a sentence, the end token counted.
        return_all: return all ``width`` finished sentences, best first, rather than the best.
        forbidden: ids that are never chosen.
    Returns:
        tokens: int32 (n, max_length), or (n, width, max_length) with ``return_all``: after the start token, 0 after the
            end token.
        scores: float32 (n,), or (n, width) with ``return_all``. A place for which no sentence finished holds
            padding only and the score -inf.
    Raises:
        ValueError: width or max_length no whole number from 1, length_penalty below 0 or NaN; for state and step, see
            ``greedy``.
    """
    check_whole(width=width)
    _check_penalty(length_penalty)
    leaves = _leaves(step, state, max_length, forbidden)
    n = ops.shape(leaves[0])[0]
    row = ops.arange(n, dtype="int32")[:, None]
    position = ops.arange(max_length, dtype="int32")
    penalty = ((5 + ops.arange(1, max_length + 1, dtype="float32")) / 6) ** length_penalty  # of 1, 2, … tokens
    impossible = float("-inf")  # the score of a beam that is not there; no real one has it, so no flags are needed

    def pick(rows, chosen):
        """Of arrays with a row for each (sentence, beam), (n * beams, …), the chosen beams, int32 (n, k)."""
        beams = ops.shape(rows)[0] // n
        return ops.take(rows, ops.reshape(row * beams + chosen, (-1,)), axis=0)  # (n * k, …)

    def searching(t, live, live_sums, finished, finished_scores, last, broken, *leaves):
        attainable = live_sums[:, 0] / penalty[-1]
        to_beat = finished_scores[:, -1 if return_all else 0]
        return ops.logical_and(t < max_length, ops.any(attainable > to_beat))

    def advance(t, live, live_sums, finished, finished_scores, last, broken, *leaves):
        log_p, new_leaves = _log_probabilities(step, last, state, leaves)  # (n * width, V)
        # A beam that is not there may be anything.
        lost = ops.reshape(ops.any(ops.isnan(log_p), axis=-1), (-1, width))
        broken = ops.logical_or(broken, ops.any(ops.logical_and(lost, live_sums != impossible), axis=1))
        v = log_p.shape[-1]
        sums = ops.reshape(live_sums, (-1, 1)) + _without(log_p, forbidden)
        k = min(2 * width, width * v)
        sums, choice = ops.top_k(ops.reshape(sums, (-1, width * v)), k)  # (n, k), best first
        choice = ops.cast(choice, "int32")
        parent, token = choice // v, choice % v  # (n, k)
        sentences = ops.where(position == t, ops.reshape(token, (-1, 1)), pick(live, parent))  # (n * k, max_length)
        ends = token == END

        new = ops.where(ops.logical_and(ends, ops.arange(k) < width), sums / ops.take(penalty, t), impossible)
        finished = ops.concatenate(
            [ops.reshape(finished, (-1, width, max_length)), ops.reshape(sentences, (-1, k, max_length))], axis=1
        )
        finished_scores, kept = ops.top_k(ops.concatenate([finished_scores, new], axis=1), width)
        finished = pick(ops.reshape(finished, (-1, max_length)), ops.cast(kept, "int32"))

        live_sums, kept = ops.top_k(ops.where(ends, impossible, sums), width)
        kept = ops.cast(kept, "int32")
        live = pick(sentences, kept)
        last = pick(ops.reshape(token, (-1,)), kept)
        parent = ops.reshape(pick(ops.reshape(parent, (-1,)), kept), (-1, width))
        # What step hands back untouched has been the same for all beams of a sentence from the start.
        leaves = [new if new is old else pick(new, parent) for old, new in zip(leaves, new_leaves, strict=True)]
        return t + 1, live, live_sums, finished, finished_scores, last, broken, *leaves

    first = ops.arange(width) == 0
    start = (
        ops.zeros((), "int32"),
        ops.full((n * width, max_length), PAD, "int32"),
        ops.where(first, ops.zeros((n, width), "float32"), impossible),  # one beginning, the start token
        ops.full((n * width, max_length), PAD, "int32"),
        ops.full((n, width), impossible, "float32"),
        ops.full((n * width,), START, "int32"),
        ops.zeros((n,), "bool"),
    )
    leaves = [ops.repeat(leaf, width, axis=0) for leaf in leaves]
    _, live, live_sums, finished, finished_scores, _, broken, *_ = ops.while_loop(searching, advance, (*start, *leaves))

    none_ended = finished_scores[:, :1] == impossible  # (n, 1)
    scores = ops.where(none_ended, live_sums / penalty[-1], finished_scores)  # (n, width)
    tokens = ops.where(
        none_ended[:, :, None],
        ops.reshape(live, (-1, width, max_length)),
        ops.reshape(finished, (-1, width, max_length)),
    )
    tokens = ops.where((scores == impossible)[:, :, None], PAD, tokens)
    scores = ops.where(broken[:, None], float("nan"), scores)
    _refuse_nan(scores)
    return (tokens, scores) if return_all else (tokens[:, 0], scores[:, 0])


def score_tokens(step, state, tokens, length_penalty=0.0):
    """What a model thinks of given sentences: they are fed to it token by token (teacher forcing).

    Args:
        step, state: as for ``greedy``.
        tokens: int32 (n, L) after the start token, as ``greedy`` and ``beam_search`` return them. A sentence ends with
            its first end token, or before its first padding.
        length_penalty: α of ``beam_search``'s score, 0 or more.
    Returns:
        float32 (n,): the sum of the log-probabilities of the tokens, the end token included, divided by
        ((5 + length) / 6)^α. 0 for an empty row.
    Raises:
        ValueError: length_penalty below 0 or NaN; tokens that are not (n, L) or have another n than the state; for
            state and step, see ``greedy``.
    """
    _check_penalty(length_penalty)
    check_given(tokens=tokens)
    check_shapes(tokens=(tokens, "n L"))
    if known(tokens) is not None:
        as_numbers("tokens", tokens, whole=True, empty=True)
    tokens = ops.cast(ops.convert_to_tensor(tokens), "int32")
    length = tokens.shape[1]
    leaves = _leaves(step, state, length)
    n, rows = leaves[0].shape[0], tokens.shape[0]
    if None not in (n, rows) and n != rows:
        raise ValueError(f"Tokens and state have as many rows. Received: {rows} rows of tokens, {n} of the state.")

    def searching(t, last, sums, lengths, going, *leaves):
        return ops.logical_and(t < length, ops.any(going))

    def advance(t, last, sums, lengths, going, *leaves):
        log_p, leaves = _log_probabilities(step, last, state, leaves)
        if log_p.shape[-1] is not None:
            check_ids(log_p.shape[-1], tokens=tokens)
        last = ops.take(tokens, t, axis=1)
        going = ops.logical_and(going, last != PAD)
        gain = ops.take_along_axis(log_p, last[:, None], axis=1)[:, 0]
        sums = ops.where(going, sums + gain, sums)
        lengths = ops.where(going, lengths + 1.0, lengths)
        return t + 1, last, sums, lengths, ops.logical_and(going, last != END), *leaves

    zeros = ops.zeros_like(tokens[:, 0], dtype="float32")
    start = (ops.zeros((), "int32"), ops.zeros_like(tokens[:, 0]) + START, zeros, zeros, zeros == 0)
    _, _, sums, lengths, *_ = ops.while_loop(searching, advance, (*start, *leaves))
    _refuse_nan(sums)
    return sums / ((5 + lengths) / 6) ** length_penalty


def _log_probabilities(step, last, state, leaves):
    """One step: float32 log-probabilities (n, V), and the leaves of the new state.

    In float32 even where the model computes in float16, whose 11 bits cannot tell the sums of many terms apart.
    """
    answer = step(last, keras.tree.pack_sequence_as(state, list(leaves)))
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        what = f"{len(answer)} values" if isinstance(answer, (tuple, list)) else f"a {type(answer).__name__}"
        raise ValueError(f"Received: a step that returns {what}. Allowed: two, logits (n, V) and the next state.")
    logits, new = answer
    check_shapes(tokens=(last, "n"), logits=(logits, "n V"))
    try:
        keras.tree.assert_same_structure(state, new)
    except (ValueError, TypeError):
        came, wanted = (keras.tree.map_structure(shape_of, one) for one in (new, state))
        raise ValueError(
            f"Received: a step whose next state is a nest of shapes {came}. Allowed: a nest as the first, {wanted}."
        ) from None
    new = keras.tree.flatten(new)
    for old, one in zip(leaves, new, strict=True):
        before, after = shape_of(old), shape_of(one)
        fits = after is None or len(before) == len(after)
        if not fits or any(None not in (a, b) and a != b for a, b in zip(before, after or before, strict=True)):
            raise ValueError(
                f"Received: a step that turns a state of shape {before} into one of shape {after}. "
                "Allowed: each array of the state keeps its shape and type."
            )
    return ops.log_softmax(ops.cast(logits, "float32"), axis=-1), new


def _refuse_nan(scores):
    """Raise ValueError for scores that are NaN, if there are numbers yet: then logits were."""
    values = known(scores)
    if values is not None and np.isnan(values).any():
        rows = np.unique(np.nonzero(np.isnan(values))[0])
        raise ValueError(
            f"Received: a step whose logits are NaN or +inf, in {len(rows)} of {len(values)} rows, the first is "
            f"{rows[0]}. Allowed: numbers, and -inf for what cannot come."
        )


def _without(log_p, forbidden):
    """The same with -inf for the forbidden ids: they are passed over, and the others keep their probabilities."""
    v = log_p.shape[-1]
    if v is not None and v <= len({token for token in forbidden if token < v}):
        raise ValueError(f"Received: forbidden={tuple(forbidden)}, all of {v} tokens. Allowed: one is left to choose.")
    ids = ops.arange(v, dtype="int32")
    for token in forbidden:
        log_p = ops.where(ids == token, float("-inf"), log_p)
    return log_p


def _leaves(step, state, max_length, forbidden=()):
    """The arrays of the state, after looking at what would fail less clearly inside the loop."""
    if not callable(step):
        raise ValueError(f"Received: step={step!r}. Allowed: a function (tokens, state) -> (logits, state).")
    check_whole(max_length=max_length)
    check_type((list, tuple), "a tuple of ids", forbidden=forbidden)
    check_whole(0, **{f"forbidden[{i}]": token for i, token in enumerate(forbidden)})
    for leaf in keras.tree.flatten(state):
        check_shapes(state=(leaf, "…"))  # that they are numbers
    leaves = [leaf if leaf is None else ops.convert_to_tensor(leaf) for leaf in keras.tree.flatten(state)]
    shapes = [None if leaf is None else shape_of(leaf) for leaf in leaves]
    rows = {shape[0] for shape in shapes if shape and shape[0] is not None}
    if not leaves or any(not shape for shape in shapes) or len(rows) > 1:
        raise ValueError(
            f"Received: a state with arrays of shapes {shapes}. Allowed: a nest of arrays, each with leading axis n."
        )
    return leaves


def _check_penalty(length_penalty):  # below 0 the bound that stops the search would not hold
    check_number("0 or more", at_least=0, length_penalty=length_penalty)
