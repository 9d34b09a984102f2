"""Chinese captions, their parser and the check, against the oracle that checks the English ones."""

import hashlib
import itertools
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scene_oracle import brute_force, random_scene, thing

from mmcourse.scenes import Scenes
from mmcourse.scenes import language as lang
from mmcourse.scenes.language import Count, Exists, Relation, Unparsed, chinese, chinese_parser
from mmcourse.scenes.random import Stream
from mmcourse.scenes.scene import COLOURS, SHAPES, SIZES, Scene
from mmcourse.text import UNKNOWN, Vocabulary, tokenize

SCENES = [random_scene(i, name="zh") for i in range(2000)]  # five captions each
WRITTEN = [lang.captions_with_claims(scene, "zh") for scene in SCENES]
PAIRS = [(scene, text, claims) for scene, written in zip(SCENES, WRITTEN, strict=True) for text, claims in written]
HAN = re.compile(r"[\u4e00-\u9fff]")
NOUN = "圆形|圆圈|圆|正方形|方块|方形|三角形|三角|星星|五角星|星形|十字形|十字|加号"


def check(text, scene):
    return lang.check(text, scene, "zh")


def parse(text):
    return lang.parse(text, "zh")


def plain(caption):
    """What a model's characters look like once they are joined: no punctuation."""
    return "".join(HAN.findall(caption))


# -- captions


def test_every_caption_is_true_and_mentions_everything():
    for scene, text, claims in PAIRS:
        found = check(text, scene)
        assert (found.truth, found.coverage) == (1.0, 1.0), (text, scene)
        assert len([c for c in claims if isinstance(c, Exists)]) == len(scene), text


def test_brute_force_agrees_that_captions_are_true():
    for scene, text, claims in PAIRS:
        assert brute_force(claims, scene) == (1.0, 1.0), text


def test_parser_recovers_what_was_meant_with_and_without_punctuation():
    assert len(PAIRS) == 10_000
    for _, text, claims in PAIRS:
        assert parse(text) == claims, text
        assert parse(plain(text)) == claims, text
        assert parse(" ".join(plain(text))) == claims, text


def test_the_order_of_mentions_is_that_of_the_text():
    """No parser in the oracle: shapes are named in the order of the Exists claims, where each is named once."""
    names = {way: shape for shape, table in chinese.NOUNS.items() for way in table}
    pattern = "|".join(sorted(names, key=len, reverse=True))
    tried = 0
    for scene, text, claims in PAIRS:
        shapes = [c.shape for c in claims if isinstance(c, Exists)]
        if len(set(shapes)) == len(scene) and "没有" not in text:
            told = list(dict.fromkeys(names[way] for way in re.findall(pattern, text)))
            tried += 1
            assert told == shapes, text
    assert tried > 500


def test_a_relation_is_told_of_things_that_their_descriptions_single_out():
    for scene, text, claims in PAIRS:
        exists = [c for c in claims if isinstance(c, Exists)]
        for c in claims:
            if isinstance(c, Relation):
                for mention in (exists[c.first], exists[c.second]):
                    assert len(scene.find(mention.shape, mention.colour, mention.size)) == 1, text


def test_captions_are_a_function_of_the_key_and_prefixes_agree():
    scene = random_scene(3)
    assert lang.captions(scene, "zh") == lang.captions(Scene(scene.things, 5, scene.key), "zh")
    assert lang.captions(scene, "zh", n=3) == lang.captions(scene, "zh", n=8)[:3]
    assert lang.captions(scene, "zh") != lang.captions(Scene(scene.things, 0, (1, "test", 3)), "zh")
    assert lang.captions(scene, "zh") == tuple(text for text, _ in lang.captions_with_claims(scene, "zh"))


def test_five_captions_differ():
    assert all(len({text for text, _ in written}) == 5 for written in WRITTEN)


