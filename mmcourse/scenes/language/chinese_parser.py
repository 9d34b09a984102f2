"""The parser of Chinese captions: any text to claims (``claims.py``), the inverse of the grammar of ``chinese``.

1. Punctuation and blanks are dropped: the grammar is unambiguous without them. From left to right the longest known
   phrases become symbols: ("side", "left of"), ("noun", "circle"), ("number", 2) ...
2. Noun phrases and what follows them become claims, as in English, whose reader of noun phrases, groups and attributes
   is used. Where the grammar has no use for a symbol, it is kept in an ``Unparsed`` claim, which never holds.

A noun phrase without a number (红色的圆形, 这个圆形) is read only where a relation is told of it: it stands for the
first mention so described, if there is one, else for a new one. The parser accepts more than the grammar writes
(一颗圆形), as long as the meaning is clear.
"""

import re
import unicodedata

from mmcourse.scenes.language import chinese
from mmcourse.scenes.language.claims import Unparsed
from mmcourse.scenes.language.english_parser import Parser, Phrase

NOISE = re.compile(r"[\W_]+")
OTHER_WORD = re.compile(r"[^\W\u3007\u3400-\u4dbf\u4e00-\u9fff]+")  # of other letters or digits: one symbol
MEASURES = "个颗枚样块"
# The nouns of places, and what is said of where a list is seen.
_PLACES = (
    *("画面里", "画面中", "画面上", "图里", "图中", "图上", "图片里", "图片中", "这张图里", "这幅画里", "这里"),
    *(way.strip("，") for way in chinese.CLOSINGS),
)
_HAVE = ("有", "画着", "可以看到", "能看到", "我们能看到", "我们可以看到", "看到", "出现了")
_ALSO = ("还有", "也有", "此外还有", "另外还有")
_AND = ("和", "与", "以及", "跟", "而", "但", "而且", "并且", "同时")
_AGAIN = ("又", "则", "也", "还", "正")


def _lexicon():
    """Every known phrase with its symbol (kind, value)."""
    found = {}

    def add(kind, value, *phrases):
        found.update(dict.fromkeys(filter(None, phrases), (kind, value)))

    for shape, table in chinese.NOUNS.items():
        add("noun", shape, *table)
    add("noun", None, *chinese.THINGS, "物体")
    small, large = zip(*(way.split("|") for way in chinese.SIZE_WORDS), strict=True)
    for kind, tables, shorts in (
        ("colour", chinese.COLOUR_WORDS, chinese.SHORT_COLOURS),
        ("size", {"small": small, "large": large}, chinese.SHORT_SIZES),
    ):
        for value, table in tables.items():
            for way in (*table, shorts[value]):
                add(kind, value, way.removesuffix("的"), way.removesuffix("的") + "的")
            add("part", (kind, value), "一" + shorts[value])
    for relation, table in chinese.LOCATIVES.items():
        for way in table:
            add("side", relation, way, "的" + way)
            add("modifier", relation, way + "的", "的" + way + "的")
        add("closer", relation, *chinese.COMPARATIVES[relation])
    for n, words in {1: "一1", 2: "两二2", 3: "三3", 4: "四4"}.items():
        add("number", n, *(word + measure for word in words for measure in MEASURES))
    add("number", 2, "一对")
    add("number", 1, "另一个", "另一颗")
    for measure in MEASURES:
        add("the", None, "这" + measure, "那" + measure)
    for verb in chinese.VERBS:
        add("in", None, verb, *(adverb + verb for adverb in _AGAIN))
    add("than", None, "比")
    add("have", None, *_HAVE, *_ALSO)
    add("have", "is", "是")
    add("have", "exactly", "正好有", "恰好有", "刚好有")
    add("place", None, *_PLACES)
    add("and", None, *_AND)
    add("it", None, "它", "其", "它们")
    add("latter", None, "后者", "而后者")
    add("total", None, *chinese.TOTALS, *(way + "有" for way in chinese.TOTALS), "共计")
    add("only", "before", "只有", "仅有")
    add("only", "after", *(way.strip("，") for way in chinese.ONLY if way[0] == "，"), "没有别的图形", "没有别的")
    add("none", None, "没有", "没有任何", "并没有")
    add("nothing", None, "什么都没有", "什么也没有")
    return found


LEXICON = _lexicon()
_LONGEST = max(map(len, LEXICON))


def words():
    """Every phrase that the parser knows, sorted."""
    return sorted(LEXICON)


