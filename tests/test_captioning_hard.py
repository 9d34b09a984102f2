"""Hard attention in the captioner: what is seen, what is learned from draws, and that inference draws nothing."""

import itertools

import numpy as np
import pytest
from backends import BACKENDS, on_backend

from mmcourse._machinery.token_losses import token_cross_entropy
from mmcourse.attention import attention_entropy
from mmcourse.backend import keras
from mmcourse.captioning import (
    Captioner,
    RegionChoice,
    attention_maps,
    draw_loss,
    load_captioner,
    save_captioner,
    token_loss,
    write_tokens,
)
from mmcourse.captioning.losses import moved_baseline
from mmcourse.decoding import greedy
from mmcourse.text import END, PAD, START, Vocabulary

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
V, M, D, B = 9, 3, 5, 2
IMAGE = np.random.default_rng(0).standard_normal((B, M, D)).astype("float32")
TOKENS = np.array([[1, 4, 5, 6], [1, 8, 2, 0]], "int32")
TARGETS = np.array([[4, 5, 6, 2], [8, 2, 0, 0]], "int32")
INPUTS = {"image": IMAGE, "tokens": TOKENS}
KINDS = pytest.mark.parametrize("attention", ["hard", "gumbel"])
INFERENCE = pytest.mark.parametrize("inference", ["argmax", "mean"])


def make(attention="hard", **settings):
    """A small captioner whose weights are all away from zero, and alike for all kinds."""
    settings = {"units": 8, "embedding": 6, "image_units": 7, "attention_units": 5, "draw_seed": 0} | settings
    captioner = Captioner(V, attention=attention, places=True, **settings)
    captioner.build({"image": (None, M, D), "tokens": (None, None)})
    rng = np.random.default_rng(3)
    for weight in captioner.trainable_weights:
        weight.assign(rng.normal(0, 0.5, weight.shape))
    return captioner


def numpy(x):
    return keras.ops.convert_to_numpy(x)


def fitted(captioner, rate=0.5, **fit):
    captioner.compile(keras.optimizers.SGD(rate))
    captioner.fit(INPUTS, TARGETS, batch_size=B, shuffle=False, verbose=0, **fit)
    return captioner


# Inference: one step, no draw


@KINDS
@INFERENCE
def test_stepwise_equals_teacher_forced(attention, inference):
    captioner = make(attention, inference=inference)
    expected = numpy(captioner(INPUTS))
    state, rows = captioner.start(IMAGE), []
    for t in range(TOKENS.shape[1]):
        logits, state = captioner.step(TOKENS[:, t], state)
        rows.append(numpy(logits))
    np.testing.assert_allclose(np.stack(rows, 1), expected, atol=1e-5)
    np.testing.assert_array_equal(numpy(captioner(INPUTS)), expected)
    np.testing.assert_array_equal(
        write_tokens(captioner, IMAGE, max_length=4, forbidden=(PAD, START)),
        greedy(captioner.step, captioner.start(IMAGE), 4)[0],
    )


@KINDS
def test_the_mean_is_what_soft_attention_sees_and_argmax_the_region_of_the_largest_weight(attention):
    soft, mean, largest = make("soft"), make(attention, inference="mean"), make(attention)
    logits, weights = soft(INPUTS, return_weights=True)
    np.testing.assert_allclose(numpy(mean(INPUTS)), numpy(logits), atol=1e-6)
    word = np.array([4, 8])
    state, embedded = largest.start(IMAGE), largest.embed(word)
    seen, looked = largest.attend(embedded, state)
    question = ops.concatenate([state["hidden"], embedded], axis=-1)
    best = numpy(looked["weights"]).argmax(-1)
    expected = numpy(largest.gate(question)) * numpy(state["regions"])[np.arange(B), best]
    np.testing.assert_allclose(numpy(seen), expected, atol=1e-6)
    assert np.abs(numpy(largest(INPUTS)) - numpy(logits)).max() > 1e-3
    assert weights.shape == (B, 4, M)
    # The first question is the same; the weights answer it as soft attention's do.
    np.testing.assert_allclose(numpy(largest(INPUTS, return_weights=True)[1])[:, 0], numpy(weights)[:, 0], atol=1e-6)
    assert attention_maps(largest, IMAGE[0], TARGETS[0]).shape == (4, M)


