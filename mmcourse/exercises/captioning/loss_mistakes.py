"""What goes wrong in `captioning.loss`: planted mistakes with their messages."""

import math

import numpy as np

from mmcourse.exercises.captioning.loss import caption_loss, loss
from mmcourse.exercises.numeric import log_softmax, softmax
from mmcourse.text import END, PAD


def _each(logits, targets, axis=-1):
    return -np.take_along_axis(log_softmax(logits, axis), targets[..., None], axis=-1)[..., 0]


def _of_targets(values, targets):
    """Of the values of all words those of the real targets."""
    return np.take_along_axis(values, targets[..., None], axis=-1)[..., 0][targets != PAD]


@loss.mistake("Padding is counted: the loss must not see positions whose target is 0.")
def padding_counted(logits, targets):
    return _each(logits, targets).mean()


@loss.mistake(
    "The sum is right, but you divided by all positions, padding included: more padding would make the loss smaller."
)
def divided_by_positions(logits, targets):
    return (_each(logits, targets) * (targets != PAD)).mean()


@loss.mistake("You divided by the batch size: this is the loss per caption, not per real token.")
def divided_by_batch(logits, targets):
    return (_each(logits, targets) * (targets != PAD)).sum() / len(targets)


@loss.mistake("You divided by the number of steps, L. Divide by the number of real tokens of the whole batch.")
def divided_by_steps(logits, targets):
    return (_each(logits, targets) * (targets != PAD)).sum() / targets.shape[1]


@loss.mistake("This is the sum over all tokens. Divide it by the number of real tokens.")
def summed(logits, targets):
    return _each(logits, targets)[targets != PAD].sum()


@loss.mistake(
    "You averaged each caption first, then the captions: a token of a short caption weighs more than one of a long one."
)
def mean_of_means(logits, targets):
    real = targets != PAD
    return ((_each(logits, targets) * real).sum(1) / real.sum(1)).mean()


@loss.mistake(
    "You averaged each caption first, then the captions that have words: a token of a short caption weighs more than "
    "one of a long one."
)
def mean_of_means_that_are(logits, targets):
    real = targets != PAD
    return ((_each(logits, targets) * real).sum(1) / real.sum(1).clip(1))[real.any(1)].mean()


@loss.mistake("You averaged the logits themselves: they are no log-probabilities before the softmax.")
def no_softmax(logits, targets):
    return -_of_targets(logits, targets).mean()


@loss.mistake("Your softmax runs over the positions. It must run over the words, the last axis.")
def softmax_over_positions(logits, targets):
    return _each(logits, targets, axis=1)[targets != PAD].mean()


@loss.mistake("Your softmax runs over the captions of the batch. It must run over the words, the last axis.")
def softmax_over_batch(logits, targets):
    return _each(logits, targets, axis=0)[targets != PAD].mean()


@loss.mistake("The exponentials are summed over the positions. They must be summed over the words, the last axis.")
def summed_over_positions(logits, targets):
    s = logits - logits.max(-1, keepdims=True)
    return -_of_targets(s - np.log(np.exp(s).sum(1, keepdims=True)), targets).mean()


@loss.mistake("You subtract a maximum over the positions: words of one step lose different amounts. Take each row's.")
def maximum_over_positions(logits, targets):
    return _each(logits - logits.max(1, keepdims=True), targets)[targets != PAD].mean()


@loss.mistake("The mask is the wrong way round: you averaged over the padding.")
def padding_only(logits, targets):
    return _each(logits, targets)[targets == PAD].mean()


@loss.mistake("You left out the end token. It is a real token: the decoder must learn to stop.")
def end_left_out(logits, targets):
    return _each(logits, targets)[targets > END].mean()


@loss.mistake("You divided by the number of words. The end token is in the sum, so it must be counted, too.")
def end_not_counted(logits, targets):
    return _each(logits, targets)[targets != PAD].sum() / (targets > END).sum()


@loss.mistake("You left out the first step. Start is gone from the targets already: the first of them is a word.")
def first_left_out(logits, targets):
    return caption_loss(logits[:, 1:], targets[:, 1:])


@loss.mistake("You took padding out of the softmax. It is one of the V words: leave out positions, not a word.")
def without_padding_word(logits, targets):
    return caption_loss(np.where(np.arange(logits.shape[-1]) == PAD, -1e9, logits), targets)


