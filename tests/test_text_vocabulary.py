"""Tokenisers and the vocabulary."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse._machinery.files import seal
from mmcourse.text import END, PAD, START, TOKENIZERS, UNKNOWN, Vocabulary, encode_captions, tokenize

quick = settings(deadline=None, max_examples=60)
anything = st.text(max_size=30)
letters = st.text(alphabet="aAbé's-’ .,3０一穿Ｔ_\u0301\u0130", max_size=15)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("A man, in a T-shirt .", ["a", "man", "in", "a", "t-shirt"]),
        ("The dog's ball", ["the", "dog", "'s", "ball"]),
        ("the dog 's ball", ["the", "dog", "'s", "ball"]),
        ("the dog’s ball", ["the", "dog", "'s", "ball"]),
        ("the dogs' ball", ["the", "dogs", "ball"]),
        ("it 's 3 o'clock, don't!", ["it", "'s", "3", "o'clock", "don't"]),
        ("a bird 's-eye-view", ["a", "bird", "'s", "eye-view"]),
        ("'n' -- - ' \" _under_score_", ["n", "under", "score"]),
        ("3.5 litres, 1,000 dogs, 2-3", ["3.5", "litres", "1,000", "dogs", "2-3"]),
        ("Café CAFE\u0301 naïve", ["café", "café", "naïve"]),
        ("a's'smile", ["a", "'s", "smile"]),
        ("", []),
        (" .!? ", []),
    ],
)
def test_english_tokens(text, tokens):
    assert tokenize(text, "en") == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("一个女人躺在海水里。", list("一个女人躺在海水里")),
        ("两个人，三只狗！（大）", list("两个人三只狗大")),
        ("穿Ｔ恤 的 28 号 NBA球员", ["穿", "t", "恤", "的", "28", "号", "nba", "球", "员"]),
        ("3.5米", ["3.5", "米"]),
        ("　 ", []),
    ],
)
def test_chinese_tokens(text, tokens):
    assert tokenize(text, "zh") == tokens


@quick
@given(st.sampled_from(sorted(TOKENIZERS)), st.one_of(anything, letters))
def test_tokenising_twice_changes_nothing(name, text):
    tokens = tokenize(text, name)
    assert tokenize(TOKENIZERS[name].join(tokens), name) == tokens
    assert all(token and token == token.lower() and not any(c.isspace() for c in token) for token in tokens)


def test_unknown_tokenizer_names_what_is_allowed():
    with pytest.raises(ValueError, match=r"Received: tokenizer='fr'\. Allowed: 'en', 'zh'"):
        tokenize("un chien", "fr")
    with pytest.raises(ValueError, match="Received: tokenizer='fr'"):
        Vocabulary.build(["un chien"], "fr")


def test_order_is_by_count_then_code_point_and_min_count_counts():
    captions = ["b a c", "b c d", "c"]
    assert Vocabulary.build(captions).words == ("c", "b", "a", "d")
    assert Vocabulary.build(captions[::-1]).words == ("c", "b", "a", "d")
    assert Vocabulary.build(captions, min_count=2).words == ("c", "b")
    with pytest.raises(ValueError, match="min_count=0"):
        Vocabulary.build(captions, min_count=0)


def test_encode_pads_and_knows_the_unknown():
    vocabulary = Vocabulary(["dog", "a"])
    ids = vocabulary.encode(["A dog.", "A cat, a dog", ""])
    assert ids.dtype == np.int32
    np.testing.assert_array_equal(
        ids, [[START, 5, 4, END, PAD, PAD], [START, 5, UNKNOWN, 5, 4, END], [START, END, PAD, PAD, PAD, PAD]]
    )
    assert len(vocabulary) == 6
    assert ("dog" in vocabulary, "cat" in vocabulary, "<end>" in vocabulary) == (True, False, False)
    assert vocabulary.decode(ids) == ["a dog", "a <unknown> a dog", ""]
    assert vocabulary.encode([]).shape == (0, 2)


def test_truncation_keeps_the_end_token():
    vocabulary = Vocabulary(["a", "b", "c"])
    np.testing.assert_array_equal(vocabulary.encode(["a b c"], length=4), [[START, 4, 5, END]])
    np.testing.assert_array_equal(vocabulary.encode(["a b c"], length=2), [[START, END]])
    with pytest.raises(ValueError, match="length=1"):
        vocabulary.encode(["a"], length=1)


def test_decode_stops_at_the_end_and_drops_pad_and_start():
    vocabulary = Vocabulary(["a", "b"])
    assert vocabulary.decode([[START, 4, END, 5], [PAD, 5, 4, PAD], [END, 4, 4, 4]]) == ["a", "b a", ""]
    assert vocabulary.decode([[4, 5, END], []]) == ["a b", ""]
    for bad in (6, -1):
        with pytest.raises(ValueError, match=f"Received: {bad}. Allowed: 0 to 5"):
            vocabulary.decode([[4, bad]])
    with pytest.raises(ValueError, match="rows"):
        vocabulary.decode([4, 5])


def test_chinese_text_is_joined_without_blanks():
    texts = ["穿T恤的人。", "NBA 28 号", "看NBA 28号", "28号NBA", "NBA"]
    vocabulary = Vocabulary.build(texts, "zh")
    written = ["穿t恤的人", "nba 28号", "看nba 28号", "28号nba", "nba"]
    assert vocabulary.decode(vocabulary.encode(texts)) == written


def test_vocabularies_are_equal_where_words_order_and_tokeniser_are():
    one = Vocabulary(["a", "b"])
    assert one == Vocabulary(("a", "b"), "en") and hash(one) == hash(Vocabulary(["a", "b"]))
    for other in (Vocabulary(["b", "a"]), Vocabulary(["a"]), Vocabulary(["a", "b"], "zh"), ["a", "b"], None):
        assert one != other
    assert repr(one) == "Vocabulary(6 ids, tokenizer='en')"


@quick
@given(st.sampled_from(sorted(TOKENIZERS)), st.lists(st.one_of(anything, letters), max_size=4))
def test_decoding_an_encoded_caption_gives_its_tokens(name, captions):
    vocabulary = Vocabulary.build(captions, name)
    decoded = vocabulary.decode(vocabulary.encode(captions))
    assert [tokenize(text, name) for text in decoded] == [tokenize(text, name) for text in captions]


def test_one_string_for_many_is_refused():
    with pytest.raises(TypeError, match="one string"):
        Vocabulary.build("a dog")
    with pytest.raises(TypeError, match="one string"):
        Vocabulary(["a"]).encode("a dog")


@pytest.mark.parametrize(
    "words, message",
    [
        (["a", "a"], r"stands once in a vocabulary\. Received: 'a' more than once"),
        (["<end>"], r"stands once in a vocabulary\. Received: '<end>' more than once"),
        ([""], r"a string that is not empty\. Received: ''"),
        ([3], r"a string that is not empty\. Received: 3"),
    ],
)
def test_impossible_words_are_refused(words, message):
    with pytest.raises(ValueError, match=message):
        Vocabulary(words)


def test_saving_and_loading(tmp_path):
    vocabulary = Vocabulary.build(["一只狗在跑。", "T恤"], "zh")
    path = tmp_path / "words.json"
    vocabulary.save(path)
    assert Vocabulary.load(path) == vocabulary
    assert [p.name for p in tmp_path.iterdir()] == ["words.json"]  # no half-written file is left
    assert "狗" in path.read_text(encoding="utf-8")


SAVED = {"format": "mmcourse vocabulary", "version": 1, "tokenizer": "en", "words": ["a"]}


def test_a_file_of_today_is_of_version_2_and_of_version_1_is_read(tmp_path):
    """Files that students wrote stay readable: who changes the version keeps a way to read the older one."""
    Vocabulary(["a"]).save(tmp_path / "words.json")
    assert json.loads((tmp_path / "words.json").read_text(encoding="utf-8")) == seal(SAVED | {"version": 2})
    (tmp_path / "old.json").write_text(json.dumps(SAVED), encoding="utf-8")
    assert Vocabulary.load(tmp_path / "old.json") == Vocabulary(["a"], "en")


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "Expecting value"),
        (b'{"format": "mmcourse voc', "Unterminated string"),
        (b"[]", "it holds a list in place of a dict"),
        (b"\xff\xfe", "can't decode"),
        (SAVED | {"format": "captions"}, "it does not say format='mmcourse vocabulary'"),
        (SAVED | {"version": 2}, "its checksum is not the one noted in it"),
        (seal(SAVED | {"version": 2}) | {"words": ["b"]}, "its checksum is not the one noted in it"),
        (SAVED | {"version": 3}, r"Received: version=3\. Allowed: 1, 2"),
        (SAVED | {"words": ["a", "a"]}, "Received: 'a' more than once"),
        (SAVED | {"tokenizer": "xx"}, "Received: tokenizer='xx'"),
        (SAVED | {"words": "abc"}, "it holds no list of words"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, content, message):
    path = tmp_path / "broken.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with pytest.raises(ValueError, match=rf"Cannot read a vocabulary from .*broken\.json: .*{message}"):
        Vocabulary.load(path)


def test_captions_of_unequal_number_are_padded():
    vocabulary = Vocabulary(["a", "dog"])
    tokens = encode_captions(vocabulary, [("a dog", "dog"), ("a",)], 4)
    assert tokens.tolist() == [[[1, 4, 5, 2], [1, 5, 2, 0]], [[1, 4, 2, 0], [0, 0, 0, 0]]]


def test_captions_too_long_are_left_out_and_cut_only_when_an_image_has_no_other():
    vocabulary = Vocabulary(["a", "dog"])
    tokens = encode_captions(vocabulary, [("a dog a", "dog"), ("a dog a a", "dog a a")], 4)
    assert tokens.tolist() == [[[0, 0, 0, 0], [1, 5, 2, 0]], [[1, 5, 4, 2], [0, 0, 0, 0]]]
