"""English: the words of the paraphrase grammar, and the realiser that turns a plan into a caption.

A table maps each way to say something to its weight; weights of a table sum to 100, and one way has most of them. The
parser (``english_parser``) reads the same tables, so that what is written can be read back.

Any change of a table changes captions, and so needs a new ``scenes.VERSION``.
"""

LANGUAGE = "en"

# What is said by nouns: for each shape the ways to name it, as "singular|plural".
NOUNS = {
    "circle": {"circle|circles": 82, "disc|discs": 18},
    "square": {"square|squares": 84, "box|boxes": 16},
    "triangle": {"triangle|triangles": 100},
    "star": {"star|stars": 100},
    "cross": {"cross|crosses": 82, "plus sign|plus signs": 18},
}
THINGS = {"thing|things": 60, "shape|shapes": 24, "object|objects": 16}
COLOUR_WORDS = {
    "red": {"red": 100},
    "orange": {"orange": 100},
    "yellow": {"yellow": 100},
    "green": {"green": 100},
    "blue": {"blue": 100},
    "purple": {"purple": 80, "violet": 20},
}
SIZE_WORDS = {"small": {"small": 72, "little": 16, "tiny": 12}, "large": {"large": 74, "big": 26}}
NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four"}
PAIR = {"two": 84, "a pair of": 10, "a couple of": 6}

RELATION_PHRASES = {
    "left of": {
        "to the left of": 72,
        "left of": 12,
        "on the left of": 8,
        "further left than": 4,
        "on the left side of": 4,
    },
    "right of": {
        "to the right of": 72,
        "right of": 12,
        "on the right of": 8,
        "further right than": 4,
        "on the right side of": 4,
    },
    "above": {"above": 74, "over": 10, "higher than": 10, "higher up than": 6},
    "below": {"below": 70, "beneath": 11, "under": 7, "underneath": 3, "lower than": 7, "lower down than": 2},
}
# The relation of a second thing, told after it: "a circle with a square to its left".
SIDE_PHRASES = {
    "left of": {"to its left": 74, "on its left": 26},
    "right of": {"to its right": 74, "on its right": 26},
    "above": {"above it": 86, "over it": 14},
    "below": {"below it": 76, "beneath it": 14, "under it": 10},
}
VERBS = {
    "is": 84,
    "lies": 4,
    "sits": 3,
    "stands": 2,
    "appears": 2,
    "is placed": 1,
    "is drawn": 1,
    "is located": 1,
    "is shown": 1,
    "can be seen": 1,
}

# "singular|plural" where the verb agrees with the first thing.
OPENINGS = {
    "there is|there are": 66,
    "we see": 6,
    "the picture shows": 6,
    "the image shows": 2,
    "the illustration shows": 1,
    "this picture shows": 2,
    "we can see": 2,
    "you can see": 2,
    "here is|here are": 2,
    "here we have": 1,
    "the scene contains": 1,
    "the scene includes": 1,
    "the drawing has": 1,
    "this image depicts": 1,
    "this drawing displays": 1,
    "the picture features": 1,
    "somebody drew": 1,
    "in the picture there is|in the picture there are": 1,
    "in this image we see": 1,
    "a picture of": 1,
}
ALSO = {
    "there is also|there are also": 76,
    "we also see": 10,
    "the picture also shows": 6,
    "you can also see": 4,
    "the scene also contains": 4,
}
# What may end a list, or open a sentence about a relation: it claims nothing (every background is plain).
CLOSINGS = {
    "": 93,
    "in the picture": 2,
    "in this image": 1,
    "on a plain background": 3,
    "against a plain background": 1,
}
PLACES = {"": 95, "in the picture": 3, "in this drawing": 1, "in the image": 1}
ANDS = {"and": 92, "as well as": 3, "together with": 3, "along with": 2}
BESIDE = {"with": 60, "has": 40}
WHICH = {"which": 86, "that": 14}
TOTALS = {"in all": 40, "in total": 40, "altogether": 20}
ONLY = {"only": 35, "just": 15, "and nothing else": 50}
EXACTLY = {"": 75, "exactly ": 25}
NONE = {"there is no": 55, "but no": 25, "there are no": 20}


