"""What goes wrong in `modalities.ceiling`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.modalities.ceiling import ceiling, ceilings


def _three(p, reached):
    return reached(p.sum(1)), reached(p.sum(0)), reached(p)


def _rows(table):
    return table.reshape(-1, table.shape[-1])


@ceiling.mistake(
    "You took the mean over what can be seen, as if every case were equally likely. Weigh each by how often it "
    "occurs: sum the largest probabilities of the joint table, without dividing first."
)
def mean_of_conditionals(p):
    return _three(p, lambda table: (_rows(table) / _rows(table).sum(-1, keepdims=True)).max(-1).mean())


@ceiling.mistake(
    "You add conditional probabilities: divided by its row, each counts as if its case were certain. Sum the largest "
    "probabilities of the joint table, without dividing."
)
def sum_of_conditionals(p):
    return _three(p, lambda table: (_rows(table) / _rows(table).sum(-1, keepdims=True)).max(-1).sum())


@ceiling.mistake(
    "This is what is reached by answering each label as often as it is likely. The likeliest label, always, is right "
    "more often: take the maximum."
)
def guessing(p):
    return _three(p, lambda table: (_rows(table) ** 2 / _rows(table).sum(-1, keepdims=True)).sum())


@ceiling.mistake("This is the floor, the share of the commonest label. You summed away what is seen before you chose.")
def blind(p):
    return (p.sum((0, 1)).max(),) * 3


@ceiling.mistake(
    "What you give for the first is what the *second* tells. To know what the *first* tells, sum over the axis of the "
    "*second*."
)
def exchanged(p):
    return p.sum(0).max(-1).sum(), p.sum(1).max(-1).sum(), p.max(-1).sum()


@ceiling.mistake(
    "Your maximum runs over what is seen. It must run over the labels, the last axis: for each case that is seen, one "
    "label is chosen."
)
def wrong_axis(p):
    return _three(p, lambda table: table.max(0).sum())


@ceiling.mistake(
    "You take, for each label, the view in which it is likeliest. Choose the other way round: for each view one label."
)
def view_for_each_label(p):
    return _three(p, lambda table: _rows(table).max(0).sum())


@ceiling.mistake(
    "This is the single likeliest case. The model is asked in every case, so sum the best over all of them."
)
def largest_entry(p):
    return _three(p, np.max)


@ceiling.mistake(
    "You took the better of the two for both. Both together can know more than the better one: look at each pair of "
    "the two."
)
def better_of_two(p):
    one, other, _ = ceilings(p)
    return one, other, max(one, other)


@ceiling.mistake("For both you took the mean of the two. Both together know at least as much as the better one.")
def mean_of_two(p):
    one, other, _ = ceilings(p)
    return one, other, (one + other) / 2


@ceiling.mistake("For both you added the two accuracies. They do not add up; look at each pair of what the two show.")
def sum_of_two(p):
    one, other, _ = ceilings(p)
    return one, other, one + other


@ceiling.mistake(
    "For both you computed how often at least one of two independent models would be right. But nobody knows which of "
    "them; look at each pair of what the two show."
)
def either_right(p):
    one, other, _ = ceilings(p)
    return one, other, 1 - (1 - one) * (1 - other)


@ceiling.mistake(
    "For both you treat the two as independent given the label, and multiply. The table holds how they go together: "
    "use it as it is."
)
def independent(p):
    one, other, label = p.sum(1), p.sum(0), p.sum((0, 1))
    joint = one[:, None] * other[None] / label
    return one.max(-1).sum(), other.max(-1).sum(), joint.max(-1).sum()


@ceiling.mistake("You take the mean of the best over what can be seen. These are probabilities of cases: add them up.")
def mean_for_sum(p):
    return _three(p, lambda table: table.max(-1).mean())


@ceiling.mistake("You answer the *least* likely label everywhere. The best answer is the likeliest: the maximum.")
def least_likely(p):
    return _three(p, lambda table: table.min(-1).sum())


@ceiling.mistake("You add up the places of the likeliest labels (`argmax`). Add up their probabilities (`max`).")
def places(p):
    return _three(p, lambda table: table.argmax(-1).sum())


@ceiling.mistake("That is how often the best answer is *wrong*. Asked is the accuracy.")
def errors(p):
    return tuple(1 - right for right in ceilings(p))


@ceiling.mistake(
    "You took the maximum over the modality that is not seen. Nobody can choose what it shows: sum over it, then take "
    "the likeliest label."
)
def maximum_of_unseen(p):
    return p.max(1).max(-1).sum(), p.max(0).max(-1).sum(), p.max(-1).sum()


@ceiling.mistake(
    "You take a maximum over the modality that is not seen, and add up the labels. Sum over that modality, and take "
    "the likeliest label."
)
def maximum_of_unseen_only(p):
    return p.max(1).sum(), p.max(0).sum(), p.max(2).sum()


@ceiling.mistake(
    "You took the mean over the modality that is not seen. Its cases have probabilities already: sum them."
)
def mean_of_unseen(p):
    return p.mean(1).max(-1).sum(), p.mean(0).max(-1).sum(), p.max(-1).sum()


@ceiling.mistake(
    "You summed over the labels, and took the likeliest that is seen. A label is chosen, so the maximum is over labels."
)
def labels_summed(p):
    return p.sum((1, 2)).max(), p.sum((0, 2)).max(), p.sum(2).max()


@ceiling.mistake(
    "Everything adds up to 1, as all probabilities do. Take the likeliest label of each case before you add."
)
def everything(p):
    return (p.sum(),) * 3


@ceiling.mistake(
    "You choose the label under which what is seen is likeliest, and forget how common the labels are. Choose by the "
    "joint table."
)
def likelihood(p):
    prior = p.sum((0, 1))

    def reached(table):
        rows = _rows(table)
        return rows[np.arange(len(rows)), (rows / prior).argmax(-1)].sum()

    return _three(p, reached)


@ceiling.mistake(
    "You sum over the labels, axis 2, and a label is what has to be chosen. Sum over the modality that is not seen."
)
def labels_summed_away(p):
    seen = p.sum(2)
    return seen.max(-1).sum(), seen.max(0).sum(), p.max(-1).sum()


@ceiling.mistake("Nothing is summed away for the first alone: it would know what the second shows as well.")
def first_sees_both(p):
    return (p.max(-1).sum(),) * 3


@ceiling.mistake("Nothing is summed away for the second alone: it would know what the first shows as well.")
def second_sees_both(p):
    return p.sum(1).max(-1).sum(), p.max(-1).sum(), p.max(-1).sum()


@ceiling.mistake("For the second you computed the first once more. Sum the first modality away, axis 0.")
def first_twice(p):
    one, _, both = ceilings(p)
    return one, one, both


def _one_part(place, reached, what):
    """Plants a wrong way for the second or for both only."""
    name = ceiling.parts[place]

    def wrong(p):
        parts = list(ceilings(p))
        parts[place] = reached(p if place == 2 else p.sum(0))
        return tuple(parts)

    wrong.__name__ = f"{name}_{what.split()[0]}"
    ceiling.mistake(f"For `{name}` you take the {what}. Sum the likeliest label's probability over all that is seen.")(
        wrong
    )


_one_part(
    1, lambda table: (table / table.sum(-1, keepdims=True)).max(-1).mean(), "conditional probabilities, and their mean"
)
for _place in (1, 2):
    _one_part(_place, np.max, "likeliest single case")
    _one_part(_place, lambda table: table.max(-1).mean(), "mean over the cases")
    _one_part(_place, lambda table: table.min(-1).sum(), "least likely label")
    _one_part(_place, lambda table: _rows(table).max(0).sum(), "maximum over what is seen")


@ceiling.mistake("For both you multiply the accuracies of the two. Look at each pair of what the two show.")
def product_of_two(p):
    one, other, _ = ceilings(p)
    return one, other, one * other


@ceiling.mistake("For both you took the worse of the two. Who sees both knows at least as much as the better one.")
def worse_of_two(p):
    one, other, _ = ceilings(p)
    return one, other, min(one, other)


@ceiling.mistake(
    "For both you multiply the tables of the two, label by label. They hold probabilities of cases already: use `p` "
    "as it is."
)
def product_of_tables(p):
    one, other, _ = ceilings(p)
    return one, other, (p.sum(1)[:, None] * p.sum(0)[None]).max(-1).sum()


@ceiling.mistake(
    "For both you took the mean over the pairs, as if each were equally likely. Weigh each by how often it occurs."
)
def mean_of_pairs(p):
    one, other, _ = ceilings(p)
    return one, other, (p / p.sum(-1, keepdims=True)).max(-1).mean()


@ceiling.mistake("For both you add the gains of the two over the floor. They need not add up: look at each pair.")
def gains_added(p):
    one, other, _ = ceilings(p)
    return one, other, one + other - p.sum((0, 1)).max()


@ceiling.mistake("You divided by how common each label is. The joint table is used as it is.")
def given_the_label(p):
    return _three(p / p.sum((0, 1)), lambda table: table.max(-1).sum())


@ceiling.mistake("You take away what the other one reaches. Asked is what each reaches alone, not what it adds.")
def added_by_each(p):
    one, other, both = ceilings(p)
    return both - other, both - one, both


@ceiling.mistake("You sum the squares of the table. Sum the largest of each row.")
def squares(p):
    return _three(p, lambda table: (table**2).sum())


@ceiling.mistake("You take the floor away. Asked is the accuracy itself, not what is gained over the commonest label.")
def gains(p):
    floor = p.sum((0, 1)).max()
    return tuple(right - floor for right in ceilings(p))


def _in_order(*order):
    """Plants the right numbers at other places."""

    def wrong(p):
        right = ceilings(p)
        return tuple(right[place] for place in order)

    wrong.__name__ = "in_order_" + "_".join(ceiling.parts[place] for place in order)
    ceiling.mistake("The parts are right, but in another order. Return first, second, both.")(wrong)


for _order in ((0, 2, 1), (1, 2, 0), (2, 0, 1), (2, 1, 0)):  # (1, 0, 2) is `exchanged`
    _in_order(*_order)


@ceiling.mistake("You round the numbers. Return them as they are.")
def rounded(p):
    return tuple(round(float(right), 2) for right in ceilings(p))


@ceiling.mistake(said="in percent")
def in_percent(p):
    return tuple(100 * right for right in ceilings(p))


@ceiling.mistake(
    "For both you choose the label as if the two were independent given the label. The table holds how they go "
    "together: take the likeliest label of each pair."
)
def label_of_independent(p):
    one, other, label = p.sum(1), p.sum(0), p.sum((0, 1))
    best = (one[:, None] * other[None] / label).argmax(-1)
    return one.max(-1).sum(), other.max(-1).sum(), np.take_along_axis(p, best[..., None], -1).sum()


@ceiling.mistake(
    "For one modality you chose a label for each pair of the two, summed over the modality that is not seen, and took "
    "the largest sum. Sum first, then choose a label for each thing that is seen, then add these up."
)
def chosen_too_soon(p):
    best = p.max(-1)
    return best.sum(1).max(), best.sum(0).max(), best.sum()


@ceiling.mistake("Only the first two labels count in yours. There may be more: the maximum runs over the last axis.")
def two_labels(p):
    return ceilings(p[..., :2])


LABELS = (
    "You return the labels that are answered (`argmax`). Asked is how often they are right: their probabilities, "
    "added up."
)


@ceiling.mistake(LABELS)
def labels_returned(p):
    return _three(p, lambda table: table.argmax(-1))


@ceiling.mistake("You return the probability of the best answer for each view. Add these up: one number.")
def not_added(p):
    return _three(p, lambda table: table.max(-1))


def _as_if_first(p, place):
    """What is reached by answering as if what is not seen showed its first value."""
    best = p.argmax(2)
    answered = best[:, 0] if place == 0 else best[0]
    return np.take_along_axis(p.sum(1 - place), answered[:, None], 1).sum()


AS_IF = (
    "For one modality you choose the label as if the other showed its first value. Nobody knows what it shows: sum "
    "over that, then choose."
)


@ceiling.mistake(AS_IF)
def as_if_first(p):
    return _as_if_first(p, 0), _as_if_first(p, 1), p.max(-1).sum()


@ceiling.mistake("You look at the first value of the modality that is not seen only. Sum over all of them.")
def first_value_only(p):
    return p[:, 0].max(-1).sum(), p[0].max(-1).sum(), p.max(-1).sum()


@ceiling.mistake(
    "For one modality you chose a label for each pair of the two, and took the commonest of these labels. Sum first, "
    "over what is not seen, then choose."
)
def commonest_choice(p):
    best = p.argmax(2)

    def reached(rows, table):
        chosen = [np.bincount(row, minlength=p.shape[2]).argmax() for row in rows]
        return table[np.arange(len(table)), chosen].sum()

    return reached(best, p.sum(1)), reached(best.T, p.sum(0)), p.max(-1).sum()


@ceiling.mistake("For both you multiplied the two shares of *wrong* answers. Look at each pair of what the two show.")
def errors_multiplied(p):
    one, other, _ = ceilings(p)
    return one, other, (1 - one) * (1 - other)


JOINED = (
    "For both you join what the two say apart: you trust the surer one, or add their probabilities. The table holds "
    "how they go together: take the likeliest label of each pair."
)


@ceiling.mistake(JOINED)
def first_where_surer(p):
    one, other, _ = ceilings(p)
    a, b = p.sum(1), p.sum(0)
    sure = [table.max(-1) / np.maximum(table.sum(-1), 1e-300) for table in (a, b)]
    label = np.where(sure[0][:, None] >= sure[1], a.argmax(-1)[:, None], b.argmax(-1))
    return one, other, np.take_along_axis(p, label[..., None], 2).sum()


@ceiling.mistake(JOINED)
def votes_added(p):
    one, other, _ = ceilings(p)
    a, b = (table / np.maximum(table.sum(-1, keepdims=True), 1e-300) for table in (p.sum(1), p.sum(0)))
    label = (a[:, None] + b).argmax(-1)
    return one, other, np.take_along_axis(p, label[..., None], 2).sum()


CERTAIN = (
    "For both you give 1, or what the two add up to, cut off at 1. Together they need not be always right: look at "
    "each pair of what the two show."
)


@ceiling.mistake(CERTAIN)
def both_certain(p):
    return *ceilings(p)[:2], 1.0


@ceiling.mistake(CERTAIN)
def sum_cut_off(p):
    one, other, _ = ceilings(p)
    return one, other, min(one + other, 1.0)


@ceiling.mistake("You look at the last value of the modality that is not seen only. Sum over all of them.")
def last_value_only(p):
    return p[:, -1].max(-1).sum(), p[-1].max(-1).sum(), p.max(-1).sum()


@ceiling.mistake(
    "For both you join two accuracies, as if two independent witnesses agreed. They need not agree, and the table "
    "holds how they go together: look at each pair."
)
def agreeing(p):
    one, other, _ = ceilings(p)
    return one, other, one * other / (one * other + (1 - one) * (1 - other))


def _information(table, log):
    rows = _rows(table)
    seen, label = rows.sum(1, keepdims=True), rows.sum(0)
    return (rows * log(np.where(rows > 0, rows, 1) / np.where(rows > 0, seen * label, 1))).sum()


INFORMATION = "That is how much information what is seen holds about the label. Asked is an accuracy, a share."


@ceiling.mistake(INFORMATION)
def information_in_bits(p):
    return _three(p, lambda table: _information(table, np.log2))


@ceiling.mistake(INFORMATION)
def information(p):
    return _three(p, lambda table: _information(table, np.log))


@ceiling.mistake("You take the median of the labels. The best answer is the likeliest one: the maximum.")
def medians(p):
    return _three(p, lambda table: np.median(table, axis=-1).sum())


@ceiling.mistake("You count a view only if one label has at least half of it. The likeliest label counts everywhere.")
def majority_only(p):
    def reached(table):
        best = table.max(-1)
        return best[best >= table.sum(-1) / 2].sum()

    return _three(p, reached)


@ceiling.mistake("You count a view only if one label has more than half of it. The likeliest label counts everywhere.")
def clear_majority_only(p):
    def reached(table):
        best = table.max(-1)
        return best[best > table.sum(-1) / 2 + 1e-12].sum()

    return _three(p, reached)


@ceiling.mistake("For both you took the root of the product. Look at each pair of what the two show.")
def geometric_mean(p):
    one, other, _ = ceilings(p)
    return one, other, np.sqrt(one * other)


@ceiling.mistake("You divide by how many values can be seen. These are probabilities of cases: add them up.")
def shared_out(p):
    one, other, both = ceilings(p)
    return one / p.shape[0], other / p.shape[1], both


@ceiling.mistake(
    "For both you weigh each pair as if the two were independent of each other. The table holds how often each pair "
    "occurs: use it as it is."
)
def pairs_weighed_apart(p):
    one, other, _ = ceilings(p)
    seen = p.sum(-1)
    sure = p.max(-1) / np.where(seen > 0, seen, 1)
    return one, other, (sure * np.outer(p.sum((1, 2)), p.sum((0, 2)))).sum()


@ceiling.mistake("For both you summed over the labels, and took the likeliest pair. A label is chosen for each pair.")
def likeliest_pair(p):
    return *ceilings(p)[:2], p.sum(-1).max()


@ceiling.mistake("For both you give how often the best single answer is right, the floor. Look at each pair.")
def floor_for_both(p):
    return *ceilings(p)[:2], p.sum((0, 1)).max()


@ceiling.mistake(
    "For one modality you return a number for each thing that is seen, of labels chosen for each pair. Sum over what "
    "is not seen, choose, and add up."
)
def chosen_and_not_added(p):
    best = p.max(-1)
    return best.sum(1), best.sum(0), best.sum()


@ceiling.mistake("You look at the first two values of the modality that is not seen only. Sum over all of them.")
def two_values_only(p):
    return p[:, :2].sum(1).max(-1).sum(), p[:2].sum(0).max(-1).sum(), p.max(-1).sum()
