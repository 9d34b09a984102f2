"""Builds of the tiny book one after the other: what is read and written again, one page alone, and what goes wrong."""

import os
import re
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest
from bs4 import BeautifulSoup
from test_toolchain import ROOT, build, lay_out

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mmbook import files


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return lay_out(tmp_path_factory.mktemp("builds") / "book", [])


def change(path, before, after):
    text = path.read_text("utf8")
    assert before in text
    path.write_text(text.replace(before, after), "utf8")


def soup(book, name):
    return BeautifulSoup((book / f"_build/html/book/{name}.html").read_text("utf8"), "html.parser")


def executed(said):
    return re.findall(r"^  (\w+): started", said, re.M)


# These tests follow each other, each on what the one before has left: a build takes seconds.


def test_one_page_alone_in_a_fresh_checkout(book):
    done = build(book, "page", "second")
    place = book / "_build/html/book/second.html"
    assert done.status == 0, done.said
    assert executed(done.said) == ["second"] and "WARNING" not in done.said
    assert done.said.startswith("Building the page second alone\n") and f"Open {place.as_uri()}\n" in done.said
    page = soup(book, "second")
    assert page.find("h1").get_text() == "Second page" and page.find(class_="cell_output")
    assert "From (1.1) on Demo page; Fig. 1.1, the exercise" in " ".join(page.get_text().split())
    assert page.find("a", string=re.compile("More")) and not (book / "_build/html/book/demo.html").exists()
    leads = {a["href"].split("#")[0] for a in page.find_all("a", href=True) if not a["href"].startswith("http")}
    assert all((place.parent / name).exists() for name in leads), leads
    assert "var stopwords = [];" in (book / "_build/html/_static/language_data.js").read_text(encoding="utf-8")


def test_the_page_alone_is_ready_at_once_the_second_time(book):
    done = build(book, "page", "second")
    assert done.status == 0 and executed(done.said) == [] and "reading 1 of 5 pages" in done.said


@pytest.mark.parametrize("names", [["nothing"], [], ["demo", "second"]])
def test_a_page_that_is_not_there_is_said_with_those_that_are(book, names):
    done = build(book, "page", *names)
    assert done.status == 1
    allowed = "index, demo, second, glossary, bibliography"
    assert done.said == f"There is no such page. Received: PAGE='{' '.join(names)}'. Allowed: {allowed}.\n"


def test_the_whole_book_after_a_page_alone_is_as_if_there_had_been_none(book):
    done = build(book, "html")
    assert done.status == 0 and executed(done.said) == ["demo"], done.said
    links = {a["href"] for a in soup(book, "second").find_all("a", href=True)}
    assert {"demo.html#fig-line", "demo.html#exercise-demo-double"} <= links
    assert "97%" in soup(book, "second").get_text()


def test_an_unchanged_book_reads_and_executes_nothing(book):
    done = build(book, "html")
    assert done.status == 0 and executed(done.said) == [] and "reading" not in done.said


def test_a_hint_that_changed_is_read_again_and_executes_nothing_but_its_page(book):
    change(book / "demo_exercises.py", "Multiply:", "Take it twice:")
    done = build(book, "html")
    assert done.status == 0 and executed(done.said) == ["demo"] and "reading 1 of 5 pages" in done.said
    assert "Take it twice" in soup(book, "demo").get_text()


def test_outputs_read_by_a_build_of_notebooks_come_into_the_site(book):
    change(book / "book/demo.md", 'bind("share", 0.9712', 'bind("share", 0.9612')
    done = build(book, "notebooks")
    assert done.status == 0 and executed(done.said) == ["demo"], done.said
    done = build(book, "html")
    assert done.status == 0 and executed(done.said) == []
    assert "96%" in soup(book, "demo").get_text()
    assert "96%" in soup(book, "second").get_text(), "a page that quotes another is written again"


def test_faults_come_again_in_each_build_until_they_are_mended(book):
    change(book / "book/second.md", "1 + 1", "1 / 0")
    change(book / "book/demo.md", "[the second page](second.md)", "{ref}`nowhere`")
    for _ in range(2):
        done = build(book, "html")
        assert done.status == 1 and executed(done.said) == ["second"], "a page that fails runs once in each build"
        assert "  second: FAILED after" in done.said and "----> 1 1 / 0" in done.said
        assert "second.md: WARNING: Executing the page failed: ZeroDivisionError: division by zero" in done.said
        assert "undefined label: 'nowhere'" in done.said
    change(book / "book/second.md", "1 / 0", "1 + 1")
    change(book / "book/demo.md", "{ref}`nowhere`", "[the second page](second.md)")
    done = build(book, "html")
    assert done.status == 0 and executed(done.said) == [], "what these cells gave before stands again"
    assert "Error" not in soup(book, "second").get_text()


