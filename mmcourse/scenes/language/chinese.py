"""Chinese: the words of the paraphrase grammar, and the realiser that turns a plan into a caption.

A table maps each way to say something to its weight; weights of a table sum to 100, and one way has most of them. The
parser (``chinese_parser``) reads the same tables, so that what is written can be read back.

Chinese has no articles: what is new comes with a number and a measure word (一个圆形, 一颗星星), what is known without
(圆形, 这个圆形). It says where something is in two orders: 圆形在方块的左边 ("the circle is to the left of the square")
and, as often, 方块的左边有一个圆形 ("to the left of the square there is a circle"); the second names the square first.

Any change of a table changes captions, and so needs a new ``scenes.VERSION``.
"""

LANGUAGE = "zh"

NOUNS = {
    "circle": {"圆形": 66, "圆": 22, "圆圈": 12},
    "square": {"正方形": 64, "方块": 28, "方形": 8},
    "triangle": {"三角形": 88, "三角": 12},
    "star": {"星星": 68, "五角星": 24, "星形": 8},
    "cross": {"十字": 66, "十字形": 14, "加号": 20},
}
THINGS = {"图形": 74, "形状": 12, "东西": 14}
COLOUR_WORDS = {
    "red": {"红色": 100},
    "orange": {"橙色": 80, "橘色": 20},
    "yellow": {"黄色": 100},
    "green": {"绿色": 100},
    "blue": {"蓝色": 100},
    "purple": {"紫色": 100},
}
# One syllable, where the rhythm wants it: 红星星, 一红一蓝. 橘 and 橙 are fruits before they are colours.
SHORT_COLOURS = {"red": "红", "orange": "橙", "yellow": "黄", "green": "绿", "blue": "蓝", "purple": "紫"}
SHORT_BEFORE = ("圆", "圆圈", "方块", "三角形", "三角", "星星", "五角星", "十字", "加号")
# "small|large", chosen together. Those with 的 stand before the colour (小小的红色圆形), the others before the noun
# (红色的小圆形). 大红色 is avoided: it is a shade of red.
SIZE_WORDS = {"小|大": 72, "较小的|较大的": 12, "小小的|大大的": 9, "小的|大的": 7}
SHORT_SIZES = {"small": "小", "large": "大"}
# How a colour stands before a noun: 红色的圆形, 红色圆形, 红圆.
FORMS = {"de": 64, "tight": 24, "short": 12}
NUMBERS = {1: "一", 2: "两", 3: "三", 4: "四"}
# The measure words that a noun may have beside 个.
MEASURES = {"星星": {"颗": 88, "个": 12}, "五角星": {"颗": 80, "个": 20}, "东西": {"样": 74, "个": 26}}
PAIR = {"两": 90, "一对": 10}

LOCATIVES = {
    "left of": {"左边": 66, "左侧": 20, "左方": 7, "左面": 7},
    "right of": {"右边": 66, "右侧": 20, "右方": 7, "右面": 7},
    "above": {"上方": 62, "上面": 32, "上边": 6},
    "below": {"下方": 62, "下面": 32, "下边": 6},
}
COMPARATIVES = {
    "left of": {"更靠左": 80, "靠左一些": 20},
    "right of": {"更靠右": 80, "靠右一些": 20},
    "above": {"更靠上": 80, "靠上一些": 20},
    "below": {"更靠下": 80, "靠下一些": 20},
}
VERBS = {"在": 78, "位于": 16, "处在": 2, "画在": 2, "出现在": 2}
# What opens a list: where, and the verb.
OPENINGS = {
    "画面里有": 44,
    "图中有": 12,
    "画面中有": 8,
    "图片里有": 5,
    "这张图里有": 5,
    "图上画着": 4,
    "画面中可以看到": 4,
    "可以看到": 4,
    "我们能看到": 3,
    "这幅画里有": 3,
    "这里有": 3,
    "图中是": 3,
    "画面上出现了": 2,
}
ONLY = {"画面里只有": 34, "图中只有": 16, "，除此之外什么都没有": 26, "，没有别的东西": 24}
EXACTLY = {"画面里有": 40, "图中有": 20, "画面里一共有": 22, "画面里正好有": 18}
ALSO = {"还有": 66, "画面里还有": 16, "此外还有": 10, "图中还有": 4, "另外还有": 4}
CLOSINGS = {"": 94, "，背景很干净": 3, "，背景很简单": 3}
PLACES = {"": 94, "画面里，": 3, "图中，": 3}
EXISTS = {"": 62, "有": 22, "画面里有": 12, "图中有": 4}
ANDS = {"和": 84, "与": 8, "以及": 8}
LAST = {"和": 80, "以及": 13, "、": 7}
HERE = {"有": 74, "是": 26}
ITS = {"它的": 78, "它": 8, "": 14}
ALSO_HERE = {"还有": 60, "有": 40}
THIS = {"这": 56, "": 44}
WHICH = {"后者": 80, "而后者": 20}
AGAIN = {"又在": 44, "在": 44, "则在": 12}
TOTALS = {"一共": 56, "总共": 30, "共": 14}
NONE = {"，没有": 40, "画面里没有": 40, "，但没有": 20}