def symbols(text):
    """The text as a list of (kind, value, (phrase,))."""
    text = NOISE.sub("", unicodedata.normalize("NFKC", text))
    found, i = [], 0
    while i < len(text):
        for length in range(min(_LONGEST, len(text) - i), 0, -1):
            phrase = text[i : i + length]
            if phrase in LEXICON:
                found.append((*LEXICON[phrase], (phrase,)))
                break
        else:
            other = OTHER_WORD.match(text, i)
            phrase = other.group() if other else text[i]
            found.append(("unknown", None, (phrase,)))
        i += len(phrase)
    return found


class _Reader(Parser):
    """Reads one caption; ``position`` is the next symbol, everything else is what has been understood."""

    def __init__(self, text):
        super().__init__("")
        self.symbols = symbols(text)
        self.exact = False  # whether a number that comes next counts all, as it does above one

    # -- noun phrases

    def bare(self, at, kind="the"):
        """Adjectives and a noun from ``at`` on, or None: 圆形, 红色的小圆形."""
        end, attributes = self.adjectives(at)
        if self.kind(end) != "noun":
            return None
        attributes["shape"] = self.symbols[end][1]
        return Phrase(end + 1, 0 if kind == "none" else 1, kind, attributes)

    def phrase(self, at):
        """The noun phrase with a number that starts at ``at``, or None: 一个小圆形, 两颗星星."""
        if self.kind(at) != "number":
            return None
        found = self.bare(at + 1)
        if found:
            found.n = self.symbols[at][1]
            found.kind = "a" if found.n == 1 else "number"
        return found

    def known(self, at):
        """A noun phrase without a number: 圆形, 这个圆形."""
        return self.bare(at + (self.kind(at) == "the"))

    def anchor(self, at):
        """What another thing is beside: any noun phrase."""
        return self.phrase(at) or self.known(at)

    def elliptic(self, at):
        """A part of a group without a noun: 一个是红色的, 一个大, 一红."""
        if self.kind(at) == "part":
            return Phrase(at + 1, 1, "elliptic", dict([self.symbols[at][1]]))
        if self.kind(at) != "number":
            return None
        is_ = self.kind(at + 1) == "have" and self.symbols[at + 1][1] == "is"
        end, attributes = self.adjectives(at + 1 + is_)
        if not attributes or self.kind(end) == "noun":
            return None
        return Phrase(end, self.symbols[at][1], "elliptic", attributes)

    def modified(self, at):
        """一个位于方块左侧的圆形: (anchor, relation, noun phrase) or None."""
        if self.kind(at) != "number" or self.kind(at + 1) != "in":
            return None
        anchor = self.anchor(at + 2)
        if anchor is None or self.kind(anchor.end) != "modifier":
            return None
        found = self.bare(anchor.end + 1, "a")
        if found:
            found.n = self.symbols[at][1]
            found.kind = "a" if found.n == 1 else "number"
        return found and (anchor, self.symbols[anchor.end][1], found)

    def length(self, words):
        return sum(map(len, words))  # a character is a token

    def mentions_of(self, phrase):
        self.position = phrase.end
        if phrase.kind == "the":
            found = self.refer(phrase.attributes)
            return [self.mention(phrase.attributes) if found is None else found]
        if phrase.kind == "number" or self.exact:
            self.exact = False
            self.count(phrase.n, phrase.attributes)
            parts = self.parts(phrase) if phrase.n > 1 else []
            if parts:
                return parts
        return [self.mention(phrase.attributes) for _ in range(phrase.n)]

    # -- what follows a noun phrase

    def relation(self, at):
        """A relation told from ``at`` on, of the noun phrase before it: (relation, whether the new phrase is the one on
        that side, the phrase, end) or None. 在方块的左边, 比方块更靠左; 的左边有一个方块, 它的左边是一个方块."""
        kind = self.kind(at)
        if kind in ("in", "than"):
            other = self.anchor(at + 1)
            if other and self.kind(other.end) == ("side" if kind == "in" else "closer"):
                return self.symbols[other.end][1], False, other, other.end + 1
        at += kind == "it"
        if self.kind(at) == "side" and self.kind(at + 1) == "have":
            other = self.phrase(at + 2)
            return other and (self.symbols[at][1], True, other, other.end)
        return None

    def follow(self, subjects):
        """Relations and attributes told of the noun phrase just read, as far as they go."""
        first, turned, objects = True, True, None
        while True:
            at = self.position
            latter = self.kind(at) == "latter" and objects is not None
            found = self.relation(at + latter)
            if found is None:
                if not (first and self.kind(at) == "have" and self.symbols[at][1] == "is"):
                    return
                end, attributes = self.adjectives(at + 1)
                if not attributes or self.kind(end) == "noun" or not self.attach(subjects, at + 1):
                    return
                continue
            relation, turns, other, end = found
            # 圆形在方块左边在星星上面 is garbled; 方块左边有圆形，右边有星星 goes on about the square.
            if not (first or latter or (turns and turned)) or (turns and latter):
                return
            if latter:
                subjects = objects
            objects = self.take(other)
            self.position = max(self.position, end)
            pairs = [(a, b) for a in subjects for b in objects]
            self.relations += [(b, relation, a) if turns else (a, relation, b) for a, b in pairs]
            first, turned = False, turns

    # -- the whole

    def topic(self, at):
        """A noun phrase without a number of which a relation is told, or None."""
        found = self.known(at)
        return found if found and self.relation(found.end) else None

    def inside(self, at):
        """在方块的左边，有一个圆形: (anchor, relation, noun phrase) or None."""
        if self.kind(at) != "in":
            return None
        anchor = self.anchor(at + 1)
        if anchor is None or self.kind(anchor.end) != "side" or self.kind(anchor.end + 1) != "have":
            return None
        found = self.phrase(anchor.end + 2)
        return found and (anchor, self.symbols[anchor.end][1], found)

    def starts(self, at):
        """Whether something that can be said starts at ``at``."""
        kind = self.kind(at)
        if kind == "only":
            return self.symbols[at][1] == "after" or self.phrase(at + 1) is not None
        if kind == "none":
            return self.bare(at + 1) is not None
        if kind == "number":
            return self.phrase(at) is not None or self.modified(at) is not None
        return kind == "nothing" or self.topic(at) is not None or self.inside(at) is not None

    def step(self):
        """Read one thing at ``position``; False if the grammar has no use for what stands there."""
        at = self.position
        kind = self.kind(at)
        placed = self.modified(at) or self.inside(at)
        if placed:
            anchor, relation, phrase = placed
            objects = self.take(anchor)
            subjects = self.take(phrase)
            self.relations += [(a, relation, b) for a in subjects for b in objects]
            return True
        phrase = self.phrase(at) or self.topic(at)
        if phrase:
            self.follow(self.take(phrase))
            return True
        absent = self.bare(at + 1, "none") if kind == "none" else None
        if absent or kind == "nothing":
            self.count(0, absent.attributes if absent else {})
            self.position = absent.end if absent else at + 1
            return True
        if kind == "total":
            return self.total(at)
        return self.filler(at, kind)

    def total(self, at):
        """一共两个图形: a count of all; with the things after it, or of some kind only, what is there."""
        phrase = self.phrase(at + 1)
        if phrase is None:
            return False
        if phrase.attributes != {"shape": None}:
            self.exact, self.position = True, at + 1
            return True
        self.position = phrase.end
        self.count(phrase.n, {})
        self.parts(phrase)
        return True

    def filler(self, at, kind):
        """A symbol that claims nothing by itself: useful where it leads to something that does."""
        follows, starts = self.kind(at + 1), self.starts(at + 1)
        useful = (
            (kind == "have" and starts and follows in ("number", "the", "in", "colour", "size", "noun"))
            or (kind == "place" and (at > 0 or starts or follows in ("have", "total")))
            or (kind == "and" and at > 0 and (starts or follows in ("have", "place")))
            or (kind == "only" and (bool(self.mentions) if self.symbols[at][1] == "after" else starts))
        )
        self.exact = useful and kind == "have" and self.symbols[at][1] == "exactly"
        self.only = self.only or (kind == "only" and useful)
        self.position += useful
        return useful

    def claims(self):
        """All claims of the caption: Exists, Relation, Count, Unparsed, each kind in text order."""
        return tuple(Unparsed(c.words.replace(" ", "")) if type(c) is Unparsed else c for c in super().claims())


def parse(caption):
    """The claims of a caption, as ``mmcourse.scenes.language.parse`` documents them."""
    return _Reader(caption).claims()


def parse_phrases(caption):
    """(claims, phrases): what it claims, and which of its characters name what, see ``Parser.phrases``."""
    reader = _Reader(caption)
    return reader.claims(), reader.phrases()
