"""What a captioner is trained on: the words, and, where regions are drawn, what the draws were worth."""

from mmcourse._machinery.checks import check_one_of, check_shapes
from mmcourse._machinery.token_losses import mean_where, token_cross_entropy
from mmcourse.attention import policy_loss
from mmcourse.backend import keras
from mmcourse.text import PAD

ops = keras.ops
REWARDS = ("rest", "caption")
BASELINES = ("word", "mean")


def token_loss(targets, logits, label_smoothing=0.0):
    """Cross-entropy in nats per real token: summed over the targets that are not padding, divided by their number.

    targets: int (batch, L); logits: (batch, L, V) -> a scalar, float32. A batch without a real token has loss 0.
    ``label_smoothing`` ε: the target has probability 1 - ε, and ε is spread evenly over all V words.
    """
    real = ops.not_equal(targets, PAD)
    return mean_where(token_cross_entropy(targets, logits, real, label_smoothing), real)


def draw_loss(log_probability, cross_entropy, real, baseline=0.0, reward="rest"):
    """REINFORCE for regions drawn one a word (Xu et al., 2015, section 4.1; Williams, 1992): a number whose gradient is
    an unbiased estimate of how the mean cross-entropy per real word changes with the weights that were drawn by.

    1. reward of the draw for word t: Rₜ = -Σ cross-entropy of words t, t + 1, ... of the caption ("rest"), or of all
       its words ("caption", as Xu et al.). Words before t do not hang on the draw: left out, they add no noise.
    2. loss = -Σ (Rₜ - baseline of the same words) log-probabilityₜ / number of real words of the batch

    Args:
        log_probability: float (batch, L), of what was drawn for each word, with its gradient; 0 where nothing was.
        cross_entropy: (batch, L), of each word, 0 for padding. It passes no gradient here.
        real: bool (batch, L), which words are real; nothing of the others counts.
        baseline: the log-probability that a word is expected to have whatever is drawn: a number, or (batch, L).
        reward: "rest" or "caption".
    Returns:
        a scalar, float32; 0 for a batch without a real word.
    Raises ValueError for shapes that differ, and an unknown ``reward``.
    """
    check_one_of(REWARDS, reward=reward)
    check_shapes(log_probability=(log_probability, "b L"), cross_entropy=(cross_entropy, "b L"), real=(real, "b L"))
    if hasattr(baseline, "shape") and len(baseline.shape):
        check_shapes(cross_entropy=(cross_entropy, "b L"), baseline=(baseline, "b L"))
    real = ops.cast(real, "bool")
    worth = ops.where(real, baseline + cross_entropy, ops.zeros_like(cross_entropy))  # minus (reward - baseline)
    if reward == "rest":
        worth = ops.flip(ops.cumsum(ops.flip(worth, axis=1), axis=1), axis=1)
    else:
        worth = ops.broadcast_to(ops.sum(worth, axis=1, keepdims=True), ops.shape(worth))
    log_probability = ops.where(real, log_probability, ops.zeros_like(log_probability))
    words = ops.sum(ops.cast(real, "float32"), axis=1)
    # policy_loss has the mean over all places, padding among them.
    share = ops.maximum(ops.mean(words), 1e-9) / real.shape[1]
    return policy_loss(log_probability, -worth) / share


def moved_baseline(baseline, decay, cross_entropy, targets):
    """Baselines after a batch: each number b ← decay · b + (1 - decay) · mean log-probability, in the batch, of what it
    stands for. What the batch does not have keeps its number.

    baseline: (), of all words together, or (V,), one for each word; cross_entropy: (batch, L); targets: int (batch, L),
    0 for padding, which counts for nothing.
    """
    baseline, real = ops.convert_to_tensor(baseline), ops.not_equal(targets, PAD)
    each = ops.where(real, ops.stop_gradient(cross_entropy), ops.zeros_like(cross_entropy))
    if len(baseline.shape):
        asked = ops.one_hot(ops.reshape(targets, (-1,)), baseline.shape[0], dtype="float32")  # (batch · L, V)
        many = ops.sum(asked * ops.reshape(ops.cast(real, "float32"), (-1, 1)), axis=0)
        total = ops.matmul(ops.reshape(each, (1, -1)), asked)[0]
    else:
        many, total = ops.sum(ops.cast(real, "float32")), ops.sum(each)
    moved = decay * baseline - (1 - decay) * total / ops.maximum(many, 1.0)
    return ops.where(many > 0, moved, baseline)