def start(book, *words):
    """A build that runs beside the test, in a process group of its own, and what it has printed so far."""
    command = [sys.executable, "-u", str(book / "book" / "_ext" / "build.py"), *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen(command, cwd=book, env={**os.environ, "PYTHONPATH": str(book)}, **pipes)
    said = []
    threading.Thread(target=lambda: said.extend(iter(process.stdout.readline, "")), daemon=True).start()
    return process, said


PATIENCE = 300  # seconds that anything here may take on a machine that is busy with other things


def wait_for(condition, seconds=PATIENCE):
    end = time.time() + seconds
    while not condition():
        assert time.time() < end
        time.sleep(0.1)


def ended(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent to groups of processes on Windows")
def test_two_builds_at_once_and_one_that_is_stopped(book):
    change(book / "book/second.md", "1 + 1", "import time\ntime.sleep(3000)")
    first, told_first = start(book, "html")
    try:
        wait_for(lambda: any("second: started" in line for line in told_first))
        wait_for(lambda: psutil.Process(first.pid).children())
        (kernel,) = psutil.Process(first.pid).children()
        time.sleep(2)  # into the cell
        second, told = start(book, "page", "demo")
        wait_for(lambda: told)
        assert told == [
            f"Another build of this checkout is running (process {first.pid}); this one begins when that ends.\n"
        ]
        first.send_signal(signal.SIGINT)
        assert first.wait(PATIENCE) == 130
        assert told_first[-1] == "Stopped. What has been executed so far is kept.\n"
        wait_for(lambda: ended(kernel))
        assert second.wait(PATIENCE) == 0, told
    finally:
        for process in (first, second):
            process.kill()
    change(book / "book/second.md", "import time\ntime.sleep(3000)", "1 + 1")
    done = build(book, "html")
    assert done.status == 0 and executed(done.said) == [], done.said


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_build_that_was_killed_leaves_no_lock_and_no_kernel(book):
    change(book / "book/second.md", "1 + 1", "import time\ntime.sleep(3000)")
    first, said = start(book, "html")
    wait_for(lambda: any("second: started" in line for line in said))
    wait_for(lambda: psutil.Process(first.pid).children())
    (kernel,) = psutil.Process(first.pid).children()
    time.sleep(2)
    first.kill()
    first.wait()
    wait_for(lambda: ended(kernel))
    change(book / "book/second.md", "import time\ntime.sleep(3000)", "1 + 1")
    done = build(book, "html")
    assert done.status == 0 and "Another build" not in done.said, done.said


def site(book):
    """Every file of the site, by its bytes."""
    folder = book / "_build/html"
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != "searchindex.js"]  # in no order
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_two_builds_at_once_come_to_the_same_end(book):
    before = site(book)
    for path in [*(book / "_build").rglob("*.html"), *(book / "_build").rglob("*.doctree")]:
        path.unlink()
    both = [start(book, "html") for _ in range(2)]
    try:
        assert [process.wait(PATIENCE) for process, _ in both] == [0, 0], both
    finally:
        for process, _ in both:
            process.kill()
    waited = [said for _, said in both if "Another build of this checkout" in "".join(said)]
    assert len(waited) == 1 and "reading" not in "".join(waited[0]), "and it found all done"
    assert site(book) == before


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_build_that_was_killed_while_it_wrote_leaves_nothing_half(book):
    before = site(book)
    (book / "_build/.doctrees/toolchain.key").unlink()
    process, said = start(book, "html")
    wait_for(lambda: any("writing" in line for line in said) or process.poll() is not None)
    process.kill()
    process.wait()
    assert process.returncode != 0, "it was not over yet"
    (book / "_build/html/book/second.html").write_text("<html><he")  # as far as it may have come
    done = build(book, "html")
    assert done.status == 0 and executed(done.said) == [], done.said
    assert site(book) == before


def test_doctrees_of_a_build_that_was_cut_short_are_not_believed(book):
    (book / "_build/.doctrees/toolchain.key").unlink()
    (book / "_build/.doctrees/book/second.doctree").write_bytes(b"half")
    done = build(book, "html")
    assert done.status == 0 and "reading 5 of 5 pages" in done.said and executed(done.said) == []


def test_a_full_disk_is_known_by_what_it_was_raised_from():
    full = OSError(28, "No space left on device")
    wrapped = RuntimeError("an extension failed")
    wrapped.orig_exc = full
    chained = ValueError()
    chained.__cause__ = wrapped
    assert files.is_full(full) and files.is_full(wrapped) and files.is_full(chained)
    assert not files.is_full(OSError(13, "Permission denied")) and not files.is_full(None)