# Training: draws


@KINDS
def test_in_training_each_caption_sees_single_regions_or_the_mean(attention):
    captioner = make(attention, soft_share=0.5)
    rows = np.repeat(IMAGE[:1], 400, 0)
    state = captioner.start(rows, training=True)
    draws = numpy(state["draws"])
    assert abs(draws.mean() - 0.5) < 4.5 * 0.5 / 20
    weights = captioner.attend(captioner.embed(np.full(400, 4)), state)[1]["weights"]
    chosen, log = (numpy(x) for x in captioner.choice(weights, state["draws"]))
    weights = numpy(weights)
    np.testing.assert_array_equal(chosen[~draws], weights[~draws])
    assert set(np.unique(chosen[draws])) == {0.0, 1.0} and (chosen.sum(1) > 1 - 1e-5).all()
    share, spread = chosen[draws].mean(0), np.sqrt(weights[0] * (1 - weights[0]) / draws.sum())
    assert (np.abs(share - weights[0]) < 4.5 * spread).all()
    assert (log[~draws] == 0).all()
    if attention == "hard":
        np.testing.assert_allclose(log[draws], np.log((chosen * weights).sum(1))[draws], rtol=1e-5)
    else:
        assert (log == 0).all()


@KINDS
def test_draws_follow_their_seed(attention):
    def trained(seed):
        return fitted(make(attention, draw_seed=seed), epochs=2).get_weights()

    one, again, other = trained(0), trained(0), trained(1)
    assert all((a == b).all() for a, b in zip(one, again, strict=True))
    assert any((a != b).any() for a, b in zip(one, other, strict=True))


def test_one_region_is_soft_hard_and_gumbel_alike():
    single = {"image": IMAGE[:, :1], "tokens": TOKENS}
    found = []
    for attention in ("soft", "hard", "gumbel"):
        captioner = Captioner(V, 8, attention=attention)
        captioner.build({"image": (None, 1, D), "tokens": (None, None)})
        rng = np.random.default_rng(3)
        for weight in captioner.trainable_weights:
            weight.assign(rng.normal(0, 0.5, weight.shape))
        captioner.compile(keras.optimizers.SGD(0.5))
        captioner.fit(single, TARGETS, verbose=0)
        found.append(captioner.trainable_weights)
    for soft, *others in zip(*found, strict=True):
        for other in others:
            np.testing.assert_allclose(numpy(other), numpy(soft), atol=1e-5, err_msg=soft.path)


# REINFORCE


def enumerated(captioner, ways):
    """For each way that two regions may be drawn for a caption of two words, its chance, and the gradient of the loss
    in the weights of `look`, by each of ``ways`` (baseline, reward); and the exact gradient of the expected loss."""
    import tensorflow as tf

    inputs, targets = {"image": IMAGE[:1], "tokens": TOKENS[:1, :2]}, TARGETS[:1, :2]
    variables = [weight.value for weight in captioner.look.trainable_weights]
    chances, estimates, expected = [], {way: [] for way in ways}, 0.0

    def forced(weights, draws=None):
        chosen = ops.one_hot([next(plan)], M, dtype="float32")
        return chosen, ops.log(ops.sum(chosen * weights, axis=-1))

    def flat(gradients):
        return np.concatenate([np.ravel(part) for part in gradients])

    captioner.choice.call = forced
    with tf.GradientTape() as whole:
        for places in itertools.product(range(M), repeat=2):
            plan = iter(places)
            with tf.GradientTape(persistent=True) as tape:
                output = captioner(inputs, training=True)
                each = token_cross_entropy(targets, output["logits"])
                words = token_loss(targets, output["logits"])
                losses = {way: words + draw_loss(output["log_probability"], each, targets != PAD, *way) for way in ways}
            for way, loss in losses.items():
                estimates[way].append(flat(tape.gradient(loss, variables)))
            chance = tf.exp(tf.reduce_sum(output["log_probability"]))
            chances.append(float(chance))
            expected += chance * words
    exact = flat(whole.gradient(expected, variables))
    return np.array(chances), {way: np.array(some) for way, some in estimates.items()}, exact


