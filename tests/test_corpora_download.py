"""Downloads from a server on this machine that does what servers do: cuts, drips, lies, redirects, changes its mind."""

import functools
import hashlib
import http.server
import json
import subprocess
import sys
import threading
import time
import warnings

import pytest
from test_machinery_archives import made

from mmcourse.corpora import download

DATA = bytes(range(256)) * 40


class Server(http.server.BaseHTTPRequestHandler):
    """Each name has a way of its own to go wrong."""

    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        getattr(self, name.split(".")[0], self.plain)(name)

    def plain(self, name):
        data = self.server.files.get(name)
        if data is None:
            return self.send_error(404)
        begin = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        if begin and begin >= len(data):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(data)}")
            return self.end_headers()
        self.send_response(206 if begin else 200)
        self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - begin))
        self.end_headers()
        return self.wfile.write(data[begin:])

    def cut(self, name):
        self.send_response(200)
        self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        self.wfile.write(DATA[:1000])

    def wrong_length(self, name):
        self.send_response(200)
        self.send_header("Content-Length", "many")
        self.end_headers()
        self.wfile.write(DATA)

    def cut_chunk(self, name):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"400\r\n" + DATA[:1000])

    def drip(self, name):
        """A byte now and then, each in time."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        while not self.server.over.wait(0.02):
            self.wfile.write(b"x")

    def drip_head(self, name):
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
        self.drip_on()

    def drip_on(self):
        while not self.server.over.wait(0.02):
            self.wfile.write(b"x")

    def silent(self, name):
        self.server.over.wait(60)

    def nonsense(self, name):
        self.wfile.write(b"\0\xff is no HTTP\r\n\r\n")

    def to_file(self, name):
        self.send_response(302)
        self.send_header("Location", "file:secret")
        self.end_headers()

    def in_a_circle(self, name):
        self.send_response(302)
        self.send_header("Location", "/in_a_circle.bin")
        self.end_headers()

    def log_message(self, *_):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_):
        """Who was cut off is gone."""


@pytest.fixture
def server():
    with Quiet(("127.0.0.1", 0), Server) as running:
        running.files, running.asked, running.over = {}, [], threading.Event()
        running.url = f"http://127.0.0.1:{running.server_port}/"
        threading.Thread(target=functools.partial(running.serve_forever, 0.05), daemon=True).start()
        yield running
        running.over.set()
        running.shutdown()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cut.bin", "the connection ended after 1000 of 10240 bytes"),
        ("cut_chunk.bin", "IncompleteRead"),
        ("nonsense.bin", "is no HTTP"),
        ("silent.bin", "timed out"),
        ("to_file.bin", "not allowed"),
        ("in_a_circle.bin", "infinite loop"),
        ("none.bin", "404"),
    ],
)
def test_what_goes_wrong_on_the_way_is_one_error_that_names_address_and_file(name, words, server, tmp_path):
    file = tmp_path / name
    with pytest.raises(OSError, match=words) as raised:
        download.fetch(server.url + name, file, timeout=0.5)
    assert str(raised.value).startswith(f"Could not download {server.url}{name} to {file}: ")
    assert type(raised.value) is OSError and not file.exists()


def test_a_length_that_is_none_is_not_believed(server, tmp_path):
    digest = download.fetch(server.url + "wrong_length.bin", tmp_path / "f.bin", hashlib.sha256(DATA).hexdigest())
    assert (tmp_path / "f.bin").read_bytes() == DATA and digest == hashlib.sha256(DATA).hexdigest()


@pytest.mark.parametrize("name", ["drip.bin", "drip_head.bin"])
def test_a_server_that_drips_has_an_end(name, server, tmp_path):
    begin, part = time.monotonic(), tmp_path / f"{name}.part"
    with pytest.raises(OSError, match=r"it was not there after 0\.4 seconds\. Run the command again to go on"):
        download.fetch(server.url + name, tmp_path / name, timeout=30, seconds_at_most=0.4)
    assert time.monotonic() - begin < 20
    time.sleep(0.1)
    left = part.stat().st_size if part.exists() else 0
    time.sleep(0.2)
    assert (part.stat().st_size if part.exists() else 0) == left, "nothing is written after the end"
    assert (left > 0) == (name == "drip.bin")


def test_a_part_of_something_longer_is_begun_anew(server, tmp_path):
    server.files["f.bin"] = DATA
    (tmp_path / "f.bin.part").write_bytes(b"x" * (len(DATA) + 5))
    download.fetch(server.url + "f.bin", tmp_path / "f.bin")
    assert (tmp_path / "f.bin").read_bytes() == DATA and server.asked == ["f.bin"] * 2


def test_a_file_that_cannot_be_written_is_one_sentence(server, tmp_path):
    server.files["f.bin"] = DATA
    (tmp_path / "f.bin.part").mkdir()
    with pytest.raises(OSError, match=r"Could not download .*f\.bin to .*f\.bin: "):
        download.fetch(server.url + "f.bin", tmp_path / "f.bin")


# What was fetched before.


@pytest.fixture
def one_zip(server, tmp_path):
    """A corpus of one archive without a published checksum, fetched once."""
    server.files = {"one_text.zip": bytes(made([("a.txt", b"a" * 50)]))}
    arguments = (tmp_path / "root", server.url, {"one_text.zip": None})
    folder = download.flickr8k(*arguments)
    return arguments, folder


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def test_where_no_checksum_is_known_the_first_is_kept_and_another_warned_of(server, one_zip):
    arguments, folder = one_zip
    first = sha256(server.files["one_text.zip"])

    def again():
        (folder / "text" / "a.txt").unlink()
        (folder / "text").rmdir()
        return download.flickr8k(*arguments)

    def noted():
        return json.loads((folder / "downloaded.json").read_text())["one_text.zip"]

    assert noted()["sha256"] == first
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again()
        download.flickr8k(*arguments)
    server.files["one_text.zip"] = bytes(made([("a.txt", b"b" * 50)]))
    for _ in range(2):
        with pytest.warns(UserWarning, match="one_text.zip is another file than the first time: SHA-256") as warned:
            again()
        assert first in str(warned[0].message) and warned[0].filename == __file__
        assert noted()["sha256"] == first and noted()["last_sha256"] == sha256(server.files["one_text.zip"])


def test_what_was_refused_is_not_the_first(server, tmp_path):
    for data, refused in ((b"no archive", True), (bytes(made([("a.txt", b"a")])), False)):
        server.files["one_text.zip"] = data
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            if refused:
                with pytest.raises(ValueError, match=r"one_text\.zip is damaged"):
                    download.flickr8k(tmp_path, server.url, {"one_text.zip": None})
            else:
                download.flickr8k(tmp_path, server.url, {"one_text.zip": None})
    record = json.loads((tmp_path / "flickr8k" / "downloaded.json").read_text())
    assert record["one_text.zip"]["sha256"] == sha256(data)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', "\xff", "[" * 100_000])
def test_a_damaged_record_is_said_with_what_to_do(text, server, one_zip):
    arguments, folder = one_zip
    (folder / "text" / "a.txt").unlink()
    (folder / "text").rmdir()
    (folder / "downloaded.json").write_text(text, "latin-1")
    with pytest.raises(ValueError, match=r"downloaded\.json is damaged .* Delete it, and run the command again"):
        download.flickr8k(*arguments)
    (folder / "downloaded.json").unlink()
    assert download.flickr8k(*arguments) == folder


SECOND = """
import sys
from mmcourse.corpora import download
print(download.flickr8k(sys.argv[1], sys.argv[2], {"a_text.zip": None, "b.zip": None}))
"""


def test_of_two_processes_one_fetches_and_the_other_waits(server, tmp_path):
    server.files = {"a_text.zip": bytes(made([("a", b"1" * 9)])), "b.zip": bytes(made([("b", b"2" * 9)]))}
    command = [sys.executable, "-c", SECOND, str(tmp_path), server.url]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0 and str(tmp_path / "flickr8k") in out, err
    assert sorted(server.asked) == ["a_text.zip", "b.zip"]
    assert sorted(p.name for p in (tmp_path / "flickr8k").iterdir()) == ["Flickr8k_Dataset", "downloaded.json", "text"]


def test_the_command_says_what_went_wrong_in_a_sentence(server, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(download, "FLICKR8K", {"none_text.zip": None})
    monkeypatch.setattr(download.flickr8k, "__defaults__", (None, server.url, None))
    assert download.main(["flickr8k", "--root", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    (tmp_path / "file").write_text("")
    assert download.main(["flickr8k", "--root", str(tmp_path / "file")]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{tmp_path / 'file' / 'flickr8k'} cannot be written: ") and "--root DIR" in said
