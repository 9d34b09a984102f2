"""Tables in text files, as those of captions: whatever cannot be read is named by file and line.

Every corpus reads its text here, so that encoding, ends of lines, quotation marks and what stands twice mean the same
in all of them.
"""

import codecs
import csv
import json
from pathlib import Path

MARKS = {  # the longer first: UTF-32's begins like UTF-16's
    codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16",
}  # fmt: skip
ALLOWED = "Allowed: UTF-8, with or without a byte-order mark; save the file so."


def encoding_trouble(data, error=None):
    """Why bytes are no UTF-8, a sentence's part: by the mark they begin with, or by what decoding them raised.
    None where they begin with no foreign mark and there was no error."""
    named = next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
    if named:
        return f"not UTF-8 but {named}, its byte-order mark says. {ALLOWED}"
    if error is None:
        return None
    return f"not UTF-8 ({error.reason}). Received: the byte {error.object[error.start]:#04x}. {ALLOWED}"


def read_text(path):
    """A text file's content, without a byte-order mark.

    Raises ValueError, with the file and the line, for another encoding than UTF-8, and for a zero byte, which no text
    holds; OSError where it cannot be read.
    """
    data = Path(path).read_bytes().removeprefix(codecs.BOM_UTF8)
    trouble, place = encoding_trouble(data), 0
    if trouble is None and (place := data.find(b"\0")) >= 0:
        trouble = f"a zero byte, which no text holds: it may be UTF-16, or no text at all. {ALLOWED}"
    if trouble is None:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            trouble, place = encoding_trouble(data, error), error.start
    number = 1 + data.count(b"\n" if b"\n" in data else b"\r", 0, place)
    raise ValueError(f"{path}, line {number}: {trouble}")


def lines(path):
    """(number, line) for every line of a text file that is not empty.

    A line ends with a line feed, before which carriage returns may stand; where the file has none at all, with a
    carriage return, as in old files. Nothing else ends one: captions may hold odd characters.

    Raises ValueError as `read_text` does, and for a carriage return within a line: is it one line, or two?
    """
    text = read_text(path)
    for number, line in enumerate(text.split("\n" if "\n" in text else "\r"), start=1):
        line = line.rstrip("\r")
        if "\r" in line:
            raise ValueError(
                f"{path}, line {number}: a carriage return within the line. Received: {shown(line)}. "
                "Allowed: one kind of line ends in a file (\\n, \\r\\n or \\r)."
            )
        if line.strip():
            yield number, line


def rows(path, header, what):
    """(number, fields) for every row of a table with commas, after its header; fields have no blanks at their ends.

    A row is one line. A field may stand in quotation marks, and then hold commas and, doubled, quotation marks.

    Args: path; header: the names of the columns; what: what a row holds, in words, for the message.
    Raises ValueError as `lines` does, and for another header, another number of fields or an empty one, and a quotation
    mark that is not closed in its line.
    """
    every = lines(path)
    number, line = next(every, (1, ""))
    if (row := _fields(path, number, line)) != list(header):
        raise ValueError(f"{path}, line {number}: expected the header {','.join(header)}. Received: {row}.")
    for number, line in every:
        row = _fields(path, number, line)
        if len(row) != len(header) or not all(row):
            raise ValueError(f"{path}, line {number}: expected {what}. Received: {row}.")
        yield number, row


def _fields(path, number, line):
    try:
        return [field.strip() for row in csv.reader([line], strict=True) for field in row]
    except csv.Error as error:
        why = "a quotation mark opens here and is not closed" if "unexpected end" in str(error) else error
        raise ValueError(
            f"{path}, line {number}: {why}. Received: {shown(line)}. Allowed: each row in one line; a field that holds "
            'commas stands in quotation marks, and those in it are doubled ("").'
        ) from error


def read_json(path):
    """What a JSON file holds. Raises ValueError, naming the file, as `read_text` does and for what is no JSON."""
    text = read_text(path)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: expected JSON ({error}).") from error


def kept_apart(lists):
    """Raise ValueError for a name that stands in two lists. ``lists``: {file: {name: line}}."""
    seen = {}
    for path, names in lists.items():
        for name, number in names.items():
            if name in seen:
                other, there = seen[name]
                raise ValueError(
                    f"{path}, line {number}: {name} stands in {other}, line {there}, too. Allowed: each in one split."
                )
            seen[name] = path, number


def apple_double(name):
    """Whether a file's name is that of what macOS writes beside the file proper, ``._a.jpg`` beside ``a.jpg``."""
    return name.startswith("._")


def shown(value, most=80):
    """A value for a message, cut where it is long."""
    return cut(repr(value), most)


def cut(text, most=200):
    """A text for a message, such as that of another error, cut where it is long: some quote the file's bytes."""
    return text if len(text) <= most else f"{text[:most]}…"
