"""The readers of Flickr8k, Flickr8K-CN and Flickr30k, and the download: on small made copies, and on the real files."""

import functools
import http.server
import io
import json
import shutil
import stat
import threading
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mmcourse._machinery.pictures import read_image
from mmcourse.corpora import Flickr8k, Flickr30k, download, flickr, places
from mmcourse.items import Collection, Item

NAMES = {"train": ["b.jpg", "a.jpg", "gone.jpg"], "dev": ["c.jpg"], "test": ["d.jpg"]}
EVERY = [name for names in NAMES.values() for name in names]
CAPTIONS = {name: [f'{name}: caption {i}, with "quotes"' for i in range(5)] for name in EVERY}


def write(path, text, ending="\n", mark=b""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(mark + text.replace("\n", ending).encode())


def picture(path, seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 9, 3), "uint8")
    Image.fromarray(pixels).save(path, format="PNG" if path.suffix == ".png" else None, quality=95)
    return pixels


def tokens(kind="#", gap="\t", captions=CAPTIONS):
    # Out of order on purpose: #4 first.
    lines = [f"{name}{kind}{i}{gap}{captions[name][i]}" for name in captions for i in (4, 0, 1, 2, 3)]
    return "\n".join(lines) + "\n"


def table():
    quoted = ((name, text.replace('"', '""')) for name in EVERY for text in CAPTIONS[name])
    return "image,caption\n" + "".join(f'{name},"{text}"\n' for name, text in quoted)


def karpathy():
    word = {"train": "train", "dev": "val", "test": "test"}
    images = [
        {
            "filename": name,
            "split": "restval" if name == "a.jpg" else word[split],
            "sentences": [{"raw": text, "tokens": []} for text in CAPTIONS[name]],
        }
        for split, names in NAMES.items()
        for name in names
    ]
    return json.dumps({"dataset": "flickr8k", "images": images})


@pytest.fixture
def make(tmp_path):
    """``make(form)`` builds a small Flickr8k under a new folder and returns that folder."""

    def build(form="official", images="images", text="text", **how):
        home = tmp_path / "data" / "flickr8k"
        for seed, name in enumerate(EVERY):
            if name != "gone.jpg":
                picture(home / images / name, seed)
        if form == "karpathy":
            write(home / text / "dataset_flickr8k.json", karpathy(), **how)
        else:
            for split, names in NAMES.items():
                write(home / text / f"Flickr_8k.{split}Images.txt", "\n".join(names) + "\n", **how)
            if form == "official":
                write(home / text / "Flickr8k.token.txt", tokens(), **how)
            else:
                write(home / text / "captions.txt", table(), **how)
        return home.parent

    return build


@pytest.mark.parametrize("images", ["images", "Images", "Flicker8k_Dataset", "Flickr8k_Dataset/Flicker8k_Dataset"])
@pytest.mark.parametrize("form", ["official", "table", "karpathy"])
def test_every_form_and_layout_gives_the_same(make, form, images):
    root = make(form, images, text="text" if images == "images" else ".")
    with pytest.warns(UserWarning, match=r"1 image of train without a file .*gone\.jpg"):
        train = Flickr8k(root, "train")
    assert isinstance(train, Collection)
    assert train.ids == ("b.jpg", "a.jpg") and train.missing_images == ("gone.jpg",)
    assert train[0].captions == tuple(CAPTIONS["b.jpg"]) and train[-1].captions == tuple(CAPTIONS["a.jpg"])
    dev, test = Flickr8k(root, "dev"), Flickr8k(root, "test")
    assert [item.id for item in dev] == ["c.jpg"] and [item.id for item in test] == ["d.jpg"]
    item = dev[0]
    assert isinstance(item, Item) and (item.split, item.language) == ("dev", "en")
    assert item.image.dtype == np.uint8 and item.image.shape == (6, 9, 3)
    with Image.open(root / "flickr8k" / images / "c.jpg") as direct:
        np.testing.assert_array_equal(item.image, np.asarray(direct))


@pytest.mark.parametrize("form", ["official", "table", "karpathy"])
def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing(make, form):
    root = make(form, ending="\r\n", mark=b"\xef\xbb\xbf")
    assert Flickr8k(root, "test")[0].captions == tuple(CAPTIONS["d.jpg"])


