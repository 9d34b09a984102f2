"""One vector a word: nearest neighbours, and the text files in which GloVe and word2vec publish such vectors.

A file's line is a word and d numbers, parted by blanks or tabs, however many. word2vec's begins with a line of two
integers, how many words and d; GloVe's does not. GloVe: Pennington, Socher and Manning (2014), "GloVe: Global vectors
for word representation".
"""

import gzip
import io
import re
import warnings
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mmcourse._machinery.archives import UNREADABLE
from mmcourse._machinery.checks import check_numbers, check_texts, check_whole
from mmcourse._machinery.tables import cut, encoding_trouble, shown
from mmcourse.text.vocabulary import PAD, SPECIAL, Vocabulary

PARTED = re.compile(r"([ \t]+)")
LONGEST_LINE = 1 << 20  # bytes; a longer one means that this is no text file, and must not fill the memory


class WordVectors(NamedTuple):
    """``vocabulary``; ``matrix`` float32 (V, d), a row for each of its ids; ``found`` bool (V,), which rows were read
    from a file rather than drawn (None: they were learnt here)."""

    vocabulary: Vocabulary
    matrix: np.ndarray
    found: np.ndarray | None = None

    def __getitem__(self, word):
        """The vector of a word, float32 (d,). Raises KeyError for a word that is not in the vocabulary."""
        if word not in self.vocabulary:
            raise KeyError(f"Not in the vocabulary. Received: {word!r}.")
        return self.matrix[self.vocabulary.id(word)]

    def nearest(self, vector, n=5, without=()):
        """The n words whose vectors have the largest cosine with ``vector`` (d,) -> list of (word, cosine).

        Words ``without`` are left out; so are special tokens, and rows that were not found in the file.
        """
        check_whole(0, n=n)
        check_texts("a list of words", without=without)
        check_numbers(vector=(vector, f"{self.matrix.shape[1]}"))
        if not np.any(vector):
            raise ValueError("Received: vector, all zeros. Allowed: a vector with a direction.")
        lengths = np.linalg.norm(self.matrix, axis=1) * np.linalg.norm(vector)
        cosine = self.matrix @ np.asarray(vector) / np.maximum(lengths, 1e-12)
        allowed = np.arange(len(self.matrix)) >= len(SPECIAL)
        if self.found is not None:
            allowed &= self.found
        allowed[[self.vocabulary.id(word) for word in without]] = False
        order = [i for i in np.argsort(-cosine, kind="stable") if allowed[i]][:n]
        return [(self.vocabulary.tokens[i], float(cosine[i])) for i in order]

    def neighbours(self, word, n=5):
        """The n other words most like this one -> list of (word, cosine). Raises KeyError for an unknown word."""
        return self.nearest(self[word], n, without=[word])

    def save(self, path):
        """Write the words (special tokens left out) in GloVe's text format, UTF-8.

        Nine digits a number: read back, every float32 is the same. Raises ValueError, before anything is written,
        for a word that would not be read again: with a line break, or with a blank or a tab at one of its ends.
        """
        for word in self.vocabulary.words:
            if "\n" in word or "\r" in word or word != word.strip(" \t") or not word:
                raise ValueError(
                    "A word with a line break, or with blanks or tabs at an end, has no place in such a file. "
                    f"Received: {word!r}."
                )
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            for word, row in zip(self.vocabulary.words, self.matrix[len(SPECIAL) :], strict=True):
                file.write(f"{word} {' '.join(f'{x:.9g}' for x in row.tolist())}\n")


