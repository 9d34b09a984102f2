"""The one reader of text tables: whatever cannot be read is named by file and line, in every corpus alike."""

import csv
import io
import json
import re
import wave

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_corpora_flickr import EVERY, NAMES, picture, tokens, write

from mmcourse._machinery import tables
from mmcourse.corpora import Flickr8k, Flickr30k, SpokenDigits, flickr

NAMED = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-le": b"\xff\xfe\0\0", "utf-32-be": b"\0\0\xfe\xff"}
FORMS = {
    "names": (flickr.read_names, "a.jpg\nb.jpg\n", ["a.jpg", "b.jpg"]),
    "tokens": (flickr.read_tokens, "a.jpg#0\tone\nb.jpg#0\tzwölf\n", {"a.jpg": ("one",), "b.jpg": ("zwölf",)}),
    "table": (flickr.read_table, "image,caption\na.jpg,one\nb.jpg,zwölf\n", {"a.jpg": ("one",), "b.jpg": ("zwölf",)}),
    "JSON": (
        flickr.read_karpathy,
        '{"images": [\n{"filename": "a.jpg", "split": "val", "sentences": [{"raw": "zwölf"}]}\n]}\n',
        ({"a.jpg": ("zwölf",)}, {"train": [], "dev": ["a.jpg"], "test": []}),
    ),
}
BY_FORM = pytest.mark.parametrize("form", FORMS)


@BY_FORM
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_ends_of_lines_and_a_mark_change_nothing(tmp_path, form, ending, mark):
    read, text, expected = FORMS[form]
    write(tmp_path / "f.txt", text, ending, mark)
    assert read(tmp_path / "f.txt") == expected


@BY_FORM
@pytest.mark.parametrize("encoding", NAMED)
def test_another_encoding_is_called_by_its_name(tmp_path, form, encoding):
    read, text, _ = FORMS[form]
    name = encoding[:6].upper()
    (tmp_path / "f.txt").write_bytes(NAMED[encoding] + text.encode(encoding))
    with pytest.raises(ValueError, match=rf"f\.txt, line 1: not UTF-8 but {name}, .*Allowed: UTF-8, with or without"):
        read(tmp_path / "f.txt")
    (tmp_path / "f.txt").write_bytes("ab\n".encode(encoding) + text.encode(encoding))
    with pytest.raises(ValueError, match=r"f\.txt, line 1: a zero byte, .*it may be UTF-16"):
        read(tmp_path / "f.txt")


@BY_FORM
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_of_another_encoding_is_named_with_its_line(tmp_path, form, ending, mark):
    read, text, _ = FORMS[form]
    write(tmp_path / "f.txt", text, ending, mark)
    data = (tmp_path / "f.txt").read_bytes() + b"last line: zw\xf6lf\xc4"
    (tmp_path / "f.txt").write_bytes(data)
    number = text.count("\n") + 1
    with pytest.raises(
        ValueError, match=rf"f\.txt, line {number}: not UTF-8 \(.*Received: the byte 0xf6\. Allowed: UTF-8"
    ):
        read(tmp_path / "f.txt")


@pytest.mark.parametrize("form", ["names", "tokens", "table"])
def test_a_carriage_return_within_a_line_is_refused(tmp_path, form):
    read, text, _ = FORMS[form]
    lines = text.split("\n")
    write(tmp_path / "f.txt", "\n".join(lines[:-2]) + "\r" + "\n".join(lines[-2:]))
    with pytest.raises(
        ValueError, match=r"f\.txt, line \d: a carriage return within the line\. Received: '.*\\r.*Allowed"
    ):
        read(tmp_path / "f.txt")


def test_rows_with_quotation_marks(tmp_path):
    text = 'image,caption\na.jpg,"one, ""two"""\na.jpg,five " high\nb.jpg,\'so\'\n\n c.jpg , x \n'
    write(tmp_path / "c.txt", text)
    expected = {"a.jpg": ('one, "two"', 'five " high'), "b.jpg": ("'so'",), "c.jpg": ("x",)}
    assert flickr.read_table(tmp_path / "c.txt") == expected


