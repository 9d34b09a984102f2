"""Files that are whole or not there: what a reader finds in every moment, and after everything that may go wrong."""

import hashlib
import json
import threading

import pytest

from mmcourse._machinery.files import (
    SEAL,
    check_sha256,
    read_sealed,
    sha256_of,
    unsealed,
    whole,
    write_json,
    write_sealed,
)


def test_json_is_replaced_as_a_whole_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "a.json"
    for content in ({"name": "größer", "n": 1}, [1.5, None]):
        write_json(path, content)
        assert json.loads(path.read_bytes()) == content
    assert path.read_bytes() == b"[\n 1.5,\n null\n]\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_what_json_cannot_say_is_refused_and_the_old_file_stays(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, 1)
    for content, error in ((float("nan"), ValueError), (object(), TypeError)):
        with pytest.raises(error, match="JSON"):
            write_json(path, content)
    assert path.read_text() == "1\n" and [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("old", [None, "old"])
def test_where_the_writer_fails_the_old_file_stays(tmp_path, old):
    path = tmp_path / "model.weights.h5"
    if old:
        path.write_text(old)
    with pytest.raises(KeyboardInterrupt), whole(path) as part:
        assert part.name == path.name and part != path, "some writers look at the ending"
        part.write_text("half")
        assert (path.read_text() if path.exists() else None) == old
        raise KeyboardInterrupt
    assert [p.read_text() for p in tmp_path.iterdir()] == ([old] if old else [])


def test_readers_find_one_content_or_the_other_while_two_write(tmp_path):
    path = tmp_path / "a.json"
    contents = [[n] * 2000 for n in (1, 2)]
    write_json(path, contents[0])

    def write(content):
        for _ in range(30):
            write_json(path, content)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert json.loads(path.read_text()) in contents
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        write_json(tmp_path / "nowhere" / "a.json", 1)


def test_the_digest_is_that_of_the_bytes(tmp_path):
    data = bytes(range(256)) * 5000
    (tmp_path / "f").write_bytes(data)
    assert sha256_of(tmp_path / "f") == hashlib.sha256(data).hexdigest()


def test_a_sealed_file_is_readable_and_tells_of_every_change(tmp_path):
    path, content = tmp_path / "a.json", {"b": [1.5, "größer"], "a": None}
    write_sealed(path, content)
    assert read_sealed(path, "") == content and '"größer"' in path.read_text("utf8")
    other_layout = json.dumps(dict(reversed(json.loads(path.read_bytes()).items())))
    path.write_text(other_layout)
    assert read_sealed(path, "") == content
    for old, new in (("1.5", "1.6"), ("null", "0"), ('"a"', '"c"'), (SEAL, "sha255"), ('"a": null, ', "")):
        assert old in other_layout or old == '"a": null, '
        path.write_text(other_layout.replace(old, new) if old in other_layout else '{"b": 1}')
        with pytest.raises(ValueError, match=r"The file is damaged: .*a\.json \(its checksum .*\)\. Do this\."):
            read_sealed(path, "Do this.")


@pytest.mark.parametrize("data", [b"", b"[1]", b"\xff", b"{", b"[" * 100_000])
def test_what_is_no_sealed_file_is_named(tmp_path, data):
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(ValueError, match=r"The file is damaged: .*a\.json .* Do this\."):
        read_sealed(tmp_path / "a.json", "Do this.")


def test_older_files_may_be_without_a_seal_but_none_with_a_wrong_one():
    old = unsealed(b'{"version": 1}', sealed=lambda content: content["version"] > 1)
    assert old == {"version": 1}
    for data in (b'{"version": 2}', b'{"version": 1, "sha256 of the rest": ""}'):
        with pytest.raises(ValueError, match="checksum"):
            unsealed(data, sealed=lambda content: content["version"] > 1)


def test_a_file_of_another_digest_is_named(tmp_path):
    (tmp_path / "f").write_bytes(b"1")
    check_sha256(tmp_path / "f", hashlib.sha256(b"1").hexdigest(), "")
    for expected in (hashlib.sha256(b"2").hexdigest(), None):
        with pytest.raises(
            ValueError, match=rf"{tmp_path / 'f'}\. Received: SHA-256 .* Expected: {expected}\. Do this\."
        ):
            check_sha256(tmp_path / "f", expected, "Do this.")
