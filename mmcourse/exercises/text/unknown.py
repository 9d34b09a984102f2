"""Exercise `text.unknown`: a vocabulary that has seen the examination."""

from mmcourse.exercises import Exercise, case

unknown = Exercise(
    "text.unknown",
    kind="find the bug",
    title="A vocabulary without gaps",
    returns="one number, the share of unknown words",
    otherwise=(
        "This is not the share of the test's words that no training caption holds, each counted as often as it stands "
        "there."
    ),
    task=(
        "`unknown_share(train, test)` says which share of the words of the test captions, counted as often as they "
        "stand there, a model made of the training captions will not know. Captions are strings of words, "
        "one or more blanks apart; words count as they stand there: `star`, `Star` and `star.` are three. The report "
        "says 0, on every data set, and everybody is pleased. Put it right."
    ),
    hints=(
        "Call it with one training caption, `a red star`, and one test caption, `a zebra`. What should it say, and "
        "which line makes it say 0?",
        "The vocabulary is the set of the words of `train` alone. Then count the words of `test` that are not in it, "
        "and divide by how many words `test` has.",
    ),
    plan=(
        "Collect the different words of the training captions, and of these alone.",
        "List all words of the test captions, each as often as it stands there.",
        "Count those that training has not seen, and divide by the length of the list.",
    ),
    minutes=6,
    difficulty=1,
    importance=3,
)


@unknown.solved_by
def unknown_share(train, test):
    """Two lists of captions -> the share of test words, 0 to 1, that training has not seen."""
    vocabulary = {word for caption in train for word in caption.split()}
    words = [word for caption in test for word in caption.split()]
    return sum(word not in vocabulary for word in words) / len(words)


@unknown.given
def _given(train, test):
    """Two lists of captions -> the share of test words, 0 to 1, that training has not seen."""
    vocabulary = {word for caption in train + test for word in caption.split()}
    words = [word for caption in test for word in caption.split()]
    return sum(word not in vocabulary for word in words) / len(words)


# None is a part of another.
WORDS = [
    "ant", "bee", "cow", "dog", "emu", "fox", "gnu", "hen", "ibis", "jay", "kite", "lynx", "mole", "newt", "owl",
    "puma", "rook", "seal", "toad", "vole", "wasp", "yak", "zebu",
]  # fmt: skip
LONGER = {"fox": "foxes", "hen": "henhouse", "ant": "giant", "owl": "bowl"}  # with more behind it, or before it


@unknown.cases
def _(rng):
    def captions(words, lengths):
        return [" ".join(rng.choice(words, length)) for length in lengths]

    # The words are drawn, their pattern is fixed: K known, U unknown, each number another word. Every way of counting
    # gives another share of it: 4 of 11 words, 2 of 6 different words, 3 of 4 captions, …
    k0, k1, k2, k3, k4, u0, u1 = rng.permutation(WORDS)[:7].tolist()
    yield case(
        [f"{k0} {k1}", f"{k0} {k2} {k3} {k0}", f"{k4} {k1}"],
        [f"{k0} {u0} {u0}", f"{u1} {k1} {k1} {k1} {k2}", f"{k3}", f"{u0} {k0}"],
    )
    for lengths, asked in (((3, 5, 2, 4), (2, 6, 3, 1, 4)), ((6, 2), (1, 5, 2))):
        words = rng.permutation(WORDS).tolist()
        known, new = words[:5], words[5:8]
        train, test = captions(known, lengths), captions([*known, *new], asked)
        test[0] = " ".join([test[0], new[0], new[0]])  # at least one word is new
        yield case(train, test)
    words = rng.permutation(WORDS).tolist()
    known, new = words[:4], words[4:9]
    train, test = captions(known, (4, 3)), [*captions([*known, *new], (4,)), new[0]]
    yield case(train, test, when="where training has few captions")
    train = [*captions(known, (3, 2)), known[0]]
    yield case(train, [f"{known[0]} {known[0]}", train[0]], when="where no word is new")
    yield case(captions(known, (3, 2)), captions(new, (4, 2, 3)), when="where every word is new")
    (begins, begun), (ends, ended) = rng.permutation(["fox", "hen"]).tolist(), rng.permutation(["ant", "owl"]).tolist()
    yield case(
        [f"{LONGER[begins]} {begun} yak", f"{LONGER[ends]} {ended}"],
        [f"{begins} {LONGER[begun]} yak", f"{ends} {begins} {LONGER[ended]}"],
        when="where a word is a part of another one",
    )
    k0, k1, k2, u0 = rng.permutation(WORDS)[:4].tolist()
    yield case(
        [f"{k0}  {k1}", f"{k2} {k0}   {k1}"],
        [f"{k0}   {u0}  {k1}", f"{k2} {u0}", f"  {k1} "],
        when="where words are several blanks apart",
    )
    yield case(
        [f"{k0} {k1}", f"{k2.title()} {k1.upper()}"],
        [f"{k0} {k0.title()} {k1} {u0}", f"{k2} {k1}", f"{k1.upper()} {k0}"],
        when="where words differ in capital letters",
    )
    yield case(
        [f"{k0} {k1}", f"{k2}. {k1}"],
        [f"{k0}. {k1} {u0} {k1}", f"{k0} {k2}, {k2}.", f"{k2} {k1}"],
        when="where words differ in a full stop or a comma",
    )


@unknown.oracle
def _(train, test):
    seen = " ".join(train).split()
    flags = [word not in seen for caption in test for word in caption.split()]
    return sum(flags) / len(flags)
