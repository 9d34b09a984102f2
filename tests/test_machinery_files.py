"""Files that are whole or not there: what a reader finds in every moment, and after everything that may go wrong."""

import hashlib
import json
import threading

import pytest

from mmcourse._machinery.files import sha256_of, whole, write_json


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
