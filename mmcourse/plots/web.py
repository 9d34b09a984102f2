"""What is shown as HTML: a string that a notebook shows as it is, files inside of it, and words that must be there."""

import base64
import io


class Html(str):
    """HTML that a notebook shows as it is."""

    def _repr_html_(self):
        return str(self)


def data_uri(data, kind):
    """A file (bytes) of a ``kind`` such as "audio/wav", as an address that holds all of it -> str."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def picture_uri(image, format="PNG", **options):
    """A picture, uint8 (h, w, 3), as an address that holds all of it -> str.

    ``format``: "PNG", "JPEG" or "WEBP", to which Pillow writes it with the ``options``.
    """
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format, **options)
    return data_uri(buffer.getvalue(), f"image/{format.lower()}")


def require_words(**texts):
    """Raise ValueError, naming the first of the ``texts`` that is no str, or an empty one."""
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"Who cannot hear or see it needs it in words. Received: {name}={text!r}. Allowed: text.")
