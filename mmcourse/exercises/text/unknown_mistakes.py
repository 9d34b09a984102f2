"""What goes wrong in `text.unknown`: planted mistakes with their messages."""

from collections import Counter

from mmcourse.exercises.text.unknown import unknown, unknown_share


def _words(captions):
    return [word for caption in captions for word in caption.split()]


def _new(train, test):
    known = set(_words(train))
    return [word for word in _words(test) if word not in known]


@unknown.mistake("It still says 0, whatever the captions are: the vocabulary has looked at the test captions.")
def from_test_only(train, test):
    return len(_new(test, test)) / len(_words(test))


@unknown.mistake("This is the share of words that *are* known. The unknown ones are the rest.")
def known_share(train, test):
    return 1 - unknown_share(train, test)


@unknown.mistake(
    "You counted each word once, however often it stands there. A reader meets words as often as they stand there."
)
def kinds_of_words(train, test):
    return len(set(_new(train, test))) / len(set(_words(test)))


@unknown.mistake(
    "You counted the *different* unknown words, and divided by all words. Count each as often as it stands there."
)
def kinds_among_all(train, test):
    return len(set(_new(train, test))) / len(_words(test))


@unknown.mistake("You divided by the number of *different* test words. Divide by how many words there are in all.")
def all_among_kinds(train, test):
    return len(_new(train, test)) / len(set(_words(test)))


@unknown.mistake("This is the share of *captions* with an unknown word. Count words.")
def captions_with_unknown(train, test):
    return sum(bool(_new(train, [caption])) for caption in test) / len(test)


@unknown.mistake("This is the share of *captions* of which every word is unknown. Count words.")
def captions_all_unknown(train, test):
    return sum(len(_new(train, [caption])) == len(caption.split()) for caption in test) / len(test)


@unknown.mistake("You averaged each caption's share: a word of a short caption weighs more than one of a long one.")
def mean_of_means(train, test):
    return sum(unknown_share(train, [caption]) for caption in test) / len(test)


@unknown.mistake("Training and test are swapped: this is the share of training words that do not stand in the test.")
def swapped(train, test):
    return unknown_share(test, train)


@unknown.mistake("You divided by the words of the training captions. Divide by those of the test.")
def among_training_words(train, test):
    return len(_new(train, test)) / len(_words(train))


@unknown.mistake("You divided by the words of training and test together. Divide by those of the test.")
def among_both(train, test):
    return len(_new(train, test)) / len(_words(train) + _words(test))


@unknown.mistake("You divided the unknown words by the known ones. A share is of all words of the test.")
def among_known_words(train, test):
    new = len(_new(train, test))
    return new / (len(_words(test)) - new) if new < len(_words(test)) else float("inf")


@unknown.mistake("You divided by the size of the vocabulary. Divide by how many words the test has.")
def among_vocabulary(train, test):
    return len(_new(train, test)) / len(set(_words(train)))


@unknown.mistake("This is the number of unknown words in each caption, on average. Divide by the number of words.")
def for_each_caption(train, test):
    return len(_new(train, test)) / len(test)


@unknown.mistake("This is the number of unknown words. Divide it by the number of words.")
def number(train, test):
    return len(_new(train, test))


@unknown.mistake("These are the unknown words. Asked is their share of all words of the test.")
def the_words(train, test):
    return _new(train, test)


@unknown.mistake(said="Your result is in percent")
def percent(train, test):
    return 100 * unknown_share(train, test)


@unknown.mistake("You look for words in a text, where a part of a longer word is found as well. Compare whole words.")
def substring(train, test):
    return sum(word not in " ".join(train) for word in _words(test)) / len(_words(test))


@unknown.mistake("A word counts as known in yours where a known word is a part of it. Compare whole words.")
def superstring(train, test):
    known = set(_words(train))
    return sum(not any(one in word for one in known) for word in _words(test)) / len(_words(test))


@unknown.mistake(
    "You compare words with whole training captions, and nearly none is known. Split the training captions."
)
def words_among_captions(train, test):
    return sum(word not in train for word in _words(test)) / len(_words(test))


@unknown.mistake(
    "No word is known in yours: your vocabulary holds single letters. Split the training captions at the blanks."
)
def words_among_letters(train, test):
    letters = {letter for caption in train for letter in caption}
    return sum(word not in letters for word in _words(test)) / len(_words(test))


@unknown.mistake("You look for whole test captions among those of training. Compare word by word.")
def whole_captions(train, test):
    return sum(caption not in train for caption in test) / len(test)


@unknown.mistake("You count letters, not words: split the captions at the blanks.")
def letters(train, test):
    known, asked = {letter for caption in train for letter in caption}, "".join(test)
    return sum(letter not in known for letter in asked) / len(asked)


@unknown.mistake("The vocabulary holds only the words of the first training caption. Take those of all.")
def first_caption(train, test):
    return unknown_share(train[:1], test)


@unknown.mistake("The vocabulary holds only the words of the last training caption. Take those of all.")
def last_caption(train, test):
    return unknown_share(train[-1:], test)


@unknown.mistake("You looked at the first test caption only. Count the words of all.")
def first_test_caption(train, test):
    return unknown_share(train, test[:1])


@unknown.mistake("You looked at the last test caption only. Count the words of all.")
def last_test_caption(train, test):
    return unknown_share(train, test[-1:])


