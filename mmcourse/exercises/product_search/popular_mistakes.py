"""What goes wrong in `product_search.popular`: planted mistakes with their messages."""

from collections import Counter

import numpy as np

from mmcourse.exercises.product_search._inputs import best, hits, rate
from mmcourse.exercises.product_search.popular import hit_rate, popular


@popular.mistake("Both mistakes are still there.")
def as_given(user, item, day, today, k):
    return rate(user, item, day, today, k, counted=day < np.inf, owned=day < -np.inf)


@popular.mistake("The counts still hold purchases from `today` on: the list knows which toys will sell.")
def future_counts(user, item, day, today, k):
    return rate(user, item, day, today, k, counted=day < np.inf)


@popular.mistake("The counts hold the purchases from `today` on only. Count those before.")
def future_only(user, item, day, today, k):
    return rate(user, item, day, today, k, counted=day >= today)


TAKEN = (
    "What customers already have takes places of their list, or was taken out after the `k` best had been chosen, so "
    "the list is too short. Leave it out first: nobody buys the same twice."
)


@popular.mistake(TAKEN)
def owned_too(user, item, day, today, k):
    return rate(user, item, day, today, k, owned=day < -np.inf)


@popular.mistake(
    "You leave out what the customer buys from `today` on as well, so what is asked for can never be on the list."
)
def owned_ever(user, item, day, today, k):
    return rate(user, item, day, today, k, owned=day < np.inf)


@popular.mistake("You leave out what *anybody* bought before `today`. Leave out what this customer bought.")
def owned_by_anybody(user, item, day, today, k):
    past = day < today
    return rate(user, item, day, today, k, listed=lambda counts, has, k: best(counts, item[past], k))


@popular.mistake("What one customer has is left out for all who come after: change a copy of the counts.")
def not_copied(user, item, day, today, k):
    past = day < today
    counts = np.bincount(item[past], minlength=item.max() + 1)

    def listed(counts, has, k):
        counts[has] = -1
        return np.argsort(-counts, kind="stable")[:k]

    return hits(user, item, counts, past, ~past, listed, k).mean()


@popular.mistake(TAKEN)
def left_out_afterwards(user, item, day, today, k):
    return rate(user, item, day, today, k, listed=lambda c, has, k: np.setdiff1d(best(c, has[:0], k), has))


@popular.mistake("Purchases of `today` itself are counted. The list is made before the shop opens: `day < today`.")
def today_too(user, item, day, today, k):
    return hit_rate(user, item, day, today + 1, k)


@popular.mistake("Purchases of `today` itself are counted, though they are asked: `day < today`.")
def today_counted(user, item, day, today, k):
    return rate(user, item, day, today, k, counted=day <= today)


@popular.mistake("What a customer buys on `today` itself is left out of the list. Leave out what was bought before.")
def today_owned(user, item, day, today, k):
    return rate(user, item, day, today, k, owned=day <= today)


@popular.mistake("Purchases of `today` itself are not asked. Asked are those from `today` on, this day among them.")
def today_not_asked(user, item, day, today, k):
    return rate(user, item, day, today, k, asked=day > today)


@popular.mistake("The day before `today` is not counted. Count all purchases before `today`.")
def yesterday_asked(user, item, day, today, k):
    return hit_rate(user, item, day, today - 1, k)


@popular.mistake("You score the purchases that the list was counted from. Asked are those from `today` on.")
def past_scored(user, item, day, today, k):
    return rate(user, item, day, today, k, owned=day < -np.inf, asked=day < today)


@popular.mistake("You score all purchases. Asked are those from `today` on.")
def all_scored(user, item, day, today, k):
    return rate(user, item, day, today, k, asked=day < np.inf)


@popular.mistake("You divide the hits by the number of all purchases. Divide by that of the later ones.")
def share_of_all(user, item, day, today, k):
    return hit_rate(user, item, day, today, k) * (day >= today).mean()


@popular.mistake("The list is one too long.")
def too_long(user, item, day, today, k):
    return hit_rate(user, item, day, today, k + 1)


@popular.mistake("The list is one too short.")
def too_short(user, item, day, today, k):
    return hit_rate(user, item, day, today, k - 1)