def test_captions_are_written_as_sentences_of_handy_length():
    lengths = {k: [] for k in (1, 2, 3, 4)}
    for scene, text, _ in PAIRS:
        lengths[len(scene)].append(len(text))
        assert re.fullmatch(r"([\u4e00-\u9fff]+([，、：][\u4e00-\u9fff]+)*。)+", text), text
        # 大红 is another colour, and 红色圆 limps.
        assert not re.search(r"[大小][红橙黄绿蓝紫橘]|色圆(?![形圈])|的的|有有|在在", text), text
        for noun in re.findall(rf"颗(?:较?[大小]的?|大大的|小小的|[红橙黄绿蓝紫橘]色?的?)*({NOUN})", text):
            assert noun in ("星星", "五角星"), text  # a measure word goes with its noun
    assert max(map(max, lengths.values())) <= 76
    assert 8 <= np.median(lengths[1]) < np.median(lengths[2]) < np.median(lengths[3]) < np.median(lengths[4]) <= 44


def test_words_are_many_and_vary():
    words = lang.words("zh")
    assert list(words) == sorted(set(words))
    used = Counter(s[2][0] for _, text, _ in PAIRS for s in chinese_parser.symbols(text))
    assert set(used) <= set(words)
    content = {
        word: n
        for word, n in used.items()
        if chinese_parser.LEXICON[word][0] in ("noun", "colour", "size", "side", "closer", "number", "have", "in")
    }
    assert len(content) >= 80 and len(used) >= 110, (len(content), len(used))
    for main, *others in (("圆形", "圆", "圆圈"), ("正方形", "方块", "方形"), ("橙色", "橘色"), ("星星", "五角星")):
        total = sum(used[word] + used[word + "的"] for word in (main, *others))
        assert 0.5 < (used[main] + used[main + "的"]) / total < 0.9, main


def test_every_table_is_used_up_to_its_last_word():
    text = "\n".join(text for _, text, _ in PAIRS)
    tables = (*chinese.NOUNS.values(), *chinese.COLOUR_WORDS.values(), *chinese.LOCATIVES.values())
    ways = [way for table in (*tables, chinese.OPENINGS, chinese.THINGS, chinese.VERBS) for way in table]
    assert [way for way in ways if way not in text] == []


def test_a_vocabulary_of_characters_from_train_knows_every_character():
    vocabulary = Vocabulary.build(itertools.chain(*Scenes("train", n=1500, language="zh").captions()), "zh")
    assert len(vocabulary) < 200
    for split in ("dev", "test", "unseen_pairs", "unseen_counts"):
        captions = [text for texts in Scenes(split, n=200, language="zh").captions() for text in texts]
        rows = vocabulary.encode(captions)
        if split == "unseen_counts":  # as in English, where "four" is the one unknown word: train ends at three things
            unknown = {token for text in captions for token in tokenize(text, "zh") if token not in vocabulary}
            assert unknown == {"四"}
            continue
        assert not (rows == UNKNOWN).any()
        # What a model writes is checked as the caption is.
        for text, back in zip(captions, vocabulary.decode(rows), strict=True):
            assert back == "".join(tokenize(text, "zh")) and parse(back) == parse(text)


def test_items_speak_chinese_where_asked():
    chinese_items, english_items = Scenes("dev", n=3, language="zh"), Scenes("dev", n=3)
    for one, other in zip(chinese_items, english_items, strict=True):
        assert one.truth == other.truth and one.language == "zh" and len(one.captions) == 5
        assert all(HAN.match(text) for text in one.captions)
        found = lang.truth_and_coverage(one.captions, [one.truth] * 5, language="zh")
        assert (found["truth"] == 1.0).all() and (found["coverage"] == 1.0).all()


def test_golden_captions():
    """A change of any caption must be noticed: it needs a new ``scenes.VERSION``, and models trained anew."""
    scenes = [random_scene(i, name="golden zh") for i in range(200)]
    assert lang.captions(scenes[3], "zh", n=3) == GOLDEN
    everything = "\n".join(text for scene in scenes for text in lang.captions(scene, "zh"))
    assert hashlib.sha256(everything.encode()).hexdigest() == GOLDEN_HASH


def test_english_captions_are_what_they_were_before_there_were_chinese_ones():
    splits = [Scenes(split, n=400) for split in ("train", "unseen_counts")]
    before = "\n".join(text for split in splits for texts in split.captions() for text in texts)
    assert hashlib.sha256(before.encode()).hexdigest() == ENGLISH_HASH
    for split in splits:  # whatever order they are asked for in
        Scenes(split.split, n=400, language="zh").captions()
    after = "\n".join(text for split in splits for texts in split.captions() for text in texts)
    assert after == before


