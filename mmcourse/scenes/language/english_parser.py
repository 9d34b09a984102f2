"""The parser of English captions: any text to claims (``claims.py``), the inverse of the grammar of ``english``.

1. Words are found as the "en" tokeniser finds them: lower case, no punctuation. The grammar is unambiguous without it.
2. The longest known phrases become symbols: ("relation", "left of"), ("noun", "circle"), ("number", 2) ...
3. Noun phrases and what follows them become claims, from left to right. Where the grammar has no use for a symbol, its
   words are kept in an ``Unparsed`` claim, one for each unbroken run, which never holds.

It accepts more than the grammar writes ("two red circle", "an blue square"), as long as the meaning is clear.
"""

import re

from mmcourse.scenes.language import english
from mmcourse.scenes.language.claims import Count, Exists, Relation, Unparsed

WORD = re.compile(r"[^\W_]+")


def _lexicon():
    """Every known phrase (a tuple of words) with its symbol (kind, value)."""
    found = {}

    def add(kind, value, *phrases):
        for phrase in phrases:
            for way in phrase.split("|"):
                if way:
                    found[tuple(way.split())] = (kind, value)

    for shape, table in english.NOUNS.items():
        add("noun", shape, *table)
    add("noun", None, *english.THINGS)
    for colour, table in english.COLOUR_WORDS.items():
        add("colour", colour, *table)
    for size, table in english.SIZE_WORDS.items():
        add("size", size, *table)
    for relation, table in english.RELATION_PHRASES.items():
        add("relation", relation, *table)
    for relation, table in english.SIDE_PHRASES.items():
        add("side", relation, *table)
    add("number", 0, "no")
    for n, word in english.NUMBERS.items():
        add("number", n, word, f"exactly {word}")
    add("number", 2, *english.PAIR)
    add("article", "a", "a", "an")
    add("article", "the", "the")
    add("opening", None, *english.OPENINGS, *english.ALSO)
    add("place", None, *english.CLOSINGS, *english.PLACES)
    add("and", None, *english.ANDS, "but", "while")
    add("verb", None, *english.VERBS, "are")
    add("beside", None, *english.BESIDE)
    add("which", None, *english.WHICH)
    add("total", None, *english.TOTALS)
    add("only", None, *english.ONLY)
    add("nothing", None, "nothing")
    return found


LEXICON = _lexicon()
_LONGEST = max(map(len, LEXICON))
END = ("end", None)


def words():
    """Every word of the grammar, sorted."""
    return sorted({word for phrase in LEXICON for word in phrase})


def _symbols(text):
    """The text as a list of (kind, value, words)."""
    tokens = WORD.findall(text.lower())
    found, i = [], 0
    while i < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - i), 0, -1):
            phrase = tuple(tokens[i : i + length])
            if phrase in LEXICON:
                found.append((*LEXICON[phrase], phrase))
                i += length
                break
        else:
            found.append(("unknown", None, (tokens[i],)))
            i += 1
    return found


class Phrase:
    """A noun phrase: its place after the last symbol, number, attributes and how it was introduced. ``start``: where
    its adjectives begin, or its noun: each attribute that it says is one symbol."""

    def __init__(self, end, n, kind, attributes):
        self.end, self.n, self.kind, self.attributes = end, n, kind, attributes
        self.start = end - len(attributes)