@pytest.mark.parametrize(
    ("lines", "number", "says"),
    [
        (['a.jpg,"open', "b.jpg,two", 'c.jpg,three"'], 2, "a quotation mark opens here and is not closed"),
        (["a.jpg,one", 'b.jpg,"open', 'c.jpg,"open'], 3, "a quotation mark opens here and is not closed"),
        (['a.jpg,"one\ntwo"'], 2, "a quotation mark opens here and is not closed"),
        (['a.jpg,"one" more'], 2, "',' expected after '\"'"),
        (['a.jpg,one, "two"'], 2, "expected an image and a caption"),
        (["a.jpg"], 2, "expected an image and a caption"),
        (["a.jpg,one", 'b.jpg,"  "'], 3, "expected an image and a caption"),
        ([",one"], 2, "expected an image and a caption"),
        (["a.jpg," + "x" * 140_000], 2, "field larger than field limit"),
        (["a.jpg,o\0ne"], 2, "a zero byte, which no text holds"),
    ],
)
def test_a_stray_quotation_mark_is_reported_where_it_opens(tmp_path, lines, number, says):
    write(tmp_path / "c.txt", "\n".join(["image,caption", *lines]) + "\n")
    with pytest.raises(ValueError, match=rf"c\.txt, line {number}: {re.escape(says)}") as error:
        flickr.read_table(tmp_path / "c.txt")
    assert len(str(error.value)) < 500 and re.search(r"Received|Allowed", str(error.value))


def image(**new):
    return {"filename": "a.jpg", "split": "train", "sentences": [{"raw": "one"}]} | new


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([image()], r"a list of images, \{\"images\": \[\.\.\.\]\}\. Received: images=\[\{"),
        ({"images": {"0": image()}}, r"Received: images=\{'0'"),
        ({"images": "a.jpg"}, "Received: images='a.jpg'"),
        ({"Images": []}, "Received: images=None"),
        ({"images": [image(), image()]}, "image 1: a.jpg is image 0 already. Allowed: each once, in one split"),
        ({"images": [image(), image(split="test")]}, "image 1: a.jpg is image 0 already. Allowed: each once, in one"),
        ({"images": ["a.jpg"]}, "image 0: missing or wrong 'filename'. Received: 'a.jpg'"),
        (
            {"images": [image(filename=5)]},
            "image 0: missing or wrong 'filename'. Received: 5. Allowed: a str, not empty",
        ),
        ({"images": [image(filename="")]}, "image 0: missing or wrong 'filename'. Received: ''"),
        ({"images": [image(split=["val"])]}, r"image 0: missing or wrong 'split'. Received: \['val'\]"),
        (
            {"images": [image(split="dev")]},
            "image 0: wrong 'split'. Received: 'dev'. Allowed: train, restval, val, test",
        ),
        ({"images": [image(sentences={"raw": "one"})]}, r"wrong 'sentences'. Received: \{'raw'.*Allowed: a list"),
        ({"images": [image(sentences=[])]}, r"wrong 'sentences'. Received: \[\]. Allowed: a list, not empty"),
        ({"images": [image(sentences="one")]}, "wrong 'sentences'. Received: 'one'"),
        ({"images": [image(sentences=["one"])]}, "sentence 0 is no caption. Received: 'one'. Allowed: {\"raw\""),
        ({"images": [image(sentences=[{"raw": "one"}, {"raw": 5}])]}, "sentence 1 is no caption. Received: {'raw': 5}"),
        ({"images": [image(sentences=[{"raw": None}])]}, "sentence 0 is no caption. Received: {'raw': None}"),
        ({"images": [image(sentences=[{"raw": " "}])]}, "sentence 0 is no caption. Received: {'raw': ' '}"),
        ({"images": [image(sentences=[{"raw": ["o"]}])]}, r"sentence 0 is no caption. Received: \{'raw': \['o'\]\}"),
        ({"images": [image(sentences=[{"raw": "\ud800"}])]}, "image 0: half of a character"),
    ],
)
def test_what_karpathy_s_json_may_not_hold(tmp_path, content, says):
    (tmp_path / "d.json").write_text(json.dumps(content), "utf8")
    with pytest.raises(ValueError, match=rf"d\.json.*{says}"):
        flickr.read_karpathy(tmp_path / "d.json")