def test_reinforce_is_unbiased_with_every_baseline_and_reward_and_a_good_one_is_less_noisy():
    """Against the exact gradient of the expected loss, over all nine ways to draw two regions."""
    ways = list(itertools.product((0.0, -2.0, 3.0), ("rest", "caption")))
    chances, estimates, exact = enumerated(make(), ways)
    assert len(chances) == M**2 and chances.sum() == pytest.approx(1, abs=1e-5)
    assert np.abs(exact).max() > 1e-2
    noise = {}
    for way in ways:
        np.testing.assert_allclose(chances @ estimates[way], exact, atol=1e-5)
        noise[way] = chances @ ((estimates[way] - exact) ** 2).sum(1)
    for reward in ("rest", "caption"):  # a word has a log-probability near -2 here
        assert noise[-2.0, reward] < noise[0.0, reward] < noise[3.0, reward]
    assert noise[0.0, "rest"] < noise[0.0, "caption"]


def test_draw_loss_is_the_formula():
    rng = np.random.default_rng(1)
    log, each = -rng.random((3, 4)).astype("float32"), rng.random((3, 4)).astype("float32")
    real = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 0, 0]], bool)
    each = np.where(real, each, 0).astype("float32")
    table = rng.random((3, 4)).astype("float32")
    for reward, baseline in itertools.product(("rest", "caption"), (0.0, -0.7, table)):
        total, of = 0.0, np.broadcast_to(baseline, (3, 4))
        for b, t in np.argwhere(real):
            judged = [s for s in range(4) if real[b, s] and (s >= t or reward == "caption")]
            total -= sum(-each[b, s] - of[b, s] for s in judged) * log[b, t]
        found = float(draw_loss(log, each, real, baseline, reward))
        assert found == pytest.approx(total / real.sum(), rel=1e-5)
        spoilt = np.where(real, log, np.nan).astype("float32")
        assert float(draw_loss(spoilt, each, real, baseline, reward)) == pytest.approx(found, rel=1e-6)
    assert float(draw_loss(log, each * 0, real & False, -2.0)) == 0.0


def test_the_baseline_is_the_moving_average_of_a_words_log_probability():
    captioner = make(baseline="mean", baseline_decay=0.75)
    before = float(numpy(captioner.baseline))
    assert before == pytest.approx(-np.log(V), rel=1e-6)
    output = captioner(INPUTS, training=True)
    words = float(token_loss(TARGETS, output["logits"]))
    loss = captioner.compute_loss(None, TARGETS, output)
    assert float(loss) == pytest.approx(words, rel=1e-5), "the value is the words' alone"
    assert float(numpy(captioner.baseline)) == pytest.approx(0.75 * before - 0.25 * words, rel=1e-5)
    after = float(numpy(captioner.baseline))
    captioner.compute_loss(None, TARGETS, captioner(INPUTS), training=False)
    assert float(numpy(captioner.baseline)) == after, "evaluation leaves it alone"
    assert make(baseline=None).baseline is None and make("gumbel").baseline is None


def test_the_baseline_of_a_word_is_the_moving_average_of_its_own_log_probability():
    captioner = make(baseline_decay=0.75)
    output = captioner(INPUTS, training=True)
    expected = np.full(V, -np.log(V))
    log_p = numpy(ops.log_softmax(output["logits"]))
    for word in set(TARGETS[TARGETS != PAD]):
        expected[word] = 0.75 * expected[word] + 0.25 * log_p[word == TARGETS][:, word].mean()
    captioner.compute_loss(None, TARGETS, output)
    np.testing.assert_allclose(numpy(captioner.baseline), expected, rtol=1e-5)
    before = np.array([-1.0, -2.0, -3.0], "float32")
    nothing = moved_baseline(before, 0.5, np.ones((1, 2), "float32"), np.zeros((1, 2), "int32"))
    np.testing.assert_array_equal(numpy(nothing), before)


