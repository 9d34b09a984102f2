"""Pictures of scenes and photographs: alone, in galleries with captions, cut into regions, with attention over them."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from mmcourse._machinery.checks import check_finite, check_numbers, check_whole
from mmcourse.plots.look import (
    COLOURS,
    COLUMN,
    INK,
    MUTED,
    RULE,
    SMALL,
    TEXT,
    axes,
    drawable,
    figure,
    readable,
    text_width,
    wrap,
)
from mmcourse.scenes.scene import Scene, Thing

SIZE = 320  # pixels of a side at which scenes are drawn for figures
FOG = np.array([126, 128, 132])
LINE = 1.42  # height of a line of text, in font sizes
# What a drawing shows where it is given no picture.
EXAMPLE = Scene((Thing("star", "red", "large", 650, 380, 168), Thing("square", "blue", "small", 300, 700, 100)))


def pixels(picture, size=SIZE):
    """What is drawn for ``picture`` -> uint8 (H, W, 3).

    ``picture`` is a ``Scene`` or an item that knows its scene (rendered anew at ``size`` pixels, sharper than what the
    model sees), an item with an image, or an array (H, W, 3): uint8, or float in 0 to 1 or 0 to 255.

    Raises TypeError for anything else.
    """
    scene = picture if isinstance(picture, Scene) else getattr(picture, "truth", None)
    if isinstance(scene, Scene):
        from mmcourse.scenes.image import render

        return render(scene, size)
    image = getattr(picture, "image", picture)
    if not hasattr(image, "shape") or len(image.shape) != 3 or image.shape[-1] != 3:
        raise TypeError(f"Not a picture. Received: {picture!r:.80}. Allowed: a Scene, an Item, an array (H, W, 3).")
    image = np.asarray(image)
    check_finite(picture=image)
    if image.dtype != np.uint8:
        image = np.clip(image * (255 if image.max() <= 1 else 1), 0, 255).round().astype("uint8")
    return image


def caption_truth(caption, picture, language):
    """(truth, things named, things there) of a caption of a scene, or None where the truth is not known."""
    scene = picture if isinstance(picture, Scene) else getattr(picture, "truth", None)
    if not isinstance(scene, Scene):
        return None
    from mmcourse.scenes.language import check

    result = check(caption, scene, language=language)
    return float(result.truth), round(float(result.coverage) * len(scene)), len(scene)


def verdict(truth, named, there):
    """What is said below a caption -> (words, colour). ``truth`` in 0 to 1; ``named`` of ``there`` things mentioned."""
    words = "✓ true" if truth >= 1 else "✗ false" if truth <= 0 else f"≈ {truth:.0%} true"
    colour = COLOURS["green"] if truth >= 1 else COLOURS["red"] if truth <= 0 else COLOURS["orange"]
    return f"{words} · names {named} of {there}", readable(colour)


def scene(picture, caption=None, width=3.3):
    """One picture, at ``width`` inches; ``caption`` (str or a sequence of str) stands below it -> Figure."""
    captions = [] if caption is None else [caption] if isinstance(caption, str) else list(caption)
    return scenes([picture], [captions] if captions else None, columns=1, width=width, marks=False)


def scenes(pictures, captions=None, columns=3, titles=None, marks=True, language="en", width=COLUMN, references=None):
    """A gallery: pictures with captions below them, wrapped -> Figure.

    - ``pictures``: scenes, items or arrays (see ``pixels``);
    - ``captions``: for each picture a str or a sequence of str; with ``marks`` and a known truth each caption is
      followed by whether it is true and how many of the things it names;
    - ``titles``: for each picture a few words above it; ``references``: for each a str shown last, greyed.

    Raises ValueError when the lengths differ.
    """
    pictures = list(pictures)
    if not pictures:
        raise ValueError("Received: 0 pictures. Allowed: one or more.")
    for name, given in (("captions", captions), ("titles", titles), ("references", references)):
        if isinstance(given, (str, dict)):
            raise ValueError(f"Received: {name}={given!r:.60}. Allowed: a sequence, one for each picture.")
        if given is not None and len(given) != len(pictures):
            raise ValueError(f"One of {name} for each picture. Received: {len(given)} for {len(pictures)} pictures.")
    columns = max(1, min(columns, len(pictures)))
    gap, line = 0.22, TEXT * LINE / 72
    side = (width - gap * (columns - 1)) / columns
    cells = []  # for each picture: lines below it, as (text, colour, size, space above)
    for i, picture in enumerate(pictures):
        below = []
        given = [] if captions is None else [captions[i]] if isinstance(captions[i], str) else list(captions[i])
        for k, caption in enumerate(given):
            for j, text in enumerate(wrap(drawable(caption), side)):
                below.append((text, INK, TEXT, 0.07 if k and not j else 0))
            if marks and (known := caption_truth(caption, picture, language)):
                words, colour = verdict(*known)
                below += [(text, colour, SMALL, 0) for text in wrap(words, side, SMALL)]
        if references is not None:
            shown = wrap(drawable(f"people: {references[i]}"), side, SMALL)
            below += [(text, MUTED, SMALL, 0.07 * (not j)) for j, text in enumerate(shown)]
        cells.append(below)
    images = [pixels(picture) for picture in pictures]
    above = 0.27 if titles is not None else 0
    rows = [range(start, min(start + columns, len(pictures))) for start in range(0, len(pictures), columns)]
    tall = [max(side * images[i].shape[0] / images[i].shape[1] for i in row) for row in rows]
    text = [max(sum(line + cell[3] for cell in cells[i]) + 0.12 * bool(cells[i]) for i in row) for row in rows]
    height = sum(above + a + b for a, b in zip(tall, text, strict=True)) + gap * (len(rows) - 1)
    fig = figure(width, height, layout=None)
    top = height
    for row, picture_height, text_height in zip(rows, tall, text, strict=True):
        for column, i in enumerate(row):
            left = column * (side + gap)
            h = side * images[i].shape[0] / images[i].shape[1]
            ax = axes(fig, left / width, (top - above - h) / height, side / width, h / height)
            show(ax, images[i])
            if titles is not None:
                fig.text(left / width, (top - 0.04) / height, titles[i], va="top", weight="bold", size=TEXT)
            y = top - above - h - 0.12
            for words, colour, size, space in cells[i]:
                y -= space
                fig.text(left / width, y / height, words, va="top", color=colour, size=size)
                y -= line
        top -= above + picture_height + text_height + gap
    return fig


def show(ax, image):
    """Draw ``image`` (H, W, 3) on ``ax`` in coordinates of 0 to 1 from its upper left corner, with rounded corners.

    The axes end with the picture, whatever else is drawn on them.
    """
    drawn = ax.imshow(image, extent=(0, 1, 1, 0), aspect="auto")
    ratio = image.shape[0] / image.shape[1]
    clip = FancyBboxPatch(
        (0, 0),
        1,
        1,
        boxstyle="round,pad=0,rounding_size=0.035",
        mutation_aspect=1 / ratio,
        transform=ax.transData,
        facecolor="none",
        edgecolor=RULE,
        linewidth=0.8,
        clip_on=False,
    )
    ax.add_patch(clip)
    drawn.set_clip_path(clip)
    ax.set(xlim=(0, 1), ylim=(1, 0))


def place_picture(fig, x, y, side, image):
    """Draw ``image`` (H, W, 3) on a figure as a square, its lower left corner ``x``, ``y`` inches from the figure's."""
    width, height = fig.get_size_inches()
    show(axes(fig, x / width, y / height, side / width, side / height), image)


