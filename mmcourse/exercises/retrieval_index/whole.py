"""Exercise `retrieval_index.whole`: a file that is whole or refused."""

import hashlib

import numpy as np

from mmcourse.exercises import Exercise, expect

whole = Exercise(
    "retrieval_index.whole",
    kind="implement",
    title="Whole or refused",
    task=(
        "A small index file is 32 bytes of SHA-256, then the vectors as float32. The checksum is that of everything "
        "after it. Write `unpack(data, size)`: from the file's bytes return the vectors, an array `(n, size)`; or "
        "`None` where anything is wrong: a byte that was altered, in the vectors or in the checksum, bytes that are "
        "missing, or bytes that are too many. It must never raise an error. (A real loader raises one and says what is "
        "wrong; here `None` is easier to check.) An index without any vector is whole, too: `(0, size)`."
    ),
    hints=(
        "`hashlib.sha256(x).digest()` gives 32 bytes. Of which part of the file? And what does it say of a file that "
        "was cut off?",
        "`noted, rest = data[:32], data[32:]`. Unless `hashlib.sha256(rest).digest() == noted` and `len(rest) % (4 * "
        "size) == 0`, return None. Then `np.frombuffer(rest, 'float32').reshape(-1, size)`.",
    ),
    level="stretch",
)


@whole.solved_by
def unpack(data, size):
    """The bytes of a file, the size of a vector -> float32 (n, size), or None where anything is wrong."""
    noted, rest = data[:32], data[32:]
    if hashlib.sha256(rest).digest() != noted:
        return None
    if len(rest) % (4 * size):  # whole, but of vectors of another size
        return None
    return np.frombuffer(rest, "float32").reshape(-1, size)


def _packed(vectors):
    rest = np.asarray(vectors, "<f4").tobytes()
    return hashlib.sha256(rest).digest() + rest


def _flipped(data, place, rng):
    data = bytearray(data)
    data[place] ^= 1 << int(rng.integers(8))
    return bytes(data)


@whole.check
def _(answer, rng):
    n, size = int(rng.integers(3, 7)), int(rng.integers(3, 6))
    vectors = rng.normal(size=(n, size)).astype("float32")
    data = _packed(vectors)
    got = answer(data, size)
    expect.true(got is not None, "You refuse a file that is whole. Of which bytes do you take the checksum?")
    got = expect.array(got, None, "", "number")
    expect.true(
        got.shape != (size, n) or n == size, "Rows and columns are swapped: the file holds vector after vector."
    )
    expect.true(got.size != n * size + 8, "The 32 bytes of the checksum were read as if they were numbers.")
    got = expect.array(got, (n, size), "a row for each vector", "float")
    expect.close(got, vectors, "The vectors of a file that is whole.")
    cut = int(rng.integers(1, n))
    for damaged, message in (
        (_flipped(data, -1, rng), "The last byte was altered, and you return vectors all the same. Does the checksum "
         "cover everything after it?"),
        (_flipped(data, 32 + int(rng.integers(4)), rng), "A byte of the first vector was altered, and you return "
         "vectors all the same."),
        (_flipped(data, int(rng.integers(8, 32)), rng), "A byte of the *checksum* was altered, and you return vectors "
         "all the same. Compare all 32 bytes."),
        (data[: -4 * size * cut], "The file lacks whole vectors at its end, and you return the others as if that were "
         "all."),
        (data[:-1], "The last byte is missing, and you return vectors all the same."),
        (data[:20], "The file broke off within its checksum: 20 bytes in all. You return something all the same."),
        (b"", "The file is empty. An index of nothing has a checksum, too; this has none."),
        (data + data[32 : 32 + 4 * size], "A vector was appended, and you return vectors all the same."),
    ):  # fmt: skip
        expect.true(answer(damaged, size) is None, message)
    # Whole, but its bytes are no vectors of this size.
    expect.true(
        answer(_packed(rng.normal(size=size * 2 + 1)), size) is None,
        "The checksum is right, but the numbers do not fill rows of this size. That is no index of such vectors.",
    )
    got = answer(_packed(np.empty((0, size))), size)
    expect.true(got is not None, "An index without vectors is whole. Its checksum is that of no bytes.")
    expect.array(got, (0, size), "no vectors, of this size", "number")


@whole.mistake("The last byte was altered")
def never_looks(data, size):
    rest = data[32:]
    if len(data) < 32 or len(rest) % (4 * size):
        return None
    return np.frombuffer(rest, "float32").reshape(-1, size)


@whole.mistake("a file that is whole")
def of_everything(data, size):
    if hashlib.sha256(data).digest() != data[:32]:
        return None
    return np.frombuffer(data[32:], "float32").reshape(-1, size)


@whole.mistake("Compare all 32 bytes")
def few_bytes(data, size):
    noted, rest = data[:32], data[32:]
    if len(noted) < 32 or hashlib.sha256(rest).digest()[:8] != noted[:8] or len(rest) % (4 * size):
        return None
    return np.frombuffer(rest, "float32").reshape(-1, size)


@whole.mistake("as if they were numbers")
def with_checksum(data, size):
    if hashlib.sha256(data[32:]).digest() != data[:32]:
        return None
    return np.frombuffer(data, "float32")


@whole.mistake("do not fill rows")
def cuts_off(data, size):
    noted, rest = data[:32], data[32:]
    if hashlib.sha256(rest).digest() != noted:
        return None
    return np.frombuffer(rest, "float32")[: len(rest) // 4 // size * size].reshape(-1, size)


@whole.mistake("An index without vectors is whole")
def none_when_empty(data, size):
    noted, rest = data[:32], data[32:]
    if not rest or hashlib.sha256(rest).digest() != noted or len(rest) % (4 * size):
        return None
    return np.frombuffer(rest, "float32").reshape(-1, size)