def test_the_folder_itself_and_the_variable_are_found(make, monkeypatch, tmp_path):
    root = make()
    assert Flickr8k(root / "flickr8k", "dev").ids == ("c.jpg",)
    monkeypatch.setenv("MMCOURSE_DATA", str(root))
    assert Flickr8k(split="dev").ids == ("c.jpg",)
    monkeypatch.setenv("MMCOURSE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match=r"mmcourse\.corpora\.download flickr8k"):
        Flickr8k(split="dev")
    monkeypatch.delenv("MMCOURSE_DATA")
    monkeypatch.setattr(places, "cache", lambda: root)
    assert Flickr8k(split="dev").ids == ("c.jpg",)


def test_a_slice_has_its_own_ids(make):
    with pytest.warns(UserWarning):
        train = Flickr8k(make(), "train")
    assert train[1:].ids == ("a.jpg",) and len(train[1:]) == 1 and train[1:][0].id == "a.jpg"


def test_images_are_read_only_when_asked_for(make):
    root = make()
    (root / "flickr8k" / "images" / "c.jpg").write_bytes(b"no image")
    item = Flickr8k(root, "dev")[0]
    assert item.captions[0].startswith("c.jpg")
    with pytest.raises(ValueError, match=r"damaged: .*c\.jpg"):
        _ = item.image


def test_a_truncated_photograph_is_named(make):
    root = make()
    path = root / "flickr8k" / "images" / "c.jpg"
    path.write_bytes(path.read_bytes()[:-120])
    with pytest.raises(ValueError, match=r"damaged: .*c\.jpg"):
        _ = Flickr8k(root, "dev")[0].image


def test_grey_and_palette_pictures_become_rgb(tmp_path):
    Image.fromarray(np.full((4, 5), 77, "uint8")).save(tmp_path / "grey.png")
    image = read_image(tmp_path / "grey.png")
    assert image.shape == (4, 5, 3) and (image == 77).all()
    Image.fromarray(np.full((4, 5, 3), 200, "uint8")).convert("P").save(tmp_path / "palette.png")
    assert read_image(tmp_path / "palette.png").shape == (4, 5, 3)


def test_captions_of_an_impossible_name_are_left_out_with_one_warning(make):
    root = make()
    path = root / "flickr8k" / "text" / "Flickr8k.token.txt"
    write(path, tokens(captions={"x.jpg.1": ["odd"] * 5, **CAPTIONS}))
    with pytest.warns(UserWarning, match=r"captions of 1 name that no image file has.*x\.jpg\.1") as caught:
        dev = Flickr8k(root, "dev")
    assert len(caught) == 1 and caught[0].filename == __file__
    assert dev[0].captions == tuple(CAPTIONS["c.jpg"])


def test_listed_images_without_captions_are_left_out(make):
    root = make()
    write(root / "flickr8k" / "text" / "Flickr8k.token.txt", tokens(captions={"b.jpg": CAPTIONS["b.jpg"]}))
    with pytest.warns(UserWarning) as caught:
        train = Flickr8k(root, "train")
    assert train.ids == ("b.jpg",) and train.missing_captions == ("a.jpg",)
    assert sorted("without captions" in str(w.message) for w in caught) == [False, True]


@pytest.mark.parametrize(
    "line, message",
    [
        ("b.jpg#0", "line 3: expected name#number"),
        ("b.jpg\tno number", "line 3: expected name#number"),
        ("b.jpg#one\tcaption", "line 3: expected name#number"),
        ("b.jpg#0\t   ", "line 3: expected name#number"),
        ("a.jpg#0\tagain", "line 3: caption 0 of a.jpg stands here a second time"),
        ("b.jpg#1\tno zeroth", "line 3: the captions of b.jpg are not numbered from 0"),
    ],
)
def test_a_malformed_line_is_named_with_file_and_number(tmp_path, line, message):
    write(tmp_path / "t.txt", f"a.jpg#0\tfine\na.jpg#1\tfine\n{line}\n")
    with pytest.raises(ValueError, match=rf"t\.txt, {message}"):
        flickr.read_tokens(tmp_path / "t.txt")


@pytest.mark.parametrize(
    "text, message",
    [
        ("name,text\na.jpg,b\n", "line 1: expected the header"),
        ("", "line 1: expected the header"),
        ("image,caption\na.jpg,one,two\n", "line 2: expected an image and a caption"),
        ("image,caption\na.jpg,\n", "line 2: expected an image and a caption"),
        ('image,caption\na.jpg,"open\n', "line 2: "),
    ],
)
def test_a_malformed_table_is_named(tmp_path, text, message):
    write(tmp_path / "captions.txt", text)
    with pytest.raises(ValueError, match=rf"captions\.txt, {message}"):
        flickr.read_table(tmp_path / "captions.txt")


@pytest.mark.parametrize("text", ["{", "[]", '{"images": [{"filename": "a.jpg"}]}', '{"images": [{"split": "odd"}]}'])
def test_malformed_json_is_named(tmp_path, text):
    write(tmp_path / "d.json", text)
    with pytest.raises(ValueError, match=r"d\.json"):
        flickr.read_karpathy(tmp_path / "d.json")


def test_other_bytes_than_utf8_are_named(tmp_path):
    (tmp_path / "t.txt").write_bytes(b"a.jpg#0\tfine\na.jpg#1\t\xff\xfe\n")
    with pytest.raises(ValueError, match=r"t\.txt, line 2: not UTF-8"):
        flickr.read_tokens(tmp_path / "t.txt")


def test_a_name_twice_in_a_split_is_refused(tmp_path):
    write(tmp_path / "s.txt", "a.jpg\nb\na\n")
    with pytest.raises(ValueError, match=r"s\.txt, line 3: a\.jpg stands in line 1"):
        flickr.read_names(tmp_path / "s.txt")


def test_missing_files_are_named(make):
    root = make()
    home = root / "flickr8k"
    (home / "text" / "Flickr_8k.devImages.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"Flickr_8k\.devImages\.txt"):
        Flickr8k(root, "dev")
    with pytest.raises(FileNotFoundError, match="flickr8k_cn"):
        Flickr8k(root, "test", "zh")
    (home / "text" / "Flickr8k.token.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"Flickr8k\.token\.txt, dataset_flickr8k\.json, captions\.txt"):
        Flickr8k(root, "test")
    shutil.rmtree(home / "images")
    write(home / "text" / "Flickr8k.token.txt", tokens())
    with pytest.raises(FileNotFoundError, match="no folder of images"):
        Flickr8k(root, "test")


def test_wrong_words_are_refused_with_what_is_allowed(make):
    root = make()
    with pytest.raises(ValueError, match=r"Received: split='val'\. Allowed: train, dev, test"):
        Flickr8k(root, "val")
    with pytest.raises(ValueError, match=r"Received: language='de'\. Allowed: en, zh"):
        Flickr8k(root, "dev", "de")
    with pytest.raises(ValueError, match=r"Received: references='x'\. Allowed: translated, written"):
        Flickr8k(root, "test", "zh", references="x")


def test_chinese(make):
    root = make()
    chinese = root / "flickr8k_cn"
    written = {name: [f"{name} 写 的 {i}。" for i in range(5)] for name in EVERY}
    write(chinese / "flickr8kzhc.caption.txt", tokens("#zhc#", " ", written))
    translated = {"d.jpg": [f"翻译 {i}。" for i in range(5)]}
    write(chinese / "flickr8kzhmtest.captions.txt", tokens("#zhm#", " ", translated))
    for split, word in (("train", "train"), ("dev", "val"), ("test", "test")):
        write(chinese / f"flickr8k{word}.txt", "\n".join(name.removesuffix(".jpg") for name in NAMES[split]))
    dev = Flickr8k(root, "dev", language="zh")
    assert dev[0].captions == tuple(written["c.jpg"]) and dev[0].language == "zh"
    assert Flickr8k(root, "test", "zh")[0].captions == tuple(translated["d.jpg"])
    assert Flickr8k(root, "test", "zh", references="written")[0].captions == tuple(written["d.jpg"])
    with pytest.warns(UserWarning, match=r"1 image of train"):
        assert Flickr8k(root, "train", "zh").ids == ("b.jpg", "a.jpg")


def test_flickr30k(tmp_path, monkeypatch):
    home = tmp_path / "flickr30k"
    picture(home / "flickr30k-images" / "c.jpg")
    write(home / "results_20130124.token", tokens())
    write(home / "flickr30k_val.txt", "c\n")
    assert Flickr30k(tmp_path, "dev")[0].captions == tuple(CAPTIONS["c.jpg"])
    with pytest.raises(FileNotFoundError, match=r"flickr30k_test\.txt"):
        Flickr30k(tmp_path, "test")
    write(home / "dataset_flickr30k.json", karpathy())
    (home / "results_20130124.token").unlink()
    assert Flickr30k(home, "dev").ids == ("c.jpg",)
    with pytest.raises(FileNotFoundError, match=r"fill in the form at https://.*results_20130124\.token"):
        Flickr30k(tmp_path / "nowhere", "dev")


words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20).map(str.strip).filter(bool)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.from_regex(r"\A[0-9a-f_]{1,8}\Z"), st.lists(words, min_size=1, max_size=6), min_size=1))
def test_what_is_written_is_read_in_all_forms(tmp_path_factory, captions):
    folder = tmp_path_factory.mktemp("forms")
    captions = {f"{name}.jpg": tuple(texts) for name, texts in captions.items()}
    lines = [f"{name}#{i}\t{text}" for name, texts in captions.items() for i, text in enumerate(texts)]
    write(folder / "t.txt", "\n".join(lines))
    assert flickr.read_tokens(folder / "t.txt") == captions
    rows = [f'{n},"{text.replace(chr(34), 2 * chr(34))}"' for n, texts in captions.items() for text in texts]
    write(folder / "c.txt", "image,caption\n" + "\n".join(rows))
    assert flickr.read_table(folder / "c.txt") == captions


