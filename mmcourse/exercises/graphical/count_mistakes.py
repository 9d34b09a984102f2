"""What goes wrong in `graphical.count`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.graphical.count import count, learn


def _counts(label, voice, face, sizes, start=0.0):
    counts = np.full(sizes, float(start))
    np.add.at(counts, (label, voice, face), 1)
    return counts


def _over(counts, axis=-1):
    return counts / counts.sum(axis=axis, keepdims=True)


@count.mistake(
    "All entries together sum to one: that is the joint table. A conditional one sums to one for each label and "
    "each decision of the voice."
)
def joint(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, pseudo_count), None)


@count.mistake(
    "You normalised over the label: this is p(label | voice, face). Normalise over what the table is *of*: the face."
)
def over_label(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, pseudo_count), 0)


@count.mistake("You normalised over the voice. Normalise over the face, the last axis.")
def over_voice(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, pseudo_count), 1)


@count.mistake(
    "The entries of each label sum to one: that is p(voice, face | label). Given is the voice, too: normalise over the "
    "face alone."
)
def over_both(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, pseudo_count), (1, 2))


@count.mistake("These are the counts, with the pseudo-count. Divide by their sums over the face.")
def only_counted(label, voice, face, sizes, pseudo_count):
    return _counts(label, voice, face, sizes, pseudo_count)


@count.mistake(
    "`counts[places] += 1` adds 1 only once for places that occur several times (or you asked only whether a place "
    "occurs). Use `np.add.at`."
)
def each_place_once(label, voice, face, sizes, pseudo_count):
    counts = np.full(sizes, float(pseudo_count))
    counts[label, voice, face] += 1
    return _over(counts)


@count.mistake(
    "One decision of the voice never occurs: you divide by its count 0. Add the pseudo-count to every count."
)
def no_pseudo_count(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes))


@count.mistake("The pseudo-count is missing: what never occurred has the probability 0. Add it to every count.")
def nothing_for_nothing(label, voice, face, sizes, pseudo_count):
    return np.nan_to_num(_over(_counts(label, voice, face, sizes)))


@count.mistake(
    "Where the counts are 0 you say that all are equally likely, but the pseudo-count goes to *every* count."
)
def uniform_for_nothing(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    return _over(np.where(counts.sum(-1, keepdims=True) == 0, 1, counts))


@count.mistake("Add the pseudo-count to the counts, before you divide.")
def too_late(label, voice, face, sizes, pseudo_count):
    return nothing_for_nothing(label, voice, face, sizes, pseudo_count) + pseudo_count


@count.mistake("The pseudo-count is added to what has been divided already. Add it to the counts, then divide once.")
def added_between(label, voice, face, sizes, pseudo_count):
    return _over(too_late(label, voice, face, sizes, pseudo_count))


@count.mistake("The rows do not depend on the voice: this is p(face | label), the table of naive Bayes.")
def without_voice(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes, pseudo_count).sum(axis=1, keepdims=True)
    return np.broadcast_to(_over(counts), sizes).copy()


@count.mistake("The rows do not depend on the label: this is p(face | voice).")
def without_label(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes, pseudo_count).sum(axis=0, keepdims=True)
    return np.broadcast_to(_over(counts), sizes).copy()


@count.mistake("You added 1 to every count, whatever `pseudo_count` is.")
def always_one(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, 1))


@count.mistake("You added the pseudo-count only to counts of 0. It goes to every count.")
def only_to_zeros(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    return _over(np.where(counts == 0, pseudo_count, counts))


DENOMINATOR = "The numerators have the pseudo-count, the denominator has not: the rows sum to more than one. "


@count.mistake(DENOMINATOR + "Divide by the sum of the counts after adding.")
def not_in_the_sum(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    return (counts + pseudo_count) / counts.sum(-1, keepdims=True)


@count.mistake(
    "The denominator got the pseudo-count once. Each of the `b` counts in a row has it, so the sum has it `b` times."
)
def once_in_the_sum(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    return (counts + pseudo_count) / (counts.sum(-1, keepdims=True) + pseudo_count)


@count.mistake("The pseudo-count is in the denominator only. It is added to the counts themselves.")
def only_in_the_sum(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    return counts / (counts.sum(-1, keepdims=True) + pseudo_count * sizes[2])


@count.mistake("Your counts are whole numbers, so that a pseudo-count of 0.5 became 0. Start from an array of floats.")
def whole_numbers(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, int(pseudo_count)))


@count.mistake(
    "The table has no place for values that never occur: you took the number of values from the items. `sizes` says "
    "how many there are."
)
def sizes_from_items(label, voice, face, sizes, pseudo_count):
    return learn(label, voice, face, tuple(one.max() + 1 for one in (label, voice, face)), pseudo_count)


@count.mistake("You divided by the number of items. Divide each row by its own sum, over the face.")
def by_all_items(label, voice, face, sizes, pseudo_count):
    return _counts(label, voice, face, sizes, pseudo_count) / len(label)


@count.mistake("You divided each row by its largest count. Divide by its sum.")
def by_maximum(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes, pseudo_count)
    return counts / counts.max(-1, keepdims=True)


@count.mistake("You divided each row by its mean: it sums to the number of values. Divide by its sum.")
def by_mean(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes, pseudo_count)
    return counts / counts.mean(-1, keepdims=True)


@count.mistake("The pseudo-count went in again at every item. It is added once to every count.")
def at_every_item(label, voice, face, sizes, pseudo_count):
    counts = np.full(sizes, float(pseudo_count))
    np.add.at(counts, (label, voice, face), 1 + pseudo_count)
    return _over(counts)


@count.mistake("Voice and face are exchanged: this is p(voice | label, face), with the face as the second axis.")
def exchanged(label, voice, face, sizes, pseudo_count):
    return learn(label, face, voice, (sizes[0], sizes[2], sizes[1]), pseudo_count)


@count.mistake("All rows say that everything is equally likely: the items are not counted.")
def never_counted(label, voice, face, sizes, pseudo_count):
    return np.full(sizes, 1 / sizes[2])


@count.mistake("The pseudo-count was shared out over the values of the face. Every count gets it whole.")
def shared_out(label, voice, face, sizes, pseudo_count):
    return learn(label, voice, face, sizes, pseudo_count / sizes[2])


@count.mistake("The pseudo-count was shared out over all entries of the table. Every count gets it whole.")
def shared_out_over_all(label, voice, face, sizes, pseudo_count):
    return learn(label, voice, face, sizes, pseudo_count / np.prod(sizes))


@count.mistake("The pseudo-count was rounded to a whole number. Use it as it is.")
def rounded(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, round(pseudo_count)))


@count.mistake("A softmax was taken of counts. They only need dividing by their sum.")
def softmax_taken(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes, pseudo_count)
    return _over(np.exp(counts - counts.max(-1, keepdims=True)))


@count.mistake(
    "The pseudo-count was added after the division, and counts of 0 were divided by 0. Add it to the counts, before "
    "you divide."
)
def too_late_nan(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes)) + pseudo_count


@count.mistake("The last item is not counted.")
def last_item_missing(label, voice, face, sizes, pseudo_count):
    return learn(label[:-1], voice[:-1], face[:-1], sizes, pseudo_count)


@count.mistake("The first item is not counted.")
def first_item_missing(label, voice, face, sizes, pseudo_count):
    return learn(label[1:], voice[1:], face[1:], sizes, pseudo_count)


@count.mistake("Rows without any item are 0 here. The pseudo-count goes to their counts as well: they sum to one.")
def empty_rows_zero(label, voice, face, sizes, pseudo_count):
    empty = _counts(label, voice, face, sizes).sum(-1, keepdims=True) == 0
    return np.where(empty, 0, learn(label, voice, face, sizes, pseudo_count))


@count.mistake("The pseudo-count is added twice to every count. Once is meant.")
def added_twice(label, voice, face, sizes, pseudo_count):
    return learn(label, voice, face, sizes, 2 * pseudo_count)


@count.mistake("The axes of your table are label, face, voice. Asked for are label, voice, face.")
def face_second(label, voice, face, sizes, pseudo_count):
    return learn(label, voice, face, sizes, pseudo_count).swapaxes(1, 2)


@count.mistake(
    "The denominator got the pseudo-count once for each *label*. It is added to each of the `b` counts of a row, so "
    "the sum has it `b` times."
)
def as_often_as_labels(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    return (counts + pseudo_count) / (counts.sum(-1, keepdims=True) + sizes[0] * pseudo_count)


@count.mistake(
    "The denominator got the pseudo-count once for each decision of the *voice*. It is added to each of the `b` counts "
    "of a row, so the sum has it `b` times."
)
def as_often_as_voices(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    return (counts + pseudo_count) / (counts.sum(-1, keepdims=True) + sizes[1] * pseudo_count)


@count.mistake(DENOMINATOR + "Divide by the sum of the counts after adding.")
def not_in_the_sum_or_one(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    return (counts + pseudo_count) / np.maximum(counts.sum(-1, keepdims=True), 1)


@count.mistake("The pseudo-count was rounded up to a whole number. Start from an array of floats.")
def rounded_up(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, np.ceil(pseudo_count)))


@count.mistake("1 is taken away from every count again. Add the pseudo-count, and divide by the sum.")
def one_less(label, voice, face, sizes, pseudo_count):
    counts = np.maximum(_counts(label, voice, face, sizes, pseudo_count) - 1, 0)
    return counts / np.maximum(counts.sum(-1, keepdims=True), 1e-9)


@count.mistake("You added the pseudo-count only to counts that are not 0. It goes to every count, whether 0 or not.")
def only_to_seen(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    counts = np.where(counts > 0, counts + pseudo_count, 0)
    return counts / np.maximum(counts.sum(-1, keepdims=True), 1e-12)


@count.mistake(
    "Two things: `counts[places] += 1` adds 1 only once for places that occur several times, and the table sums to one "
    "as a whole. Use `np.add.at`, and divide each row by its sum."
)
def joint_of_places(label, voice, face, sizes, pseudo_count):
    counts = np.full(sizes, float(pseudo_count))
    counts[label, voice, face] += 1
    return _over(counts, None)


@count.mistake("Two things: you added 1, whatever `pseudo_count` is, and repeated places count once. Use `np.add.at`.")
def one_and_each_place_once(label, voice, face, sizes, pseudo_count):
    return each_place_once(label, voice, face, sizes, 1)


@count.mistake("The pseudo-count is missing, and the table sums to one as a whole. Each row must, over the face.")
def joint_without_pseudo_count(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes), None)


@count.mistake(
    "The numbers of one face sum to one over all labels and voices. Each row must, over the face: divide by "
    "`counts.sum(axis=-1, keepdims=True)`."
)
def over_label_and_voice(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, pseudo_count), (0, 1))


@count.mistake(
    "The numbers of one decision of the voice sum to one over all labels and faces. Each row must, over the face alone."
)
def over_label_and_face(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, pseudo_count), (0, 2))


@count.mistake("The rows do not depend on the voice: this is p(face | label), the table of naive Bayes.")
def table_without_voice(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes).sum(axis=1, keepdims=True) + pseudo_count
    return np.broadcast_to(_over(counts), sizes).copy()


@count.mistake("The rows do not depend on the label: this is p(face | voice).")
def table_without_label(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes).sum(axis=0, keepdims=True) + pseudo_count
    return np.broadcast_to(_over(counts), sizes).copy()


@count.mistake("The rows depend on neither label nor voice: this is p(face).")
def table_of_face(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes).sum(axis=(0, 1), keepdims=True) + pseudo_count
    return np.broadcast_to(_over(counts), sizes).copy()


@count.mistake(
    "You multiplied p(face | label) and p(face | voice), as if label and voice were independent. Count the items that "
    "have both."
)
def product_of_tables(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes, pseudo_count)
    return _over(_over(counts.sum(axis=1, keepdims=True)) * _over(counts.sum(axis=0, keepdims=True)))


@count.mistake(
    "You multiplied p(face | label) and p(face | voice), as if label and voice were independent. Count the items that "
    "have both."
)
def product_of_own_tables(label, voice, face, sizes, pseudo_count):
    some = table_without_voice, table_without_label
    return _over(np.prod([one(label, voice, face, sizes, pseudo_count) for one in some], axis=0))


def _by(label, voice, face, sizes, pseudo_count, axes, often):
    """The right numerators, but the denominator sums over these axes and has the pseudo-count so often."""
    counts = _counts(label, voice, face, sizes)
    return (counts + pseudo_count) / (counts.sum(axis=axes, keepdims=True) + pseudo_count * often)


BY = "You divided by how often {} occurs, not label and voice together. Divide each row by its own sum, over the face."


@count.mistake("You divided by the number of items (and pseudo-counts). Divide each row by its own sum, over the face.")
def by_all_items_and_b(label, voice, face, sizes, pseudo_count):
    return _by(label, voice, face, sizes, pseudo_count, None, sizes[2])


@count.mistake("You divided by the number of items (and pseudo-counts). Divide each row by its own sum, over the face.")
def by_all_items_and_one(label, voice, face, sizes, pseudo_count):
    return _by(label, voice, face, sizes, pseudo_count, None, 1)


@count.mistake(BY.format("the label"))
def by_label(label, voice, face, sizes, pseudo_count):
    return _by(label, voice, face, sizes, pseudo_count, (1, 2), sizes[2])


@count.mistake(BY.format("the decision of the voice"))
def by_decision_of_voice(label, voice, face, sizes, pseudo_count):
    return _by(label, voice, face, sizes, pseudo_count, (0, 2), sizes[2])


@count.mistake(BY.format("the decision of the face"))
def by_decision_of_face(label, voice, face, sizes, pseudo_count):
    return _by(label, voice, face, sizes, pseudo_count, (0, 1), sizes[2])


@count.mistake(
    "The denominator got the pseudo-count for every entry of the table. A row has `b` of them: add it `b` times."
)
def as_often_as_entries(label, voice, face, sizes, pseudo_count):
    return _by(label, voice, face, sizes, pseudo_count, -1, np.prod(sizes))


@count.mistake("The pseudo-count is the least that a count can be in yours. It is *added* to every count.")
def at_least(label, voice, face, sizes, pseudo_count):
    return _over(np.maximum(_counts(label, voice, face, sizes), pseudo_count))


@count.mistake("You divided by the number of items before the pseudo-count was added. Add it to the counts themselves.")
def shares_first(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes) / len(label) + pseudo_count)


@count.mistake("Only the first item is counted (does a `return` stand inside the loop?).")
def first_item_alone(label, voice, face, sizes, pseudo_count):
    return learn(label[:1], voice[:1], face[:1], sizes, pseudo_count)


ADDED = (
    "You joined the counts of label and face with those of voice and face, by a {}. Count the items that have label, "
    "voice and face together."
)


@count.mistake(ADDED.format("sum"))
def tables_added(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes)
    return _over(counts.sum(axis=1, keepdims=True) + counts.sum(axis=0, keepdims=True) + pseudo_count)


@count.mistake(ADDED.format("mean"))
def tables_averaged(label, voice, face, sizes, pseudo_count):
    some = table_without_voice, table_without_label
    return np.mean([one(label, voice, face, sizes, pseudo_count) for one in some], axis=0)


@count.mistake("The pseudo-counts are in the denominator twice. Divide by the sum of the counts after adding, once.")
def twice_in_the_sum(label, voice, face, sizes, pseudo_count):
    return _by(label, voice, face, sizes, pseudo_count, -1, 2 * sizes[2])


@count.mistake("You give the commonest decision of the face the probability 1. Asked for are the probabilities of all.")
def commonest(label, voice, face, sizes, pseudo_count):
    return np.eye(sizes[2])[_counts(label, voice, face, sizes, pseudo_count).argmax(-1)]


@count.mistake(
    "The counts stand at other places: the number of a place was put together as if the voice came first. In the table "
    "the order is label, voice, face."
)
def voice_counted_first(label, voice, face, sizes, pseudo_count):
    counts = _counts(voice, label, face, (sizes[1], sizes[0], sizes[2]), pseudo_count)
    return _over(counts.reshape(sizes))


@count.mistake("Every count got 1 and the pseudo-count. Add the pseudo-count alone.")
def one_more(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, 1 + pseudo_count))


@count.mistake("The pseudo-count is a factor in yours: each item counts so often. It is *added* to every count, once.")
def as_a_factor(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes) * pseudo_count + 1)
