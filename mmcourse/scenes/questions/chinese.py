"""Chinese (Simplified): how a question is said.

A template is text with places to fill in: ``{x1}`` "红色的星星" (the first description), ``{x2}`` the second, ``{x3}``
the third, ``{rel}`` "左边", ``{rel2}`` the same for what the second is to the third, ``{attribute}`` "颜色". No word is
set apart by blanks. Tables map ways to weights.
"""

from mmcourse.scenes.language.chinese import COLOUR_WORDS

NOUNS = {
    "circle": {"圆形": 80, "圆圈": 20},
    "square": {"正方形": 70, "方块": 30},
    "triangle": {"三角形": 100},
    "star": {"星星": 65, "五角星": 35},
    "cross": {"十字": 70, "十字形": 30},
}
THINGS = {"图形": 60, "东西": 40}
SIZE_WORDS = {"small": {"小": 100}, "large": {"大": 100}}
RELATION_PHRASES = {
    "left of": {"左边": 70, "左侧": 20, "左面": 10},
    "right of": {"右边": 70, "右侧": 20, "右面": 10},
    "above": {"上方": 50, "上面": 35, "上边": 15},
    "below": {"下方": 50, "下面": 35, "下边": 15},
}
ATTRIBUTE_WORDS = {"shape": {"形状": 100}, "colour": {"颜色": 100}, "size": {"大小": 100}}

# How attributes are put before a noun, by whether colour and size are said. 红色的小圆形 is the usual order; 大红圆形
# would be read as "bright red", so a size never stands before a colour without 的.
ORDERS = {
    (True, True): {"{colour}的{size}{noun}": 65, "{size}的{colour}{noun}": 35},
    (True, False): {"{colour}的{noun}": 65, "{colour}{noun}": 35},
    (False, True): {"{size}{noun}": 55, "{size}的{noun}": 45},
    (False, False): {"{noun}": 100},
}
# 大东西 would be clumsy where a thing's shape is not said.
SIZE_ALONE = {"{size}的{noun}": 100}

TEMPLATES = {
    "exist": {
        "图中有{x1}吗？": 32,
        "图里有没有{x1}？": 26,
        "有{x1}吗？": 16,
        "画面中有{x1}吗？": 14,
        "图中是否有{x1}？": 12,
    },
    "count": {
        "图中有几个{x1}？": 40,
        "有几个{x1}？": 20,
        "图里一共有几个{x1}？": 20,
        "图中有多少个{x1}？": 12,
        "{x1}有几个？": 8,
    },
    "query shape": {
        "{x1}是什么形状的？": 40,
        "{x1}是什么形状？": 35,
        "{x1}的形状是什么？": 25,
    },
    "query colour": {
        "{x1}是什么颜色的？": 40,
        "{x1}是什么颜色？": 35,
        "{x1}的颜色是什么？": 25,
    },
    "query size": {
        "{x1}是大的还是小的？": 40,
        "{x1}是小的还是大的？": 40,
        "{x1}是大是小？": 20,
    },
    "equal": {
        "{x1}和{x2}一样多吗？": 44,
        "{x1}的数量和{x2}的数量一样吗？": 30,
        "{x1}与{x2}的数量是否相同？": 26,
    },
    "more": {
        "{x1}比{x2}多吗？": 50,
        "{x1}是不是比{x2}多？": 26,
        "{x1}的数量是否多于{x2}的数量？": 24,
    },
    "fewer": {
        "{x1}比{x2}少吗？": 50,
        "{x1}是不是比{x2}少？": 26,
        "{x1}的数量是否少于{x2}的数量？": 24,
    },
    "same": {
        "{x1}和{x2}的{attribute}一样吗？": 44,
        "{x1}的{attribute}和{x2}的{attribute}相同吗？": 28,
        "{x1}与{x2}的{attribute}是否相同？": 28,
    },
    "relation exist": {
        "{x2}{rel}有{x1}吗？": 44,
        "{x2}{rel}有没有{x1}？": 32,
        "在{x2}{rel}，有{x1}吗？": 12,
        "{x2}{rel}是否有{x1}？": 12,
    },
    "relation anything": {
        "{x2}{rel}有{x1}吗？": 50,
        "{x2}{rel}有没有{x1}？": 50,
    },
    "relation count": {
        "{x2}{rel}有几个{x1}？": 56,
        "{x2}{rel}一共有几个{x1}？": 26,
        "在{x2}{rel}，有多少个{x1}？": 18,
    },
    "relation shape": {
        "{x2}{rel}的{x1}是什么形状的？": 40,
        "{x2}{rel}的{x1}是什么形状？": 36,
        "位于{x2}{rel}的{x1}是什么形状？": 24,
    },
    "relation colour": {
        "{x2}{rel}的{x1}是什么颜色的？": 40,
        "{x2}{rel}的{x1}是什么颜色？": 36,
        "位于{x2}{rel}的{x1}是什么颜色？": 24,
    },
    "relation size": {
        "{x2}{rel}的{x1}是大的还是小的？": 40,
        "{x2}{rel}的{x1}是小的还是大的？": 40,
        "位于{x2}{rel}的{x1}是大是小？": 20,
    },
    "chain shape": {
        "{x3}{rel2}的{x2}{rel}的{x1}是什么形状的？": 55,
        "{x3}{rel2}的{x2}{rel}的{x1}是什么形状？": 45,
    },
    "chain colour": {
        "{x3}{rel2}的{x2}{rel}的{x1}是什么颜色的？": 55,
        "{x3}{rel2}的{x2}{rel}的{x1}是什么颜色？": 45,
    },
    "chain size": {
        "{x3}{rel2}的{x2}{rel}的{x1}是大的还是小的？": 40,
        "{x3}{rel2}的{x2}{rel}的{x1}是小的还是大的？": 40,
        "{x3}{rel2}的{x2}{rel}的{x1}是大是小？": 20,
    },
}

# What a native speaker answers, for each key of an answer. Numbers stay digits.
ANSWERS = {
    "yes": "是",
    "no": "不是",
    "circle": "圆形",
    "square": "正方形",
    "triangle": "三角形",
    "star": "星形",
    "cross": "十字形",
    "red": "红色",
    "orange": "橙色",
    "yellow": "黄色",
    "green": "绿色",
    "blue": "蓝色",
    "purple": "紫色",
    "small": "小的",
    "large": "大的",
}
# A question with 有 is answered with 有.
HAVING = {"yes": "有", "no": "没有"}


class Words:
    """Fills the places of a template; ``pick`` as in ``english.Words``."""

    def __init__(self, draft, pick):
        self.draft, self.pick = draft, pick

    def __getitem__(self, place):
        if place in ("rel", "rel2"):
            return self.pick(RELATION_PHRASES[self.draft.relation if place == "rel" else self.draft.further])
        if place == "attribute":
            return self.pick(ATTRIBUTE_WORDS[self.draft.attribute])
        shape, colour, size = {"x1": self.draft.first, "x2": self.draft.second, "x3": self.draft.third}[place]
        orders = SIZE_ALONE if size and not colour and not shape else ORDERS[colour is not None, size is not None]
        return self.pick(orders).format(
            noun=self.pick(NOUNS[shape] if shape else THINGS),
            colour=colour and self.pick(COLOUR_WORDS[colour]),
            size=size and self.pick(SIZE_WORDS[size]),
        )