def _weighted(table):
    """A table as a flat tuple of 100, from which one draw of an integer picks."""
    assert sum(table.values()) == 100, table
    return tuple(way for way, weight in table.items() for _ in range(weight))


_ALL = {
    **{name: _weighted(table) for name, table in {**NOUNS, **COLOUR_WORDS, **MEASURES, **LOCATIVES}.items()},
    "size": [dict(zip(SHORT_SIZES, way.split("|"), strict=True)) for way in _weighted(SIZE_WORDS)],
    "thing": _weighted(THINGS),
    "form": _weighted(FORMS),
}
_COMPARATIVES = {relation: _weighted(table) for relation, table in COMPARATIVES.items()}
_PAIR, _VERBS, _OPENINGS, _ONLY, _EXACTLY = map(_weighted, (PAIR, VERBS, OPENINGS, ONLY, EXACTLY))
_ALSO, _CLOSINGS, _PLACES, _EXISTS, _ANDS = map(_weighted, (ALSO, CLOSINGS, PLACES, EXISTS, ANDS))
_LAST, _HERE, _ITS, _ALSO_HERE, _THIS = map(_weighted, (LAST, HERE, ITS, ALSO_HERE, THIS))
_WHICH, _AGAIN, _TOTALS, _NONE = map(_weighted, (WHICH, AGAIN, TOTALS, NONE))