def load_vectors(path, vocabulary=None, member=None, dimension=None, most=None, seed=0):
    """Read word vectors from a text file of GloVe's or word2vec's kind, in one pass.

    Memory is that of the kept vectors and one line, however long the file is. Of words that are not kept the numbers
    are counted, not read. A word that stands twice keeps its first vector.

    Args:
        path: the file; ``.gz`` and ``.zip`` are read without unpacking them to the disk.
        vocabulary: a ``Vocabulary``: its words are kept, and the rows follow its ids. Words are compared as they are;
            ours are in lower case, so take an uncased file. None: every word of the file is kept, in its order.
        member: the name of the file inside a ``.zip``, such as "glove.6B.50d.txt"; needed where there are several.
        dimension: d. None: word2vec's first line says it, in GloVe's the first line shows it. Give it where a first
            word is made of several numbers.
        most: how many lines to read at most (these files begin with the commonest words). None: all.
        seed: of the rows that the file does not have: drawn from a normal distribution with the mean and the deviation
            of those that it has, each feature by itself. The row of *pad* is zero.

    Returns:
        WordVectors, with ``found``. Warns where the file has no word of the vocabulary: then all rows are drawn.

    Raises:
        FileNotFoundError: no such file. ValueError, with the file and the line's number: a line that was cut off, has
        too few or too many numbers, a number that is none or not finite; text that is not UTF-8; a damaged archive;
        fewer lines than word2vec's first line promises. ValueError too for a member that is not there.
    """
    keep_all = vocabulary is None
    if not keep_all and not isinstance(vocabulary, Vocabulary):
        raise ValueError(f"Received: vocabulary, a {type(vocabulary).__name__}. Allowed: a Vocabulary, or None.")
    check_whole(**{name: n for name, n in (("dimension", dimension), ("most", most)) if n is not None})
    check_whole(0, seed=seed)
    ids = {token: i for i, token in enumerate(SPECIAL if keep_all else vocabulary.tokens)}
    rows, number, examples = {}, 0, []
    with ExitStack() as stack:
        file, name = _open(Path(path), member, stack)
        promised = None
        for number, line in _lines(file, name):
            if most is not None and number > most + (promised is not None):
                break
            if number == 1 and (header := _header(line)):
                promised, size = header
                if dimension not in (None, size):
                    raise _wrong(name, 1, f"the file says {size} numbers a word; dimension={dimension}")
                dimension = size
                continue
            if dimension is None:
                dimension = _count_numbers(line, name)
            word, numbers = _split(line, dimension, name, number)
            if len(examples) < 5:
                examples.append(word)
            if keep_all and word not in ids:
                ids[word] = len(ids)
            if (i := ids.get(word)) is not None and i not in rows:
                rows[i] = _numbers(numbers, name, number)
        if dimension is None:
            raise _wrong(name, number, "the file holds no vectors")
        read = number - (promised is not None)
        if promised is not None and most is None and read != promised:
            raise _wrong(name, number, f"the file ends after {read} words; its first line promises {promised}")
    if keep_all:
        vocabulary = Vocabulary(tuple(ids)[len(SPECIAL) :])
    elif vocabulary.words and not any(i >= len(SPECIAL) for i in rows):
        warnings.warn(_nothing(name, read, examples, vocabulary), UserWarning, stacklevel=2)
    return _matrix(vocabulary, rows, dimension, seed)


def _nothing(name, read, examples, vocabulary):
    """What to tell where no word was found, and what may be the reason."""
    known = {word.casefold() for word in vocabulary.words}
    case = any(word.casefold() in known for word in examples)
    return (
        f"{name} has none of the {len(vocabulary.words)} words of the vocabulary in the {read} lines that were read: "
        f"all rows are drawn. It begins with {shown(examples)}, "
        f"the vocabulary with {shown(list(vocabulary.words[:5]))}. "
        + ("Their case differs: take an uncased file. " if case else "")
        + "Is it of another language, case or tokenizer, or is `most` too small?"
    )


def _matrix(vocabulary, rows, dimension, seed):
    found = np.zeros(len(vocabulary), bool)
    found[list(rows)] = True
    known = np.array([rows[i] for i in sorted(rows)], "float32").reshape(-1, dimension)
    mean, deviation = (known.mean(0), known.std(0, dtype="float64")) if len(known) else (0.0, 0.1)
    matrix = np.random.default_rng(seed).normal(mean, deviation, (len(vocabulary), dimension)).astype("float32")
    matrix[found] = known
    if not found[PAD]:
        matrix[PAD] = 0
    return WordVectors(vocabulary, matrix, found)