def _weighted(table):
    """A table as a flat tuple of 100, from which one draw of an integer picks."""
    assert sum(table.values()) == 100, table
    return tuple(way for way, weight in table.items() for _ in range(weight))


def _forms(table):
    return tuple(tuple((way if "|" in way else f"{way}|{way}").split("|")) for way in _weighted(table))


_NOUNS = {shape: _forms(table) for shape, table in NOUNS.items()}
_THINGS, _OPENINGS, _ALSO = _forms(THINGS), _forms(OPENINGS), _forms(ALSO)
_COLOURS = {colour: _weighted(table) for colour, table in COLOUR_WORDS.items()}
_SIZES = {size: _weighted(table) for size, table in SIZE_WORDS.items()}
_RELATIONS = {relation: _weighted(table) for relation, table in RELATION_PHRASES.items()}
_SIDES = {relation: _weighted(table) for relation, table in SIDE_PHRASES.items()}
_PAIR, _VERBS, _CLOSINGS, _PLACES = _weighted(PAIR), _weighted(VERBS), _weighted(CLOSINGS), _weighted(PLACES)
_ANDS, _BESIDE, _WHICH, _TOTALS = _weighted(ANDS), _weighted(BESIDE), _weighted(WHICH), _weighted(TOTALS)
_ONLY, _EXACTLY, _NONE = _weighted(ONLY), _weighted(EXACTLY), _weighted(NONE)