def test_what_a_draw_is_compared_with_is_the_baseline_of_before():
    """The gradient that training follows, against the formula with the baseline as it was."""
    import tensorflow as tf

    for baseline in ("word", "mean", None):
        captioner, expected = make(baseline=baseline), 0.0 if baseline is None else -float(np.log(V))
        with tf.GradientTape(persistent=True) as tape:
            output = captioner(INPUTS, training=True)
            each = token_cross_entropy(TARGETS, output["logits"])
            ours = captioner.compute_loss(None, TARGETS, output)
            drawn = draw_loss(output["log_probability"], each, TARGETS != PAD, expected)
            formula = token_loss(TARGETS, output["logits"]) + drawn
        for weight in captioner.trainable_weights:
            one, other = (ops.convert_to_tensor(tape.gradient(loss, weight.value)) for loss in (ours, formula))
            np.testing.assert_allclose(one, other, atol=1e-6, err_msg=weight.path)


@KINDS
def test_argmax_alone_gives_the_weights_of_attention_no_gradient(attention):
    """Erratum 57. All else gets one, so that it looks as if it learned."""
    import tensorflow as tf

    captioner = make(attention)
    with tf.GradientTape(persistent=True) as tape:
        loss = captioner.compute_loss(None, TARGETS, captioner(INPUTS))
    for weight in captioner.trainable_weights:
        gradient = tape.gradient(loss, weight.value)
        nothing = gradient is None or not np.abs(ops.convert_to_numpy(gradient)).any()
        assert nothing == ("/look/" in weight.path), weight.path


@KINDS
@pytest.mark.parametrize("soft_share", [0.0, 0.5])
def test_every_weight_moves(attention, soft_share):
    captioner = make(attention, soft_share=soft_share)
    before = captioner.get_weights()
    fitted(captioner, 1.0, epochs=3)
    for old, new, weight in zip(before, captioner.get_weights(), captioner.weights, strict=True):
        constant = weight.name in ("image_mean", "image_deviation")
        assert (np.abs(new - old).max() > 0) != constant, weight.path


# Masks, entropy, the penalty


@KINDS
def test_padding_changes_no_loss_and_no_gradient(attention):
    """Draws come step by step, so that those of the first steps are the same with more padding behind."""

    def trained(extra, **settings):
        captioner = make(attention, entropy=0.1, doubly_stochastic=0.2, **settings)
        pad = [(0, 0), (0, extra)]
        captioner.compile(keras.optimizers.SGD(0.5))
        loss = captioner.fit(INPUTS | {"tokens": np.pad(TOKENS, pad)}, np.pad(TARGETS, pad), verbose=0).history["loss"]
        return loss[0], captioner.get_weights()

    (loss, weights), (other, others) = trained(0), trained(3)
    assert other == pytest.approx(loss, rel=1e-5)
    for a, b in zip(weights, others, strict=True):
        np.testing.assert_allclose(b, a, atol=1e-5)


@pytest.mark.parametrize("attention", ["soft", "hard", "gumbel"])
def test_the_entropy_bonus_is_that_of_real_words_in_training_only(attention):
    plain, rewarded = make(attention), make(attention, entropy=0.3)

    def loss(captioner, training):
        output, weights = captioner(INPUTS, training=training, return_weights=True)
        return float(captioner.compute_loss(None, TARGETS, output, training=training)), numpy(weights).astype("float64")

    value, weights = loss(rewarded, True)
    without, same = loss(plain, True)
    np.testing.assert_array_equal(weights, same)
    real = (TARGETS != PAD)[..., None]
    bonus = 0.3 * -(weights * np.log(weights) * real).sum() / real.sum()
    assert value == pytest.approx(without - bonus, rel=1e-5)
    assert loss(rewarded, False)[0] == pytest.approx(loss(plain, False)[0], rel=1e-6)


def test_the_penalty_counts_the_words_that_are_chosen():
    """The step after the end chooses no word: where it looks is free."""
    captioner = make("soft", doubly_stochastic=0.5)
    assert END in TOKENS
    logits, weights = captioner(INPUTS, return_weights=True)
    summed = (numpy(weights) * (TARGETS != PAD)[..., None]).sum(1)
    expected = float(token_loss(TARGETS, logits)) + 0.5 * ((1 - summed) ** 2).mean()
    assert float(captioner.compute_loss(None, TARGETS, logits)) == pytest.approx(expected, rel=1e-5)