def _open(path, member, stack):
    """The file of bytes to read, and its name for messages."""
    if path.suffix == ".zip":
        file = stack.enter_context(path.open("rb"))
        try:
            archive = stack.enter_context(zipfile.ZipFile(file))
        except UNREADABLE as error:
            raise ValueError(f"{path}: not a zip archive, or a damaged one ({cut(str(error))}).") from error
        inside = [info.filename for info in archive.infolist() if not info.is_dir()]
        if member is None and len(inside) == 1:
            member = inside[0]
        if member not in inside:
            raise ValueError(f"{path}: which file inside? Received: member={member!r}. Allowed: {', '.join(inside)}.")
        try:
            return stack.enter_context(archive.open(member)), f"{path}/{member}"
        except UNREADABLE as error:
            raise ValueError(f"{path}: {member} in it cannot be read ({cut(str(error))}).") from error
    if member is not None:
        raise ValueError(f"Only a .zip has members. Received: member={member!r} for {path}.")
    file = stack.enter_context(path.open("rb"))
    return (stack.enter_context(gzip.GzipFile(fileobj=file)) if path.suffix == ".gz" else file), str(path)


def _lines(file, name):
    """(number, text) of each line. Only a line feed ends one: some words hold what Python takes for other ends."""
    number, file = 0, io.BufferedReader(file) if not hasattr(file, "peek") else file
    while True:
        number += 1
        try:
            line = file.readline(LONGEST_LINE)
        except UNREADABLE as error:
            raise _wrong(name, number, f"the archive is damaged or was cut off ({cut(str(error))})") from error
        if not line:
            return
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise _wrong(name, number, f"no end of line within {LONGEST_LINE} bytes: this is no text file of vectors")
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip(" \t\r\n")
        except UnicodeDecodeError as error:
            raise _wrong(name, number, encoding_trouble(line if number == 1 else b"", error).rstrip(".")) from error
        if "\r" in text:
            raise _wrong(name, number, "a carriage return within the line. Allowed: lines that end with \\n or \\r\\n")
        yield number, text


def _header(line):
    """word2vec's first line, as (words, d), or None. (A word with one number is no vector.)"""
    parts = PARTED.split(line.lstrip(" \t"))[::2]
    return tuple(map(int, parts)) if len(parts) == 2 and all(p.isascii() and p.isdigit() for p in parts) else None


def _is_number(text):
    try:
        float(text if "_" not in text else "none")  # 1_000 is one to Python alone
    except ValueError:
        return False
    return True


def _count_numbers(line, name):
    """d, from GloVe's first line: how many numbers stand at its end, behind a word of at least one part."""
    parts = PARTED.split(line)[::2]
    count = 0
    while count < len(parts) - 1 and _is_number(parts[-1 - count]):
        count += 1
    if not count:
        raise _wrong(name, 1, f"expected a word and its numbers, got {line[:40]!r}")
    return count


def _split(line, dimension, name, number):
    """The word, which may hold blanks (". . ." in glove.840B), and its d numbers as texts."""
    line = line.lstrip(" \t")
    if "\t" in line or "  " in line:
        parts = PARTED.split(line)  # at odd places what parts them, so that blanks within the word stay as they are
        start = len(parts) - 2 * min(dimension, len(parts) // 2)
        word, numbers = "".join(parts[:start]), parts[start + 1 :: 2]
    else:
        word, *numbers = line.rsplit(" ", dimension)
    if len(numbers) < dimension or not word:
        raise _wrong(name, number, f"expected a word and {dimension} numbers, got {len(numbers)}: was it cut off?")
    inside = PARTED.split(word)[::2]
    if len(inside) > 1 and _is_number(inside[-1]):
        raise _wrong(
            name, number, f"expected a word and {dimension} numbers, got {dimension + _count_numbers(word, name)}"
        )
    if not _is_number(numbers[0]):  # too few, behind a word with blanks
        raise _wrong(name, number, f"expected {dimension} numbers at the end of the line, {numbers[0][:20]!r} is none")
    return word, numbers


def _numbers(texts, name, number):
    try:
        row = np.array([float(text) for text in texts])
    except ValueError as error:
        raise _wrong(name, number, cut(str(error))) from error
    fine = np.abs(row) <= np.finfo("float32").max  # not true of NaN either
    if not fine.all():
        bad = texts[int(np.argmin(fine))]
        raise _wrong(name, number, f"the number {bad!r} is not finite, or too large for float32")
    return row.astype("float32")


def _wrong(name, number, what):
    return ValueError(f"{name}, line {number}: {what}.")