@popular.mistake("The first place of the list is passed over: `[:k]`, not `[1 : k + 1]`.")
def first_passed_over(user, item, day, today, k):
    return rate(user, item, day, today, k, listed=lambda c, has, k: best(c, has, k + 1)[1:])


@popular.mistake("The list holds the items that were bought *least*.")
def least_bought(user, item, day, today, k):
    return rate(
        user, item, day, today, k, listed=lambda c, has, k: np.argsort(_open(c, has, len(c) + 1e6), kind="stable")[:k]
    )


@popular.mistake(
    "Ties go to the larger item number. They go to the smaller one (`kind='stable'`, on minus the counts)."
)
def larger_number(user, item, day, today, k):
    return rate(
        user, item, day, today, k, listed=lambda c, has, k: np.argsort(_open(c, has, -1), kind="stable")[::-1][:k]
    )


def _open(counts, has, value):
    open_to = counts.astype("float64")
    open_to[has] = value
    return open_to


@popular.mistake("`np.argsort` alone leaves equal counts in any order. Ties go to the smaller number: `kind='stable'`.")
def unstable(user, item, day, today, k):
    return rate(user, item, day, today, k, listed=lambda c, has, k: np.argsort(-_open(c, has, -1).astype(int))[:k])


@popular.mistake("Items behind the last one that was sold are missing from your counts: `minlength=item.max() + 1`.")
def no_minlength(user, item, day, today, k):
    past = day < today
    return hits(user, item, np.bincount(item[past]), past, ~past, best, k).mean()


@popular.mistake(
    "Ties go to the item that was bought first (so does `Counter.most_common`). They go to the smaller number."
)
def first_bought(user, item, day, today, k):
    past = day < today
    order = list(dict.fromkeys([*item[past].tolist(), *range(item.max() + 1)]))

    def listed(counts, has, k):
        return sorted((i for i in order if i not in set(has.tolist())), key=lambda i: -counts[i])[:k]

    return rate(user, item, day, today, k, listed=listed)


@popular.mistake("Items that nobody bought before `today` cannot be on your list. They may be, behind all others.")
def only_sold(user, item, day, today, k):
    return rate(user, item, day, today, k, listed=lambda c, has, k: [i for i in best(c, has, k) if c[i] > 0])


@popular.mistake("Items that nobody bought cannot be on your list, and ties go to the item that was bought first.")
def most_common(user, item, day, today, k):
    past = day < today
    ranked = [i for i, _ in Counter(item[past].tolist()).most_common()]
    return rate(
        user, item, day, today, k, listed=lambda _, has, k: [i for i in ranked if i not in set(has.tolist())][:k]
    )


@popular.mistake("You took the mean over customers. Asked is the share of purchases: who buys much counts much.")
def over_customers(user, item, day, today, k):
    past = day < today
    found = hits(user, item, np.bincount(item[past], minlength=item.max() + 1), past, ~past, best, k)
    return np.mean([found[user[~past] == u].mean() for u in set(user[~past].tolist())])


@popular.mistake("You count the customers who have a hit. Asked is the share of purchases.")
def customers_with_a_hit(user, item, day, today, k):
    past = day < today
    found = hits(user, item, np.bincount(item[past], minlength=item.max() + 1), past, ~past, best, k)
    return np.mean([found[user[~past] == u].any() for u in set(user[~past].tolist())])


@popular.mistake("You return the number of hits. Asked is their share of the later purchases.")
def number_of_hits(user, item, day, today, k):
    return hit_rate(user, item, day, today, k) * (day >= today).sum()


@popular.mistake("You return True or False for each later purchase. Asked is one number, the share of hits.")
def each_purchase(user, item, day, today, k):
    past = day < today
    return hits(user, item, np.bincount(item[past], minlength=item.max() + 1), past, ~past, best, k)


@popular.mistake(
    "What the customer has counts as bought by nobody, but is still on the list where it reaches these. Take it out."
)
def owned_at_zero(user, item, day, today, k):
    return rate(user, item, day, today, k, listed=lambda c, has, k: np.argsort(-_open(c, has, 0), kind="stable")[:k])


@popular.mistake(TAKEN)
def own_purchase_taken(user, item, day, today, k):
    return rate(
        user, item, day, today, k, listed=lambda c, has, k: np.argsort(-_open(c, has, c[has] - 1), kind="stable")[:k]
    )


