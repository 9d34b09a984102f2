"""A progress bar is no fault, and is not shown to who does not wait."""

import time

from mmcourse._machinery.progress_bar import progress_bar


def test_who_does_not_wait_sees_nothing(capsys):
    assert list(progress_bar(range(3), "counting")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_it_is_not_red(capsys, monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    bar = progress_bar(total=3, desc="counting", mininterval=0)
    bar.start_t = time.time() - 5  # five seconds have passed
    bar.update()
    bar.close()
    out, err = capsys.readouterr()
    assert "counting" in out and err == ""
