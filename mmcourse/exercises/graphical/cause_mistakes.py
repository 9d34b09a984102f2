"""What goes wrong in `graphical.cause`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.graphical.cause import cause, posterior


def _normal(x):
    return x / x.sum()


def _seen(voice, face, v, f):
    return voice[:, v] * face[:, f]


@cause.mistake(
    "You summed the tone out twice, once for the voice and once for the face, as if each had a tone of its own. "
    "That is naive Bayes, and it counts the one tone twice. Both belong under one sum."
)
def twice(label, tone, voice, face, v, f):
    return _normal(label * (tone @ voice[:, v]) * (tone @ face[:, f]))


@cause.mistake("These are joint probabilities. Divide by their sum.")
def not_divided(label, tone, voice, face, v, f):
    return label * (tone @ _seen(voice, face, v, f))


@cause.mistake("The label's own probabilities are missing: multiply by them.")
def no_prior(label, tone, voice, face, v, f):
    return _normal(tone @ _seen(voice, face, v, f))


@cause.mistake(
    "This is the probability of what was seen, given each label. Multiply by the label's own probability and divide "
    "by the total."
)
def likelihood(label, tone, voice, face, v, f):
    return tone @ _seen(voice, face, v, f)


@cause.mistake("You took the likeliest tone in place of all of them. It is unknown: sum over it.")
def maximum(label, tone, voice, face, v, f):
    return _normal(label * (tone * _seen(voice, face, v, f)).max(axis=1))


@cause.mistake("For each label you took its likeliest tone, as if it had been seen. It is unknown: sum over it.")
def likeliest_given_label(label, tone, voice, face, v, f):
    best = tone.argmax(axis=1)
    return _normal(label * tone.max(axis=1) * _seen(voice, face, v, f)[best])


@cause.mistake(
    "This is the label's own distribution: nothing that was seen reaches it. The table of the tone connects the two, "
    "`tone @ seen`."
)
def disconnected(label, tone, voice, face, v, f):
    return _normal(label * _seen(voice, face, v, f).sum())


@cause.mistake("The face is not used.")
def deaf(label, tone, voice, face, v, f):
    return _normal(label * (tone @ voice[:, v]))


@cause.mistake("The voice is not used.")
def mute(label, tone, voice, face, v, f):
    return _normal(label * (tone @ face[:, f]))


@cause.mistake("You added the probabilities of voice and face. Both were seen: multiply them.")
def one_or_the_other(label, tone, voice, face, v, f):
    return _normal(label * (tone @ (voice[:, v] + face[:, f])))


@cause.mistake("You added the label's probability. It goes in as a factor.")
def prior_added(label, tone, voice, face, v, f):
    return _normal(label + tone @ _seen(voice, face, v, f))


@cause.mistake("`v` and `f` are exchanged: `v` is the voice's decision, a column of `voice`.")
def exchanged(label, tone, voice, face, v, f):
    return posterior(label, tone, voice, face, f, v)


@cause.mistake(
    "`voice[v]` is a row, the decisions given tone `v`. Take the column of the decision, one entry for each tone."
)
def rows_for_columns(label, tone, voice, face, v, f):
    return _normal(label * (tone @ (voice[v] * face[f])))


@cause.mistake("You multiplied the labels given the voice by those given the face. So the label's own probabilities "
               "go in twice, and the one tone is summed out twice.")  # fmt: skip
def posteriors_multiplied(label, tone, voice, face, v, f):
    return _normal(label**2 * (tone @ voice[:, v]) * (tone @ face[:, f]))


@cause.mistake(
    "You took the mean of two answers, one given the voice and one given the face. Both were seen: they belong into "
    "one product, under one sum over the tone."
)
def mean_of_posteriors(label, tone, voice, face, v, f):
    return (_normal(label * (tone @ voice[:, v])) + _normal(label * (tone @ face[:, f]))) / 2


@cause.mistake("These are the probabilities of the tones. Asked for are those of the labels.")
def of_the_tone(label, tone, voice, face, v, f):
    return _normal((label @ tone) * _seen(voice, face, v, f))


@cause.mistake("You divided by the largest entry. Divide by the sum, so that the result sums to one.")
def by_maximum(label, tone, voice, face, v, f):
    joint = not_divided(label, tone, voice, face, v, f)
    return joint / joint.max()


@cause.mistake(
    "You divided by the mean of the joint probabilities: the result sums to the number of labels. Divide by the sum."
)
def by_mean(label, tone, voice, face, v, f):
    joint = not_divided(label, tone, voice, face, v, f)
    return joint / joint.mean()


@cause.mistake(
    "A softmax was taken of probabilities. They only need dividing by their sum; a softmax is for logarithms."
)
def softmax_taken(label, tone, voice, face, v, f):
    return _normal(np.exp(not_divided(label, tone, voice, face, v, f)))


@cause.mistake("`tone` is turned: its rows are labels and its columns tones. The sum runs over the columns.")
def tone_turned(label, tone, voice, face, v, f):
    return _normal(label * (tone.T @ _seen(voice, face, v, f)))


@cause.mistake("You divided each label by its own total, so that everything is one. Divide by the total of all labels.")
def each_by_itself(label, tone, voice, face, v, f):
    return np.ones(len(label))


@cause.mistake("The table of the tone goes in twice, once for the voice and once for the face. It goes in once.")
def tone_squared(label, tone, voice, face, v, f):
    return _normal(label * (tone**2 @ _seen(voice, face, v, f)))


@cause.mistake("The label's own probabilities go in twice. They go in once.")
def prior_twice(label, tone, voice, face, v, f):
    return _normal(label**2 * (tone @ _seen(voice, face, v, f)))


@cause.mistake(
    "You multiplied over the tones. One of them was there, nobody knows which: the probabilities are summed over it."
)
def product_over_tones(label, tone, voice, face, v, f):
    return _normal(label * (tone * _seen(voice, face, v, f)).prod(axis=1))


@cause.mistake("You return the likeliest label. Asked for are the probabilities of all of them.")
def named(label, tone, voice, face, v, f):
    return int(posterior(label, tone, voice, face, v, f).argmax())


@cause.mistake("The tone is not summed out: there is still a number for each label and tone.")
def tone_kept(label, tone, voice, face, v, f):
    return _normal(label[:, None] * tone * _seen(voice, face, v, f))


@cause.mistake(
    "You divided by the total over the tones of what was seen, as if all tones were equally likely. Divide by the sum "
    "of the joint probabilities."
)
def seen_divided(label, tone, voice, face, v, f):
    return label * (tone @ _normal(_seen(voice, face, v, f)))


@cause.mistake(
    "You first found the tones' probabilities given what was seen, then weighted p(tone | label) with them. Its rows "
    "are tones given a label, not labels given a tone: multiply the four tables, then sum."
)
def tone_first(label, tone, voice, face, v, f):
    return _normal(tone @ _normal((label @ tone) * _seen(voice, face, v, f)))


@cause.mistake("You decided for the likeliest tone first. It is unknown: sum over all of them.")
def tone_decided(label, tone, voice, face, v, f):
    best = ((label @ tone) * _seen(voice, face, v, f)).argmax()
    return _normal(label * tone[:, best])


@cause.mistake("`v` and `f` count from 0: you took the decisions before them.")
def counted_from_one(label, tone, voice, face, v, f):
    return posterior(label, tone, voice, face, v - 1, f - 1)


@cause.mistake("You took the voice's probabilities twice, and the face's not at all.")
def voice_twice(label, tone, voice, face, v, f):
    return _normal(label * (tone @ voice[:, v] ** 2))


@cause.mistake("You took the face's probabilities twice, and the voice's not at all.")
def face_twice(label, tone, voice, face, v, f):
    return _normal(label * (tone @ face[:, f] ** 2))


@cause.mistake(
    "You chose the tone that fits what was seen best, and left out all others. The tone is unknown: sum over it."
)
def best_fitting_tone(label, tone, voice, face, v, f):
    return _normal(label * tone[:, _seen(voice, face, v, f).argmax()])


@cause.mistake(
    "You divided the table of the tones by the sums of its columns. Its rows are probabilities as they stand: use them."
)
def columns_divided(label, tone, voice, face, v, f):
    return _normal(label * (tone / tone.sum(0) @ _seen(voice, face, v, f)))


@cause.mistake("You took the mean over the tones, and did not divide by the total: the result does not sum to one.")
def mean_not_divided(label, tone, voice, face, v, f):
    return label * (tone * _seen(voice, face, v, f)).mean(1)


@cause.mistake("`v` and `f` say which decisions were seen. You took the last ones, whatever they are.")
def last_decisions(label, tone, voice, face, v, f):
    return posterior(label, tone, voice, face, -1, -1)


@cause.mistake("`v` and `f` count from 0: you took the decisions after them.")
def one_later(label, tone, voice, face, v, f):
    return posterior(label, tone, voice, face, (v + 1) % voice.shape[1], (f + 1) % face.shape[1])


@cause.mistake(
    "You averaged p(label | tone) with weights of the tones that leave out how common each tone is. Sum the joint "
    "probabilities over the tone, and divide once at the end."
)
def averaged_given_tones(label, tone, voice, face, v, f):
    given = label[:, None] * tone
    return given / given.sum(0) @ _normal(_seen(voice, face, v, f))


@cause.mistake("You chose the commonest tone, whatever was seen. It is unknown: sum over all of them.")
def commonest_tone(label, tone, voice, face, v, f):
    return _normal(label * tone[:, (label @ tone).argmax()])


@cause.mistake("You chose one tone for each label, its commonest. The tone is unknown: sum over all of them.")
def commonest_tone_of_each(label, tone, voice, face, v, f):
    return _normal(label * _seen(voice, face, v, f)[tone.argmax(1)])


@cause.mistake(
    "Two things: you summed the tone out twice, once for the voice and once for the face, and the label's own "
    "probabilities are missing."
)
def twice_without_prior(label, tone, voice, face, v, f):
    return _normal((tone @ voice[:, v]) * (tone @ face[:, f]))


@cause.mistake(
    "Two things: you summed the tone out twice, for the voice and for the face, and did not divide by the sum."
)
def twice_not_divided(label, tone, voice, face, v, f):
    return label * (tone @ voice[:, v]) * (tone @ face[:, f])


TONE_TWICE = (
    "How common a tone is counts twice in yours: in p(tone | label), and again in probabilities of the tones given "
    "what was seen (or given one of the two). Sum tone[i, j] · voice[j, v] · face[j, f] over the tones j."
)


@cause.mistake(TONE_TWICE)
def tone_prior_twice(label, tone, voice, face, v, f):
    return _normal(label * (tone @ _normal((label @ tone) * _seen(voice, face, v, f))))


@cause.mistake(
    "You multiplied the tones' probabilities given the voice by those given the face: how common each tone is goes in "
    "three times, once with p(tone | label)."
)
def tone_prior_thrice(label, tone, voice, face, v, f):
    return _normal(label * (tone @ ((label @ tone) ** 2 * _seen(voice, face, v, f))))


@cause.mistake("You divided the columns of voice and face by their sums, and added them. Multiply them as they stand.")
def columns_added(label, tone, voice, face, v, f):
    return _normal(label * (tone @ (_normal(voice[:, v]) + _normal(face[:, f]))))


@cause.mistake("You summed over the first two tones only. There are c of them.")
def two_tones(label, tone, voice, face, v, f):
    return _normal(label * (tone[:, :2] @ _seen(voice, face, v, f)[:2]))


@cause.mistake("The first tone is left out of your sum: tones count from 0.")
def without_first_tone(label, tone, voice, face, v, f):
    rest = tone[:, 1:] @ _seen(voice, face, v, f)[1:]
    return _normal(label * rest) if rest.any() else label


@cause.mistake("The last tone is left out of your sum.")
def without_last_tone(label, tone, voice, face, v, f):
    rest = tone[:, :-1] @ _seen(voice, face, v, f)[:-1]
    return _normal(label * rest) if rest.any() else label


UPDATED = (
    "You divided by the probability of the {0}'s decision given each label (the tones' sum after the {0}): so the {0} "
    "changes the tone only, and says nothing of the label. Multiply both under one sum, and divide once, at the end."
)


def _rows(table):
    return table / table.sum(axis=1, keepdims=True)


@cause.mistake(UPDATED.format("voice"))
def voice_for_tone_only(label, tone, voice, face, v, f):
    return _normal(label * (_rows(tone * voice[:, v]) @ face[:, f]))


@cause.mistake(UPDATED.format("face"))
def face_for_tone_only(label, tone, voice, face, v, f):
    return _normal(label * (_rows(tone * face[:, f]) @ voice[:, v]))


@cause.mistake("You took the root of the product of voice and face. Both were seen: the product itself.")
def root_of_both(label, tone, voice, face, v, f):
    return _normal(label * (tone @ np.sqrt(_seen(voice, face, v, f))))


@cause.mistake(
    "You took the root of a product of two answers, one for the voice and one for the face. Their tone is one: "
    "multiply under the sum over it."
)
def root_of_answers(label, tone, voice, face, v, f):
    return _normal(label * np.sqrt((tone @ voice[:, v]) * (tone @ face[:, f])))


@cause.mistake("You took the face's entry for `v`, the voice's decision. It is in the column `f` of `face`.")
def v_for_both(label, tone, voice, face, v, f):
    return posterior(label, tone, voice, face, v, v)


@cause.mistake("You took the voice's entry for `f`, the face's decision. It is in the column `v` of `voice`.")
def f_for_both(label, tone, voice, face, v, f):
    return posterior(label, tone, voice, face, f, f)


@cause.mistake("Logarithms were divided by their sum. Divide the joint probabilities themselves by their sum.")
def logarithms_divided(label, tone, voice, face, v, f):
    return _normal(np.log(not_divided(label, tone, voice, face, v, f)))


@cause.mistake("You give the likeliest label the probability 1, all others 0. Asked for are the probabilities.")
def one_for_the_likeliest(label, tone, voice, face, v, f):
    joint = not_divided(label, tone, voice, face, v, f)
    return (np.arange(len(joint)) == joint.argmax()).astype(float)