# Saving, precision, backends


@pytest.mark.parametrize("settings", [{}, {"inference": "mean", "soft_share": 0.5, "baseline": None}])
@KINDS
def test_saves_and_loads(attention, settings, tmp_path):
    captioner = fitted(make(attention, entropy=0.01, **settings))
    expected = numpy(captioner(INPUTS))
    captioner.save(tmp_path / "captioner.keras")
    loaded = keras.models.load_model(tmp_path / "captioner.keras")
    assert loaded.get_config() == captioner.get_config()
    np.testing.assert_allclose(numpy(loaded(INPUTS)), expected, atol=1e-6)
    vocabulary = Vocabulary(["a", "dog", "runs", "here", "now"])
    save_captioner(captioner, vocabulary, tmp_path / "folder")
    again, _ = load_captioner(tmp_path / "folder")
    np.testing.assert_allclose(numpy(again(INPUTS)), expected, atol=1e-6)
    if attention == "hard" and captioner.config["baseline"]:
        np.testing.assert_array_equal(numpy(again.baseline), numpy(captioner.baseline))
        assert np.ptp(numpy(captioner.baseline)) > 0


def test_what_was_saved_before_there_was_hard_attention_loads(tmp_path):
    soft = make("soft")
    new = ("entropy", "soft_share", "baseline", "baseline_decay", "reward", "temperature", "inference", "draw_seed")
    old = Captioner(**{name: value for name, value in soft.config.items() if name not in new})
    old.build({"image": (None, M, D), "tokens": (None, None)})
    old.set_weights(soft.get_weights())
    np.testing.assert_array_equal(numpy(old(INPUTS)), numpy(soft(INPUTS)))
    assert len(old.weights) == 22, "and has no weight more"


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@KINDS
def test_mixed_precision_trains_and_is_finite(attention, policy):
    half = make(attention, dtype=policy, entropy=0.01, soft_share=0.3)
    assert half.choice.compute_dtype == "float32"
    half.compile(keras.optimizers.SGD(0.1))
    loss = half.fit(INPUTS | {"image": IMAGE * 100}, TARGETS, epochs=2, verbose=0).history["loss"]
    assert np.isfinite(loss).all() and all(np.isfinite(w).all() for w in half.get_weights())
    output = half(INPUTS, training=True)
    output = output["logits"] if attention == "hard" else output
    assert keras.backend.standardize_dtype(output.dtype) == "float32"


def figures():
    """What three backends are compared on: draws differ between them, so what hangs on one draw is left out, and with
    a single region nothing hangs on it."""
    rng = np.random.default_rng(2)
    log, each = -rng.random((2, 3)).astype("float32"), rng.random((2, 3)).astype("float32")
    real = np.array([[True, True, True], [True, False, False]])
    results = {"draw loss": draw_loss(log, each * real, real, -0.5), "caption": draw_loss(log, each * real, real, 0.0)}
    for attention in ("hard", "gumbel"):
        for inference in ("argmax", "mean"):
            results[f"{attention} {inference}"] = numpy(make(attention, inference=inference)(INPUTS))
        captioner = make(attention, entropy=0.01, soft_share=0.5)
        captioner.compile(keras.optimizers.SGD(0.5))
        history = captioner.fit(INPUTS, TARGETS, epochs=2, batch_size=B, shuffle=False, verbose=0)
        moved = [
            np.abs(a - b).max() for a, b in zip(captioner.get_weights(), make(attention).get_weights(), strict=True)
        ]
        results[f"{attention} moved"] = np.array(moved) > 0
        results[f"{attention} finite"] = np.isfinite(history.history["loss"])
        single = Captioner(V, 8, attention=attention)
        single.build({"image": (None, 1, D), "tokens": (None, None)})
        for k, weight in enumerate(single.trainable_weights):
            weight.assign(np.sin(np.arange(np.prod(weight.shape)).reshape(weight.shape) + k) / 2)
        single.compile(keras.optimizers.SGD(0.5))
        single.fit({"image": IMAGE[:, :1], "tokens": TOKENS}, TARGETS, verbose=0)
        results[f"{attention} trained"] = numpy(single({"image": IMAGE[:, :1], "tokens": TOKENS}))
        if attention == "hard":
            results["baseline"] = numpy(single.baseline)
            one = fitted(make(baseline="mean"))
            results["mean baseline moved"] = numpy(one.baseline) != np.float32(-np.log(V))
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    ours, theirs = on_backend(keras.config.backend(), figures), on_backend(backend, figures)
    assert ours["hard moved"].sum() == len(ours["hard moved"]) - 2  # all but the images' mean and deviation
    for name, value in ours.items():
        np.testing.assert_allclose(theirs[name], value, atol=1e-4, err_msg=name)