def folder(root, corpus, lists):
    for seed, name in enumerate(EVERY):
        picture(root / corpus / "images" / name, seed)
    for file, names in lists.items():
        write(root / file, "\n".join(names))
    return root


@pytest.mark.parametrize("split", NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_picture_in_two_splits_is_refused_by_the_official_lists(tmp_path, split, language):
    lists = {"train": ["b.jpg", "a.jpg"], "dev": ["c.jpg", "d.jpg"], "test": ["d.jpg"]}
    form = "flickr8k/Flickr_8k.{}Images.txt" if language == "en" else "flickr8k_cn/flickr8k{}.txt"
    word = {"dev": "val" if language == "zh" else "dev"}
    folder(tmp_path, "flickr8k", {form.format(word.get(s, s)): names for s, names in lists.items()})
    write(tmp_path / "flickr8k" / "Flickr8k.token.txt", tokens())
    for name in ("flickr8kzhc.caption.txt", "flickr8kzhmtest.captions.txt"):
        write(tmp_path / "flickr8k_cn" / name, tokens("#zhc#", " "))
    with pytest.raises(
        ValueError, match=r"8k.*est.*\.txt, line 1: d\.jpg stands in .*\.txt, line 2, too\. Allowed: each in"
    ):
        Flickr8k(tmp_path, split, language)


def test_a_picture_in_two_splits_is_refused_in_flickr30k(tmp_path):
    folder(
        tmp_path, "flickr30k", {"flickr30k/flickr30k_train.txt": ["a", "b"], "flickr30k/flickr30k_val.txt": ["b.jpg"]}
    )
    write(tmp_path / "flickr30k" / "results_20130124.token", tokens())
    with pytest.raises(
        ValueError, match=r"flickr30k_val\.txt, line 1: b\.jpg stands in .*flickr30k_train\.txt, line 2, too"
    ):
        Flickr30k(tmp_path, "dev")


def test_what_macos_writes_beside_files_is_no_item(tmp_path):
    for name in ("free/recordings/7_lucas_0.wav", "free/recordings/7_lucas_1.wav"):
        (tmp_path / "fsdd" / name).parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(tmp_path / "fsdd" / name), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
            file.writeframes(b"\0\1" * 80)
    for other in ("free/recordings/._7_lucas_0.wav", "__MACOSX/recordings/._7_lucas_0.wav"):
        (tmp_path / "fsdd" / other).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "fsdd" / other).write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X")
    assert SpokenDigits(tmp_path, split=None).ids == ("7_lucas_0", "7_lucas_1")
    write(tmp_path / "list.txt", "a.jpg\n._a.jpg\n")
    with pytest.raises(ValueError, match=r"list\.txt, line 2: \._a\.jpg is what macOS writes beside a file"):
        flickr.read_names(tmp_path / "list.txt")


def test_names_with_blanks_at_an_end_are_the_same_names(tmp_path):
    write(tmp_path / "t.txt", "a.jpg #0\tone\na.jpg#1\ttwo\n")
    assert flickr.read_tokens(tmp_path / "t.txt") == {"a.jpg": ("one", "two")}


def test_messages_stay_short(tmp_path):
    write(tmp_path / "t.txt", "x" * 100_000)
    with pytest.raises(
        ValueError, match=r"t\.txt, line 1: expected name#number and a caption\. Received: 'xxx"
    ) as error:
        flickr.read_tokens(tmp_path / "t.txt")
    assert len(str(error.value)) < 300 + len(str(tmp_path))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text("ab,\"' \t", min_size=1, max_size=6).filter(str.strip), min_size=2, max_size=2)))
def test_what_a_writer_of_tables_quotes_is_read(tmp_path_factory, table):
    file = io.StringIO()
    csv.writer(file).writerows([["image", "caption"], *table])
    path = tmp_path_factory.mktemp("table") / "c.csv"
    path.write_bytes(file.getvalue().encode())
    expected = [[field.strip() for field in row] for row in table]
    assert [row for _, row in tables.rows(path, ("image", "caption"), "two")] == expected