GOLDEN = (
    "画面里有一个黄色的三角形在一个较小的紫色正方形上方，较小的紫色正方形右边还有一个较大的紫色正方形。",
    "画面里有一个小小的紫色方形，它的左边有一个小小的黄色三角形。此外还有一个大大的紫色方形。",
    "图中，一个紫色的小正方形上方有一个黄色的小三角形，还有一个紫色的大正方形。",
)
GOLDEN_HASH = "d9518ad1587dd632bc7210e9e00603a60c5cec20410c66714ac2ee0288f4354c"
ENGLISH_HASH = "1d29008a0f7d98de43f8087100a43d12154cdd6b5cd393773c2f3d7c087c3585"


def test_empty_scene():
    empty = Scene(())
    assert set(lang.captions(empty, "zh")) == {"画面里什么都没有。"}
    assert check("画面里什么都没有。", empty) == lang.Check(1.0, 1.0, (Count(0),), (True,))
    assert check("有一颗星星。", empty).truth == 0.0


# -- the parser

CIRCLE, STAR, CROSS, SQUARE = ((shape,) for shape in ("circle", "star", "cross", "square"))


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("", ()),
        (" 。， ", ()),
        ("一只狗", (Unparsed("一只狗"),)),
        ("a red circle", (Unparsed("aredcircle"),)),
        ("一个红色的圆！", (Exists(0, "circle", "red"),)),
        ("一颗 圆形", (Exists(0, "circle"),)),
        ("红色的圆形", (Unparsed("红色的圆形"),)),
        ("一个红色红色的圆", (Unparsed("一个红色红色的圆"),)),
        ("一颗星星和一个", (Exists(0, *STAR), Unparsed("和一个"))),
        ("一颗星星是蓝色的", (Exists(0, "star", "blue"),)),
        ("一颗红色的星星是蓝色的", (Exists(0, "star", "red"), Unparsed("是蓝色的"))),
        ("一颗星星在上面", (Exists(0, *STAR), Unparsed("在上面"))),
        ("在上方一颗星星", (Exists(0, *STAR), Unparsed("在上方"))),
        ("一颗星星在一个十字的上方", (Exists(0, *STAR), Exists(1, *CROSS), Relation(0, "above", 1))),
        ("一颗星星的上方有一个十字", (Exists(0, *STAR), Exists(1, *CROSS), Relation(1, "above", 0))),
        ("在一颗星星的上方，有一个十字", (Exists(0, *STAR), Exists(1, *CROSS), Relation(1, "above", 0))),
        ("有一颗星星，它的左边是一个十字", (Exists(0, *STAR), Exists(1, *CROSS), Relation(1, "left of", 0))),
        ("星星比十字更靠左", (Exists(0, *STAR), Exists(1, *CROSS), Relation(0, "left of", 1))),
        ("一个位于星星右侧的圆", (Exists(0, *STAR), Exists(1, *CIRCLE), Relation(1, "right of", 0))),
        ("一颗星星在星星的上方", (Exists(0, *STAR), Relation(0, "above", 0))),
        (
            "一颗星星左边有一个圆，右边有一个方块",
            (
                *(Exists(0, *STAR), Exists(1, *CIRCLE), Exists(2, *SQUARE)),
                *(Relation(1, "left of", 0), Relation(2, "right of", 0)),
            ),
        ),
        (
            "一颗星星在一个十字的左边，后者在一个方块的上方",
            (
                *(Exists(0, *STAR), Exists(1, *CROSS), Exists(2, *SQUARE)),
                *(Relation(0, "left of", 1), Relation(1, "above", 2)),
            ),
        ),
        (
            "一颗星星在一个十字的左边，这颗星星的上方还有一个圆",
            (
                *(Exists(0, *STAR), Exists(1, *CROSS), Exists(2, *CIRCLE)),
                *(Relation(0, "left of", 1), Relation(2, "above", 0)),
            ),
        ),
        ("两颗星星", (Exists(0, *STAR), Exists(1, *STAR), Count(2, *STAR))),
        (
            "两颗星星，一红一蓝，和一个十字",
            (Exists(0, "star", "red"), Exists(1, "star", "blue"), Exists(2, *CROSS), Count(2, *STAR)),
        ),
        (
            "一对红色的东西：一颗星星和一个小十字。还有一个圆",
            (Exists(0, "star", "red"), Exists(1, "cross", "red", "small"), Exists(2, *CIRCLE), Count(2, None, "red")),
        ),
        ("画面里只有一颗星星", (Exists(0, *STAR), Count(1))),
        ("正好有一颗星星", (Exists(0, *STAR), Count(1, *STAR))),
        ("有一颗星星，但没有圆形", (Exists(0, *STAR), Count(0, *CIRCLE))),
        ("没有绿色的东西", (Count(0, None, "green"),)),
        ("一颗星星、一个方块，一共两个图形", (Exists(0, *STAR), Exists(1, *SQUARE), Count(2))),
        ("一共有两个图形：一颗星星和一个方块", (Exists(0, *STAR), Exists(1, *SQUARE), Count(2))),
        ("大红色方块在圆形下面", (Exists(0, "square", "red", "large"), Exists(1, *CIRCLE), Relation(0, "below", 1))),
    ],
)
def test_parse(text, claims):
    assert parse(text) == claims


