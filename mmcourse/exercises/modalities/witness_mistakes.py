"""What goes wrong in `modalities.witness`: planted mistakes with their messages."""

import math

from mmcourse.exercises.modalities.witness import ODDS, witness


@witness.mistake("A third that is right half the time is a coin. It has the weight ln 1 = 0 and turns nothing round.")
def coin():
    return 0.5


@witness.mistake(
    "A third like the second is enough, but less is enough, too: it only has to lift the second above the first, not "
    "to equal the second."
)
def like_the_second():
    return 0.7


@witness.mistake("A third as good as the first is more than is needed. Try smaller ones with `ceiling`.")
def like_the_first():
    return 0.8


@witness.mistake(
    "Too large. The mean of the two, 0.75, has no meaning here: witnesses are weighed by their log-odds, and those are "
    "added."
)
def mean():
    return (0.8 + 0.7) / 2


@witness.mistake(
    "Too small. The difference of shares, 0.5 + 0.8 - 0.7, is this, but shares of right answers do not add up; "
    "log-odds do."
)
def difference_of_shares():
    return 0.5 + 0.8 - 0.7


@witness.mistake("These are the odds that the third needs, right to wrong. A share is odds / (1 + odds).")
def odds():
    return ODDS


@witness.mistake(
    "A little too large. If you divided the shares: 0.8 / 0.7 is a quotient of shares. Divide the odds, right to wrong."
)
def quotient_of_shares():
    return 0.8 / 0.7 - 0.5


@witness.mistake("That is below a half: it is how often the third is *wrong*, where it just turns the answer round.")
def wrong_share():
    return 1 / (1 + ODDS)


@witness.mistake("That is about the weight that the third needs, its log-odds. Asked is the share of right answers.")
def weight():
    return math.log(ODDS)


@witness.mistake("That is about the weight that the third needs, in bits. Asked is the share of right answers.")
def weight_in_bits():
    return math.log2(ODDS)


@witness.mistake(
    "About so sure are the first and the second together, where they agree. The third has to help the second against "
    "the *first*: divide the odds."
)
def odds_multiplied():
    return 4 * 7 / 3 / (1 + 4 * 7 / 3)


@witness.mistake("So often the first two are both right. A third is asked for that turns the answer round.")
def both_right():
    return 0.8 * 0.7


@witness.mistake(
    "So often at least one of the first two is right. That says nothing of whom to believe where they differ."
)
def one_of_two_right():
    return 1 - 0.2 * 0.3


@witness.mistake("Too small. (7/3 divided by 4 is about this: odds, which are no share, and turned round.)")
def odds_turned_round():
    return 7 / 12


@witness.mistake("A third that is hardly ever wrong beats the first, of course. Look for the least that does.")
def never_wrong():
    return 1.0


@witness.mistake(said="in percent")
def in_percent():
    return 63.2


@witness.mistake(said="look for the least")
def large():
    return 0.66


@witness.mistake(said="stays at 0.8")
def small():
    return 0.615


@witness.mistake(said="turned round, are better")
def below_half():
    return 0.3


@witness.mistake(said="Answer with a share of right answers")
def the_second_in_percent():
    return 70
