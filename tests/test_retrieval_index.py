"""The index: brute force as the oracle, any sequence of changes, ties, files that are whole or refused."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import oracle

from mmcourse.retrieval import ApproximateIndex, ExactIndex, hardest_wrong
from mmcourse.retrieval import index as module
from mmcourse.retrieval.mining import MinedBatches

RNG = np.random.default_rng(0)
D = 5


def brute(names, vectors, queries, k, dtype="float32"):
    """Cosines in float64, one by one; sorted by score and then by who came first."""
    v = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("float32").astype(dtype).astype("float64")
    q = (queries / np.linalg.norm(queries, axis=1, keepdims=True)).astype("float32").astype("float64")
    scores = np.array([[np.sum(a * b) for b in v] for a in q], "float32").reshape(len(q), len(v))
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.array(names, object)[order], np.take_along_axis(scores, order, 1)


def approximate(size, **more):
    oracle("faiss")
    return ApproximateIndex(size, **more)


def made(kind, size=D, **more):
    return kind(size, **more) if kind is ExactIndex else approximate(size, cells=3, probes=3, **more)


KINDS = pytest.mark.parametrize("kind", [ExactIndex, ApproximateIndex])


@KINDS
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_sequence_of_changes_leaves_what_brute_force_finds(kind, data, tmp_path_factory):
    """Adding, removing, saving and loading in any order. (With as many probes as cells an ApproximateIndex misses
    nothing.)"""
    dtype = data.draw(st.sampled_from(["float32", "float16"]))
    index, held = made(kind, dtype=dtype), {}
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    fresh = 0
    for _ in range(data.draw(st.integers(1, 6))):
        step = data.draw(st.sampled_from(["add", "add", "remove", "save"]))
        if step == "add":
            n = data.draw(st.sampled_from([0, 1, 7, 130]))
            x = rng.integers(-2, 3, size=(n, D)).astype("float64") * rng.uniform(0.1, 50, (n, 1))
            x[~x.any(axis=1)] = 1  # few values, so that equal directions are common
            names = [f"item {fresh + i}" for i in range(n)]
            fresh += n
            index.add(names, x)
            held |= dict(zip(names, x, strict=True))
        elif step == "remove" and held:
            gone = list(rng.choice(list(held), data.draw(st.integers(1, len(held))), replace=False))
            index.remove(gone)
            held = {name: x for name, x in held.items() if name not in gone}
        elif step == "save":
            path = tmp_path_factory.mktemp("index") / "it.index"
            index.save(path)
            index = kind.load(path)
    queries = rng.normal(size=(3, D))
    k = data.draw(st.sampled_from([1, 4, 1000]))
    ids, scores = index.search(queries, k)
    assert len(index) == len(held) and ids.shape == scores.shape == (3, min(k, len(held)))
    assert scores.dtype == np.float32
    if not held:
        return
    wanted, cosines = brute(list(held), np.array(list(held.values())), queries, k, dtype)
    if kind is ExactIndex:
        np.testing.assert_array_equal(ids, wanted)
        np.testing.assert_array_equal(scores, cosines)
    else:  # FAISS sums in another order: equal ones may change places
        np.testing.assert_allclose(scores, cosines, atol=2e-3 if dtype == "float16" else 1e-6)
        for query, found, row in zip(queries, ids, scores, strict=True):
            assert len(set(found)) == len(found)
            each = brute(found, np.array([held[name] for name in found]), query[None], len(found), dtype)
            mine = dict(zip(each[0][0], each[1][0], strict=True))
            np.testing.assert_allclose(row, [mine[name] for name in found], atol=2e-3 if dtype == "float16" else 1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("rows, many", [(7, 3), (64, 1000), (8192, 512)])
def test_blocks_change_nothing(dtype, rows, many, monkeypatch):
    x, q = RNG.normal(size=(300, 24)), RNG.normal(size=(11, 24))
    x[100:200] = x[:100]  # equal vectors in different blocks
    monkeypatch.setattr(module, "ROWS", rows)
    monkeypatch.setattr(module, "QUERIES", many)
    index = ExactIndex(24, dtype)
    index.add(np.arange(300), x)
    for k in (1, 6, 100, 300):
        ids, scores = index.search(q, k)
        wanted, cosines = brute(range(300), x, q, k, dtype)
        np.testing.assert_array_equal(ids, wanted)
        np.testing.assert_array_equal(scores, cosines)
    assert ids.dtype == np.int64


def test_of_equal_scores_the_first_added_comes_first():
    index = ExactIndex(D)
    index.add([5, 3, 9, 1], np.ones((4, D)))
    index.add([7], np.ones((1, D)) * 8)
    assert index.search(np.ones((1, D)), 5)[0].tolist() == [[5, 3, 9, 1, 7]]
    index.remove([3])
    index.add([3], np.ones((1, D)))
    assert index.search(np.ones((1, D)), 3)[0].tolist() == [[5, 9, 1]]
    assert index.search(np.ones((1, D)), 9)[0].tolist() == [[5, 9, 1, 7, 3]]


@KINDS
def test_vectors_of_any_size_are_brought_to_length_one(kind):
    index = made(kind)
    x = RNG.normal(size=(4, D))
    scales = np.array([[1e-200], [1], [1e30], [1e200]])
    index.add(list("abcd"), x * scales)
    ids, scores = index.search(x * 1e-150, 1)
    assert ids[:, 0].tolist() == list("abcd")
    np.testing.assert_allclose(scores[:, 0], 1, atol=1e-6)


@KINDS
def test_what_goes_in_is_copied_and_not_changed(kind):
    index, x = made(kind), np.eye(D)
    before = x.copy()
    index.add(range(D), x)
    index.search(x, 2)
    np.testing.assert_array_equal(x, before)
    x[:] = 1
    assert index.search(before, 1)[0][:, 0].tolist() == list(range(D))


# ── what is refused ─────────────────────────────────────────────────────────────────────────────────


@KINDS
@pytest.mark.parametrize(
    "call, message",
    [
        (lambda i: i.add(["b"], np.ones((1, 3))), r"vectors of shape \(1, 3\).*Allowed: numbers, \(n, 5\)"),
        (lambda i: i.add(["b", "c"], np.ones((1, D))), "2 ids for 1 vectors"),
        (lambda i: i.add(["a"], np.ones((1, D))), "the id 'a', which is here already; remove it first"),
        (lambda i: i.add(["b", "b"], np.ones((2, D))), "the id 'b', which comes twice"),
        (lambda i: i.add([1], np.ones((1, D))), "the id 1. Allowed: all str or all int, as those that are here"),
        (lambda i: i.add(["b", 1], np.ones((2, D))), "Allowed: all str or all int"),
        (lambda i: i.add([True], np.ones((1, D))), "Allowed: all str or all int"),
        (lambda i: i.add([2**63], np.ones((1, D))), "64 bits"),
        (lambda i: i.add("bc", np.ones((2, D))), "a sequence of str or of int"),
        (lambda i: i.add(["b", "c"], [[1] * D, [0] * D]), r"vectors\[1\] is zeros only"),
        (lambda i: i.add(["b"], np.full((1, D), np.nan)), r"vectors\[0\] is not finite"),
        (lambda i: i.add(["b"], np.full((1, D), np.inf)), "not finite"),
        (lambda i: i.add(["b"], [["x"] * D]), "Allowed: numbers"),
        (lambda i: i.remove(["b"]), "the id 'b'. Allowed: ids that were added and not removed"),
        (lambda i: i.search(np.ones(D), 1), r"queries of shape \(5,\)"),
        (lambda i: i.search(np.ones((1, D)), 0), "k=0. Allowed: a whole number from 1"),
        (lambda i: i.search(np.zeros((1, D)), 1), r"queries\[0\] is zeros only"),
    ],
)
def test_errors_name_what_came_and_nothing_changes(kind, call, message):
    index = made(kind)
    index.add(["a"], np.ones((1, D)))
    with pytest.raises(ValueError, match=message):
        call(index)
    assert len(index) == 1 and "a" in index and "b" not in index
    assert index.search(np.ones((1, D)))[0].tolist() == [["a"]]


def test_settings_are_checked():
    for call, message in (
        (lambda: ExactIndex(0), "size=0"),
        (lambda: ExactIndex(3, "int8"), "dtype='int8'"),
        (lambda: ApproximateIndex(3, cells=4, probes=5), "cells=4, probes=5"),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_without_faiss_the_error_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(ImportError, match=r"pip install faiss-cpu"):
        ApproximateIndex(3)
    ExactIndex(3)


# ── files ───────────────────────────────────────────────────────────────────────────────────────────


def filled(kind, names=None, n=200, dtype="float32"):
    index = made(kind, dtype=dtype)
    index.add(range(n) if names is None else names, np.random.default_rng(1).normal(size=(n, D)))
    index.remove([index.search(np.ones((1, D)), 1)[0][0, 0]])
    return index


@KINDS
@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("n", [4, 200])
@pytest.mark.parametrize("strings", [False, True])
def test_a_file_gives_back_the_index(kind, dtype, n, strings, tmp_path):
    index = filled(kind, [f"Bild {i} 图" for i in range(n)] if strings else None, n, dtype)
    path = tmp_path / "it.index"
    index.save(path)
    loaded = kind.load(path)
    q = np.random.default_rng(2).normal(size=(9, D))
    for a, b in zip(index.search(q, 7), loaded.search(q, 7), strict=True):
        np.testing.assert_array_equal(a, b)
    new = "new" if strings else 10**6
    for one in (index, loaded):  # and goes on as it would have
        one.add([new], np.ones((1, D)))
        assert one.search(np.ones((1, D)), 1)[0][0, 0] == new
        one.remove([new])
    assert os.listdir(tmp_path) == ["it.index"], "no half-written file stays behind"
    again = tmp_path / "again.index"
    kind.load(path).save(again)
    assert again.read_bytes() == path.read_bytes()


@KINDS
def test_an_empty_index_is_saved_too(kind, tmp_path):
    made(kind).save(tmp_path / "empty.index")
    loaded = kind.load(tmp_path / "empty.index")
    assert len(loaded) == 0 and loaded.search(np.ones((2, D)), 3)[0].shape == (2, 0)
    loaded.add([1], np.ones((1, D)))
    assert loaded.search(np.ones((1, D)))[0].tolist() == [[1]]


def test_a_mapped_file_is_searched_where_it_lies_and_stays_as_it_is(tmp_path):
    path = tmp_path / "it.index"
    index = filled(ExactIndex)
    index.save(path)
    before = path.read_bytes()
    mapped = ExactIndex.load(path, memory_map=True)
    assert isinstance(mapped._vectors, np.memmap)
    q = RNG.normal(size=(3, D))
    np.testing.assert_array_equal(mapped.search(q, 5)[0], index.search(q, 5)[0])
    mapped.add([777], np.ones((1, D)))
    mapped.remove([0])
    assert mapped.search(np.ones((1, D)), 1)[0].tolist() == [[777]]
    assert path.read_bytes() == before


@KINDS
def test_a_damaged_file_is_refused_and_says_why(kind, tmp_path):
    good, bad = tmp_path / "good.index", tmp_path / "bad.index"
    filled(kind).save(good)
    whole = good.read_bytes()
    rng = np.random.default_rng(0)

    def refused(data, message):
        bad.write_bytes(data)
        with pytest.raises(ValueError, match=message) as error:
            kind.load(bad)
        assert "Build the index again" in str(error.value) and str(bad) in str(error.value)

    for length in (9, 30, 47, 60, len(whole) // 2, len(whole) - 1):
        refused(whole[:length], "cut off|altered")
    refused(whole[:-1], r"cut off: [\d,]+ bytes of [\d,]+ are there")
    for place in (*rng.integers(8, len(whole), 60), 8, 40, 41, 48, len(whole) - 1):  # one bit, wherever it is
        altered = bytearray(whole)
        altered[place] ^= 1 << int(rng.integers(8))
        refused(bytes(altered), "altered|cut off")
    refused(whole + b"\0", "altered")
    refused(b"", "no index of this course")
    refused(b"%PDF-1.7 and more than that", "no index of this course")
    refused(b"MMINDEX2" + whole[8:], "another version")
    kind.load(good)
    with pytest.raises(FileNotFoundError):
        kind.load(tmp_path / "none.index")


def test_the_other_kind_is_refused_by_name(tmp_path):
    filled(ExactIndex).save(tmp_path / "it.index")
    with pytest.raises(ValueError, match=r"holds an ExactIndex\. Allowed: ApproximateIndex"):
        ApproximateIndex.load(tmp_path / "it.index")


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_old_file(fails, tmp_path, monkeypatch):
    path = tmp_path / "it.index"
    filled(ExactIndex).save(path)
    before = path.read_bytes()

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(OSError, match="no space"):
        filled(ExactIndex, n=90).save(path)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["it.index"]


def test_the_benchmark_measures_what_it_says():
    """Small: recall is 1 where all cells are looked into, and both exact searches find the same."""
    oracle("faiss")
    from bench.retrieval import measured

    got = measured(n=4000, queries=20, size=16, k=5, cells=20, probes=20, turns=1)
    assert got["recall"] == got["equal"] == 1 and got["looked"] == pytest.approx(1 + 20 / 4000)
    assert set(got["seconds"]) == {"exact", "flat", "approximate"} and min(got["seconds"].values()) > 0
    assert all(one is None or one < 100 for one in got["memory"].values())


# ── cells ───────────────────────────────────────────────────────────────────────────────────────────


def clustered(n=4000, d=16, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(40, d))
    return centres[rng.integers(0, 40, n)] + 0.9 * rng.normal(size=(n, d))


def recall(index, exact, queries, k=10):
    found, wanted = (one.search(queries, k)[0] for one in (index, exact))
    return np.mean([len(set(a) & set(b)) / k for a, b in zip(found, wanted, strict=True)])


def test_more_probes_find_more_and_all_of_them_everything():
    x, queries = clustered(), clustered(200, seed=0)
    exact, index = ExactIndex(16), approximate(16, cells=32, probes=1)
    for one in (exact, index):
        one.add(range(4000), x)
    assert not index.exact
    found = []
    for index.probes in (1, 2, 4, 32):
        found.append(recall(index, exact, queries))
    assert found == sorted(found) and found[0] < 0.95 and found[2] > 0.85 and found[3] > 0.999


def test_centres_are_unit_vectors_and_say_where_a_query_looks():
    index, x = approximate(16, cells=32, probes=3), clustered()
    assert index.centres is None
    index.add(range(len(x)), x)
    centres, units = index.centres, x / np.linalg.norm(x, axis=1, keepdims=True)
    assert centres.shape == (32, 16) and centres.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(centres, axis=1), 1, atol=1e-5)
    home = (units @ centres.T).argmax(axis=1)
    inside = np.flatnonzero(np.isin(home, np.argsort(-(centres @ units[0]))[:3]))
    wanted = inside[np.argsort(-(units[inside] @ units[0]), kind="stable")[:5]]
    assert index.search(x[:1], 5)[0][0].tolist() == wanted.tolist()


def test_cells_wait_until_there_are_enough_vectors():
    index = approximate(D, cells=4, probes=1)
    x = RNG.normal(size=(156, D))
    index.add(range(155), x[:155])
    assert index.exact
    exact = ExactIndex(D)
    exact.add(range(155), x[:155])
    np.testing.assert_array_equal(index.search(x, 9)[0], exact.search(x, 9)[0])
    index.add([155], x[155:])
    assert not index.exact and len(index) == 156


def test_a_query_whose_cells_hold_too_few_looks_into_all():
    index = approximate(16, cells=32, probes=1)
    index.add(range(4000), clustered())
    ids, _ = index.search(clustered(20, seed=3), 3000)
    assert ids.shape == (20, 3000) and all(len(set(row)) == 3000 for row in ids.tolist())


def test_what_is_removed_is_gone_and_rebuilding_places_new_cells():
    x = clustered()
    index, exact = approximate(16, cells=32, probes=4), ExactIndex(16)
    for one in (index, exact):
        one.add(range(4000), x)
        one.remove(range(0, 4000, 2))
    assert not (index.search(x[:100], 50)[0] % 2 == 0).any()
    moved = clustered(seed=9)  # other clusters than those for which the cells were placed
    for one in (index, exact):
        one.remove(range(1, 4000, 2))
        one.add(range(10_000, 14_000), moved)
    index.probes = 2
    before = recall(index, exact, moved[:200])
    index.rebuild()
    after = recall(index, exact, moved[:200])
    assert after > before + 0.02 and len(index) == 4000
    index.rebuild(cells=200)  # too few vectors for so many
    assert index.exact and recall(index, exact, moved[:50]) == 1
    index.rebuild(cells=16)
    assert not index.exact


@pytest.mark.parametrize("cells", [-3, 0, 2.5, np.nan, True, "4"])
def test_a_rebuild_or_a_setting_that_is_refused_changes_nothing(cells):
    index, x = approximate(16, cells=4, probes=2), clustered()[:400]
    index.add(range(400), x)
    before, centres = index.search(x[:9], 5), index.centres
    with pytest.raises(ValueError, match=r"Received: cells=.*Allowed: a whole number from 1"):
        index.rebuild(cells)
    for probes in (0, 5, cells):
        with pytest.raises(ValueError, match=r"probes=.*Allowed"):
            index.probes = probes
    assert (len(index), index.cells, index.probes) == (400, 4, 2)
    np.testing.assert_array_equal(index.centres, centres)
    for one, other in zip(index.search(x[:9], 5), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_where_k_means_fails_the_index_stays_as_it_is(monkeypatch):
    index, x = approximate(16, cells=4, probes=2), clustered()[:400]
    index.add(range(400), x)
    before = index.search(x[:9], 5)

    def broken(*_):
        raise MemoryError

    monkeypatch.setattr(index, "_placed", broken)
    with pytest.raises(MemoryError):
        index.rebuild(8)
    assert (len(index), index.cells) == (400, 4)
    np.testing.assert_array_equal(index.search(x[:9], 5)[0], before[0])


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@KINDS
@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_the_file_has_the_modes_of_the_umask(kind, umask, tmp_path):
    index, old = filled(kind), os.umask(umask)
    try:
        for _ in range(2):  # a new file, and one that takes the place of another
            index.save(tmp_path / "index")
            assert (tmp_path / "index").stat().st_mode & 0o777 == 0o666 & ~umask
    finally:
        os.umask(old)


# ── mining ──────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.booleans())
def test_the_hardest_wrong_items_are_those_of_the_full_table(seed, k, two):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 8), rng.integers(1, 9)
    q, v = rng.normal(size=(n, D)), rng.normal(size=(m, D))
    ours, theirs = (rng.integers(0, 3, (size, 2) if two else size) for size in (n, m))
    similarity = (q / np.linalg.norm(q, axis=1, keepdims=True)) @ (v / np.linalg.norm(v, axis=1, keepdims=True)).T
    found = hardest_wrong(q, v, ours, theirs, k)
    assert found.shape == (n, k)
    for i in range(n):
        wrong = [j for j in range(m) if not np.any(ours[i] == theirs[j])]
        wanted = sorted(wrong, key=lambda j, i=i: -similarity[i, j])[:k]
        assert found[i].tolist() == wanted + [-1] * (k - len(wanted))


def test_mined_batches_bring_the_partners_along():
    n = 10
    pairs = {"image": np.arange(n)[:, None], "text": 10 * np.arange(n)[:, None]}
    partners = (np.arange(n) + 3) % n
    partners[4] = -1
    batches = MinedBatches(pairs, np.arange(n), partners, batch_size=4, seed=1)
    seeds = []
    for i in range(len(batches)):
        x, identity = batches[i]
        np.testing.assert_array_equal(x["image"][:, 0], identity)
        np.testing.assert_array_equal(x["text"][:, 0], 10 * identity)
        own = identity[: (min(4, n - 4 * i) + 1) // 2]
        brought = [p for p in partners[own] if p >= 0]
        np.testing.assert_array_equal(identity, [*own, *brought])
        seeds += own.tolist()
    assert len(set(seeds)) == len(seeds) == 5
    with pytest.raises(ValueError, match="batch_size=5"):
        MinedBatches(pairs, np.arange(n), partners, batch_size=5)
    for kinds, k, message in (
        ([0, 1], 1, r"Received: identity of shape \(2, .*for 3 vectors"),
        ([[0, 1]] * 3, 1, r"Received: 2 and 1 identities\. Allowed: equally many"),
        ([0, 1, 2], 0, r"Received: k=0\. Allowed: a whole number from 1\."),
    ):
        with pytest.raises(ValueError, match=message):
            hardest_wrong(np.eye(3), np.eye(3), kinds, [0, 1, 2], k)