BABBLE = st.lists(st.sampled_from([*lang.words("zh"), "狗", "<unk>", "，", "的"]), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), BABBLE), st.integers(0, 399))
@example("这个" * 50 + "圆形", 0)
@example("一个圆形" * 40, 1)
@example("两个图形两个图形两个图形", 2)
@example("İ ß \ud800 ﬁ ㍿ ①个", 3)
def test_parse_and_check_are_total(text, index):
    claims = parse(text)
    assert all(isinstance(c, lang.Claim) for c in claims)
    found = check(text, SCENES[index])
    assert 0.0 <= found.truth <= 1.0 and 0.0 <= found.coverage <= 1.0
    assert found.claims == claims and len(found.holds) == len(claims)
    if any(isinstance(c, Unparsed) for c in claims) or not claims:
        assert found.truth < 1.0


@settings(max_examples=60, deadline=None)
@given(BABBLE, st.integers(0, 399))
def test_check_of_babble_is_exact(text, index):
    claims = parse(text)
    if sum(isinstance(c, Exists) for c in claims) <= 5:
        found = check(text, SCENES[index])
        assert (found.truth, found.coverage) == pytest.approx(brute_force(claims, SCENES[index]))


def test_long_captions_end_in_time():
    assert check("一个圆形在一颗星星的上方和" * 3000, SCENES[0]).truth < 1.0


def test_garbled_text_is_not_true():
    scene = Scene((thing("small red circle"),))
    assert check("一个红色的圆", scene).truth == 1.0
    for text in ("", "红色", "圆", "一个红色的圆圆圆", "一个红色的圆在左边", "一个红色的圆<unk>", "一个红色的圆和"):
        assert check(text, scene).truth < 1.0, text


# -- the check

# What may be exchanged, as (kind, pattern, other words): one word each, in all of its ways.
SWAPS = [
    ("colour", "[红橙黄绿蓝紫橘]", "红橙黄绿蓝紫"),
    ("shape", NOUN, [*SHAPES]),
    ("size", "较?[大小]|大大|小小", ["大", "小"]),
    ("relation", "[左右](?=[边侧方面])|(?<=靠)[左右]", "左右"),
    ("relation", "[上下](?=[边方面])|(?<=靠)[上下]", "上下"),
    ("number", "[两三四](?=[个颗样])", "两三四"),
]
NAMES = {"circle": "圆形", "square": "方块", "triangle": "三角形", "star": "星星", "cross": "十字"}
SAME = {"橘": "橙", **{way: shape for shape, table in chinese.NOUNS.items() for way in table}}
SAME |= {way + size: size for size in "大小" for way in ("较", size)}


def alterations(text, stream):
    """``text`` with one word of each kind replaced by one of another meaning, as (kind, text)."""
    for kind, pattern, others in SWAPS:
        found = list(re.finditer(pattern, text))
        if found:
            place = stream.choice(found)
            word = place.group()
            other = stream.choice([o for o in others if o != SAME.get(word, word)])
            yield kind, f"{text[: place.start()]}{NAMES.get(other, other)}{text[place.end() :]}"


