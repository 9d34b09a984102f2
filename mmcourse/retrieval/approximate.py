"""Search that looks at some of the vectors only: an inverted file of FAISS."""

import numpy as np

from mmcourse._machinery.checks import check_whole
from mmcourse.retrieval.files import read_parts, write_parts
from mmcourse.retrieval.index import ExactIndex, Index, name_array

A_CELL = 39  # vectors for each cell, from which k-means can tell where cells should be (FAISS' own rule)


def _faiss():
    try:
        import faiss
    except ImportError as error:
        raise ImportError("Approximate search needs FAISS: pip install faiss-cpu") from error
    return faiss


class ApproximateIndex(Index):
    """Search in the nearest cells only (Sivic and Zisserman, 2003, "Video Google: a text retrieval approach to object
    matching in videos"; by FAISS: Johnson, Douze and Jégou, 2021, "Billion-scale similarity search with GPUs").

    1. k-means places the centres of ``cells`` cells; each vector goes to the cell whose centre has the largest cosine
    2. a query looks into the ``probes`` cells with the nearest centres, and compares itself with the vectors in them

    What lies in another cell is missed: more probes find more and take longer, and with all cells search is exact (up
    to the last digit). Until 39 vectors a cell were there at once, there are no cells, and search *is* that of an
    `ExactIndex`. The centres stay where they were placed: after much was added or removed, `rebuild`.

    A vector that is removed is gone, from its cell too. Of equal scores among those found, what was added first comes
    first.

    Args:
        size, dtype: see `ExactIndex`.
        cells: about the root of the number of vectors is usual. probes: 1 to ``cells``; may be changed at any time.
        seed: of k-means.
    """

    def __init__(self, size, cells=64, probes=8, dtype="float32", seed=0):
        super().__init__(size, dtype)
        check_whole(cells=cells)
        check_whole(0, seed=seed)
        self.cells, self.seed = int(cells), int(seed)
        self.probes = probes
        self._waiting = ExactIndex(size, dtype)  # until there are cells
        self._inverted, self._serial = None, 0
        self._ids = {}  # number inside FAISS -> name
        _faiss()

    @property
    def probes(self):
        """How many cells a query looks into, 1 to ``cells``."""
        return self._probes

    @probes.setter
    def probes(self, probes):
        check_whole(probes=probes)
        if probes > self.cells:
            raise ValueError(f"Received: cells={self.cells}, probes={probes}. Allowed: probes from 1 to cells.")
        self._probes = int(probes)

    @property
    def exact(self):
        """Whether there are no cells yet, so that every vector is looked at."""
        return self._inverted is None

    @property
    def centres(self):
        """The centres of the cells, unit vectors (cells, size), float32; None while there are no cells."""
        return None if self.exact else self._inverted.quantizer.reconstruct_n(0, self.cells)

    def add(self, ids, vectors):
        """See `ExactIndex.add`."""
        names, vectors = self._new(ids, vectors)
        if not names:
            return
        numbers = np.arange(self._serial, self._serial + len(names), dtype="int64")
        if self.exact:
            self._waiting.add(numbers, vectors)
        else:
            self._inverted.add_with_ids(vectors, numbers)
        self._place.update(zip(names, numbers.tolist(), strict=True))
        self._ids.update(zip(numbers.tolist(), names, strict=True))
        self._serial += len(names)
        if self.exact and len(self) >= A_CELL * self.cells:
            self._inverted = self._placed(self.cells, *self._contents())
            self._waiting = ExactIndex(self.size, self.dtype)

    def _placed(self, cells, numbers, vectors):
        """An inverted file of so many cells with these vectors in it."""
        faiss = _faiss()
        centres, kind = faiss.IndexFlatIP(self.size), faiss.METRIC_INNER_PRODUCT
        if self.dtype == "float16":
            half = faiss.ScalarQuantizer.QT_fp16
            inverted = faiss.IndexIVFScalarQuantizer(centres, self.size, cells, half, kind, False)
        else:
            inverted = faiss.IndexIVFFlat(centres, self.size, cells, kind)
        inverted.cp.seed, inverted.cp.spherical, inverted.cp.min_points_per_centroid = self.seed + 1, True, 1
        inverted.train(vectors)
        inverted.add_with_ids(vectors, numbers)
        return inverted

    def remove(self, ids):
        """See `ExactIndex.remove`."""
        gone = self._known(ids)
        if not gone:
            return
        numbers = np.array([self._place.pop(name) for name in gone], "int64")
        for number in numbers.tolist():
            del self._ids[number]
        if self.exact:
            self._waiting.remove(numbers)
        elif self._inverted.remove_ids(numbers) != len(numbers):
            raise RuntimeError("FAISS did not remove all that it was asked to remove.")

    def search(self, queries, k=10):
        """See `ExactIndex.search`. Where the cells looked into hold fewer than k, the query looks into all."""
        queries, k = self._asked(queries, k)
        if self.exact:
            numbers, scores = self._waiting.search(queries, k) if k else (np.empty((len(queries), 0), "int64"),) * 2
        elif not k or not len(queries):
            numbers = np.empty((len(queries), k), "int64")
            scores = np.empty((len(queries), k), "float32")
        else:
            self._inverted.nprobe = self.probes
            scores, numbers = self._inverted.search(queries, k)
            short = numbers[:, -1] < 0
            if short.any():
                self._inverted.nprobe = self.cells
                scores[short], numbers[short] = self._inverted.search(queries[short], k)
            order = np.lexsort((numbers, -scores), axis=1)
            scores, numbers = (np.take_along_axis(x, order, 1) for x in (scores, numbers))
        names = name_array([self._ids[number] for number in numbers.ravel().tolist()])
        return names.reshape(numbers.shape), scores.astype("float32", copy=False)

    def rebuild(self, cells=None):
        """Place the centres anew for what is here now, in ``cells`` cells (None: as many as before). The index stays as
        it is until all is done, whatever goes wrong on the way."""
        cells = self.cells if cells is None else cells
        check_whole(cells=cells)
        numbers, vectors = self._contents()
        enough, waiting = len(self) >= A_CELL * cells, ExactIndex(self.size, self.dtype)
        inverted = self._placed(int(cells), numbers, vectors) if enough else None
        if len(self) and not enough:
            waiting.add(numbers, vectors)
        self.cells, self._probes = int(cells), min(self.probes, int(cells))
        self._inverted, self._waiting = inverted, waiting

    def _contents(self):
        """Numbers (n,) and vectors (n, size) of what is here, in the order in which it came."""
        if self.exact:
            numbers, vectors = self._waiting.contents()
            return numbers, vectors.astype("float32")
        faiss, lists = _faiss(), self._inverted.invlists
        numbers, codes = [], []
        for cell in range(self.cells):
            if n := lists.list_size(cell):
                numbers.append(faiss.rev_swig_ptr(lists.get_ids(cell), n).copy())
                code = faiss.rev_swig_ptr(lists.get_codes(cell), n * lists.code_size)
                codes.append(code.view(self.dtype).reshape(n, self.size).astype("float32"))
        if not numbers:
            return np.empty(0, "int64"), np.empty((0, self.size), "float32")
        numbers = np.concatenate(numbers)
        order = np.argsort(numbers)
        return numbers[order], np.concatenate(codes)[order]

    def save(self, path):
        """See `ExactIndex.save`. The cells are written, too, so that loading does not place them anew."""
        numbers, vectors = self._contents()
        header = self._header() | {"cells": self.cells, "probes": self.probes, "seed": self.seed, "exact": self.exact}
        header["serial"] = self._serial
        parts = {"numbers": numbers}
        if header["ids"] is not None:
            header["ids"] = [self._ids[number] for number in numbers.tolist()]
        else:
            parts["ids"] = np.array([self._ids[number] for number in numbers.tolist()], "int64")
        if self.exact:
            parts["vectors"] = vectors.astype(self.dtype)
        else:
            parts["inverted"] = _faiss().serialize_index(self._inverted)
        write_parts(path, header, parts)

    @classmethod
    def load(cls, path):
        """The index in a file. Raises ValueError for a file that is damaged or is none."""
        header, parts = read_parts(path, cls.__name__)
        index = cls(header["size"], header["cells"], header["probes"], header["dtype"], header["seed"])
        index._restore(header, parts)
        return index

    def _restore(self, header, parts):
        names = parts["ids"].tolist() if header["ids"] is None else header["ids"]
        numbers = parts["numbers"].tolist()
        self._serial = header["serial"]
        self._place = dict(zip(names, numbers, strict=True))
        self._ids = dict(zip(numbers, names, strict=True))
        if not header["exact"]:
            self._inverted = _faiss().deserialize_index(parts["inverted"])
        elif numbers:
            self._waiting.fill(parts["numbers"], parts["vectors"])