# The real files.


def test_real_english(data_dir):
    home = data_dir("flickr8k")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        train = Flickr8k(home.parent, "train")
    assert len(caught) == 2
    assert "1 name" in str(caught[0].message) and "2258277193_586949ec62.jpg.1" in str(caught[0].message)
    assert "4 images of train without a file" in str(caught[1].message)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dev, test = Flickr8k(home.parent, "dev"), Flickr8k(home.parent, "test")
    assert (len(train), len(dev), len(test)) == (5996, 1000, 1000)
    assert not set(train.ids) & set(dev.ids) and not set(train.ids) & set(test.ids) and not set(dev.ids) & set(test.ids)
    assert all(len(item.captions) == 5 for part in (train, dev, test) for item in part)
    # Read by hand from the official file.
    found = {item.id: item.captions for item in train}["1000268201_693b08cb0e.jpg"]
    assert found[0] == "A child in a pink dress is climbing up a set of stairs in an entry way ."
    assert found[3] == "A little girl climbing the stairs to her playhouse ."
    assert train[0].image.shape == (224, 224, 3)


def test_real_chinese(data_dir):
    home = data_dir("flickr8k_cn")
    data_dir("flickr8k")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = {split: Flickr8k(home.parent, split, "zh") for split in flickr.SPLITS}
    assert {split: len(part) for split, part in parts.items()} == {"train": 5996, "dev": 1000, "test": 1000}
    assert all(len(item.captions) == 5 for part in parts.values() for item in part)
    translated = {item.id: item.captions for item in parts["test"]}
    assert translated["1056338697_4f7d7ce270.jpg"][0] == "一个穿蓝色衬衫的金发女人似乎要搭车。"
    written = Flickr8k(home.parent, "test", "zh", references="written")
    assert written.ids == parts["test"].ids and written[0].captions != parts["test"][0].captions

    def length(part):
        return np.mean([len(caption) for item in part for caption in item.captions])

    assert length(written) < 10 < 17 < length(parts["test"])  # what the docstring says of brevity


