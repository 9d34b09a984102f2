"""What goes wrong in `retrieval_index.whole`: planted mistakes with their messages."""

import hashlib

import numpy as np

from mmcourse.exercises.retrieval_index.whole import unpack, whole


def _numbers(rest, size):
    """The vectors, or None where the bytes do not fill the rows: what most mistakes do right."""
    return None if len(rest) % (4 * size) else np.frombuffer(rest, "float32").reshape(-1, size)


def _sum(rest):
    return hashlib.sha256(rest).digest()


@whole.mistake("You never compare the checksum, so files that were altered or cut off give vectors all the same.")
def never_looks(data, size):
    return None if len(data) < 32 else _numbers(data[32:], size)


@whole.mistake("You never compare the checksum, so files that were altered or cut off give vectors all the same.")
def takes_everything(data, size):
    return _numbers(data[32:], size)


@whole.mistake(
    "You refuse files that are whole, whatever they hold. Compare the first 32 bytes with "
    "`hashlib.sha256(rest).digest()`: of the bytes *after* them, not of the whole file, and not with text "
    "(`hexdigest()`)."
)
def of_everything(data, size):
    return _numbers(data[32:], size) if _sum(data) == data[:32] else None


@whole.mistake(
    "You refuse files that are whole, unless they hold no vectors. Compare the first 32 bytes with the checksum of all "
    "that comes after them."
)
def with_what_follows(data, size):
    return _numbers(data[32:], size) if _sum(data[32:]) == data else None


@whole.mistake("Only the first bytes of the checksum are compared. Compare all 32 bytes.")
def few_bytes(data, size):
    return _numbers(data[32:], size) if len(data) >= 32 and _sum(data[32:])[:8] == data[:8] else None


@whole.mistake("Only the last bytes of the checksum are compared. Compare all 32 bytes.")
def last_bytes(data, size):
    return _numbers(data[32:], size) if len(data) >= 32 and _sum(data[32:])[24:] == data[24:32] else None


@whole.mistake(
    "You accept a file that breaks off within its checksum, or is empty: its bytes begin the checksum of nothing. "
    "Compare all 32 bytes."
)
def begins_alike(data, size):
    return _numbers(data[32:], size) if _sum(data[32:]).startswith(data[:32]) else None


@whole.mistake("An empty file is no index: an index without vectors has a checksum, 32 bytes.")
def empty_is_whole(data, size):
    return unpack(data, size) if data else np.empty((0, size), "float32")


@whole.mistake("The 32 bytes of the checksum were read as if they were numbers. The vectors come after them.")
def with_checksum(data, size):
    return np.frombuffer(data, "float32") if unpack(data, size) is not None else None


@whole.mistake("The numbers are right, but in one row. Return an array `(n, size)`: a row for each vector.")
def flat(data, size):
    found = unpack(data, size)
    return None if found is None else found.ravel()


@whole.mistake("The rows are filled in the wrong order: the file holds vector after vector, `reshape(-1, size)`.")
def by_columns(data, size):
    found = unpack(data, size)
    return None if found is None else found.reshape(size, -1).T


@whole.mistake("Rows and columns are exchanged: the file holds vector after vector, `reshape(-1, size)`.")
def columns_first(data, size):
    found = unpack(data, size)
    return None if found is None else found.reshape(size, -1)


@whole.mistake("The bytes are read in the wrong order, big-endian: take `float32` as it is.")
def big_endian(data, size):
    return None if unpack(data, size) is None else np.frombuffer(data[32:], ">f4").reshape(-1, size)


@whole.mistake("The bytes are read as integers. They are float32.")
def integers(data, size):
    return None if unpack(data, size) is None else np.frombuffer(data[32:], "int32").reshape(-1, size)


@whole.mistake(
    "The bytes are read as float64, which `np.frombuffer` does if nothing is said: 8 bytes for a number instead of 4."
)
def doubles(data, size):
    if unpack(data, size) is None:
        return None
    return np.frombuffer(data[32:]).reshape(-1, size)


@whole.mistake(
    "The bytes are read as float64. You refuse what does not fill rows of these: a number has 4 bytes, not 8."
)
def doubles_or_none(data, size):
    rest = data[32:]
    return np.frombuffer(rest).reshape(-1, size) if _sum(rest) == data[:32] and len(rest) % (8 * size) == 0 else None