def regions(picture, rows=8, columns=8, marked=(), width=3.3):
    """A picture and the grid of regions that a model sees; ``marked`` regions (row, column) are framed -> Figure."""
    check_whole(rows=rows, columns=columns)
    for place in marked:
        if np.shape(place) != (2,) or not (0 <= place[0] < rows and 0 <= place[1] < columns):
            raise ValueError(f"Received: the region {place!r}. Allowed: (row, column) of {rows} × {columns}.")
    image = pixels(picture)
    fig = figure(width, width * image.shape[0] / image.shape[1], layout=None)
    ax = axes(fig, 0, 0, 1, 1)
    show(ax, image)
    for k in range(1, columns):
        ax.plot([k / columns] * 2, [0, 1], color="white", lw=0.9, alpha=0.65)
    for k in range(1, rows):
        ax.plot([0, 1], [k / rows] * 2, color="white", lw=0.9, alpha=0.65)
    for row, column in marked:
        outline(ax, column / columns, row / rows, 1 / columns, 1 / rows)
    return fig


def outline(ax, x, y, w, h):
    """Draw a box, from its corner (x, y), that shows on light and on dark: ink on white."""
    for colour, lw in (("white", 3.6), (INK, 1.6)):
        ax.add_patch(Rectangle((x, y), w, h, fill=False, edgecolor=colour, linewidth=lw, joinstyle="round"))