class _Writer:
    """Writes one caption. A word chosen for a shape, size or colour is kept throughout it: in "a little circle and a
    small star", the reader would look for a difference."""

    def __init__(self, stream):
        self.stream = stream
        self.kept = {}

    def pick(self, ways):
        return ways[self.stream.bits() * 100 >> 64]  # stream.below(100), one call less

    def keep(self, name, ways):
        if ways[0] == ways[-1]:  # only one way to say it
            return ways[0]
        if name not in self.kept:
            self.kept[name] = self.pick(ways)
        return self.kept[name]

    def words(self, description, plural=False):
        """The adjectives and the noun of a description."""
        shape, colour, size = description
        said = []
        if size:
            said.append(self.keep(size, _SIZES[size]))
        if colour:
            said.append(self.keep(colour, _COLOURS[colour]))
        said.append((self.keep(shape, _NOUNS[shape]) if shape else self.keep("thing", _THINGS))[plural])
        return " ".join(said)

    def phrase(self, description, n=1):
        """A noun phrase: "a small circle", "an orange star", "two red squares"."""
        if n == 1:
            words = self.words(description)
            return ("an " if words[0] in "aeiou" else "a ") + words
        number = self.pick(_PAIR) if n == 2 else NUMBERS[n]
        return f"{number} {self.words(description, plural=True)}"

    def joined(self, phrases):
        """ "a", "a and b", "a, b and c"."""
        if len(phrases) == 1:
            return phrases[0]
        if len(phrases) > 2:
            return f"{', '.join(phrases[:-1])} and {phrases[-1]}"
        way = self.pick(_ANDS)
        return f"{phrases[0]} {way} {phrases[1]}"

    def opened(self, openings, phrase):
        """An opening whose verb agrees with the noun phrase that follows it."""
        plural = not phrase.startswith("a") or phrase.startswith("a couple")
        return self.pick(openings)[plural]

    def listed(self, items, openings, only=""):
        """An opening and a list of (n, description)."""
        phrases = [self.phrase(description, n) for n, description in items]
        joined = " and ".join(phrases) if only and len(phrases) == 2 else self.joined(phrases)
        return f"{self.opened(openings, phrases[0])} {only}{joined}"

    def parts(self, kind, parts):
        """The parts of a group: "one red and one blue", or "a circle and a star" of red things."""
        if kind == "colour":
            return self.listing([f"one {self.keep(p[1], _COLOURS[p[1]])}" for p in parts])
        if kind == "size":
            return self.listing([f"one {self.keep(p[2], _SIZES[p[2]])}" for p in parts])
        return self.listing([self.phrase((p[0], None, p[2])) for p in parts])

    @staticmethod
    def listing(phrases):
        return f"{', '.join(phrases[:-1])} and {phrases[-1]}"

    def clauses(self, plan):
        """The caption as sentences without capitals and full stops."""
        sentences = []
        only = self.pick(_ONLY) if plan.clauses[-1][0] == "only" else ""
        for clause in plan.clauses:
            kind = clause[0]
            if kind == "list":
                text = self.listed(clause[1], _OPENINGS, f"{only} " if only in ("only", "just") else "")
                closing = self.pick(_CLOSINGS) if text.startswith("there") else ""
                sentences.append(f"{text} {closing}" if closing else text)
            elif kind == "also":
                text = self.listed(clause[1], _ALSO)
                if self.stream.below(100) < 22:
                    sentences[-1] += f", and {text}"
                else:
                    sentences.append(text)
            elif kind == "relate":
                _, first, relation, second = clause
                place, verb = self.pick(_PLACES), self.pick(_VERBS)
                text = f"{self.phrase(first)} {verb} {self.pick(_RELATIONS[relation])} {self.phrase(second)}"
                if self.stream.below(100) < 8:
                    text = f"there is {self.phrase(first)} {self.pick(_RELATIONS[relation])} {self.phrase(second)}"
                sentences.append(f"{place}, {text}" if place else text)
            elif kind in ("relate the", "relate also"):
                _, first, relation, second = clause
                second = f"the {self.words(second)}" if kind == "relate the" else self.phrase(second)
                text = f"{self.phrase(first)} {self.pick(_VERBS)} {self.pick(_RELATIONS[relation])} {second}"
                if self.stream.below(100) < 75:
                    sentences[-1] += f", {'while' if self.stream.below(100) < 12 else 'and'} {text}"
                else:
                    sentences.append(text)
            elif kind == "which":
                _, relation, second = clause
                way = self.pick(_WHICH)
                comma = "," if way == "which" else ""
                sentences[-1] += f"{comma} {way} is {self.pick(_RELATIONS[relation])} {self.phrase(second)}"
            elif kind == "beside":
                _, first, relation, second = clause
                way, side = self.pick(_BESIDE), self.pick(_SIDES[relation])
                opening = self.pick(_OPENINGS)[0] + " " if way == "with" else ""
                sentences.append(f"{opening}{self.phrase(first)} {way} {self.phrase(second)} {side}")
            elif kind == "group":
                _, way, whole, parts = clause
                group = self.phrase(whole, len(parts))
                opening = self.opened(_OPENINGS, group)
                sentences.append(f"{opening} {group}, {self.parts(way, parts)}")
            elif kind == "things":
                items = clause[1]
                things = f"{self.pick(_EXACTLY)}{NUMBERS[len(items)]} {self.keep('thing', _THINGS)[1]}"
                phrases = self.listing([self.phrase(description) for _, description in items])
                sentences.append(f"{self.pick(_OPENINGS)[1]} {things}: {phrases}")
            elif kind == "only" and only == "and nothing else":
                sentences[-1] += f"{',' if len(plan.clauses[0][1]) > 1 else ''} {only}"
            elif kind == "total":
                number = NUMBERS[clause[1]]
                sentences[-1] += f", {number} {self.keep('thing', _THINGS)[1]} {self.pick(_TOTALS)}"
            elif kind == "no":
                self.none(clause[1], sentences)
            elif kind == "nothing":
                sentences.append("there is nothing in the picture")
        return sentences

    def none(self, description, sentences):
        """What is not there: "there is no star", "but no star", "there are no stars"."""
        way = self.pick(_NONE)
        if description[0] is None and self.stream.below(2):
            sentences.append(f"there is nothing {self.keep(description[1], _COLOURS[description[1]])}")
        elif way == "but no" and self.may_go_on(sentences[-1]):
            sentences[-1] += f" {way} {self.words(description)}"
        else:
            plural = way == "there are no"
            sentences.append(f"there {'are' if plural else 'is'} no {self.words(description, plural)}")

    @staticmethod
    def may_go_on(sentence):
        """Whether "but no star" reads well after a sentence."""
        return sentence.startswith("there") and not sentence.endswith("background") and " is " not in sentence[8:]


def write(plan, stream):
    """The caption of a plan, drawn from ``stream``: sentences with capitals and full stops."""
    sentences = _Writer(stream).clauses(plan)
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in sentences)
