"""Tables and cards as HTML: text that can be selected, read aloud and, in Chinese, drawn by the reader's browser."""

import html

import numpy as np

from mmcourse.plots.look import has_cjk
from mmcourse.plots.pictures import caption_truth, pixels, verdict
from mmcourse.plots.web import Html, picture_uri


def table(rows, header, highlight=(), caption=None):
    """A small table -> Html. The first column is the row's name; numbers are right-aligned as they are written.

    ``rows``: sequences of str or numbers (a float is written with three digits); ``header``: names of the columns;
    ``highlight``: places of the rows to set in bold; ``caption``: what the table shows.

    Raises ValueError when a row has not as many cells as the header, and for one string or a dict where cells belong.
    """
    for name, cells in (("rows", rows), ("header", header), *((f"rows[{i}]", row) for i, row in enumerate(rows))):
        if isinstance(cells, (str, dict)):
            raise ValueError(f"Received: {name}={cells!r:.60}. Allowed: a sequence.")

    def text(value):
        return html.escape(f"{value:.3g}" if isinstance(value, (float, np.floating)) else str(value))

    def right(cells):  # aligned right: numbers, and what stands above or below them
        filled = [cell for cell in map(text, cells) if cell]
        return ' class="mm-number"' if filled and all(cell.lstrip("-−")[:1].isdigit() for cell in filled) else ""

    for i, row in enumerate(rows):
        if len(row) != len(header):
            raise ValueError(f"A cell for each of {list(header)}. Received: row {i} with {len(row)} cells.")

    def spoken(value):  # a screen reader must know when to read Chinese
        return ' lang="zh-Hans"' if has_cjk(str(value)) else ""

    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    kinds, lines = ["", *map(right, columns[1:])], []
    for i, row in enumerate(rows):
        mark = ' class="mm-best"' if i in highlight else ""
        first = f'<th scope="row"{spoken(row[0])}>{text(row[0])}</th>'
        rest = "".join(
            f"<td{kind}{spoken(cell)}>{text(cell)}</td>" for cell, kind in zip(row[1:], kinds[1:], strict=True)
        )
        lines.append(f"<tr{mark}>{first}{rest}</tr>")
    head = "".join(
        f'<th scope="col"{kind}>{html.escape(str(name))}</th>' for name, kind in zip(header, kinds, strict=True)
    )
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    label = html.escape(caption or "table")
    return Html(
        f'<div class="mm-table" role="group" tabindex="0" aria-label="{label}"><table>{title}'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def cards(pictures, captions, alts, language="en", marks=False, size=200):
    """Pictures with their captions as text, side by side -> Html. For captions that Matplotlib cannot draw (Chinese).

    ``captions``: for each picture a str or a sequence of str; ``alts``: for each what a reader who cannot see it needs;
    ``marks``: whether each caption is followed by its truth.

    Raises ValueError when the lengths differ or an alt text is empty.
    """
    if not len(pictures) == len(captions) == len(alts) or not all(alts):
        raise ValueError(
            f"Received: {len(pictures)} pictures, {len(captions)} captions, alts={alts}. Allowed: one of each."
        )
    out = []
    for picture, given, alt in zip(pictures, captions, alts, strict=True):
        lines = []
        for text in [given] if isinstance(given, str) else given:
            known = caption_truth(text, picture, language) if marks else None
            note = f" <small>{verdict(*known)[0]}</small>" if known else ""
            lines.append(f'<p lang="{"zh-Hans" if language == "zh" else language}">{html.escape(text)}{note}</p>')
        src = picture_uri(pixels(picture, size), optimize=True)
        image = f'<img src="{src}" alt="{html.escape(alt)}" width="{size}">'
        out.append(f"<figure>{image}<figcaption>{''.join(lines)}</figcaption></figure>")
    return Html(f'<div class="mm-cards">{"".join(out)}</div>')
