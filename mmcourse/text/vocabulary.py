"""Tokenisers, the vocabulary, and captions as rows of ids.

Every measure and every model of the course says which tokeniser it used, because scores of differently cut text
cannot be compared (a BLEU is a BLEU *of a tokenisation*: Post 2018, "A call for clarity in reporting BLEU scores").
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mmcourse._machinery.checks import check_text, check_texts, check_whole
from mmcourse._machinery.files import unsealed, write_sealed

PAD, START, END, UNKNOWN = 0, 1, 2, 3
SPECIAL = ("<pad>", "<start>", "<end>", "<unknown>")  # how the four ids are shown; no tokeniser yields such a token

# A letter or digit of any script, with the accents that Unicode could not fuse with it; the underscore is punctuation.
_LETTER = r"(?:[^\W_][\u0300-\u036f]*)"
_NUMBER = r"\d+(?:[.,]\d+)+"
_HAN = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"

_EN_TOKEN = re.compile(rf"'s(?!{_LETTER})|{_NUMBER}|{_LETTER}+(?:(?!'s(?!{_LETTER}))[-']{_LETTER}+)*")
_ZH_TOKEN = re.compile(rf"{_HAN}|{_NUMBER}|(?:(?!{_HAN}){_LETTER})+")

# Typographic apostrophes and hyphens, to the plain ones that the patterns know.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-"})


def _normal(text):
    """Lower case, one code point a character where there is one (NFKC: full-width Latin becomes plain Latin)."""
    check_text("a text", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.translate(_PLAIN)).lower())


def _join_zh(tokens):
    """Without blanks, but for one between two tokens that would otherwise melt into one ("nba", "28")."""
    out = ""
    for token in tokens:
        melts = out and not re.match(_HAN, out[-1]) and not re.match(_HAN, token[0])
        out += " " + token if melts else token
    return out


class Tokenizer(NamedTuple):
    """``split``: text to a list of tokens. ``join``: tokens to text, so that ``split(join(tokens)) == tokens``."""

    split: Callable[[str], list]
    join: Callable[[list], str]


TOKENIZERS = {
    "en": Tokenizer(lambda text: _EN_TOKEN.findall(_normal(text)), " ".join),
    "zh": Tokenizer(lambda text: _ZH_TOKEN.findall(_normal(text)), _join_zh),
}


def get_tokenizer(name):
    """The ``Tokenizer`` of that name. Raises ValueError for an unknown one."""
    if name not in TOKENIZERS:
        allowed = ", ".join(map(repr, TOKENIZERS))
        raise ValueError(f"Unknown tokeniser. Received: tokenizer={name!r}. Allowed: {allowed}.")
    return TOKENIZERS[name]


def tokenize(text, tokenizer="en"):
    """Cut one text into tokens.

    Both tokenisers write everything in lower case and NFKC form and drop punctuation, symbols and blanks.

    ``"en"``: a token is a run of letters and digits. A hyphen or apostrophe *inside* a word stays ("t-shirt",
    "o'clock", "don't"); at its edges it goes ("dogs'" -> "dogs"). The possessive ``'s`` is its own token ("dog's" and
    "dog 's" -> "dog", "'s"), as in the Penn Treebank and in Flickr8k's files. A number keeps its inner point ("3.5").

    ``"zh"``: every Chinese character is a token; a run of other letters or digits is one ("T恤" -> "t", "恤"; "28").
    The characters are not grouped into words: that would take a segmenter, whose mistakes would enter every score.

    Args:
        text: str.
        tokenizer: "en" or "zh".
    Returns:
        list of str. Tokenising the joined tokens gives the same tokens again.
    Raises:
        ValueError: unknown tokeniser. TypeError: no string.
    """
    return get_tokenizer(tokenizer).split(text)


class Vocabulary:
    """The words that a model knows, each with an id: 0 pad, 1 start, 2 end, 3 unknown, then the words in order.

    Build it from *train* captions only (``Vocabulary.build``). One built with dev or test captions too has looked at
    what it is examined on: no word of the examination is unknown to it, so its scores are too good (erratum 28).

    Args:
        words: the ordinary words in the order of their ids, without the four special ones. All different, none empty.
        tokenizer: "en" or "zh": how captions are cut.
    Attributes:
        words: tuple of str, as given.
        tokens: tuple of str, all of them: ``tokens[id]`` is what the id stands for.
        tokenizer: its name.
    Raises:
        ValueError: unknown tokeniser; a word twice, empty or not a string. TypeError: one string instead of many.
    """

    FORMAT, VERSION = "mmcourse vocabulary", 2

    def __init__(self, words, tokenizer="en"):
        get_tokenizer(tokenizer)
        self.tokenizer = tokenizer
        self.words = tuple(_several(words, "words"))
        self.tokens = SPECIAL + self.words
        wrong = [w for w in self.words if not isinstance(w, str) or not w]
        if wrong:
            raise ValueError(f"A word is a string that is not empty. Received: {wrong[0]!r}.")
        self._ids = {word: i for i, word in enumerate(self.tokens)}
        if len(self._ids) < len(self.tokens):
            twice = next(w for w, count in Counter(self.tokens).items() if count > 1)
            raise ValueError(f"Each word stands once in a vocabulary. Received: {twice!r} more than once.")

    @classmethod
    def build(cls, captions, tokenizer="en", min_count=1):
        """The vocabulary of the given captions, which must be of the train split.

        Args:
            captions: iterable of str.
            tokenizer: "en" or "zh".
            min_count: words seen less often than this stay unknown.
        Returns:
            Vocabulary, commonest word first; words seen equally often in the order of their code points.
        Raises:
            TypeError: one string instead of many, or what is no string. ValueError: unknown tokeniser, ``min_count``
                below 1.
        """
        check_whole(min_count=min_count)
        split = get_tokenizer(tokenizer).split
        counts = Counter(token for caption in _several(captions) for token in split(caption))
        words = sorted((w for w, count in counts.items() if count >= min_count), key=lambda w: (-counts[w], w))
        return cls(words, tokenizer)

    def __len__(self):
        """How many ids there are, the four special ones included: the size of a softmax over the vocabulary."""
        return len(self.tokens)

    def __contains__(self, word):
        return self._ids.get(word, PAD) > UNKNOWN

    def __eq__(self, other):
        return isinstance(other, Vocabulary) and (self.words, self.tokenizer) == (other.words, other.tokenizer)

    def __hash__(self):
        return hash((self.words, self.tokenizer))

    def __repr__(self):
        return f"Vocabulary({len(self)} ids, tokenizer={self.tokenizer!r})"

    def id(self, word):
        """The id of one token; that of *unknown* for a token that is not in the vocabulary."""
        return self._ids.get(word, UNKNOWN)

    def encode(self, captions, length=None):
        """Captions as rows of ids: start, words, end, padding.

        Args:
            captions: sequence of n str.
            length: ids in a row. A longer caption loses its last words, never its end token. None: enough for all.
        Returns:
            int32 (n, length).
        Raises:
            TypeError: one string instead of many. ValueError: length below 2, which has no room for start and end.
        """
        if length is not None:
            check_whole(2, length=length)  # start and end
        split = get_tokenizer(self.tokenizer).split
        rows = [[self.id(token) for token in split(caption)] for caption in _several(captions)]
        if length is None:
            length = 2 + max(map(len, rows), default=0)
        out = np.full((len(rows), length), PAD, np.int32)
        for i, row in enumerate(rows):
            row = [START, *row[: length - 2], END]
            out[i, : len(row)] = row
        return out

    def decode(self, ids):
        """Rows of ids as texts: up to the first end token (or to the row's end), without padding and start.

        Args:
            ids: integers (n, L), or a list of n rows of any lengths.
        Returns:
            list of n str, joined by blanks ("en") or without ("zh").
        Raises:
            ValueError: an id outside the vocabulary; one row instead of many.
        """
        join = get_tokenizer(self.tokenizer).join
        if isinstance(ids, (str, dict)) or not hasattr(ids, "__iter__"):
            raise ValueError(f"Received: ids, a {type(ids).__name__}. Allowed: rows of ids, integers (n, L).")
        texts = []
        for row in ids:
            row = np.asarray(row)
            if row.ndim != 1:
                raise ValueError(f"decode takes rows of ids, (n, L). Received: a row of shape {row.shape}.")
            if row.size and (row.dtype.kind not in "iuf" or not (row == np.floor(row)).all()):
                raise ValueError(f"Received: a row of {row.dtype}, {row[:3].tolist()}. Allowed: ids, integers from 0.")
            row = row.astype(np.int64)
            if row.size and not 0 <= row.min() <= row.max() < len(self):
                bad = next(i for i in row.tolist() if not 0 <= i < len(self))
                raise ValueError(f"Unknown id. Received: {bad}. Allowed: 0 to {len(self) - 1}.")
            row = row.tolist()
            row = row[: row.index(END)] if END in row else row
            texts.append(join([self.tokens[i] for i in row if i not in (PAD, START)]))
        return texts

    def save(self, path):
        """Write a JSON file (UTF-8, version and checksum inside). Replaces an older file only once the new one is
        whole."""
        content = {"format": self.FORMAT, "version": self.VERSION, "tokenizer": self.tokenizer, "words": self.words}
        write_sealed(path, content, indent=0)

    @classmethod
    def load(cls, path):
        """Read what ``save`` wrote; a file of version 1, which has no checksum, too. Raises ValueError, with the file's
        name and what is wrong, if it is damaged."""
        try:
            content = unsealed(Path(path).read_bytes(), sealed=lambda content: content.get("version") == cls.VERSION)
            if content.get("format") != cls.FORMAT:
                raise ValueError(f"it does not say format={cls.FORMAT!r}")
            if content.get("version") not in (1, cls.VERSION):
                raise ValueError(f"Received: version={content.get('version')!r}. Allowed: 1, {cls.VERSION}")
            if not isinstance(content.get("words"), list):
                raise ValueError("it holds no list of words")
            return cls(content["words"], content.get("tokenizer"))
        except ValueError as error:  # also what json and UTF-8 raise
            raise ValueError(f"Cannot read a vocabulary from {path}: {error}") from error


def encode_captions(vocabulary, captions, length):
    """Several captions an image as ids: n tuples of strings -> int32 (n, k, length), k the most captions of an image.

    A caption too long for its row is left out, as a row of padding that no batch draws: cut off, it would teach a model
    to end in mid-sentence. Only where an image has none but long ones is the shortest cut.
    """
    check_whole(2, length=length)
    if not isinstance(vocabulary, Vocabulary):
        raise TypeError(f"Received: vocabulary, a {type(vocabulary).__name__}. Allowed: a Vocabulary.")
    for some in _several(captions, "captions"):
        check_texts("a tuple of str for each image, one or more", captions=some)
    if not len(captions) or not all(map(len, captions)):
        empty = next((i for i, some in enumerate(captions) if not len(some)), None)
        what = "no images" if empty is None else f"image {empty} without a caption"
        raise ValueError(f"Received: {what}. Allowed: one caption or more for each image.")
    out = np.zeros((len(captions), max(map(len, captions)), length), "int32")
    for rows, some in zip(out, captions, strict=True):
        lengths = (vocabulary.encode(some) != PAD).sum(1)
        for row, caption, own in zip(rows, some, lengths, strict=False):
            if own <= length:
                row[:] = vocabulary.encode([caption], length)[0]
        if (lengths > length).all():
            rows[0] = vocabulary.encode([some[int(np.argmin(lengths))]], length)[0]
    return out


def _several(captions, name="captions"):
    """Refuse one string where many are wanted: iterated, it would silently become captions of one letter each; and a
    dict, of which only the keys would be read."""
    if isinstance(captions, (str, bytes)):
        what = "Captions come as a list of strings." if name == "captions" else "Words come as a list of strings."
        raise TypeError(f"{what} Received: one string, {captions[:40]!r}. Allowed: a list of str.")
    if isinstance(captions, dict) or not hasattr(captions, "__iter__"):
        raise TypeError(f"Received: {name}, a {type(captions).__name__}. Allowed: a list of str.")
    return captions