@pytest.mark.compiled
@KINDS
def test_it_learns_where_to_look(attention):
    """Each of three regions shows a word, and one is marked as the right one: the mean does not tell which. Looking
    anywhere, or at the mean, finds the word one time in three and seldom more; only who looks at the mark can tell it.
    """
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    n, regions = 1024, 3
    shown, place = rng.integers(4, V, (n, regions)), rng.integers(0, regions, n)
    marked = np.arange(regions) == place[:, None]
    image = np.concatenate([np.eye(V)[shown], marked[..., None]], axis=-1).astype("float32")
    words = shown[np.arange(n), place]
    captioner = Captioner(V, 32, attention=attention, draw_seed=0)
    captioner.adapt(image)
    captioner.compile(keras.optimizers.Adam(0.01))
    inputs = {"image": image, "tokens": np.full((n, 1), 1, "int32")}
    captioner.fit(inputs, words[:, None].astype("int32"), batch_size=64, epochs=10, verbose=0)
    logits, weights = captioner(inputs, return_weights=True)
    assert (numpy(weights)[:, 0].argmax(1) == place).mean() > 0.9
    assert (numpy(logits)[:, 0].argmax(1) == words).mean() > 0.9


def test_errors_name_what_came():
    for settings, named in (
        ({"attention": "firm"}, "Received: attention='firm'. Allowed: None, 'soft', 'hard', 'gumbel'"),
        ({"entropy": 0.1}, "entropy=0.1"),
        ({"attention": "hard", "entropy": -1.0}, "entropy=-1.0"),
        ({"attention": "hard", "baseline_decay": 1.0}, "baseline_decay=1.0. Allowed: from 0, below 1"),
        ({"attention": "hard", "reward": "all"}, "reward='all'. Allowed: rest, caption"),
        ({"attention": "hard", "baseline": "best"}, "baseline='best'. Allowed: word, mean, None"),
        ({"attention": "gumbel", "temperature": 0.0}, "temperature=0.0. Allowed: above 0"),
        ({"attention": "gumbel", "soft_share": 1.0}, "soft_share=1.0"),
        ({"attention": "hard", "inference": "draw"}, "inference='draw'. Allowed: argmax, mean"),
        ({"attention": "hard", "draw_seed": -1}, "seed=-1"),
    ):
        with pytest.raises(ValueError, match=named.replace(".", r"\.")):
            Captioner(V, **settings)
    with pytest.raises(ValueError, match=r"kind='soft'\. Allowed: hard, gumbel"):
        RegionChoice("soft")
    log = np.zeros((2, 3), "float32")
    with pytest.raises(ValueError, match=r"cross_entropy of shape \(2, 2\)"):
        draw_loss(log, log[:, :2], log > 0)
    with pytest.raises(ValueError, match=r"baseline of shape \(3,\)"):
        draw_loss(log, log, log > 0, log[0])
    with pytest.raises(ValueError, match="reward='all'"):
        draw_loss(log, log, log > 0, reward="all")


def test_entropy_is_that_of_the_drawn_weights():
    weights = numpy(make()(INPUTS, return_weights=True)[1])
    chance = np.exp(numpy(attention_entropy(weights)))
    assert (chance >= 1).all() and (chance <= M + 1e-4).all()