@loss.mistake("This is the entropy of the predictions. The loss asks for the log-probabilities of the targets.")
def entropy(logits, targets):
    logp = log_softmax(logits)
    return -(np.exp(logp) * logp).sum(-1)[targets != PAD].mean()


@loss.mistake(
    "You shifted once more. The targets are shifted already: the logits of step t belong to the target at place t."
)
def shifted_again(logits, targets):
    return caption_loss(logits[:, :-1], targets[:, 1:])


@loss.mistake(
    "You put the logits of the padding to 0 and went on counting it: there each word gets the probability 1 / V, which "
    "costs ln V. Leave these positions out of the mean."
)
def padding_flattened(logits, targets):
    return _each(logits * (targets != PAD)[..., None], targets).mean()


@loss.mistake("You took the most probable word of each step, whatever the target is. The loss asks for the target's.")
def of_the_likeliest(logits, targets):
    return -log_softmax(logits).max(-1)[targets != PAD].mean()


@loss.mistake("You averaged over all words. Of each step only the target's log-probability counts.")
def of_all_words(logits, targets):
    return -log_softmax(logits)[targets != PAD].mean()


@loss.mistake("This is the logarithm of the mean probability. Take the logarithm of each one first, then the mean.")
def log_of_mean(logits, targets):
    return -np.log(_of_targets(softmax(logits), targets).mean())


@loss.mistake("The logarithm is missing: this is 1 minus the mean probability of the targets.")
def without_logarithm(logits, targets):
    return 1 - _of_targets(softmax(logits), targets).mean()


@loss.mistake("This is in bits. Use the natural logarithm.")
def in_bits(logits, targets):
    return caption_loss(logits, targets) / math.log(2)


@loss.mistake("This is in the logarithm to base 10. Use the natural one.")
def base_ten(logits, targets):
    return caption_loss(logits, targets) / math.log(10)


@loss.mistake("This is the perplexity, the exponential of the loss. Asked for is the loss itself.")
def perplexity(logits, targets):
    return np.exp(caption_loss(logits, targets))


OVERFLOW = (
    "Right for small logits, but large logits overflow or underflow. Subtract each row's maximum first, and stay in "
    "logarithms: log(softmax) loses what the softmax rounded to zero."
)


@loss.mistake(OVERFLOW)
def overflows(logits, targets):
    e = np.exp(logits)
    return -np.log(_of_targets(e / e.sum(-1, keepdims=True), targets)).mean()


@loss.mistake(OVERFLOW)
def sum_overflows(logits, targets):
    return -_of_targets(logits - np.log(np.exp(logits).sum(-1, keepdims=True)), targets).mean()


@loss.mistake(OVERFLOW)
def log_of_softmax(logits, targets):
    return -np.log(_of_targets(softmax(logits), targets)).mean()


CAPPED = (
    "Right for small logits. But a least probability, or a small number added inside the logarithm, limits the loss of "
    "a very improbable target: stay in logarithms, then no logarithm of 0 comes up."
)


def _capped(name, least):
    """Plants a probability that is raised, or added to, before its logarithm is taken."""

    def added(logits, targets):
        return -np.log(_of_targets(softmax(logits), targets) + least).mean()

    def raised(logits, targets):
        return -np.log(np.maximum(_of_targets(softmax(logits), targets), least)).mean()

    def clipped(logits, targets):
        return -np.log(np.clip(_of_targets(softmax(logits), targets), least, 1 - least)).mean()

    for way in (added, raised, clipped):
        way.__name__ = f"{way.__name__}_{name}"
        loss.mistake(CAPPED)(way)


for _digits in (5, 6, 7, 8, 9, 10, 12, 15, 16, 20, 30, 38, 45, 100, 300):
    _capped(f"1e_{_digits}", 10.0**-_digits)
_capped("of_float", np.finfo("float64").eps)
_capped("of_float32", float(np.finfo("float32").eps))
_capped("tiny", np.finfo("float64").tiny)
_capped("tiny32", float(np.finfo("float32").tiny))


def _cut_off(most, only_above):
    """Plants logits that are cut off."""

    def wrong(logits, targets):
        return caption_loss(np.clip(logits, None if only_above else -most, most), targets)

    wrong.__name__ = f"cut_off_at_{most}{'_above' * only_above}"
    loss.mistake(
        "Logits are cut off before the softmax. That changes the loss of large ones: subtract each row's maximum."
    )(wrong)