# The download: against a server on this machine.


class Server(http.server.BaseHTTPRequestHandler):
    """Serves ``files``; understands ranges; cuts the first answer for a name in ``cut`` short."""

    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked.append((name, self.headers.get("Range")))
        data = self.server.files.get(name)
        if data is None:
            self.send_error(404)
            return
        start = 0
        asked = self.headers.get("Range")
        if asked and self.server.ranges:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(data):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        cut = self.server.cut.pop(name, None)
        self.wfile.write(data[start:cut])

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        running.files, running.asked, running.cut, running.ranges = {}, [], {}, True
        running.url = f"http://127.0.0.1:{running.server_port}/"
        thread = threading.Thread(target=functools.partial(running.serve_forever, 0.05), daemon=True)
        thread.start()
        yield running
        running.shutdown()


def archive(members, links=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in members.items():
            zipped.writestr(name, data)
        for name, target in links:
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            zipped.writestr(info, target)
    return out.getvalue()


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_goes_on_where_it_was_cut_off(server, tmp_path, ranges):
    data = bytes(np.random.default_rng(0).integers(0, 256, 50_000, "uint8"))
    server.files["f.bin"], server.cut["f.bin"], server.ranges = data, 20_000, ranges
    file = tmp_path / "new" / "f.bin"
    with pytest.raises(OSError, match=r"f\.bin"):
        download.fetch(server.url + "f.bin", file)
    assert not file.exists() and file.with_name("f.bin.part").stat().st_size == 20_000
    digest = download.fetch(server.url + "f.bin", file)
    assert file.read_bytes() == data and not file.with_name("f.bin.part").exists()
    assert server.asked == [("f.bin", None), ("f.bin", "bytes=20000-")]
    assert download.fetch(server.url + "f.bin", file, digest) == digest and len(server.asked) == 2


def test_a_part_that_is_whole_is_taken(server, tmp_path):
    server.files["f.bin"] = b"all of it"
    (tmp_path / "f.bin.part").write_bytes(b"all of it")
    download.fetch(server.url + "f.bin", tmp_path / "f.bin")
    assert (tmp_path / "f.bin").read_bytes() == b"all of it"


def test_a_download_that_is_not_what_was_expected_is_refused(server, tmp_path):
    server.files["f.bin"] = b"x" * 100
    with pytest.raises(ValueError, match=r"Received: SHA-256 .*Expected: 0000"):
        download.fetch(server.url + "f.bin", tmp_path / "f.bin", "0" * 64)
    with pytest.raises(ValueError, match="larger than allowed"):
        download.fetch(server.url + "f.bin", tmp_path / "f.bin", size_at_most=99)
    with pytest.raises(OSError, match="404"):
        download.fetch(server.url + "none.bin", tmp_path / "none.bin")
    assert not (tmp_path / "f.bin").exists() and not (tmp_path / "none.bin").exists()


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil.txt", "/evil.txt", "a\\..\\evil.txt", "C:/evil.txt", "C:evil.txt"]
)
def test_an_archive_cannot_write_out_of_its_folder(tmp_path, name):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zip").write_bytes(archive({"good.txt": "x", name: "x"}))
    with pytest.raises(ValueError, match="path out of its folder"):
        download.unpack(tmp_path / "in" / "a.zip", tmp_path / "in" / "out")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "in"]