def test_one_altered_word_is_caught_exactly_when_it_makes_the_caption_false():
    caught = Counter()
    for index, (scene, text, claims) in enumerate(PAIRS[:2000]):  # brute force takes its time
        for kind, altered in alterations(plain(text), Stream("alter", index)):
            found, meant = check(altered, scene), parse(altered)
            assert meant != claims, (text, altered)
            truth, coverage = brute_force(meant, scene)
            assert (found.truth, found.coverage) == (pytest.approx(truth), pytest.approx(coverage)), altered
            caught[kind, found.truth < 1.0] += 1
    for kind in ("colour", "shape", "size", "relation", "number"):
        assert caught[kind, True] > 5 * caught[kind, False], caught
        assert caught[kind, True] > 100, caught


def test_altered_words_are_caught_by_counting_words_alone():
    """No parser in the oracle: a plain caption that names a colour or a shape too often is false."""
    tried = 0
    colours = dict(zip(("红", "[橙橘]", "黄", "绿", "蓝", "紫"), COLOURS, strict=True))
    shapes = dict(zip(("圆", "正方|方块|方形", "三角", "星星|五角星|星形", "十字|加号"), SHAPES, strict=True))
    for index, (scene, text, _) in enumerate(PAIRS):
        if re.search(r"[两三四对]|没有", text) or len(re.findall(NOUN, text)) > len(scene):
            continue  # it may name a thing twice, or several at once
        for _, altered in alterations(plain(text), Stream("count", index)):
            too_often = any(len(re.findall(p, altered)) > len(scene.find(colour=c)) for p, c in colours.items())
            too_often |= any(len(re.findall(p, altered)) > len(scene.find(shape=s)) for p, s in shapes.items())
            if too_often:
                tried += 1
                assert check(altered, scene).truth < 1.0, altered
    assert tried > 300


SIDES = {"left of": "左边", "right of": "右侧", "above": "上方", "below": "下面"}


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 399),
    st.tuples(st.sampled_from(SHAPES), st.sampled_from(COLOURS), st.sampled_from(SIZES)),
    st.tuples(st.sampled_from(SHAPES), st.sampled_from(COLOURS), st.sampled_from(SIZES)),
    st.sampled_from([*SIDES]),
    st.sampled_from(["有一个{0}在一个{1}的{2}", "在一个{1}{2}有一个{0}", "画面里有一个{1}，它的{2}是一个{0}"]),
    st.booleans(),
)
def test_a_sentence_of_our_own_is_true_when_the_scene_says_so(index, first, second, relation, frame, real):
    """Neither the grammar nor the parser has a part in the expected answer."""
    scene = SCENES[index]
    if real:
        first, second = (((t.shape, t.colour, t.size)) for t in (scene.things[0], scene.things[-1]))
    colours = dict(zip(COLOURS, ("红", "橙", "黄", "绿", "蓝", "紫"), strict=True))
    one, two = (f"{colours[c]}色的{'小' if z == 'small' else '大'}{NAMES[s]}" for s, c, z in (first, second))
    text = frame.format(one, two, SIDES[relation])
    expected = 0
    for a, b in itertools.permutations((*scene.things, None, None), 2):
        fits = [t is not None and (t.shape, t.colour, t.size) == d for t, d in ((a, first), (b, second))]
        gap = {"left of": "x", "right of": "x", "above": "y", "below": "y"}[relation]
        sign = 1 if relation in ("left of", "above") else -1
        held = all(fits) and sign * (getattr(b, gap) - getattr(a, gap)) >= 102
        expected = max(expected, sum(fits) + held)
    assert check(text, scene).truth == pytest.approx(expected / 3)


# -- errors


def test_errors_name_what_was_received_and_what_is_allowed():
    with pytest.raises(ValueError, match=r"language='cn'.*Allowed: 'en', 'zh'"):
        lang.captions(SCENES[0], "cn")
    with pytest.raises(ValueError, match=r"language='cn'.*Allowed: en, zh"):
        Scenes("train", language="cn")
    with pytest.raises(TypeError, match="bytes"):
        lang.parse(b"", "zh")
    with pytest.raises(ValueError, match="a scene of 5"):
        lang.captions(Scene((thing("small red star"),) * 5), "zh")
