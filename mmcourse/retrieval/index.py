"""An index: vectors with names, of which the most similar to a query are found.

`ExactIndex` looks at every vector. `mmcourse.retrieval.ApproximateIndex` has the same interface and looks at some.
"""

import numpy as np

from mmcourse._machinery.checks import check_one_of, check_whole
from mmcourse.retrieval.files import read_parts, write_parts

QUERIES, ROWS = 512, 8192  # how many meet at once: their table of float32 takes 16 MB
RESCORED = 1 << 22  # numbers at once, where scores are taken again


class Index:
    """What both kinds share: names, checks, and the file. A vector is brought to length one when it comes in, once, and
    so is a query; the score is their cosine."""

    def __init__(self, size, dtype="float32"):
        check_whole(size=size)
        check_one_of(("float32", "float16"), dtype=dtype)
        self.size, self.dtype = int(size), dtype
        self._place = {}  # name -> where

    def __len__(self):
        return len(self._place)

    def __contains__(self, name):
        return name in self._place

    def _units(self, vectors, name):
        """(n, size), of length one, float32. Raises ValueError for another shape, for what is not finite, and for
        vectors of zeros, which have no direction."""
        vectors = np.asarray(vectors)
        if vectors.ndim != 2 or vectors.shape[1] != self.size or vectors.dtype.kind not in "fiu":
            raise ValueError(
                f"Received: {name} of shape {vectors.shape}, {vectors.dtype}. Allowed: numbers, (n, {self.size})."
            )
        out = np.empty(vectors.shape, "float32")
        for first in range(0, len(vectors), ROWS):
            x = vectors[first : first + ROWS].astype("float64")
            top = np.abs(x).max(axis=1, keepdims=True, initial=0)
            bad = np.flatnonzero(~(np.isfinite(top) & (top > 0)))
            if len(bad):
                what = "zeros only" if top[bad[0]] == 0 else "not finite"
                raise ValueError(f"Received: {name}[{first + bad[0]}] is {what}. Allowed: finite, not all zero.")
            x /= top  # no square of it leaves the range
            out[first : first + ROWS] = x / np.sqrt((x * x).sum(axis=1, keepdims=True))
        return out

    def _new(self, ids, vectors):
        """Checked: ids (n,), none of them twice or here already, and unit vectors (n, size)."""
        names = _names(ids)
        vectors = self._units(vectors, "vectors")
        if len(names) != len(vectors):
            raise ValueError(f"Received: {len(names)} ids for {len(vectors)} vectors. Allowed: one for each.")
        if len(self) and len(names) and isinstance(names[0], str) != isinstance(next(iter(self._place)), str):
            raise ValueError(f"Received: the id {names[0]!r}. Allowed: all str or all int, as those that are here.")
        seen = set()
        for name in names:
            if name in self._place or name in seen:
                where = "is here already; remove it first" if name in self._place else "comes twice"
                raise ValueError(f"Received: the id {name!r}, which {where}. Allowed: each id once.")
            seen.add(name)
        return names, vectors

    def _known(self, ids):
        """The ids to be removed, each once, all of them here."""
        names = set(_names(ids))
        unknown = [name for name in names if name not in self._place]
        if unknown:
            raise ValueError(f"Received: the id {unknown[0]!r}. Allowed: ids that were added and not removed.")
        return names

    def _asked(self, queries, k):
        """Queries of length one, and k or as many as there are."""
        check_whole(k=k)
        return self._units(queries, "queries"), min(int(k), len(self))

    def _header(self):
        strings = bool(len(self)) and isinstance(next(iter(self._place)), str)
        return {
            "kind": type(self).__name__, "size": self.size, "dtype": self.dtype,
            "ids": list(self._place) if strings else None,
        }  # fmt: skip


