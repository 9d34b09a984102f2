"""Exercise `retrieval_index.whole`: a file that is whole or refused."""

import hashlib
import struct

import numpy as np

from mmcourse.exercises import Exercise, case, expect

whole = Exercise(
    "retrieval_index.whole",
    kind="implement",
    title="Whole or refused",
    returns="a row for each vector",
    otherwise="Of a file that is whole asked for are the vectors, of any other None.",
    minutes=15,
    difficulty=2,
    importance=2,
    task=(
        "A small index file is 32 bytes of SHA-256, then the vectors as float32. The checksum is that of everything "
        "after it. Write `unpack(data, size)`: from the file's bytes return the vectors, an array `(n, size)`; or "
        "`None` where anything is wrong: a byte that was altered, in the vectors or in the checksum, bytes that are "
        "missing, or bytes that are too many. It must never raise an error. (A real loader raises one and says what is "
        "wrong; here `None` is easier to check.) An index without any vector is whole, too: `(0, size)`. A file whose "
        "checksum is right but whose bytes do not fill rows of `size` numbers is none."
    ),
    hints=(
        "`hashlib.sha256(x).digest()` gives 32 bytes. Of which part of the file? And what does it say of a file that "
        "was cut off?",
        "`noted, rest = data[:32], data[32:]`. Unless `hashlib.sha256(rest).digest() == noted` and `len(rest) % (4 * "
        "size) == 0`, return None. Then `np.frombuffer(rest, 'float32').reshape(-1, size)`.",
    ),
    plan=(
        "Take the file apart: the first 32 bytes, and the rest.",
        "Return None unless the checksum of the rest is what the first 32 bytes say.",
        "Return None unless the rest fills whole rows.",
        "Read the rest as float32, one row for each vector.",
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


def _packed(rest):
    """A file: the checksum, then these bytes or vectors."""
    rest = rest if isinstance(rest, bytes) else np.asarray(rest, "<f4").tobytes()
    return hashlib.sha256(rest).digest() + rest


def _flipped(data, place, bit):
    data = bytearray(data)
    data[place] ^= 1 << bit
    return bytes(data)


@whole.cases
def _(rng):
    def drawn(n, size):
        return rng.normal(size=(n, size))

    n, size = int(rng.integers(4, 8)), int(rng.choice([3, 5, 6]))
    for shape in ((n, size), (3, 3), (1, 5), (6, 1)):
        yield case(_packed(drawn(*shape)), shape[1])
    yield case(_packed(b""), size, when="where an index has no vectors")
    data, bit, row = _packed(drawn(n, size)), int(rng.integers(8)), 4 * size
    for place in (32 + int(rng.integers(row)), -1 - int(rng.integers(row))):
        yield case(_flipped(data, place, bit), size, when="where a byte of the vectors was altered")
    for place in (0, int(rng.integers(9, 23)), 31):
        yield case(_flipped(data, place, bit), size, when="where a byte of the checksum was altered")
    a, b = next((a, b) for a in range(32) for b in range(a) if data[a] != data[b])
    exchanged = bytearray(data)
    exchanged[a], exchanged[b] = data[b], data[a]
    yield case(bytes(exchanged), size, when="where two bytes of the checksum are exchanged")
    for missing in (row * int(rng.integers(1, n)), 1):
        yield case(data[:-missing], size, when="where bytes are missing at the end")
    yield case(data[:32], size, when="where all vectors are missing")
    yield case(data[: int(rng.integers(8, 30))], size, when="where the file breaks off within its checksum")
    yield case(_packed(b"")[:20], size, when="where the file breaks off within its checksum")
    yield case(b"", size, when="where the file is empty")
    yield case(data + data[32 : 32 + row], size, when="where a vector was appended")
    yield case(data + b"\0", size, when="where a byte was appended")
    unfit = "where the checksum is right, but the bytes do not fill the rows"
    yield case(_packed(rng.normal(size=2 * size + 1)), size, when=unfit)
    for more in (2, size):
        yield case(_packed(data[32:] + bytes(more)), size, when=unfit)


@whole.oracle
def _(data, size):
    noted, numbers = hashlib.sha256(data[32:]).hexdigest(), (len(data) - 32) / 4
    if data[:32].hex() != noted or numbers % size:
        return None
    found = [struct.unpack_from("<f", data, 32 + 4 * place)[0] for place in range(int(numbers))]
    return np.array(found).reshape(-1, size) if found else []  # nothing, as a list or as an array


@whole.also
def _(result, data, size):
    shape = getattr(result, "shape", None)
    if shape is not None and len(data) == 32:
        expect.true(
            tuple(shape) == (0, size),
            f"An index without vectors has the shape (0, {size}): no rows, but rows of this size. Yours has the shape "
            f"{tuple(shape)}.",
        )