for _most in (20, 30, 50, 80, 88, 100, 500, 700, 709):
    _cut_off(_most, only_above=False)
    _cut_off(_most, only_above=True)


@loss.mistake("You subtract the maximum of all logits, so the other rows underflow. Each row has a maximum of its own.")
def one_maximum(logits, targets):
    s = logits - logits.max()
    return -_of_targets(s - np.log(np.exp(s).sum(-1, keepdims=True)), targets).mean()


@loss.mistake("The sign is the wrong way round: the loss is *minus* the log-likelihood.")
def log_likelihood(logits, targets):
    return -_each(logits, targets)[targets != PAD].mean()


@loss.mistake("You return a loss for each caption. Asked for is one number, the loss of the whole batch.")
def one_per_caption(logits, targets):
    real = targets != PAD
    return (_each(logits, targets) * real).sum(1) / real.sum(1)


@loss.mistake("You return a loss for each position. Asked for is one number: the mean over the real ones.")
def one_per_position(logits, targets):
    return _each(logits, targets) * (targets != PAD)


@loss.mistake("These are probabilities, not their logarithms: the loss is the mean of -log p.")
def probabilities(logits, targets):
    return -_of_targets(softmax(logits), targets).mean()


@loss.mistake("These are probabilities, not their logarithms: the loss is the mean of -log p.")
def plain_probabilities(logits, targets):
    return _of_targets(softmax(logits), targets).mean()


@loss.mistake("You look one word before each target. The words count from 0, as the last axis of the logits does.")
def word_before(logits, targets):
    return _each(logits, targets - 1)[targets != PAD].mean()


@loss.mistake("Only the first caption counts in your loss. The mean is over the real tokens of the whole batch.")
def first_caption(logits, targets):
    return _each(logits[:1], targets[:1])[targets[:1] != PAD].mean()


@loss.mistake("The softmax is taken twice: of the logits, and once more of the probabilities.")
def softmax_twice(logits, targets):
    return _each(softmax(logits), targets)[targets != PAD].mean()


@loss.mistake(
    "You set the logits of padding to 0. Such a position still costs the logarithm of V: leave it out of the sum."
)
def logits_of_padding_zero(logits, targets):
    real = targets != PAD
    return _each(logits * real[..., None], targets).sum() / real.sum()


@loss.mistake("Padding is in the sum, though not in the number that you divide by. Leave it out of both.")
def padding_in_the_sum(logits, targets):
    return _each(logits, targets).sum() / (targets != PAD).sum()


@loss.mistake("You averaged each step over the captions first, then the steps. All real tokens count alike.")
def mean_of_steps(logits, targets):
    real = targets != PAD
    count = real.sum(axis=0)
    return ((_each(logits, targets) * real).sum(axis=0) / np.maximum(count, 1))[count > 0].mean()


@loss.mistake("You divided by one less than the number of real tokens. The end token is one of them.")
def one_token_less(logits, targets):
    real = targets != PAD
    return _each(logits, targets)[real].sum() / (real.sum() - 1)


@loss.mistake("1 is added to the sum of exponentials before its logarithm, as `log1p` does. Take the sum as it is.")
def one_added(logits, targets):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logp = shifted - np.log1p(np.exp(shifted).sum(axis=-1, keepdims=True))
    return -_of_targets(logp, targets).mean()


@loss.mistake("This is how far targets lie below the best word. The logarithm of the sum of exponentials is missing.")
def below_the_best(logits, targets):
    return -_of_targets(logits - logits.max(axis=-1, keepdims=True), targets).mean()


@loss.mistake("This is the median of the tokens' losses. Asked for is the mean.")
def median(logits, targets):
    return np.median(_each(logits, targets)[targets != PAD])


@loss.mistake("You divided by one more than the number of real tokens. Divide by the number itself.")
def one_token_more(logits, targets):
    real = targets != PAD
    return _each(logits, targets)[real].sum() / (real.sum() + 1)


@loss.mistake("Each log-probability is multiplied by the target's *id*. An id is a name: pick the word that it names.")
def times_id(logits, targets):
    return (_each(logits, targets) * targets).sum() / (targets != PAD).sum()


@loss.mistake("Each log-probability is multiplied by the target's *id*. An id is a name: pick the word that it names.")
def weighted_by_id(logits, targets):
    return (_each(logits, targets) * targets).sum() / targets.sum()