def test_an_archive_with_a_link_or_too_much_is_refused(tmp_path):
    (tmp_path / "link.zip").write_bytes(archive({}, [("link", "/etc")]))
    with pytest.raises(ValueError, match="link or a special file"):
        download.unpack(tmp_path / "link.zip", tmp_path / "out")
    (tmp_path / "big.zip").write_bytes(archive({"a": b"0" * 600, "b": b"0" * 600}))
    with pytest.raises(ValueError, match="more than allowed: 1000"):
        download.unpack(tmp_path / "big.zip", tmp_path / "out", size_at_most=1000)
    with pytest.raises(ValueError, match="holds 2 members"):
        download.unpack(tmp_path / "big.zip", tmp_path / "out", members_at_most=1)
    (tmp_path / "bad.zip").write_bytes(b"no archive")
    with pytest.raises(ValueError, match="damaged"):
        download.unpack(tmp_path / "bad.zip", tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip", "big.zip", "link.zip"]


def test_flickr8k_is_fetched_and_read(server, tmp_path, make):
    made = make() / "flickr8k"
    images = {f"Flicker8k_Dataset/{p.name}": p.read_bytes() for p in (made / "images").iterdir()}
    texts = {path.name: path.read_bytes() for path in (made / "text").iterdir()}
    mac = {"__MACOSX/._x.txt": b"rubbish", "Flicker8k_Dataset/._a.jpg": b"\0\5\x16\7", "._Flickr8k.token.txt": b"\0"}
    server.files = {"Flickr8k_Dataset.zip": archive(images | mac), "Flickr8k_text.zip": archive(texts | mac)}
    root = tmp_path / "fetched"
    folder = download.flickr8k(root, server.url)
    assert Flickr8k(root, "dev")[0].image.shape == (6, 9, 3) and not list(folder.rglob("._*"))
    record = json.loads((folder / "downloaded.json").read_text())
    assert set(record) == set(server.files)
    for name, data in server.files.items():
        assert record[name]["bytes"] == len(data) and record[name]["compared"] is False
    assert sorted(p.name for p in folder.iterdir()) == ["Flickr8k_Dataset", "downloaded.json", "text"]
    download.flickr8k(root, server.url)
    assert len(server.asked) == 2, "what is there is not fetched again"


def test_the_command_says_where_flickr30k_is_to_be_had(capsys):
    assert download.main(["flickr30k"]) == 1
    assert "fill in the form" in capsys.readouterr().out
