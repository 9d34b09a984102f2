"""Picture files of every kind: read as a viewer shows them, or refused by words that name the file."""

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from mmcourse._machinery import pictures
from mmcourse.image import read_image

COLOURS = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype="uint8")


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, colour, rows, extra=b""):
    """A PNG packed by hand; ``rows`` are its bytes without the filters'."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def tiff(width, height, data, **tags):
    """A TIFF of one strip packed by hand, little-endian. ``tags``: t258=16, ..."""
    known = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: len(data)}
    known |= {int(name[1:]): value for name, value in tags.items()}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(known.items()))
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(known)) + entries + bytes(4)


def test_there_is_one_reader():
    assert read_image is read_image is pictures.read_image


@pytest.mark.parametrize("form", ["PNG", "TIFF", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(10))
def test_photographs_stand_upright(tmp_path, form, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    lossless = {"lossless": True} if form == "WEBP" else {}
    Image.fromarray(COLOURS).save(tmp_path / "x", form, exif=exif, **lossless)
    with Image.open(tmp_path / "x") as picture:
        expected = np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    found = read_image(tmp_path / "x")
    assert found.shape == ((7, 5, 3) if 5 <= orientation <= 8 else (5, 7, 3)) and found.dtype == np.uint8
    np.testing.assert_array_equal(found, expected)
    if form != "JPEG" and orientation == 6:  # a quarter to the right, by NumPy's own rule
        np.testing.assert_array_equal(found, np.rot90(COLOURS, -1))
    found[0, 0] = 7  # it is the caller's own


def test_grey_of_16_bits_keeps_its_shades(tmp_path):
    values = np.array([[0, 1, 128, 129, 257, 300, 514], [32768, 40000, 65535, 65534, 65407, 65406, 256]], ">u2")
    expected = np.rint(values.astype("float64") / 257).astype("uint8")
    (tmp_path / "grey.png").write_bytes(png(7, 2, 16, 0, [row.tobytes() for row in values]))
    little = values.astype("<u2")
    (tmp_path / "grey.tif").write_bytes(tiff(7, 2, little.tobytes(), t258=16))
    (tmp_path / "grey.pgm").write_bytes(b"P5 7 2 65535\n" + values.tobytes())
    for name in ("grey.png", "grey.tif", "grey.pgm"):
        found = read_image(tmp_path / name)
        assert found.shape == (2, 7, 3)
        np.testing.assert_array_equal(found, np.repeat(expected[..., None], 3, axis=2), err_msg=name)
    (tmp_path / "inverse.tif").write_bytes(tiff(7, 2, little.tobytes(), t258=16, t262=0))
    np.testing.assert_array_equal(read_image(tmp_path / "inverse.tif")[..., 1], 255 - expected)
    see = png(7, 2, 16, 0, [row.tobytes() for row in values], chunk(b"tRNS", struct.pack(">H", 300)))
    (tmp_path / "clear.png").write_bytes(see)
    np.testing.assert_array_equal(read_image(tmp_path / "clear.png")[..., 2], np.where(values == 300, 255, expected))
    colours = np.random.default_rng(1).integers(0, 65536, (2, 3, 3)).astype(">u2")
    (tmp_path / "colour.png").write_bytes(png(3, 2, 16, 2, [row.tobytes() for row in colours]))
    assert np.abs(read_image(tmp_path / "colour.png") - colours / 257).max() < 1, "Pillow takes the upper byte"


def test_grey_of_12_bits(tmp_path):
    packed = bytes([0x00, 0x0F, 0xFF, 0x80, 0x00, 0x10])  # 0, 4095, 2048, 16
    (tmp_path / "x.tif").write_bytes(tiff(4, 1, packed, t258=12))
    np.testing.assert_array_equal(read_image(tmp_path / "x.tif")[0, :, 0], [0, 255, 128, 1])


def test_palette_grey_and_cmyk(tmp_path):
    for bits in (1, 8):
        grey = COLOURS[..., 0] if bits == 8 else (COLOURS[..., 0] > 99).astype("uint8") * 255
        Image.fromarray(grey).convert("1" if bits == 1 else "L", dither=Image.Dither.NONE).save(tmp_path / "grey.png")
        np.testing.assert_array_equal(read_image(tmp_path / "grey.png"), np.repeat(grey[..., None], 3, axis=2))
    palette = Image.fromarray(np.arange(6, dtype="uint8").reshape(2, 3), "L").convert("P")
    palette.putpalette(list(range(0, 180, 10)))
    palette.save(tmp_path / "palette.png")
    expected = np.arange(0, 180, 10).reshape(2, 3, 3)
    np.testing.assert_array_equal(read_image(tmp_path / "palette.png"), expected)
    palette.save(tmp_path / "palette.png", transparency=2)
    expected[0, 2] = 255
    np.testing.assert_array_equal(read_image(tmp_path / "palette.png"), expected)
    ink = np.random.default_rng(2).integers(0, 256, (4, 6, 4), dtype="uint8")
    Image.fromarray(ink, "CMYK").save(tmp_path / "ink.tif")
    shown = (255 - ink[..., :3].astype(float)) * (255 - ink[..., 3:].astype(float)) / 255
    assert np.abs(read_image(tmp_path / "ink.tif") - shown).max() <= 1
    flat = np.broadcast_to(np.array([0, 255, 255, 0], "uint8"), (16, 16, 4))  # red ink
    Image.fromarray(np.ascontiguousarray(flat), "CMYK").save(tmp_path / "ink.jpg", quality=95)
    assert np.abs(read_image(tmp_path / "ink.jpg").astype(int) - [255, 0, 0]).max() < 12


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_what_is_transparent_lies_on_white(tmp_path, mode, form):
    colour = COLOURS if mode == "RGBA" else COLOURS[..., :1]
    alpha = np.random.default_rng(3).integers(0, 256, (5, 7, 1), dtype="uint8")
    alpha[0], alpha[1] = 0, 255
    Image.fromarray(np.concatenate([colour, alpha], axis=2), mode).save(tmp_path / "x", form)
    exact = (colour * (alpha / 255) + 255 * (1 - alpha / 255)) * np.ones(3)
    found = read_image(tmp_path / "x")
    assert np.abs(found - exact).max() <= 0.5 + 1e-9
    assert (found[0] == 255).all() and (found[1] == colour[1]).all()


def test_a_clear_colour_and_the_first_of_several(tmp_path):
    Image.fromarray(COLOURS).save(tmp_path / "x.png", transparency=tuple(COLOURS[2, 3].tolist()))
    expected = np.where((COLOURS[2, 3] == COLOURS).all(-1)[..., None], 255, COLOURS)
    np.testing.assert_array_equal(read_image(tmp_path / "x.png"), expected)
    first, second = (Image.new("RGB", (3, 2), colour) for colour in ("red", "blue"))
    first.save(tmp_path / "x.gif", save_all=True, append_images=[second])
    assert (read_image(tmp_path / "x.gif") == [255, 0, 0]).all() and read_image(str(tmp_path / "x.gif")).shape[1] == 3


def test_huge_pictures_are_refused_by_our_words(tmp_path, monkeypatch):
    for width, height in ((9000, 9000), (10000, 9500), (30000, 30000), (2**31 - 1, 2**31 - 1)):
        (tmp_path / "huge.png").write_bytes(png(width, height, 8, 2, [b"\0"]))
        with warnings.catch_warnings(), pytest.raises(ValueError, match=r"huge\.png.*Allowed: 80,000,000 pixels"):
            warnings.simplefilter("ignore")  # Pillow's own, above its bound
            read_image(tmp_path / "huge.png")
    monkeypatch.setattr(pictures, "MAX_PIXELS", 35)
    Image.fromarray(COLOURS).save(tmp_path / "x.png")
    assert read_image(tmp_path / "x.png").shape == (5, 7, 3)
    monkeypatch.setattr(pictures, "MAX_PIXELS", 34)
    with pytest.raises(ValueError, match=r"too large: .*x\.png \(7 × 5\)"):
        read_image(tmp_path / "x.png")


FOREIGN = {
    "a WAV sound": b"RIFF\x24\0\0\0WAVEfmt ",
    "a HEIC picture": b"\0\0\0\x18ftypheic\0\0\0\0",
    "an MP4 film": b"\0\0\0\x18ftypisom\0\0\0\0",
    "a PDF document": b"%PDF-1.7\n",
    "a ZIP archive": b"PK\x03\x04" + bytes(30),
    "a web page": b"\n<!DOCTYPE html><html>404</html>",
    "an SVG drawing": b"<svg xmlns=''/>",
    "an XML text": b"<?xml version='1.0'?><svg/>",
    "Git LFS": b"version https://git-lfs.github.com/spec/v1\n",
    "a macOS file of attributes": b"\0\x05\x16\x07\0\x02\0\0Mac OS X",
    "a NumPy array": b"\x93NUMPY\x01\0",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_files_of_another_kind_are_called_by_their_name(tmp_path, what):
    (tmp_path / "x.jpg").write_bytes(FOREIGN[what])
    with pytest.raises(ValueError) as error:
        read_image(tmp_path / "x.jpg")
    assert f"{tmp_path / 'x.jpg'} is {what}" in str(error.value).replace("is a pointer of Git", "is Git")
    assert "damaged" not in str(error.value) and "Allowed: JPEG, PNG" in str(error.value)


def test_numbers_without_a_white_are_refused(tmp_path):
    for name, x in (("floats", np.ones((2, 3), "float32")), ("integers of 32 bits", np.ones((2, 3), "int32"))):
        Image.fromarray(x).save(tmp_path / "x.tif")
        with pytest.raises(ValueError, match=rf"x\.tif holds {name}.*Allowed: 8 or 16 bits"):
            read_image(tmp_path / "x.tif")


def test_colours_that_pillow_cannot_turn_are_named(tmp_path, monkeypatch):
    def convert(self, mode):
        raise ValueError("conversion from LAB to RGB not supported")  # as some versions of it say

    Image.new("LAB", (3, 2)).save(tmp_path / "lab.tif")
    monkeypatch.setattr(Image.Image, "convert", convert)
    with pytest.raises(ValueError, match=r"lab\.tif has colours of the mode 'LAB'. Allowed: .*not supported"):
        read_image(tmp_path / "lab.tif")


def test_what_is_no_file_is_named(tmp_path):
    for name, error in (("none.jpg", FileNotFoundError), (".", IsADirectoryError)):
        with pytest.raises(error) as caught:
            read_image(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)
    for wrong in (0, None, b"x.jpg", io.BytesIO(b""), COLOURS):
        with pytest.raises(TypeError, match=r"Received: path=.*Allowed: a file's name"):
            read_image(wrong)
    with pytest.raises(ValueError, match=r"Received: path='a\\x00b'"):
        read_image("a\0b")


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # Pillow's, of a TIFF that was cut off
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_cut_off_pictures_are_refused(tmp_path, form):
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(5).integers(0, 256, (40, 40, 3), dtype="uint8")).save(buffer, form)
    data = buffer.getvalue()
    for length in (0, 1, 4, 11, 30, len(data) // 3, len(data) // 2, len(data) * 3 // 4):
        (tmp_path / "cut").write_bytes(data[:length])
        with pytest.raises(ValueError, match=r"damaged: .*cut"):
            read_image(tmp_path / "cut")


def samples():
    """One small file of each form."""
    found = []
    exif = Image.Exif()
    exif[0x0112] = 6
    for form, options in (
        ("PNG", {"exif": exif}), ("JPEG", {"exif": exif}), ("GIF", {}), ("WEBP", {}), ("BMP", {}), ("TIFF", {}),
        ("PPM", {}),
    ):  # fmt: skip
        buffer = io.BytesIO()
        Image.fromarray(COLOURS).save(buffer, form, **options)
        found.append(buffer.getvalue())
    return [*found, tiff(7, 2, bytes(28), t258=16), png(2, 2, 16, 0, [bytes(4), bytes(4)])]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
@pytest.mark.filterwarnings("ignore")  # Pillow's, of damaged notes and of sizes
def test_spoilt_bytes_give_a_picture_or_an_error_with_the_name(tmp_path, record_property, data):
    record_property("spoilt files", 1)
    file = bytearray(data.draw(st.sampled_from(samples())))
    for _ in range(data.draw(st.integers(1, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    file = file[: data.draw(st.one_of(st.just(len(file)), st.integers(0, len(file))))]
    path = tmp_path / "spoilt.bin"
    path.write_bytes(file)
    try:
        found = read_image(path)
    except (ValueError, OSError) as error:
        assert str(path) in str(error) and "Traceback" not in str(error)
        return
    assert found.dtype == np.uint8 and found.ndim == 3 and found.shape[2] == 3 and found.size
