"""Word vectors in files: what is written is read again, whatever is damaged is named by file and line."""

import gzip
import re
import tracemalloc
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.text import SPECIAL, Vocabulary, WordVectors, load_vectors

GLOVE = "the 0.1 -0.2 3e-05\nred 1 2 3\nblue -1.5 0 .25\n"
VOCABULARY = Vocabulary(["blue", "zebra", "red"])


def write(folder, content, name="vectors.txt"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.mark.parametrize("content", [GLOVE, "3 3\n" + GLOVE, GLOVE.replace("\n", " \n"), GLOVE.replace("\n", "\r\n"),
                                     GLOVE.rstrip("\n"), "\ufeff" + GLOVE])  # fmt: skip
def test_rows_follow_the_vocabulary(tmp_path, content):
    vectors = load_vectors(write(tmp_path, content), VOCABULARY)
    assert vectors.matrix.shape == (len(VOCABULARY), 3) and vectors.matrix.dtype == np.float32
    np.testing.assert_array_equal(vectors["red"], np.float32([1, 2, 3]))
    np.testing.assert_array_equal(vectors["blue"], np.float32([-1.5, 0, 0.25]))
    assert vectors.found.tolist() == [False] * 4 + [True, False, True]
    assert not vectors.matrix[0].any() and vectors.matrix[5].any()  # pad; the zebra is drawn


@pytest.mark.parametrize("gap", ["  ", "\t", " \t ", "     "])
@pytest.mark.parametrize("header", [None, "3{}3\n"])
def test_numbers_may_be_parted_by_more_than_a_blank(tmp_path, gap, header):
    plain = GLOVE + ". . . 4 5 6\n" if header is None else GLOVE
    content = (header or "").format(gap) + plain.replace(". . .", ".%.%.").replace(" ", gap).replace("%", " ")
    vectors, expected = (load_vectors(write(tmp_path, text)) for text in (content, plain))
    assert vectors.vocabulary == expected.vocabulary
    np.testing.assert_array_equal(vectors.matrix, expected.matrix)
    np.testing.assert_array_equal(load_vectors(write(tmp_path, gap + "the" + gap + "1" + gap))["the"], [1])


def test_blanks_at_the_ends_of_lines_are_no_part_of_a_word(tmp_path):
    vectors = load_vectors(write(tmp_path, " the  1 2 3 \t\n\tred 1  2 3\t\n"))
    assert vectors.vocabulary.words == ("the", "red")
    np.testing.assert_array_equal(vectors["red"], [1, 2, 3])


@pytest.mark.parametrize("word", [" red", "red ", "red\t", "re\nd", "re\rd"])
def test_a_word_that_would_not_be_read_again_is_not_written(tmp_path, word):
    path = write(tmp_path, GLOVE)
    with pytest.raises(ValueError, match=r"blanks or tabs at an end, has no place in such a file\. Received: '"):
        WordVectors(Vocabulary(["the", word]), np.ones((6, 3), "float32")).save(path)
    assert path.read_text("utf8") == GLOVE, "what was there stays"


def test_where_nothing_is_found_a_warning_says_so(tmp_path):
    path = write(tmp_path, "2 1\n" + "Blue 1\nRED 2\n")
    with pytest.warns(
        UserWarning, match=r"vectors\.txt has none of the 3 words .* in the 2 lines.*Their case"
    ) as caught:
        vectors = load_vectors(path, VOCABULARY)
    assert caught[0].filename == __file__ and not vectors.found.any()
    with pytest.warns(
        UserWarning, match=r"begins with \['the'\], the vocabulary with \['blue', 'zebra', 'red'\]\. Is it"
    ):
        load_vectors(write(tmp_path, GLOVE), VOCABULARY, most=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_vectors(write(tmp_path, GLOVE), VOCABULARY)
        load_vectors(write(tmp_path, GLOVE), Vocabulary([]))


def test_without_a_vocabulary_every_word_is_kept_in_its_order(tmp_path):
    vectors = load_vectors(write(tmp_path, GLOVE))
    assert vectors.vocabulary.words == ("the", "red", "blue")
    assert load_vectors(write(tmp_path, GLOVE), most=2).vocabulary.words == ("the", "red")
    assert load_vectors(write(tmp_path, "3 3\n" + GLOVE), most=2).vocabulary.words == ("the", "red")


def test_unknown_rows_are_drawn_from_the_seed_and_like_the_others(tmp_path):
    rng = np.random.default_rng(0)
    words = [f"w{i}" for i in range(500)]
    path = tmp_path / "v.txt"
    WordVectors(Vocabulary(words), rng.normal([5, -1], [0.1, 2], (504, 2)).astype("float32")).save(path)
    asked = Vocabulary([*words, *(f"new{i}" for i in range(2000))])
    one, again, other = (load_vectors(path, asked, seed=seed).matrix for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert (one[504:] != other[504:]).all()
    np.testing.assert_allclose(one[504:].mean(0), [5, -1], atol=0.25)
    np.testing.assert_allclose(one[504:].std(0), [0.1, 2], rtol=0.15)


words = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\n\r"), min_size=1, max_size=8)
words = words.map(lambda w: w.replace("\t", "").strip(" ")).filter(bool)
rows = st.lists(st.floats(-(2.0**99), 2.0**99, width=32, allow_subnormal=False), min_size=3, max_size=3)


@settings(deadline=None, max_examples=80)
@given(st.dictionaries(words.filter(lambda w: w not in SPECIAL and " " not in w), rows, min_size=1, max_size=6))
def test_round_trip(tmp_path_factory, table):
    vocabulary = Vocabulary(list(table))
    matrix = np.zeros((len(vocabulary), 3), "float32")
    matrix[len(SPECIAL) :] = list(table.values())
    path = tmp_path_factory.mktemp("round") / "vectors.txt"
    WordVectors(vocabulary, matrix).save(path)
    if path.read_bytes().startswith(b"\xef\xbb\xbf"):
        return  # a word that is a byte-order mark cannot be told from one
    vectors = load_vectors(path, vocabulary, dimension=3)
    assert vectors.found[len(SPECIAL) :].all()
    np.testing.assert_array_equal(vectors.matrix[len(SPECIAL) :], matrix[len(SPECIAL) :])
    assert load_vectors(path, dimension=3).vocabulary == vocabulary


def test_words_with_blanks_and_odd_letters_as_in_glove_840b(tmp_path):
    content = ", 1 2 3\n. . . 4 5 6\nat name@domain.com 7 8 9\nto\xa0day 1 1 1\nne\x85l 2 2 2\nnan 3 3 3\n0.5 4 4 4\n"
    vectors = load_vectors(write(tmp_path, content))
    assert vectors.vocabulary.words == (",", ". . .", "at name@domain.com", "to\xa0day", "ne\x85l", "nan", "0.5")
    np.testing.assert_array_equal(vectors[". . ."], [4, 5, 6])
    assert load_vectors(write(tmp_path, ". . . 4 5 6\n" + content)).matrix.shape[1] == 3


def test_the_first_of_two_vectors_of_a_word_stays(tmp_path):
    assert load_vectors(write(tmp_path, "a 1 2\nb 3 4\na 5 6\n"))["a"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("the 1 2 3\nred 1 2\n", 2, r"expected a word and 3 numbers, got 2: was it cut off\?"),
        ("the 1 2 3\nred", 2, "got 0: was it cut off"),
        ("the 1 2 3\nred 1 2 3 4\n", 2, "expected a word and 3 numbers, got 4"),
        ("the 1 2 3\nat work 1 2\n", 2, "'work' is none"),
        ("the 1 2 3\nred 1 x 3\n", 2, "could not convert string to float: 'x'"),
        ("the 1 2 3\nred 1 nan 3\n", 2, "'nan' is not finite"),
        ("the 1 2 3\nred 1 1e39 3\n", 2, "'1e39' is not finite, or too large"),
        ("the 1 2 3\n\nred 1 2 3\n", 2, "got 0"),
        (b"the 1 2 3\nr\xe9d 1 2 3\n", 2, "not UTF-8 "),
        ("the 1 2 3\n".encode("utf-16"), 1, "not UTF-8 "),
        ("the,1,2,3\n", 1, "expected a word and its numbers"),
        ("the 1 2 3\n".encode("utf-16"), 1, "not UTF-8 but UTF-16, its byte-order mark says. Allowed: UTF-8"),
        ("the 1 2 3\n".encode("utf-16-le"), 1, "expected a word and its numbers"),
        ("the 1 2 3\rred 4 5 6\r", 1, r"a carriage return within the line\. Allowed: lines that end with"),
        ("the 1 2 3\nred 1_0 2 3\n", 2, "'1_0' is none"),
        ("the 1 2 3\nred  1\t 2\n", 2, "expected a word and 3 numbers, got 2"),
        ("the 1 2 3\nred\t\t0 1 2 3\n", 2, "expected a word and 3 numbers, got 4"),
        ("the 1 2 3\n  1  2  3\n", 2, "expected a word and 3 numbers, got 2"),
        ("2 3\nthe 1 2 3\n", 2, "ends after 1 words; its first line promises 2"),
        ("2 4\nthe 1 2 3\nred 1 2 3\n", 2, "expected a word and 4 numbers, got 3"),
        ("", 0, "holds no vectors"),
        (b"\0" * (2 << 20), 1, "no end of line within"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_damage_is_named_by_file_and_line(tmp_path, content, line, says, packed):
    path = write(tmp_path, content, "broken.txt")
    if packed:
        path = write(tmp_path, gzip.compress(path.read_bytes()), "broken.txt.gz")
    with pytest.raises(ValueError, match=rf"{re.escape(str(path))}, line {line}: .*{says}"):
        load_vectors(path)


def test_a_cut_off_line_of_a_word_that_nobody_wants_is_an_error_too(tmp_path):
    with pytest.raises(ValueError, match="line 2"):
        load_vectors(write(tmp_path, "the 1 2 3\nother 1 2\nred 1 2 3\n"), VOCABULARY)


def test_archives(tmp_path):
    packed = write(tmp_path, gzip.compress(GLOVE.encode()), "v.txt.gz")
    np.testing.assert_array_equal(load_vectors(packed, VOCABULARY)["red"], [1, 2, 3])
    with zipfile.ZipFile(tmp_path / "v.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v.3d.txt", GLOVE)
        archive.writestr("v.1d.txt", "red 7\n")
    np.testing.assert_array_equal(load_vectors(tmp_path / "v.zip", VOCABULARY, member="v.3d.txt")["red"], [1, 2, 3])
    for member in (None, "v.txt", "../v.txt"):
        with pytest.raises(ValueError, match=r"Allowed: v\.3d\.txt, v\.1d\.txt"):
            load_vectors(tmp_path / "v.zip", member=member)
    with pytest.raises(ValueError, match=r"Only a \.zip has members"):
        load_vectors(packed, member="v.txt")


def test_damaged_archives(tmp_path):
    rng = np.random.default_rng(0)
    long = "".join(f"w{i} {' '.join(map(str, rng.normal(size=3)))}\n" for i in range(3000)).encode()
    cut = write(tmp_path, gzip.compress(long)[:-2000], "cut.gz")
    with pytest.raises(ValueError, match=r"cut\.gz, line \d{3,}: the archive is damaged or was cut off"):
        load_vectors(cut)
    with pytest.raises(ValueError, match=r"no\.gz, line 1: the archive is damaged"):
        load_vectors(write(tmp_path, GLOVE, "no.gz"))
    with pytest.raises(ValueError, match="not a zip archive"):
        load_vectors(write(tmp_path, GLOVE, "no.zip"))
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:  # stored, so that one byte of the text can be changed
        archive.writestr("v.txt", long)
    raw = bytearray((tmp_path / "bad.zip").read_bytes())
    raw[5000] ^= 1
    with pytest.raises(ValueError, match=r"bad\.zip/v\.txt, line \d+: .*CRC"):
        load_vectors(write(tmp_path, bytes(raw), "bad.zip"))
    with pytest.raises(FileNotFoundError):
        load_vectors(tmp_path / "none.txt")


def test_one_pass_with_memory_bounded_by_what_is_kept(tmp_path):
    path, row = tmp_path / "large.txt", " ".join(["0.125"] * 20)
    with open(path, "w") as file:
        file.writelines(f"word{i} {row}\n" for i in range(100_000))
    vocabulary = Vocabulary([f"word{i}" for i in range(0, 100_000, 1000)])
    tracemalloc.start()
    vectors = load_vectors(path, vocabulary)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert vectors.found.sum() == 100 and (vectors.matrix[4:] == 0.125).all()
    assert path.stat().st_size > 10_000_000 and peak < 500_000


def test_neighbours_are_those_of_the_largest_cosine():
    rng = np.random.default_rng(3)
    vocabulary = Vocabulary([f"w{i}" for i in range(30)])
    matrix = rng.normal(size=(34, 6)).astype("float32")
    vectors = WordVectors(vocabulary, matrix)
    cosine = [matrix[9] @ row / np.linalg.norm(matrix[9]) / np.linalg.norm(row) for row in matrix]
    best = sorted((i for i in range(4, 34) if i != 9), key=lambda i: -cosine[i])[:3]
    got = vectors.neighbours("w5", 3)
    assert [word for word, _ in got] == [vocabulary.tokens[i] for i in best]
    np.testing.assert_allclose([c for _, c in got], sorted(cosine)[-4:-1][::-1], rtol=1e-5)
    assert vectors.nearest(3 * matrix[9], 1)[0][0] == "w5"
    only = WordVectors(vocabulary, matrix, np.arange(34) % 2 == 0)
    assert all(vocabulary.id(word) % 2 == 0 for word, _ in only.neighbours("w5", 5))
    for word in ("zebra", "<pad>"):
        with pytest.raises(KeyError, match=word):
            vectors.neighbours(word)


def test_real_glove(data_dir):
    path = data_dir("word_vectors") / "glove.6B.50d.flickr8k_vocab.txt"
    vectors = load_vectors(path)
    assert vectors.matrix.shape == (4 + 1529, 50)
    assert {word for word, _ in vectors.neighbours("red", 4)} <= {"blue", "yellow", "green", "white", "black", "purple"}
    assert "cat" in {word for word, _ in vectors.neighbours("dog", 3)}
    some = load_vectors(path, Vocabulary(["dog", "qwxyz"]))
    np.testing.assert_array_equal(some["dog"], vectors["dog"])
    assert not some.found[some.vocabulary.id("qwxyz")]