@unknown.mistake("A word that training holds only once counts as unknown in yours. Once is enough to know it.")
def seen_twice(train, test):
    counts = Counter(_words(train))
    return sum(counts[word] < 2 for word in _words(test)) / len(_words(test))


@unknown.mistake(
    "A word counts as unknown in yours once it is used more often than in training. A known word stays known."
)
def used_up(train, test):
    return sum((Counter(_words(test)) - Counter(_words(train))).values()) / len(_words(test))


@unknown.mistake("You divide in whole numbers, with `//`: every share below 1 becomes 0.")
def divided_in_whole_numbers(train, test):
    return len(_new(train, test)) // len(_words(test))


@unknown.mistake("You split at each single blank, so that empty words come between two blanks: use `split()`.")
def split_at_each_blank(train, test):
    known = {word for caption in train for word in caption.split(" ")}
    words = [word for caption in test for word in caption.split(" ")]
    return sum(word not in known for word in words) / len(words)


@unknown.mistake("Capital and small letters are the same to you. Words count as they stand there.")
def small_letters(train, test):
    return unknown_share([caption.lower() for caption in train], [caption.lower() for caption in test])


@unknown.mistake("Full stops and commas are taken off. Words count as they stand there.")
def without_stops(train, test):
    def bare(captions):
        return [" ".join(word.strip(".,;:!?") for word in caption.split()) for caption in captions]

    return unknown_share(bare(train), bare(test))


JOINED = "You join captions without a blank between them: the last word of one and the first of the next become one."


@unknown.mistake(JOINED)
def all_joined(train, test):
    return unknown_share(["".join(train)], ["".join(test)])


@unknown.mistake(JOINED)
def training_joined(train, test):
    return unknown_share(["".join(train)], test)


@unknown.mistake(JOINED)
def test_joined(train, test):
    return unknown_share(train, ["".join(test)])


@unknown.mistake(
    "You divided by the number of different words of training and test together. Divide by how many words the test has."
)
def among_all_kinds(train, test):
    return len(_new(train, test)) / len(set(_words(train)) | set(_words(test)))


@unknown.mistake(
    "This is the share of *different* words that only one of the two sides has. Count the words of the test."
)
def on_one_side_only(train, test):
    known, asked = set(_words(train)), set(_words(test))
    return len(known ^ asked) / len(known | asked)


@unknown.mistake("Only the first word of each test caption counts in yours. Count all.")
def first_words(train, test):
    return unknown_share(train, [caption.split()[0] for caption in test])


@unknown.mistake(
    "Training and test are swapped, and these are the known ones: the share of training words in the test."
)
def swapped_and_known(train, test):
    return 1 - unknown_share(test, train)


@unknown.mistake("You count pairs of neighbouring words. Count single words.")
def pairs_of_words(train, test):
    def pairs(captions):
        return [pair for caption in captions for pair in zip(caption.split(), caption.split()[1:], strict=False)]

    known = pairs(train)
    return sum(pair not in known for pair in pairs(test)) / len(pairs(test))


@unknown.mistake("You divided by the number of words less 1. A share is of all words.")
def one_word_less(train, test):
    return len(_new(train, test)) / max(1, len(_words(test)) - 1)


@unknown.mistake("The last word of each test caption is left out. Count all.")
def without_last_words(train, test):
    words = [word for caption in test for word in caption.split()[:-1]]
    return sum(word in _new(train, test) for word in words) / max(1, len(words))


@unknown.mistake("The first word of each test caption is left out. Count all.")
def without_first_words(train, test):
    words = [word for caption in test for word in caption.split()[1:]]
    return sum(word in _new(train, test) for word in words) / max(1, len(words))


@unknown.mistake("Only the last word of each test caption counts in yours. Count all.")
def last_words(train, test):
    return unknown_share(train, [caption.split()[-1] for caption in test])


@unknown.mistake("You took the median of each caption's share. Count the words of all captions together.")
def median_of_captions(train, test):
    shares = sorted(unknown_share(train, [caption]) for caption in test)
    return (shares[(len(shares) - 1) // 2] + shares[len(shares) // 2]) / 2


@unknown.mistake("This is the largest share of a single caption. Count the words of all captions together.")
def worst_caption(train, test):
    return max(unknown_share(train, [caption]) for caption in test)


@unknown.mistake("Within a caption you count each word once. Count it as often as it stands there.")
def once_in_a_caption(train, test):
    return unknown_share(train, [" ".join(sorted(set(caption.split()))) for caption in test])


@unknown.mistake("You count the letters of the unknown words. Count words, long or short.")
def letters_of_words(train, test):
    return len("".join(_new(train, test))) / len("".join(_words(test)))


@unknown.mistake("This is the smallest share of a single caption. Count the words of all captions together.")
def best_caption(train, test):
    return min(unknown_share(train, [caption]) for caption in test)


@unknown.mistake("The last training caption is left out of the vocabulary. Take the words of all.")
def without_the_last_caption(train, test):
    return unknown_share(train[:-1], test)


@unknown.mistake("The first training caption is left out of the vocabulary. Take the words of all.")
def without_the_first_caption(train, test):
    return unknown_share(train[1:], test)


@unknown.mistake("The last test caption is left out. Count the words of all.")
def without_the_last_test_caption(train, test):
    return unknown_share(train, test[:-1])