class Parser:
    """Reads one caption; ``position`` is the next symbol, everything else is what has been understood."""

    def __init__(self, text):
        self.symbols = _symbols(text)
        self.position = 0
        self.mentions, self.relations, self.counts, self.unparsed = [], [], [], []
        self.said = []  # (phrase, the mentions it stands for): which words name what
        self.only = False
        self.last_unparsed = -1

    def kind(self, at):
        return self.symbols[at][0] if at < len(self.symbols) else "end"

    def skip(self, at):
        """Keep symbol ``at`` as not understood, in one claim with its neighbour."""
        said = self.symbols[at][2]
        if self.last_unparsed == at - 1 and self.unparsed:
            self.unparsed[-1] += said
        else:
            self.unparsed.append(said)
        self.last_unparsed = at

    # -- noun phrases

    def adjectives(self, at):
        """The adjectives from ``at`` on: (end, attributes); stops before one that was said already."""
        attributes = {}
        while self.kind(at) in ("colour", "size") and self.kind(at) not in attributes:
            attributes[self.kind(at)] = self.symbols[at][1]
            at += 1
        return at, attributes

    def phrase(self, at):
        """The noun phrase that starts at ``at``, or None: "a small circle", "two stars", "the star", "no star"."""
        if self.kind(at) not in ("article", "number"):
            return None
        kind, value, _ = self.symbols[at]
        end, attributes = self.adjectives(at + 1)
        if self.kind(end) != "noun":
            return None
        attributes["shape"] = self.symbols[end][1]
        return Phrase(end + 1, value if kind == "number" else 1, value if kind == "article" else kind, attributes)

    def elliptic(self, at):
        """A number and adjectives without a noun, "one red": a part of a group."""
        if self.kind(at) != "number" or not self.symbols[at][1]:
            return None
        end, attributes = self.adjectives(at + 1)
        if not attributes or self.kind(end) == "noun":
            return None
        return Phrase(end, self.symbols[at][1], "elliptic", attributes)

    def mention(self, attributes):
        self.mentions.append(dict(attributes))
        return len(self.mentions) - 1

    def count(self, n, attributes):
        self.counts.append((n, attributes.get("shape"), attributes.get("colour"), attributes.get("size")))

    def refer(self, attributes):
        """The first mention that was said to have all of these attributes, or None."""
        said = {k: v for k, v in attributes.items() if v}
        for k, mention in enumerate(self.mentions):
            if all(mention.get(name) == value for name, value in said.items()):
                return k
        return None

    def take(self, phrase):
        """Make mentions of a noun phrase and of its parts, if it has any; returns the mentions it stands for."""
        found = self.mentions_of(phrase)
        self.said.append((phrase, found))
        return found

    def mentions_of(self, phrase):
        """The work of ``take``, which each language does its own way."""
        self.position = phrase.end
        if phrase.kind == "the":
            found = self.refer(phrase.attributes)
            return [self.mention(phrase.attributes) if found is None else found]
        if phrase.kind == "number":
            if self.kind(phrase.end) == "total" and phrase.attributes == {"shape": None}:
                self.position += 1
                self.count(phrase.n, {})
                return []
            self.count(phrase.n, phrase.attributes)
            if phrase.n > 1 or phrase.attributes["shape"] is None:
                parts = self.parts(phrase)
                if parts:
                    return parts
        return [self.mention(phrase.attributes) for _ in range(phrase.n)]

    def parts(self, group):
        """The mentions that follow a group and spell it out: "(two circles) one red and one blue", "(two red things) a
        circle and a star". As many as the group has things, at most; each inherits what was said of the group."""
        read = self.elliptic if self.elliptic(self.position) else self.phrase
        made = []
        while len(made) < group.n:
            at = self.position + (bool(made) and self.kind(self.position) == "and")
            part = read(at)
            if part is None or (read == self.phrase and (part.kind != "a" or group.attributes["shape"])):
                break
            inherited = {k: v for k, v in group.attributes.items() if v}
            if any(part.attributes.get(k, v) != v for k, v in inherited.items()):
                break
            attributes = {**part.attributes, **inherited}
            made += [self.mention(attributes) for _ in range(part.n)]
            self.said.append((part, made[-part.n :]))
            if part.n > 1:
                self.count(part.n, attributes)
            self.position = part.end
        return made

    # -- what follows a noun phrase

    def follow(self, subjects):
        """Relations and attributes told of the noun phrase just read: "is above a star", "which is red", "with a star
        to its left"."""
        first = True
        while True:
            at = self.position
            which = self.kind(at) == "which"
            at += which
            verb = self.kind(at) == "verb"
            at += verb
            if which and not verb:
                return
            if self.kind(at) == "relation" and (first or which):
                other = self.phrase(at + 1)
                if other is None or other.n == 0:
                    return
                objects = self.take(other)
                self.relations += [(a, self.symbols[at][1], b) for a in subjects for b in objects]
                subjects = objects
            elif verb and self.kind(at) in ("colour", "size"):
                if not self.attach(subjects, at):
                    return
            elif first and not which and not verb and self.kind(at) == "beside":
                other = self.phrase(at + 1)
                if other is None or other.n == 0 or self.kind(other.end) != "side":
                    return
                objects = self.take(other)
                if self.kind(self.position) == "side":
                    self.relations += [(b, self.symbols[self.position][1], a) for a in subjects for b in objects]
                    self.position += 1
            else:
                return
            first = False

    def attach(self, subjects, at):
        """Attributes told after a verb: "is red", "is small and red". False where they contradict what was said."""
        end, attributes = self.adjectives(at)
        if self.kind(end) == "and" and self.kind(end + 1) in ("colour", "size"):
            end, more = self.adjectives(end + 1)
            if any(k in attributes for k in more):
                return False
            attributes.update(more)
        if any(self.mentions[k].get(name) for k in subjects for name in attributes):
            return False
        for k in subjects:
            self.mentions[k].update(attributes)
        self.position = end
        return True

    # -- the whole

    def starts(self, at):
        """Whether something that can be said starts at ``at``."""
        if self.kind(at) == "only":
            at += 1
        return self.phrase(at) is not None or self.kind(at) == "nothing"

    def step(self):
        """Read one thing at ``position``; False if the grammar has no use for what stands there."""
        at = self.position
        kind = self.kind(at)
        phrase = self.phrase(at)
        if phrase is not None:
            if phrase.n == 0:
                self.count(0, phrase.attributes)
                self.position = phrase.end
            else:
                subjects = self.take(phrase)
                if subjects:
                    self.follow(subjects)
            return True
        if kind == "nothing":
            end, attributes = self.adjectives(at + 1)
            self.count(0, attributes)
            self.position = end
            return True
        follows = self.kind(at + 1)
        useful = (
            (kind == "opening" and self.starts(at + 1))
            or (kind in ("and", "beside") and at > 0 and self.phrase(at + 1) is not None)
            or (kind == "and" and at > 0 and follows in ("opening", "place", "only") and self.starts(at + 2))
            or (kind == "place" and (at > 0 or follows == "opening" or self.starts(at + 1)))
            or (kind == "only" and (bool(self.mentions) or self.phrase(at + 1) is not None))
        )
        self.only = self.only or (kind == "only" and useful)
        self.position += useful
        return useful

    def phrases(self):
        """Which words name what, once all is read: [(first, last, mentions)] in text order, ``first`` and ``last``
        counted in words."""
        starts = [0]
        for _, _, words in self.symbols:
            starts.append(starts[-1] + self.length(words))
        found = [(starts[p.start], starts[p.end] - 1, tuple(mentions)) for p, mentions in self.said if mentions]
        return sorted(found)

    def length(self, words):
        """How many tokens a symbol's words are."""
        return len(words)

    def claims(self):
        """All claims of the caption: Exists, Relation, Count, Unparsed, each kind in text order."""
        while self.position < len(self.symbols):
            if not self.step():
                self.skip(self.position)
                self.position += 1
        if self.only:
            self.count(len(self.mentions), {})
        return (
            *(Exists(k, m.get("shape"), m.get("colour"), m.get("size")) for k, m in enumerate(self.mentions)),
            *(Relation(*r) for r in self.relations),
            *(Count(*c) for c in self.counts),
            *(Unparsed(" ".join(said)) for said in self.unparsed),
        )


def parse(caption):
    """The claims of a caption, as ``mmcourse.scenes.language.parse`` documents them."""
    return Parser(caption).claims()


def parse_phrases(caption):
    """(claims, phrases): what it claims, and which of its words name what, see ``Parser.phrases``."""
    reader = Parser(caption)
    return reader.claims(), reader.phrases()
