"""What is exported is read back by other tools: Pillow, the wave module, and COCO's own reader."""

import contextlib
import io
import json
import wave
from dataclasses import replace

import numpy as np
import pytest
from oracles import oracle
from PIL import Image

from mmcourse.items import Item
from mmcourse.scenes import Scenes
from mmcourse.scenes.export import export
from mmcourse.scenes.utterances import Utterances


def items(n=2):
    rng = np.random.default_rng(0)
    return [
        Item(
            id=f"it-{i}", split="test", image=rng.integers(0, 256, (8, 6, 3), np.uint8),
            captions=("one", "zwei \u4e00"),
            audio=rng.uniform(-1, 1, (50, 2)).astype("float32"), rate=8000, label=np.int64(i),
            frames=np.stack([np.full((8, 6, 3), 60 * k, np.uint8) for k in range(4)]),
        )
        for i in range(n)
    ]  # fmt: skip


def test_files_are_read_back(tmp_path):
    folder = export(items(), tmp_path / "out", ("image", "audio", "frames"))
    for i, item in enumerate(items()):
        np.testing.assert_array_equal(np.asarray(Image.open(folder / f"images/it-{i}.png")), item.image)
        with wave.open(str(folder / f"audio/it-{i}.wav")) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 2, 2)
            samples = np.frombuffer(file.readframes(50), "<i2").reshape(-1, 2) / 32767
        np.testing.assert_allclose(samples, item.audio, atol=1e-4)
        with Image.open(folder / f"films/it-{i}.gif") as film:
            assert film.n_frames == 4
            for k in range(4):
                film.seek(k)
                assert abs(int(np.asarray(film.convert("RGB")).mean()) - 60 * k) <= 2
    lines = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines()]
    assert [line["label"] for line in lines] == [0, 1] and lines[0]["captions"] == ["one", "zwei \u4e00"]
    assert lines[1]["files"] == {"image": "images/it-1.png", "audio": "audio/it-1.wav", "frames": "films/it-1.gif"}
    assert not list(folder.rglob("*.part")) and not list(folder.rglob(".*"))  # nothing half written is left


def test_cocos_own_reader_reads_the_captions(tmp_path):
    reader = oracle("pycocotools.coco")
    scenes = Scenes("test", n=4)
    folder = export(scenes, tmp_path)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = reader.COCO(str(folder / "captions.json"))
    assert len(coco.getImgIds()) == 4
    for entry, scene in zip(coco.loadImgs(coco.getImgIds()), scenes, strict=True):
        found = [a["caption"] for a in coco.loadAnns(coco.getAnnIds(imgIds=[entry["id"]]))]
        assert tuple(found) == scene.captions
        assert (folder / "images" / entry["file_name"]).is_file() and entry["width"] == 64
    truth = json.loads((folder / "items.jsonl").read_text("utf-8").splitlines()[2])["truth"]
    assert [thing["colour"] for thing in truth["things"]] == [thing.colour for thing in scenes[2].truth.things]


def test_what_an_item_lacks_is_left_out(tmp_path):
    folder = export(Utterances("dev", n=6, missing_audio=50), tmp_path, "audio")
    lines = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines()]
    there = {file.stem for file in (folder / "audio").iterdir()}
    assert 0 < len(there) < 6 and there == {line["id"] for line in lines if line["files"]}


def test_errors_name_what_came(tmp_path):
    with pytest.raises(ValueError, match=r"parts=\('smell',\).*image, audio, frames"):
        export(items(), tmp_path, "smell")
    with pytest.raises(ValueError, match=r"Received: id='\.\./x'"):
        export([replace(items(1)[0], id="../x")], tmp_path)
    with pytest.raises(ValueError, match=r"id='it-0'.*each id once"):
        export(items(1) * 2, tmp_path)
    assert not (tmp_path.parent / "x.png").exists()