class ExactIndex(Index):
    """Search by looking at every vector; memory beyond the vectors does not grow with their number.

    1. the queries meet a block of vectors after the other: one matrix product of float32 each
    2. what is more than its rounding error below a query's k best so far is dropped; the few others are scored again in
       float64, rounded to float32, and join the k best
    3. the k best are sorted: by score, and of equal scores the one that was added first

    So the result is that of a full table, to the last bit, whatever the blocks (`ROWS` vectors, `QUERIES` queries).

    Args:
        size: numbers in a vector. dtype: "float32", or "float16" for half the memory; scores are then those of the
        rounded vectors.
    """

    def __init__(self, size, dtype="float32"):
        super().__init__(size, dtype)
        self._vectors = np.empty((0, self.size), dtype)  # the first len(self) rows count
        self._ids = np.empty(0, "int64")

    def add(self, ids, vectors):
        """Add vectors (n, size), of any length but zero, under names: n str or n int, none of them here already."""
        names, vectors = self._new(ids, vectors)
        if not names:
            return
        old, new = len(self), len(self) + len(names)
        if new > len(self._vectors) or not self._vectors.flags.writeable:
            rows = max(new, 2 * old if old else new)  # twice as many, so that adding one by one stays cheap
            grown = np.empty((rows, self.size), self.dtype)
            grown[:old] = self._vectors[:old]
            self._vectors = grown
        self._vectors[old:new] = vectors
        self._ids = np.concatenate([self._ids, name_array(names)]) if old else name_array(names)
        self._place.update(zip(names, range(old, new), strict=True))

    def remove(self, ids):
        """Remove what was added under these names. The others keep their order."""
        gone = self._known(ids)
        if not gone:
            return
        keep = np.ones(len(self), bool)
        keep[[self._place[name] for name in gone]] = False
        names, vectors = self.contents()
        self.fill(names[keep], vectors[keep])

    def search(self, queries, k=10):
        """The k most similar for each query: (n, size) -> (ids (n, k), scores (n, k)), best first.

        ids are int64, or an array of str objects; scores are cosines, float32. Where there are fewer than k vectors,
        all are returned: (n, len).
        """
        queries, k = self._asked(queries, k)
        best = np.empty((len(queries), k), "int64")
        scores = np.empty((len(queries), k), "float32")
        for first in range(0, len(queries) if k else 0, QUERIES):
            chosen = slice(first, first + QUERIES)
            best[chosen], scores[chosen] = self._best(queries[chosen], k)
        return self._ids[best], scores

    def _best(self, queries, k):
        """Rows (n, k) and scores (n, k) of a block of queries."""
        n, margin = len(queries), np.float32(self.size * np.finfo("float32").eps)
        who = row = np.empty(0, "int64")  # the candidates so far: whose, which row, which score
        score, floor = np.empty(0, "float32"), np.full((n, 1), -np.inf, "float32")
        table = np.empty((n, min(ROWS, len(self))), "float32")
        for first in range(0, len(self), ROWS):
            block = self._vectors[first : min(first + ROWS, len(self))]
            here = np.matmul(queries, block.T.astype("float32", copy=False), out=table[:, : len(block)])
            least = floor
            if len(block) > k and not len(row):
                least = np.partition(here, -k, axis=1)[:, -k, None] - margin
            # Flat, which NumPy does ten times as fast as in two axes.
            new_who, new_row = np.divmod(np.flatnonzero(here > least - margin), len(block))
            new_score = self._scores(queries, new_who, new_row + first)
            who, row = np.concatenate([who, new_who]), np.concatenate([row, new_row + first])
            score = np.concatenate([score, new_score])
            order = np.lexsort((row, -score, who))
            who, row, score = who[order], row[order], score[order]
            place = np.arange(len(who)) - np.searchsorted(who, who)  # each one's place in its query's list
            keep = place < k
            who, row, score, place = who[keep], row[keep], score[keep], place[keep]
            last = place == k - 1
            floor[who[last], 0] = score[last]
        return row.reshape(n, k), score.reshape(n, k)

    def _scores(self, queries, who, row):
        """Cosines of pairs, in float64 and then rounded: the same for equal vectors, wherever they stand."""
        out, step = np.empty(len(who), "float32"), max(1, RESCORED // self.size)
        for first in range(0, len(who), step):
            some = slice(first, first + step)
            out[some] = (queries[who[some]].astype("float64") * self._vectors[row[some]]).sum(axis=1)
        return out

    def contents(self):
        """Names (n,) and unit vectors (n, size) of the index's dtype, in the order in which they came: views, not to be
        changed."""
        return self._ids, self._vectors[: len(self)]

    def fill(self, names, vectors):
        """Hold these and nothing else: ``names`` (n,) of one kind, each once; ``vectors`` (n, size), of length one
        already and of the index's dtype, which are taken as they are, not copied."""
        self._vectors, self._ids = vectors, names
        self._place = {name: i for i, name in enumerate(names.tolist())}

    def save(self, path):
        """Write the index to a file, see `mmcourse.retrieval.files`: an older file stays until the new one is whole."""
        parts = {"vectors": self.contents()[1]}
        header = self._header()
        if header["ids"] is None:
            parts["ids"] = self._ids.astype("int64")  # of objects, where the last text was removed
        write_parts(path, header, parts)

    @classmethod
    def load(cls, path, memory_map=False):
        """The index in a file. With ``memory_map`` the vectors stay there, and are read as they are searched; the first
        change brings them into memory. Raises ValueError for a file that is damaged or is none."""
        header, parts = read_parts(path, cls.__name__, memory_map)
        index = cls(header["size"], header["dtype"])
        index.fill(name_array(parts["ids"].tolist() if header["ids"] is None else header["ids"]), parts["vectors"])
        return index


def _names(ids):
    """A list of plain str, or of plain int."""
    if isinstance(ids, (str, bytes, dict)) or np.ndim(ids) != 1:
        raise ValueError(f"Received: ids={ids!r}. Allowed: a sequence of str or of int.")
    names = ids.tolist() if isinstance(ids, np.ndarray) else [x.item() if hasattr(x, "item") else x for x in ids]
    for kind in (str, int):
        if all(isinstance(name, kind) and not isinstance(name, bool) for name in names):
            break
    else:
        raise ValueError(f"Received: ids such as {names[:3]!r}. Allowed: all str or all int.")
    if any(isinstance(name, int) and not -(2**63) <= name < 2**63 for name in names):
        raise ValueError("Received: an id that does not fit into 64 bits. Allowed: such that do.")
    return names


def name_array(names):
    """Names, all str or all int, as an array (n,): int64, or objects."""
    return np.array(names, "int64" if not names or isinstance(names[0], int) else object)