@loss.mistake("All captions are cut where the first one ends. Each has padding of its own.")
def length_of_the_first(logits, targets):
    return _each(logits, targets)[:, targets[0] != PAD].mean()


@loss.mistake("You took 1 for padding as well. Padding has the id 0; 1 is a target like any other.")
def ones_left_out(logits, targets):
    return _each(logits, targets)[targets > 1].mean()


@loss.mistake("You averaged each caption, and added up the means. Take one mean over the real tokens of the batch.")
def sum_of_means(logits, targets):
    real = targets != PAD
    return ((_each(logits, targets) * real).sum(1) / np.maximum(real.sum(1), 1)).sum()


def _smoothed(name, part):
    """Plants a loss in which the targets share a part of their probability with all words."""

    def wrong(logits, targets):
        logp = log_softmax(logits)
        each = (1 - part) * _of_targets(logp, targets) + part * logp[targets != PAD].mean(-1)
        return -each.mean()

    wrong.__name__ = f"smoothed_{name}"
    loss.mistake("A part of each target's probability is given to all words (label smoothing). Take the target alone.")(
        wrong
    )


_smoothed("tenth", 0.1)
_smoothed("twentieth", 0.05)
_smoothed("fifth", 0.2)

SQUARED = "These are squared errors of the probabilities. The cross-entropy takes the logarithm of the target's."


@loss.mistake(SQUARED)
def squared_errors(logits, targets):
    errors = softmax(logits) - np.eye(logits.shape[-1])[targets]
    return (errors**2).sum(-1)[targets != PAD].mean()


@loss.mistake(SQUARED)
def mean_squared_errors(logits, targets):
    return squared_errors(logits, targets) / logits.shape[-1]


@loss.mistake(SQUARED)
def squared_errors_of_targets(logits, targets):
    return ((1 - _of_targets(softmax(logits), targets)) ** 2).mean()


@loss.mistake("This is an accuracy, the share of targets that have the largest logit. Asked for is the cross-entropy.")
def accuracy(logits, targets):
    return (logits.argmax(-1) == targets)[targets != PAD].mean()


@loss.mistake("This is the share of targets that do not have the largest logit. Asked for is the cross-entropy.")
def errors(logits, targets):
    return 1 - accuracy(logits, targets)


@loss.mistake("The last caption does not count in your loss. The mean is over the real tokens of the whole batch.")
def without_last_caption(logits, targets):
    return caption_loss(logits[:-1], targets[:-1]) if len(logits) > 1 else caption_loss(logits, targets)


@loss.mistake("The last step does not count in your loss. A caption that fills its row has its end there.")
def without_last_step(logits, targets):
    return caption_loss(logits[:, :-1], targets[:, :-1])


@loss.mistake("Also the wrong words count here, by ln(1 - p): a binary cross-entropy. Only the target's ln p is asked.")
def binary(logits, targets):
    p, one = np.clip(softmax(logits), 1e-300, 1 - 1e-16), np.eye(logits.shape[-1])[targets]
    return -(one * np.log(p) + (1 - one) * np.log1p(-p)).sum(-1)[targets != PAD].mean()


@loss.mistake("You divided by the real tokens less one for each caption. The end token is real: count it.")
def one_less_for_each_caption(logits, targets):
    real = targets != PAD
    return _each(logits, targets)[real].sum() / (real.sum() - len(targets))


@loss.mistake("The logits do not enter your result: this is ln V, the loss where all words are equally likely.")
def of_equal_words(logits, targets):
    return np.log(logits.shape[-1])


SCALED = "The logits are divided by a number before the softmax. Their softmax is taken as they are."


@loss.mistake(SCALED)
def divided_by_largest(logits, targets):
    return caption_loss(logits / np.abs(logits).max(-1, keepdims=True), targets)


@loss.mistake(SCALED)
def divided_by_largest_of_all(logits, targets):
    return caption_loss(logits / np.abs(logits).max(), targets)


@loss.mistake(SCALED)
def divided_by_root_of_words(logits, targets):
    return caption_loss(logits / np.sqrt(logits.shape[-1]), targets)


@loss.mistake("The mean runs over the V words, too: each position has one target, so add up over the words.")
def mean_over_words(logits, targets):
    return caption_loss(logits, targets) / logits.shape[-1]