@popular.mistake(
    "Your list is made anew for each later day. Asked is the list of `today`: all that it knows was before that day."
)
def anew_each_day(user, item, day, today, k):
    return np.mean([rate(user, item, day, d, k, asked=day == d) for d in day[day >= today].tolist()])


@popular.mistake(
    "What a customer bought from `today` on, before the purchase that is asked, is left out too. Leave out what was "
    "bought before `today`."
)
def owned_until_then(user, item, day, today, k):
    return np.mean([rate(user, item, day, today, k, owned=day < d, asked=day == d) for d in day[day >= today].tolist()])


@popular.mistake("All items that sold as often as the last on the list are on yours: it is longer than `k`.")
def all_ties(user, item, day, today, k):
    def listed(counts, has, k):
        open_to = _open(counts, has, -1)
        return np.flatnonzero(open_to >= np.sort(open_to)[::-1][min(k, len(open_to)) - 1])

    return rate(user, item, day, today, k, listed=listed)


@popular.mistake("Customers who bought nothing before `today` are left out. Their purchases are asked as well.")
def known_customers(user, item, day, today, k):
    asked = (day >= today) & np.isin(user, user[day < today])
    return rate(user, item, day, today, k, asked=asked) if asked.any() else 0.0


@popular.mistake(
    "Purchases of `today` are counted, and asked as well. The list is made before the shop opens: `day < today`."
)
def today_twice(user, item, day, today, k):
    return rate(user, item, day, today, k, counted=day <= today, owned=day <= today, asked=day >= today)


@popular.mistake("Only the purchases of `today` itself are asked. Asked are those of all days from `today` on.")
def this_day_alone(user, item, day, today, k):
    return rate(user, item, day, today, k, asked=day == today)


@popular.mistake("Items that nobody bought before `today` are not asked. Their purchases count among the later ones.")
def sold_before(user, item, day, today, k):
    asked = (day >= today) & np.isin(item, item[day < today])
    return rate(user, item, day, today, k, asked=asked) if asked.any() else 0.0


@popular.mistake(
    "What a customer bought from `today` on is left out too, but for the purchase that is asked. Leave out what was "
    "bought before `today`."
)
def all_others_owned(user, item, day, today, k):
    counts = np.bincount(item[day < today], minlength=item.max() + 1)
    asked = day >= today
    return np.mean(
        [
            i in best(counts, item[(user == u) & (item != i)], k)
            for u, i in zip(user[asked], item[asked], strict=True)
        ]
    )  # fmt: skip


@popular.mistake("All get the list of the first customer. Each has bought other items before `today`.")
def list_of_the_first(user, item, day, today, k):
    past = day < today
    counts = np.bincount(item[past], minlength=item.max() + 1)
    return np.isin(item[~past], best(counts, item[past & (user == user[~past][0])], k)).mean()


@popular.mistake("You took the mean over items. Asked is the share of purchases: what sells much counts much.")
def mean_of_items(user, item, day, today, k):
    later = day >= today
    hit = hits(user, item, np.bincount(item[~later], minlength=item.max() + 1), ~later, later, best, k)
    return np.mean([hit[item[later] == one].mean() for one in np.unique(item[later])])


@popular.mistake("You took the mean over days. Asked is the share of purchases: a day with many counts much.")
def mean_of_days(user, item, day, today, k):
    later = day >= today
    hit = hits(user, item, np.bincount(item[~later], minlength=item.max() + 1), ~later, later, best, k)
    return np.mean([hit[day[later] == one].mean() for one in np.unique(day[later])])


@popular.mistake("Only one later purchase of each customer is asked. All of them are.")
def first_purchases(user, item, day, today, k):
    later = np.flatnonzero(day >= today)
    first = later[np.unique(user[later], return_index=True)[1]]
    return rate(user, item, day, today, k, asked=np.isin(np.arange(len(user)), first))


@popular.mistake("Only purchases of the day before are counted. All that came before `today` are.")
def yesterday_alone(user, item, day, today, k):
    return rate(user, item, day, today, k, counted=day == today - 1)


@popular.mistake(
    "Only customers who bought nothing before `today` are asked. Asked are all later purchases, with a list for each "
    "customer."
)
def new_customers(user, item, day, today, k):
    later = (day >= today) & ~np.isin(user, user[day < today])
    return rate(user, item, day, today, k, asked=later) if later.any() else 0.0
