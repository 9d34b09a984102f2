"""Items as files that other tools read: PNG, WAV, GIF, and captions in the format of COCO.

Nothing of Scene World is on a disk unless it is asked for here.

    folder/
      images/ID.png         8-bit red, green, blue
      audio/ID.wav          16-bit PCM
      films/ID.gif          12 frames a second
      captions.json         COCO's caption format: {"info", "licenses", "images", "annotations"}
      items.jsonl           a line an item: id, split, label, captions, file names, and the truth
"""

import dataclasses
import io
import json
import re
import wave
from pathlib import Path

import numpy as np

from mmcourse._machinery.files import whole
from mmcourse._machinery.progress_bar import progress_bar

PARTS = ("image", "audio", "frames")
FRAME_MS = 83  # 12 frames a second; GIF counts in hundredths of a second


def export(collection, folder, parts=("image",)):
    """Write the items of a collection into a folder, and return its path.

    Args:
        collection: items with ``id``, ``captions`` and what ``parts`` name.
        folder: made where it is missing. Files of the same names are replaced; each appears only when it is whole.
        parts: which heavy fields become files: any of "image", "audio" and "frames". What an item lacks is left out.

    Raises ValueError for an unknown part, an id that is no file name, and two items of one id.
    """
    parts = (parts,) if isinstance(parts, str) else tuple(parts)
    if not set(parts) <= set(PARTS):
        raise ValueError(f"Received: parts={parts!r}. Allowed: any of {', '.join(PARTS)}.")
    folder, lines, images, annotations = Path(folder), [], [], []
    folder.mkdir(parents=True, exist_ok=True)
    seen = set()
    for number, item in enumerate(progress_bar(collection, "exporting")):
        if not re.fullmatch(r"[\w-][\w.-]*", item.id) or item.id in seen:
            raise ValueError(f"Received: id={item.id!r}. Allowed: letters, digits, -, _ and ., and each id once.")
        seen.add(item.id)
        files = {part: _WRITERS[part](item, folder) for part in parts if getattr(item, part) is not None}
        lines.append(
            {"id": item.id, "split": item.split, "label": _plain(item.label), "language": item.language}
            | {"captions": list(item.captions), "files": files, "truth": _plain(item.truth)}
        )
        entry = {"id": number, "file_name": Path(files["image"]).name} if "image" in files else {"id": number}
        if "image" in files:
            entry |= {"height": item.image.shape[0], "width": item.image.shape[1]}
        images.append(entry | {"scene": item.id})
        annotations += [
            {"id": len(annotations) + k, "image_id": number, "caption": text} for k, text in enumerate(item.captions)
        ]
    coco = {
        "info": {"description": "Made by mmcourse.scenes", "version": "1.0"},
        "licenses": [], "images": images, "annotations": annotations,
    }  # fmt: skip
    _put(folder / "captions.json", lambda part: part.write_text(json.dumps(coco, ensure_ascii=False), "utf-8"))
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    _put(folder / "items.jsonl", lambda part: part.write_text(text, "utf-8"))
    return folder


def _image(item, folder):
    from PIL import Image

    path = folder / "images" / f"{item.id}.png"
    _put(path, lambda part: Image.fromarray(item.image).save(part, "PNG"))
    return path.relative_to(folder).as_posix()


def wav(audio, rate):
    """A sound, float (n, channels) in [-1, 1], as a WAV file of 16 bits: bytes. What lies beyond is cut off."""
    samples = np.round(np.clip(audio, -1, 1) * 32767).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


def _audio(item, folder):
    path = folder / "audio" / f"{item.id}.wav"
    _put(path, lambda part: part.write_bytes(wav(item.audio, item.rate)))
    return path.relative_to(folder).as_posix()


def _frames(item, folder):
    from PIL import Image

    path = folder / "films" / f"{item.id}.gif"
    first, *rest = (Image.fromarray(frame) for frame in item.frames)
    _put(path, lambda part: first.save(part, "GIF", save_all=True, append_images=rest, duration=FRAME_MS, loop=0))
    return path.relative_to(folder).as_posix()


_WRITERS = {"image": _image, "audio": _audio, "frames": _frames}


def _put(path, write):
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as part:
        write(part)


def _plain(value):
    """Dataclasses and NumPy numbers as JSON knows them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value.item() if isinstance(value, np.generic) else value
