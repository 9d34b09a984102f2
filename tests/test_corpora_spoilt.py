"""Spoilt bytes in the files of corpora and of vectors: a right result, or an error that names the file.

Right is what is well-formed: the checks below are written anew from the description of each format.
"""

import gzip
import io
import json
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_corpora_flickr import karpathy, table, tokens
from test_corpora_mnist import PICTURES, idx
from test_corpora_mosi import arrays
from test_text_vectors import GLOVE

from mmcourse.corpora import flickr, mnist, mosi
from mmcourse.text import SPECIAL, load_vectors

OF_USE = b"\0\r\n\t \",#[]{}:\\'._-01e+x\xff\xfe\xc3\xef\xbb\xbf\x80\x85"
SMALL = zipfile.ZIP_DEFLATED


def packed(members=None):
    """A file of features that is small: one number in all places, so that it packs well."""
    file = io.BytesIO()
    made = arrays(train=5, test=2, each=1)
    np.savez_compressed(file, **{name: np.ones_like(x) if x.dtype.kind == "f" else x for name, x in made.items()})
    return file.getvalue()


def is_text(text):
    return isinstance(text, str) and bool(text.strip()) and text == text.strip() and bool(text.encode() or 1)


def right_captions(found):
    for name, captions in found.items():
        assert is_text(name) and isinstance(captions, tuple) and captions and all(map(is_text, captions))
        assert "\0" not in name + "".join(captions) and "\n" not in name + "".join(captions)


def right_names(names):
    assert len(set(names)) == len(names) and all(map(is_text, names))
    assert not any("\n" in name or "\r" in name or name.startswith("._") for name in names)


def right_karpathy(found):
    captions, splits = found
    assert all(
        isinstance(name, str) and name and texts and all(map(is_text, texts)) for name, texts in captions.items()
    )
    names = [name for part in splits.values() for name in part]
    assert sorted(names) == sorted(captions) and set(splits) == {"train", "dev", "test"}


def right_idx(found):
    assert found.dtype == np.uint8 and found.ndim == 3 and found.size


def right_features(sides):
    ids = [name for side in sides.values() for name in side["id"].tolist()]
    assert len(set(ids)) == len(ids) and all(map(str.strip, ids))
    for side in sides.values():
        n = len(side["id"])
        assert side["text"].shape == (n, 100) and side["audio"].shape == (n, 73) and side["video"].shape == (n, 100)
        assert all(np.isfinite(side[name]).all() for name in ("text", "audio", "video"))
        assert set(side["label"].tolist()) <= {0, 1} and all(map(str.strip, side["transcript"].tolist()))


def right_vectors(vectors):
    assert np.isfinite(vectors.matrix).all() and vectors.found[len(SPECIAL) :].all()
    assert all(word and word == word.strip(" \t\r\n") for word in vectors.vocabulary.words)


READERS = {
    "tokens": ("t.txt", flickr.read_tokens, tokens().encode(), right_captions),
    "names": ("n.txt", flickr.read_names, b"a.jpg\nb\r\nc.png\n", right_names),
    "table": ("c.txt", flickr.read_table, table().encode(), right_captions),
    "JSON": ("d.json", flickr.read_karpathy, karpathy().encode(), right_karpathy),
    "vectors": ("v.txt", load_vectors, GLOVE.encode(), right_vectors),
    "word2vec": ("w.txt", load_vectors, f"3 3\n{GLOVE}".encode(), right_vectors),
    "vectors, packed": ("v.gz", load_vectors, gzip.compress(GLOVE.encode(), mtime=0), right_vectors),
    "IDX": ("i", lambda path: mnist.read_idx(path, 3), idx(PICTURES[:, :3, :3]), right_idx),
    "IDX, packed": (
        "i.gz",
        lambda p: mnist.read_idx(p, 3),
        gzip.compress(idx(PICTURES[:, :3, :3]), mtime=0),
        right_idx,
    ),
    "npz": ("m.npz", mosi.read_features, packed(), right_features),
}


def spoil(data, changes):
    """Some changes made to bytes: (kind, where in 1/1000, the bytes that are put there)."""
    for kind, place, new in changes:
        place = len(data) * place // 1000
        if kind == "cut off":
            data = data[:place]
        elif kind == "taken out":
            data = data[:place] + data[place + len(new) :]
        elif kind == "put in":
            data = data[:place] + new + data[place:]
        elif kind == "replaced":
            data = data[:place] + new + data[place + len(new) :]
        elif kind == "doubled":
            data = data[:place] + data[place // 2 :]
        elif kind == "encoded":
            data = data.decode("utf-8", "replace").encode(("utf-16", "utf-32-be", "utf-16-le", "utf-8-sig")[place % 4])
    return data


KINDS = ("cut off", "taken out", "put in", "replaced", "doubled", "encoded")
bits = st.lists(st.sampled_from(OF_USE), min_size=1, max_size=4).map(bytes) | st.binary(min_size=1, max_size=4)
changes = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 1000), bits), min_size=1, max_size=3)


@pytest.mark.parametrize("name", READERS)
def test_the_file_as_it_should_be_is_read(tmp_path, name):
    file, read, data, right = READERS[name]
    (tmp_path / file).write_bytes(data)
    right(read(tmp_path / file))


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes)
def test_spoilt_bytes_are_read_right_or_refused_by_name(tmp_path, name, changes, record_property):
    record_property("spoilt files", 1)
    file, read, data, right = READERS[name]
    (tmp_path / file).write_bytes(spoil(data, changes))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = read(tmp_path / file)
    except (ValueError, OSError) as error:
        assert str(tmp_path / file) in str(error), error
        assert len(str(error)) < 900, error
    else:
        right(found)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 6), value=json_values, again=st.integers(0, 6))
def test_any_value_anywhere_in_karpathy_s_json(tmp_path, place, value, again, record_property):
    record_property("spoilt files", 1)
    image = {"filename": "a.jpg", "split": "train", "sentences": [{"raw": "one"}, {"raw": "two"}]}
    content = {"images": [image, image | {"filename": "b.jpg"}]}
    where = [
        (content, "images"), (content["images"], 0), (image, "filename"), (image, "split"), (image, "sentences"),
        (image["sentences"], 1), (image["sentences"][0], "raw"),
    ]  # fmt: skip
    for number in {place, again}:
        part, key = where[number]
        part[key] = value
    path = tmp_path / "d.json"
    path.write_text(json.dumps(content), "utf8")
    try:
        found = flickr.read_karpathy(path)
    except ValueError as error:
        assert str(path) in str(error) and len(str(error)) < 900
    else:
        right_karpathy(found)