@whole.mistake("The checksum is right, but the bytes do not fill the rows. You cut them off: return None.")
def cuts_off(data, size):
    rest = data[32:]
    return _numbers(rest[: len(rest) // 4 // size * size * 4], size) if _sum(rest) == data[:32] else None


@whole.mistake(
    "The checksum is right, but the bytes do not fill the rows, and your function raises a ValueError. Return None."
)
def raises(data, size):
    rest = data[32:]
    return np.frombuffer(rest, "float32").reshape(-1, size) if _sum(rest) == data[:32] else None


@whole.mistake(
    "You look whether the *bytes* are a multiple of `size`. A number has 4 bytes: a row has 4 · `size` of them."
)
def rows_of_bytes(data, size):
    return raises(data, size) if len(data[32:]) % size == 0 else None


@whole.mistake("An index without vectors is whole. Its checksum is that of no bytes.")
def none_when_empty(data, size):
    return unpack(data, size) if data[32:] else None


@whole.mistake("Where something is wrong you return an array without vectors. That is a whole file: return None.")
def nothing_for_none(data, size):
    found = unpack(data, size)
    return np.empty((0, size), "float32") if found is None else found


@whole.mistake("Where something is wrong you return False. Return None.")
def false_for_none(data, size):
    found = unpack(data, size)
    return False if found is None else found


@whole.mistake("Where something is wrong your function raises a ValueError. A real loader does; here return None.")
def complains(data, size):
    found = unpack(data, size)
    if found is None:
        raise ValueError("The file is damaged.")
    return found


@whole.mistake("The comparison is turned round: you refuse what is whole and return what is damaged.")
def turned_round(data, size):
    return None if _sum(data[32:]) == data[:32] else _numbers(data[32:], size)


@whole.mistake("The last vector is missing.")
def one_too_few(data, size):
    found = unpack(data, size)
    return None if found is None else found[:-1]


@whole.mistake(said="has the shape (0,")
def empty_without_rows(data, size):
    found = unpack(data, size)
    return found if found is None or len(found) else np.empty(0, "float32")


@whole.mistake(
    "You look whether the bytes fill whole *numbers*, of 4 bytes each. They must fill rows: 4 · `size` bytes each."
)
def whole_numbers(data, size):
    return raises(data, size) if len(data[32:]) % 4 == 0 else None


def _compared(name, count):
    def wrong(data, size):
        rest = data[32:]
        return _numbers(rest, size) if _sum(rest)[:count] == data[:count] else None

    wrong.__name__ = name
    whole.mistake("Only the first bytes of the checksum are compared. It has 32, and each of them counts.")(wrong)


_compared("one_byte_compared", 1)
_compared("four_bytes_compared", 4)
_compared("eight_bytes_compared", 8)


@whole.mistake("You ask whether the *file* fills whole rows. Its first 32 bytes belong to none: take those after them.")
def rows_of_the_file(data, size):
    return raises(data, size) if len(data) % (4 * size) == 0 else None


@whole.mistake("The vectors were brought to length one. Return them as they are in the file.")
def unit_vectors(data, size):
    found = unpack(data, size)
    return None if found is None else found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)


@whole.mistake("The bytes are read as float16, 2 bytes for a number. They are float32, 4 bytes each.")
def halves(data, size):
    return None if unpack(data, size) is None else np.frombuffer(data[32:], "float16").reshape(-1, size)


@whole.mistake("Only the first vector is returned. Return all of them, a row for each.")
def first_vector(data, size):
    found = unpack(data, size)
    return None if found is None else found[:1]


@whole.mistake("The first vector is missing.")
def without_the_first(data, size):
    found = unpack(data, size)
    return None if found is None else found[1:]


@whole.mistake("The vectors stand in the reverse order. Return them as they are in the file.")
def reversed_rows(data, size):
    found = unpack(data, size)
    return None if found is None else found[::-1]


@whole.mistake("Where something is wrong you return an empty list. Return None.")
def list_for_none(data, size):
    found = unpack(data, size)
    return [] if found is None else found


@whole.mistake("The bytes are read one by one, as `uint8`. A float32 has four of them.")
def single_bytes(data, size):
    return None if unpack(data, size) is None else np.frombuffer(data[32:], "uint8").reshape(-1, size)


def _rounded(digits):
    def wrong(data, size):
        found = unpack(data, size)
        return None if found is None else np.round(found, digits)

    wrong.__name__ = f"rounded_to_{digits}"
    whole.mistake("The numbers are rounded. Return them as they are in the file.")(wrong)


for _digits in (1, 2, 3):
    _rounded(_digits)


@whole.mistake(
    "You refuse a file with a single vector, which is whole. Ask the checksum, and whether the rows are filled."
)
def one_is_none(data, size):
    found = unpack(data, size)
    return None if found is None or len(found) < 2 else found