class _Writer:
    """Writes one caption. A word chosen for a shape, size or colour is kept throughout it: two words for one colour
    (橙色, 橘色) would make the reader look for a difference."""

    def __init__(self, plan, stream):
        self.plan, self.stream = plan, stream
        self.kept = {}

    def below(self, n):
        return self.stream.bits() * n >> 64  # stream.below(n), one call less

    def pick(self, ways):
        return ways[self.stream.bits() * 100 >> 64]

    def keep(self, name):
        """The way to say ``name``, a key of the tables, in this caption."""
        if name not in self.kept:
            ways = _ALL[name]
            self.kept[name] = ways[0] if ways[0] == ways[-1] else self.pick(ways)
        return self.kept[name]

    # -- noun phrases

    def noun(self, shape):
        return self.keep(shape or "thing")

    def words(self, description, tight=False):
        """The adjectives and the noun of a description; ``tight``: without 的 after the colour, if that can be."""
        shape, colour, size = description
        noun = self.noun(shape)
        said_size = self.keep("size")[size] if size else ""
        if not colour:
            return said_size + noun
        said, form = self.keep(colour), self.keep("form")
        if noun == "东西":
            form = "de"
        elif tight and form == "de":
            form = "tight"
        short = form == "short" and noun in SHORT_BEFORE and colour != "orange" and said_size not in ("小的", "大的")
        if said_size.endswith("的"):
            if short:
                return said_size + SHORT_COLOURS[colour] + noun
            # 红色 before the single syllable 圆 limps: 红色圆形 or 红色的圆.
            return said_size + said + ("圆形" if noun == "圆" else noun)
        if said_size:
            return said + ("" if form == "tight" else "的") + said_size + noun
        if short:
            return SHORT_COLOURS[colour] + noun
        if form == "tight":
            return said + ("圆形" if noun == "圆" else noun)
        return f"{said}的{noun}"

    def measured(self, n, noun):
        """A number and the measure word of a noun: 一个, 两颗."""
        return NUMBERS[n] + (self.keep(noun) if noun in MEASURES else "个")

    def phrase(self, description, n=1, tight=False):
        """What is new: 一个小圆形, 一颗橙色的星星, 两个红色的正方形."""
        words = self.words(description, tight)
        if n == 2 and self.pick(_PAIR) == "一对":
            return "一对" + words
        return self.measured(n, self.noun(description[0])) + words

    def anchor(self, description, known=""):
        """The thing that another one is beside, up to the word for the side: 一个红色圆形的, 红色的圆形 ...

        ``known``: "" for a new thing (一个圆形); of a known one, "这" (这个圆形) or "bare" (圆形).
        """
        tight = self.below(100) < 72
        words = self.words(description, tight)
        if known == "":
            words = self.measured(1, self.noun(description[0])) + words
        elif known == "这":
            noun = self.noun(description[0])
            words = f"这{self.keep(noun) if noun in MEASURES else '个'}{words}"
        # Two 的 in one phrase drag; a noun of one syllable needs it.
        often = 8 if "的" in words else 84
        return words + ("的" if self.below(100) < often or words.endswith("圆") else "")

    def side(self, relation):
        return self.keep(relation)

    def joined(self, phrases):
        """甲, 甲和乙, 甲、乙和丙."""
        if len(phrases) == 1:
            return phrases[0]
        way = self.pick(_ANDS) if len(phrases) == 2 else self.pick(_LAST)
        return "、".join(phrases[:-1]) + way + phrases[-1]

    def listed(self, items):
        return self.joined([self.phrase(description, n) for n, description in items])

    # -- clauses

    def relate(self, first, relation, second, more):
        """The first clause, which relates two things. ``more``: another clause goes on about ``second``."""
        style = self.below(100)
        if more:  # in the order that names ``second`` last
            style = 0 if style >= 12 else 50
        place = self.pick(_PLACES)
        if style < 48:
            exists = self.pick(_EXISTS)
            place = "" if exists.startswith(("画", "图")) else place
            verb = self.pick(_VERBS)
            if exists and verb != "位于":  # 有一个圆形出现在 would say twice that it is there
                verb = "在"
            text = f"{exists}{self.phrase(first)}{verb}{self.anchor(second)}{self.side(relation)}"
        elif style < 60:  # both are unique, so that they may be spoken of as known
            self.kept["bare"] = True
            text = f"{self.words(first)}{self.pick(_VERBS)}{self.anchor(second, 'bare')}{self.side(relation)}"
        elif style < 66:
            text = f"{self.words(first)}比{self.words(second)}{self.pick(_COMPARATIVES[relation])}"
        elif style < 74:
            self.plan.swap(0, 1)  # 一个位于方块左侧的圆形: the square is named first
            self.kept["size"] = SHORT_SIZES  # longer words would make one long string of 的
            bare, verb = self.anchor(second, "bare"), "位于" if self.below(100) < 70 else "在"
            if bare.endswith("的"):
                bare = bare[:-1]
            noun = self.noun(first[0])
            where = f"{self.measured(1, noun)}{verb}{bare}{self.side(relation)}的"
            return f"{self.pick(_OPENINGS)}{where}{self.words(first, tight=True)}"
        else:
            self.plan.swap(0, 1)
            return self.beside(second, relation, first)
        return place + text

    def beside(self, first, relation, second):
        """The first clause, which tells of ``second`` on a side of ``first``."""
        style = self.below(100)
        side = self.side(relation)
        if style < 46:
            return f"{self.pick(_PLACES)}{self.anchor(first)}{side}{self.pick(_HERE)}{self.phrase(second)}"
        if style < 58:
            return f"在{self.anchor(first)}{side}，有{self.phrase(second)}"
        its = self.pick(_ITS)
        return f"{self.pick(_OPENINGS)}{self.phrase(first)}，{its}{side}{self.pick(_HERE)}{self.phrase(second)}"

    def related(self, kind, first, relation, second):
        """A later clause that relates a new thing to a known one ("relate the") or to another new one."""
        topic = self.below(100) < 45
        if kind == "relate the":
            anchor = self.anchor(second, self.pick(_THIS) or "bare")
            if topic:
                return f"{anchor}{self.side(relation)}{self.pick(_ALSO_HERE)}{self.phrase(first)}"
        else:
            if topic:
                self.plan.swap(2, 3)
                return f"{self.anchor(second)}{self.side(relation)}{self.pick(_HERE)}{self.phrase(first)}"
            anchor = self.anchor(second)
        return f"{self.phrase(first)}{self.pick(_VERBS)}{anchor}{self.side(relation)}"

    def parts(self, kind, parts):
        """The parts of a group: 一个是红色的，一个是蓝色的 or 一红一蓝; of red things: 一个圆形和一颗星星."""
        if kind == "shape":
            return "：" + self.joined([self.phrase((p[0], None, p[2])) for p in parts])
        place, short = (1, SHORT_COLOURS) if kind == "colour" else (2, SHORT_SIZES)
        one = self.measured(1, self.noun(parts[0][0]))
        style = self.below(100)
        if style < (30 if len(parts) == 2 else 10) or (kind == "size" and style < 70):
            return "，" + "".join(f"一{short[p[place]]}" for p in parts)
        if kind == "size":
            return "，" + "，".join(f"{one}{short[p[2]]}" for p in parts)
        form = f"{one}是{{}}的" if style < 80 else f"{one}{{}}"
        return "，" + "，".join(form.format(self.keep(p[1])) for p in parts)

    def sentences(self):
        """The caption as sentences without full stops."""
        clauses, sentences = self.plan.clauses, []
        only = self.pick(_ONLY) if clauses[-1][0] == "only" else ""
        for clause in clauses:
            kind = clause[0]
            if kind == "list":
                opening = only if only and only[0] != "，" else self.pick(_OPENINGS)
                sentences.append(f"{opening}{self.listed(clause[1])}{self.pick(_CLOSINGS)}")
            elif kind == "also":
                opening = self.pick(_ALSO)
                text = f"{opening}{self.listed(clause[1])}"
                if opening in ("还有", "此外还有", "另外还有") and self.below(100) < 70:
                    sentences[-1] += f"，{text}"
                else:
                    sentences.append(f"画面里{text}" if opening == "还有" else text)
            elif kind == "relate":
                sentences.append(self.relate(*clause[1:], len(clauses) > 1 and clauses[1][0] == "which"))
            elif kind in ("relate the", "relate also"):
                text = self.related(*clause)
                if self.below(100) < 75:
                    sentences[-1] += f"，{'而' if self.below(100) < 14 else ''}{text}"
                else:
                    sentences.append(text)
            elif kind == "which":
                _, relation, second = clause
                bare = "bare" if "bare" in self.kept else ""
                place = f"{self.pick(_AGAIN)}{self.anchor(second, bare)}{self.side(relation)}"
                sentences[-1] += f"，{self.pick(_WHICH)}{place}"
            elif kind == "beside":
                sentences.append(self.beside(*clause[1:]))
            elif kind == "group":
                _, way, whole, parts = clause
                if way == "size" and parts[0][2] == "small":  # 一大一小 in this order, as one says
                    parts = parts[::-1]
                    self.plan.swap(0, 1)
                sentences.append(f"{self.pick(_OPENINGS)}{self.phrase(whole, len(parts))}{self.parts(way, parts)}")
            elif kind == "things":
                things = self.measured(len(clause[1]), self.noun(None)) + self.noun(None)
                sentences.append(f"{self.pick(_EXACTLY)}{things}：{self.listed(clause[1])}")
            elif kind == "only" and only[0] == "，":
                sentences[-1] += only
            elif kind == "total":
                things = self.measured(clause[1], self.noun(None)) + self.noun(None)
                sentences[-1] += f"，{self.pick(_TOTALS)}{things}"
            elif kind == "no":
                text = f"{self.pick(_NONE)}{self.words(clause[1])}"
                if text[0] == "，":
                    sentences[-1] += text
                else:
                    sentences.append(text)
            elif kind == "nothing":
                sentences.append("画面里什么都没有")
        return sentences


def write(plan, stream):
    """The caption of a plan, drawn from ``stream``: sentences, each with its full stop.

    Where Chinese names the second thing first, the mentions of ``plan`` are renumbered to be in the order of the text.
    """
    return "".join(f"{text}。" for text in _Writer(plan, stream).sentences())