def in_fog(image, weights):
    """A picture in a fog that lifts where attention's weight is large; where it is largest, the picture is clear ->
    uint8 (H, W, 3).

    ``image``: (H, W, 3); ``weights``: (rows, columns), not negative.
    """
    check_numbers(weights=(weights, "rows columns"))
    weights = np.asarray(weights, "float64")
    if weights.min() < 0:
        raise ValueError(f"Received: weights with {weights.min():g}. Allowed: 0 or more.")
    share = weights / max(weights.max(), 1e-12)
    h, w = image.shape[:2]
    # Bilinear between the regions' centres, as the features themselves overlap.
    y = np.clip((np.arange(h) + 0.5) / h * weights.shape[0] - 0.5, 0, weights.shape[0] - 1)
    x = np.clip((np.arange(w) + 0.5) / w * weights.shape[1] - 0.5, 0, weights.shape[1] - 1)
    y0, x0 = np.floor(y).astype(int), np.floor(x).astype(int)
    y1, x1 = np.minimum(y0 + 1, weights.shape[0] - 1), np.minimum(x0 + 1, weights.shape[1] - 1)
    fy, fx = (y - y0)[:, None], (x - x0)[None]
    lit = (1 - fy) * ((1 - fx) * share[y0][:, x0] + fx * share[y0][:, x1])
    lit += fy * ((1 - fx) * share[y1][:, x0] + fx * share[y1][:, x1])
    lit = np.sqrt(lit)[..., None]
    # Fog, not darkness: backgrounds are light or dark, and a middle grey hides things on both.
    fog = 0.22 * np.broadcast_to(image.mean(-1, keepdims=True), image.shape) + 0.78 * FOG
    return (lit * image + (1 - lit) * fog).round().astype("uint8")


GAP, ABOVE = 0.12, 0.27  # between panels; above each, for its name


def panel_grid(many, ratio, columns):
    """``many`` panels, ``ratio`` times as high as wide, in rows of ``columns``, with room for a name above each ->
    (Figure, its height, [(axes, left, top, side) of each]), in inches, left and top those of the room for the name."""
    rows = -(-many // columns)
    side = (COLUMN - GAP * (columns - 1)) / columns
    tall = side * ratio
    height = rows * (tall + ABOVE) + (rows - 1) * GAP
    fig, panels = figure(COLUMN, height, layout=None), []
    for k in range(many):
        row, column = divmod(k, columns)
        left, top = column * (side + GAP), height - row * (tall + ABOVE + GAP)
        ax = axes(fig, left / COLUMN, (top - ABOVE - tall) / height, side / COLUMN, tall / height)
        panels.append((ax, left, top, side))
    return fig, height, panels


def attention_over_words(picture, words, weights, columns=5, truth=None):
    """Where a caption's writer looks for each word: the picture, and a copy for each word, clear only there -> Figure.

    ``words``: L words. ``weights``: (L, rows, columns), not negative. ``truth``: for each word the share of its weight
    that lies on what the word speaks of (a fraction), or None; written beside the word where given.
    The first panel is the picture itself. After Xu et al. (2015), "Show, attend and tell".

    Raises ValueError when words and weights differ in number.
    """
    weights = np.asarray(weights, "float64")
    if len(words) != len(weights) or weights.ndim != 3:
        raise ValueError(
            f"One map (rows, columns) a word. Received: {len(words)} words, weights of shape {weights.shape}."
        )
    image = pixels(picture, 200)
    many = len(words) + 1
    fig, height, panels = panel_grid(many, image.shape[0] / image.shape[1], min(columns, many))
    for k, (ax, left, top, side) in enumerate(panels):
        word = "the picture" if k == 0 else drawable(words[k - 1])
        size = TEXT if text_width(word, TEXT, "bold") < side else SMALL
        fig.text(
            left / COLUMN,
            (top - 0.04) / height,
            word,
            va="top",
            size=size,
            weight="normal" if k == 0 else "bold",
            color=MUTED if k == 0 else INK,
        )
        if k and truth is not None and truth[k - 1] is not None:
            fig.text(
                (left + side) / COLUMN,
                (top - 0.055) / height,
                f"{truth[k - 1]:.0%}",
                va="top",
                ha="right",
                size=SMALL,
                color=MUTED,
            )
        show(ax, image if k == 0 else in_fog(image, weights[k - 1]))
    return fig
