"""What goes wrong in `contrastive.classify`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.contrastive.classify import classify, cosines_of, name_pictures, unit


@classify.mistake("The prompts are never normalised: long captions and long classes win. A cosine knows no length.")
def no_lengths(pictures, prompts):
    return (pictures @ prompts.mean(1).T).argmax(1)


@classify.mistake(
    "The captions did not have length one before the mean, so a long caption outvotes the others of its class. "
    "Normalise each before you average."
)
def mean_first(pictures, prompts):
    return (pictures @ unit(prompts.mean(1)).T).argmax(1)


@classify.mistake(
    "The mean of unit vectors is shorter where captions disagree, and such classes hardly win. Normalise again after "
    "the mean. (To average a class's cosines comes to the same.)"
)
def short_means(pictures, prompts):
    return (pictures @ unit(prompts).mean(1).T).argmax(1)


@classify.mistake("This is the class of the single nearest caption. Asked for is the mean of a class's captions.")
def nearest_caption(pictures, prompts):
    return np.einsum("nd,ckd->nck", pictures, unit(prompts)).max(2).argmax(1)


@classify.mistake(
    "This is the class of the longest projection on any caption: nothing is normalised, nothing averaged."
)
def longest_caption(pictures, prompts):
    return np.einsum("nd,ckd->nck", pictures, prompts).max(2).argmax(1)


@classify.mistake("Only the first caption of each class counts here. Take the mean over axis 1.")
def first_caption(pictures, prompts):
    return (pictures @ unit(prompts[:, 0]).T).argmax(1)


@classify.mistake("These are the numbers of captions, of all classes one after the other. Asked for are classes.")
def flat_captions(pictures, prompts):
    return (pictures @ unit(prompts).reshape(-1, prompts.shape[-1]).T).argmax(1)


@classify.mistake("You took the mean over the classes, axis 0, and get the number of a caption. Average over axis 1.")
def mean_over_classes(pictures, prompts):
    return (pictures @ unit(unit(prompts).mean(0)).T).argmax(1)


@classify.mistake("Each caption chose a class by itself, and the majority won. Average the vectors instead.")
def majority(pictures, prompts):
    votes = np.einsum("nd,ckd->nkc", pictures, unit(prompts)).argmax(2)
    return np.array([np.bincount(row).argmax() for row in votes])


@classify.mistake(
    "You divided the captions by the norms along axis 1, over the captions. A vector's length is along axis 2."
)
def norms_over_captions(pictures, prompts):
    return (pictures @ unit(unit(prompts, 1).mean(1)).T).argmax(1)


@classify.mistake("The classes are divided by norms along axis 0, over the classes. A vector's length is along axis 1.")
def norms_over_classes(pictures, prompts):
    return (pictures @ unit(unit(prompts).mean(1), 0).T).argmax(1)


@classify.mistake("The pictures are divided by norms along axis 0, over the batch. A vector's length is along axis 1.")
def norms_over_pictures(pictures, prompts):
    return (unit(pictures, 0) @ unit(unit(prompts).mean(1)).T).argmax(1)


@classify.mistake("You divided by the sum of the squares. The length of a vector is the root of it.")
def squared_norms(pictures, prompts):
    classes = (prompts / (prompts**2).sum(-1, keepdims=True)).mean(1)
    return (pictures @ (classes / (classes**2).sum(-1, keepdims=True)).T).argmax(1)


@classify.mistake(
    "You divided by the sum of the absolute values. The length of a vector is the root of its sum of squares."
)
def absolute_norms(pictures, prompts):
    classes = (prompts / np.abs(prompts).sum(-1, keepdims=True)).mean(1)
    return (pictures @ (classes / np.abs(classes).sum(-1, keepdims=True)).T).argmax(1)


@classify.mistake("You took the nearest class by distance, without lengths of one. A cosine knows no length.")
def by_distance(pictures, prompts):
    return np.linalg.norm(pictures[:, None] - prompts.mean(1), axis=2).argmin(1)


@classify.mistake("You compare absolute values: the opposite of a class is not that class.")
def absolute(pictures, prompts):
    return np.abs(cosines_of(pictures, prompts)).argmax(1)


@classify.mistake("These are the classes that are *least* alike.")
def least(pictures, prompts):
    return cosines_of(pictures, prompts).argmin(1)


BEST_PICTURE = "This is the best picture for each class. Asked for is the best class for each picture: axis 1."


@classify.mistake(BEST_PICTURE)
def best_picture(pictures, prompts):
    return cosines_of(pictures, prompts).argmax(0)


@classify.mistake(BEST_PICTURE)
def best_long_picture(pictures, prompts):
    return (pictures @ unit(unit(prompts).mean(1)).T).argmax(0)


@classify.mistake("These are the largest cosines themselves. Asked for are their places: `argmax`, not `max`.")
def largest_cosines(pictures, prompts):
    return cosines_of(pictures, prompts).max(1)


@classify.mistake("These are the cosines with all classes. Return the class with the largest one.")
def all_cosines(pictures, prompts):
    return cosines_of(pictures, prompts)


@classify.mistake("Your classes begin at 1. The first one is 0.")
def from_one(pictures, prompts):
    return cosines_of(pictures, prompts).argmax(1) + 1


@classify.mistake("Only the last caption of each class counts here. Take the mean over axis 1.")
def last_caption(pictures, prompts):
    return (pictures @ unit(prompts[:, -1]).T).argmax(1)


@classify.mistake("You took the median of a class's captions, number by number. Asked for is their mean.")
def median(pictures, prompts):
    return (pictures @ unit(np.median(unit(prompts), axis=1)).T).argmax(1)


@classify.mistake(
    "You took the nearest class by distance, though the mean of unit vectors is short where captions disagree. Bring "
    "it to length one, or compare cosines."
)
def distance_to_short_means(pictures, prompts):
    return np.linalg.norm(unit(pictures)[:, None] - unit(prompts).mean(1), axis=2).argmin(1)


@classify.mistake(
    "This is the number of the nearest caption, modulo the number of classes. Average the captions of each class."
)
def caption_modulo_classes(pictures, prompts):
    c, _, d = prompts.shape
    return (pictures @ unit(prompts).reshape(-1, d).T).argmax(1) % c


@classify.mistake("You took the mean of the pictures away from them. A cosine takes the vectors as they are.")
def pictures_centred(pictures, prompts):
    return name_pictures(pictures - pictures.mean(0), prompts)


@classify.mistake(
    "Negative cosines became 0: where all classes have one, the first of them wins. The largest may be negative."
)
def negative_cosines_cut(pictures, prompts):
    return np.maximum(cosines_of(pictures, prompts), 0).argmax(1)


@classify.mistake("You take the second best class. Take the best.")
def second_best(pictures, prompts):
    return np.argsort(-cosines_of(pictures, prompts), axis=1)[:, 1]


@classify.mistake("You compare the least similar caption of each class. Asked for is the mean of a class's captions.")
def least_similar_caption(pictures, prompts):
    return np.einsum("nd,ckd->nck", unit(pictures), unit(prompts)).min(axis=2).argmax(axis=1)


@classify.mistake("All pictures get the class of the first one. Each has its own.")
def of_the_first_picture(pictures, prompts):
    return np.full(len(pictures), name_pictures(pictures[:1], prompts)[0])


@classify.mistake("You took the longest caption of each class. Asked for is the mean of its captions' unit vectors.")
def direction_of_longest_caption(pictures, prompts):
    longest = np.linalg.norm(prompts, axis=2).argmax(axis=1)
    return (pictures @ unit(prompts[np.arange(len(prompts)), longest]).T).argmax(axis=1)


@classify.mistake(
    "You took the mean of the classes away from them. A class's vector is the mean of its captions alone."
)
def classes_centred(pictures, prompts):
    classes = unit(unit(prompts).mean(axis=1))
    return (pictures @ unit(classes - classes.mean(axis=0)).T).argmax(axis=1)


@classify.mistake(
    "`reshape` does not exchange axes: captions of different classes were averaged. Take the mean over axis 1."
)
def captions_reshaped(pictures, prompts):
    c, k, d = prompts.shape
    return (pictures @ unit(unit(prompts).reshape(k, c, d).mean(axis=0)).T).argmax(axis=1)


@classify.mistake(
    "Vectors shorter than 1 stay as they are with you. Each is divided by its length, be that below 1 or above."
)
def long_ones_cut(pictures, prompts):
    def cut(x):
        return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1)

    return (pictures @ cut(cut(prompts).mean(1)).T).argmax(1)


@classify.mistake(
    "You added something to the lengths before you divided. A unit vector is divided by its length alone."
)
def longer_by_one(pictures, prompts):
    def nearly(x):
        return x / (1 + np.linalg.norm(x, axis=-1, keepdims=True))

    return (pictures @ nearly(nearly(prompts).mean(1)).T).argmax(1)


@classify.mistake("You took the largest number of a class's captions, place by place. Asked for is their mean.")
def largest_numbers(pictures, prompts):
    return (pictures @ unit(unit(prompts).max(1)).T).argmax(1)


@classify.mistake("You divided by the largest number of a vector. Its length is the root of its sum of squares.")
def largest_number_as_length(pictures, prompts):
    classes = (prompts / np.abs(prompts).max(-1, keepdims=True)).mean(1)
    return (pictures @ (classes / np.abs(classes).max(-1, keepdims=True)).T).argmax(1)


@classify.mistake(
    "You took the mean of the numbers away from each vector: a correlation. A cosine takes them as they are."
)
def correlation(pictures, prompts):
    return cosines_of(*(x - x.mean(-1, keepdims=True) for x in (pictures, prompts))).argmax(1)


@classify.mistake("You added up absolute differences. Asked for is the largest cosine.")
def city_blocks(pictures, prompts):
    return np.abs(unit(pictures)[:, None] - unit(unit(prompts).mean(1))).sum(2).argmin(1)


@classify.mistake("You compare the second caption of each class alone. Asked for is the mean of all its captions.")
def second_caption(pictures, prompts):
    return (pictures @ unit(prompts[:, min(1, prompts.shape[1] - 1)]).T).argmax(1)


@classify.mistake("The captions were averaged before they had length one, and the mean was not brought to length one.")
def distance_to_plain_means(pictures, prompts):
    return np.linalg.norm(unit(pictures)[:, None] - prompts.mean(1), axis=2).argmin(1)


@classify.mistake(
    "Captions nearer to a picture count more with you. A class's vector is the plain mean, for all pictures."
)
def captions_weighed(pictures, prompts):
    c = np.einsum("nd,ckd->nck", unit(pictures), unit(prompts))
    return (c * np.exp(c) / np.exp(c).sum(2, keepdims=True)).sum(2).argmax(1)


@classify.mistake("The captions of a class were divided by one length for all of them. Each caption has its own.")
def length_of_a_class(pictures, prompts):
    lengths = np.linalg.norm(prompts, axis=(1, 2), keepdims=True)
    return (pictures @ (prompts / lengths).mean(1).T).argmax(1)


@classify.mistake("You took the median of a class's cosines. Average the vectors, and bring the mean to length one.")
def median_cosine(pictures, prompts):
    return np.median(np.einsum("nd,ckd->nck", unit(pictures), unit(prompts)), axis=2).argmax(1)


@classify.mistake("Only two captions of each class count here. Take the mean of all.")
def first_two_captions(pictures, prompts):
    return name_pictures(pictures, prompts[:, :2])


@classify.mistake("You took the mean of the pictures away from pictures and captions. A cosine takes them as they are.")
def all_centred(pictures, prompts):
    mean = pictures.mean(0)
    return name_pictures(pictures - mean, prompts - mean)


@classify.mistake(
    "You took the mean of all captions away from each. A class's vector is the mean of its captions alone."
)
def captions_centred(pictures, prompts):
    return name_pictures(pictures, prompts - prompts.mean(axis=(0, 1)))


@classify.mistake("The last caption of each class is left out. Take the mean of all.")
def last_caption_missing(pictures, prompts):
    return name_pictures(pictures, prompts[:, : max(1, prompts.shape[1] - 1)])


@classify.mistake("The first caption of each class is left out. Take the mean of all.")
def first_caption_missing(pictures, prompts):
    return name_pictures(pictures, prompts[:, min(1, prompts.shape[1] - 1) :])


CLASSES = {
    "no_lengths": (lambda p: p.mean(1), "Nothing is brought to length one."),
    "mean_first": (lambda p: unit(p.mean(1)), "The captions did not have length one before the mean."),
    "short_means": (lambda p: unit(p).mean(1), "The mean was not brought to length one again."),
    "first": (lambda p: unit(p[:, 0]), "Only the first caption of each class counts."),
    "over_classes": (lambda p: unit(unit(p).mean(0)), "The mean is taken over the classes, not the captions."),
}
CHOICES = {
    "best_picture": (lambda s: s.argmax(0), "You choose a picture for each class, not a class for each picture."),
    "absolute": (lambda s: np.abs(s).argmax(1), "The cosines have lost their signs."),
    "least": (lambda s: s.argmin(1), "You take the least alike."),
    "from_one": (lambda s: s.argmax(1) + 1, "You count from 1."),
    "largest": (lambda s: s.max(1), "You return the largest similarity, not its place."),
}


def _two_mistakes(kind, choice):
    def answer(pictures, prompts):
        return CHOICES[choice][0](pictures @ CLASSES[kind][0](prompts).T)

    answer.__name__ = f"{kind}_{choice}"
    if choice != "best_picture" or kind not in ("mean_first", "short_means"):  # a class's length changes no picture
        classify.mistake(f"Two mistakes. {CLASSES[kind][1]} {CHOICES[choice][1]}")(answer)


for _kind in CLASSES:
    for _choice in CHOICES:
        _two_mistakes(_kind, _choice)


@classify.mistake(
    "The captions are divided by norms along axis 0, over the classes. A vector's length is along axis 2."
)
def caption_norms_over_classes(pictures, prompts):
    return (pictures @ unit(unit(prompts, 0).mean(1)).T).argmax(1)


@classify.mistake(
    "You took the nearest class by distance, with pictures of any length and means of any length. A cosine knows no "
    "length."
)
def distance_of_raw_pictures(pictures, prompts):
    return np.linalg.norm(pictures[:, None] - unit(prompts).mean(1), axis=2).argmin(1)


@classify.mistake("The nearest captions voted. Asked for is the class whose mean caption is nearest.")
def nearest_three(pictures, prompts):
    c, k, d = prompts.shape
    near = np.argsort(-(unit(pictures) @ unit(prompts).reshape(-1, d).T), axis=1, kind="stable")[:, :3] // k
    return np.array([np.bincount(row, minlength=c).argmax() for row in near])


@classify.mistake("Before the mean you divided by the sum of the squares. The length of a vector is the root of it.")
def captions_by_squares(pictures, prompts):
    return (pictures @ unit((prompts / (prompts**2).sum(-1, keepdims=True)).mean(1)).T).argmax(1)


@classify.mistake("After the mean you divided by the sum of the squares. The length of a vector is the root of it.")
def means_by_squares(pictures, prompts):
    classes = unit(prompts).mean(1)
    return (pictures @ (classes / (classes**2).sum(-1, keepdims=True)).T).argmax(1)


@classify.mistake(
    "Before the mean you divided by the sum of absolute values. The length is the root of the sum of squares."
)
def captions_by_absolute_values(pictures, prompts):
    return (pictures @ unit((prompts / np.abs(prompts).sum(-1, keepdims=True)).mean(1)).T).argmax(1)


@classify.mistake(
    "You multiplied the cosines of a class's captions. Average the vectors, and bring the mean to length one."
)
def product_of_cosines(pictures, prompts):
    return np.prod(1 + np.einsum("nd,ckd->nck", unit(pictures), unit(prompts)), axis=2).argmax(1)


@classify.mistake("Captions of different classes were averaged: axes 0 and 1 are mixed up. Take the mean over axis 1.")
def captions_turned(pictures, prompts):
    c, _, d = prompts.shape
    return (pictures @ unit(unit(prompts).transpose(1, 0, 2).reshape(c, -1, d).mean(1)).T).argmax(1)


@classify.mistake(
    "You divided each caption by the sum of its numbers. The length of a vector is the root of its sum of squares."
)
def divided_by_sums(pictures, prompts):
    return (pictures @ unit((prompts / prompts.sum(-1, keepdims=True)).mean(1)).T).argmax(1)


@classify.mistake(
    "A softmax over the pictures came before the choice: it changes the winner. Compare a picture's cosines."
)
def softmax_over_pictures(pictures, prompts):
    e = np.exp(cosines_of(pictures, prompts))
    return (e / e.sum(0)).argmax(1)


@classify.mistake("The single nearest caption may win, too. Asked for is the mean of a class's captions alone.")
def mean_or_nearest(pictures, prompts):
    nearest = np.einsum("nd,ckd->nck", unit(pictures), unit(prompts)).max(2)
    return np.maximum(nearest, cosines_of(pictures, prompts)).argmax(1)
