"""Picture files -> arrays. Pillow's defaults are not trusted: they leave photographs sideways, turn 65,536 shades of
grey into two, show what is transparent, and raise errors without the file's name."""

import numpy as np

from mmcourse._machinery.foreign import HEAD, kind, opened

MAX_PIXELS = 80_000_000  # 240 MB as an array; a little below where Pillow begins to warn
ALLOWED = "Allowed: JPEG, PNG, GIF, BMP, WebP, TIFF and what else Pillow reads"
WHITE = 255


def read_image(path):
    """A picture file -> uint8 ``(H, W, 3)``, red, green, blue, as a viewer shows it.

    - Turned as its EXIF orientation says (photographs of telephones).
    - Grey of 16 bits is scaled, white (65,535) to 255; of 12 bits likewise.
    - Palettes, grey and CMYK become red, green, blue; what is transparent lies on white.
    - Of several pictures in one file (animations) it is the first.

    Args: path: the file's name, a str or a Path.
    Raises ValueError, naming the file, for one that is empty, cut off, damaged or no picture (it is called by its name
    where that is known), for more than 80 million pixels, and for numbers without an agreed white (floats, integers of
    32 bits) or colours that Pillow cannot convert; OSError for a file that cannot be opened; TypeError for no name.
    """
    from PIL import Image, UnidentifiedImageError

    with opened(path) as file:
        head = file.read(HEAD)
        if not head:
            raise ValueError(f"The picture is damaged: {path} is empty, 0 bytes.")
        file.seek(0)
        try:
            with Image.open(file) as picture:
                _check_size(path, picture.size)
                picture.load()
                return np.ascontiguousarray(_turned(picture, _pixels(path, picture)))
        except _Refused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise ValueError(_too_large(path, error)) from error
        except UnidentifiedImageError as error:
            raise ValueError(_unknown(path, head)) from error
        except OSError as error:
            if error.errno is not None:  # the disk's words, not Pillow's about the bytes
                raise OSError(error.errno, error.strerror, str(path)) from error
            raise ValueError(f"The picture is damaged: {path} ({error}).") from error
        except Exception as error:  # Pillow's readers raise whatever damaged bytes lead them to
            raise ValueError(f"The picture is damaged: {path} ({type(error).__name__}: {error}).") from error


class _Refused(ValueError):
    """Our own words, not to be taken for an error of Pillow's."""


def _check_size(path, size):
    width, height = size
    if width < 1 or height < 1:
        raise _Refused(f"The picture is damaged: {path} has {width} × {height} pixels.")
    if width * height > MAX_PIXELS:
        raise _Refused(_too_large(path, f"{width} × {height}"))


def _too_large(path, size):
    return (
        f"The picture is too large: {path} ({size}). Allowed: {MAX_PIXELS:,} pixels. Make it smaller first; "
        "features are computed of a few hundred pixels a side."
    )


def _unknown(path, head):
    found = kind(head)
    if found is None:
        return f"No picture, or one that is damaged: {path} begins with {head[:12]!r}. {ALLOWED}."
    if "picture" in found and "HEIC" not in found and "AVIF" not in found:
        return f"The picture is damaged: {path} begins as {found}, and goes on as none."
    what = "Convert it to JPEG or PNG first." if "HEIC" in found or "AVIF" in found or "SVG" in found else ""
    return f"{path} is {found}, which is not read as a picture. {ALLOWED}. {what}".rstrip()


def _pixels(path, picture):
    """The pixels as they are stored, not yet turned, uint8 (H, W, 3)."""
    mode = picture.mode
    if mode.startswith("I;16"):
        return _grey(path, picture, _bits(picture))
    if mode == "I" and picture.format == "PPM":  # Pillow scales whatever its white is to 65,535
        return _grey(path, picture, 16)
    if mode in ("I", "F"):
        numbers = "floats" if mode == "F" else "integers of 32 bits"
        raise _Refused(
            f"{path} holds {numbers}, and which of them is white it does not say. Allowed: 8 or 16 bits a channel. "
            "Scale it to 0 ... 255 yourself, and save that."
        )
    alpha = picture.has_transparency_data
    try:
        converted = picture.convert("RGBA" if alpha else "RGB")
    except ValueError as error:
        raise _Refused(
            f"{path} has colours of the mode {mode!r}. Allowed: what Pillow turns into RGB. ({error})"
        ) from error
    x = np.array(converted)  # (H, W, 3 or 4)
    return _on_white(x[..., :3], x[..., 3:]) if alpha else x


def _bits(picture):
    """How many bits a grey of type I;16 has: TIFF knows pictures of 12."""
    tags = getattr(picture, "tag_v2", {})
    return int(tags.get(258, (16,))[0])


def _grey(path, picture, bits):
    white = 2**bits - 1
    x = np.asarray(picture).astype("uint32")
    if x.max() > white:
        raise _Refused(f"The picture is damaged: {path} holds {x.max()}, and its white is {white}.")
    shade = ((x * WHITE + white // 2) // white).astype("uint8")
    if getattr(picture, "tag_v2", {}).get(262) == 0:  # TIFF's "white is zero", which Pillow heeds up to 8 bits only
        shade = WHITE - shade
    shade = np.repeat(shade[..., None], 3, axis=-1)
    clear = picture.info.get("transparency")
    if isinstance(clear, int):
        shade[x == clear] = WHITE
    return shade


def _on_white(colour, alpha):
    colour, alpha = colour.astype("uint16"), alpha.astype("uint16")
    return ((colour * alpha + WHITE * (WHITE - alpha) + WHITE // 2) // WHITE).astype("uint8")


def _turned(picture, x):
    """The array turned as EXIF says; a number that is none of the eight turns nothing, as in all viewers."""
    try:
        orientation = picture.getexif().get(0x0112, 1)
    except Exception:  # damaged notes beside a whole picture
        return x
    turns = {
        2: lambda x: x[:, ::-1],
        3: lambda x: x[::-1, ::-1],
        4: lambda x: x[::-1],
        5: lambda x: x.transpose(1, 0, 2),
        6: lambda x: x.transpose(1, 0, 2)[:, ::-1],
        7: lambda x: x.transpose(1, 0, 2)[::-1, ::-1],
        8: lambda x: x.transpose(1, 0, 2)[::-1],
    }
    return turns.get(orientation, lambda x: x)(x)
