"""Sound as pictures: waveforms, spectrograms, mel filters, confusion matrices, and the way from a wave to a class."""

import numpy as np

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BLUE,
    COLUMN,
    DARKER,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    SERIES,
    SMALL,
    TEXT,
    axes,
    figure,
)


def waveform(signals, rate, names=None, height=None):
    """Waveforms below each other, over time in seconds -> Figure.

    ``signals``: one array (n,) or (n, 1), or a sequence of them; ``rate``: samples a second; ``names``: of each.
    """
    rows = _rows(signals, names)
    fig = figure(COLUMN, height or 0.5 + 0.9 * len(rows))
    axs = np.atleast_1d(fig.subplots(len(rows), sharex=True))
    peak = max(np.abs(signal).max() for _, signal in rows) * 1.05 or 1.0
    for ax, (name, signal) in zip(axs, rows, strict=True):
        ax.plot(np.arange(len(signal)) / rate, signal, lw=0.6, color=SERIES[0])
        ax.set_ylim(-peak, peak)
        ax.set_yticks([0])
        ax.set_title(name, weight="normal", size=TEXT)
    axs[-1].set_xlabel("time (s)")
    axs[0].set_ylabel("amplitude")
    return fig


def spectrogram(decibels, rate, hop, names=None, mels=None, range_db=70, height=None):
    """Spectrograms beside each other, frequency over time, loudness as darkness -> Figure.

    - ``decibels``: (t, f), or a sequence of them (each with its own t, and its own f where ``mels`` is None), in
      decibels; darkest is each one's loudest place, and ``range_db`` below it is paper;
    - ``rate``: samples a second; ``hop``: samples between frames, or one for each spectrogram;
    - ``mels``: None for frequencies that lie evenly up to rate / 2; else the hertz of each channel's centre.
    """
    rows = _rows(decibels, names, axes=2)
    hops = [hop] * len(rows) if np.isscalar(hop) else list(hop)
    fig = figure(COLUMN, height or 2.6)
    axs = np.atleast_1d(fig.subplots(1, len(rows), sharey=True))
    image = None
    for ax, (name, values), step in zip(axs, rows, hops, strict=True):
        top = rate / 2000 if mels is None else values.shape[1]
        image = ax.imshow(
            values.T - values.max(), origin="lower", aspect="auto", cmap=DARKER, vmin=-range_db, vmax=0,
            extent=(-step / rate / 2, (len(values) - 0.5) * step / rate, 0, top),
            interpolation="nearest",
        )  # fmt: skip
        ax.grid(False)
        ax.set_title(name, weight="normal", size=TEXT)
        ax.set_xlabel("time (s)")
    if mels is None:
        axs[0].set_ylabel("frequency (kHz)")
    else:
        places = np.linspace(2, len(mels) - 3, 5).round().astype(int)
        axs[0].set_yticks(places + 0.5, [f"{mels[place]:.0f}" for place in places])
        axs[0].set_ylabel("mel channel, centre (Hz)")
    bar = fig.colorbar(image, ax=list(axs), pad=0.02, aspect=30, shrink=0.9)
    bar.set_label("decibels below the loudest", size=SMALL)
    bar.outline.set_visible(False)
    return fig


def mel_filters(filters, rate, height=2.4):
    """Triangular filters over frequency -> Figure. ``filters``: (n_fft // 2 + 1, n_mels), or {name: such an array}."""
    given = filters if isinstance(filters, dict) else {"": filters}
    fig = figure(COLUMN, height * len(given))
    axs = np.atleast_1d(fig.subplots(len(given), sharex=True))
    for ax, (name, bank) in zip(axs, given.items(), strict=True):
        at = np.linspace(0, rate / 2000, len(bank))
        for place, column in enumerate(bank.T):
            real = np.convolve(column > 0, np.ones(3), "same") > 0  # the triangle and its feet
            ax.plot(at[real], column[real], lw=1.3, color=SERIES[place % 2])
        ax.set_ylim(0, None)
        ax.set_title(name, weight="normal", size=TEXT)
        ax.set_ylabel("weight")
    axs[-1].set_xlabel("frequency (kHz)")
    return fig


def confusion(matrix, names, xlabel="heard as", ylabel="said", width=None):
    """A confusion matrix -> Figure. ``matrix``: counts (k, k), a row for what is true, a column for what was answered;
    shades are shares of a row. ``names``: of the k classes."""
    matrix = np.asarray(matrix)
    if matrix.shape != (len(names), len(names)):
        raise ValueError(f"A row and a column for each of {len(names)} names. Received: shape {matrix.shape}.")
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    size = width or min(COLUMN, 1.9 + 0.62 * len(names))
    fig = figure(size, size * 0.82)
    ax = fig.add_subplot()
    ax.imshow(shares, cmap=DARKER, vmin=0, vmax=1)
    for i in range(len(names)):
        for j in range(len(names)):
            if matrix[i, j]:
                colour = PAPER if shares[i, j] > 0.5 else INK
                ax.text(j, i, f"{matrix[i, j]:d}", ha="center", va="center", color=colour, size=TEXT)
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(False)
    return fig


def schematic_frames(signal, decibels):
    """From a wave to a class: a signal (n,), its frames, their mel power (t, m) in decibels, the recurrent network that
    reads them, and its answer -> Figure."""
    width, height = COLUMN, 2.7
    fig, ax = canvas(width, height)
    left, right, n = 0.15, 3.55, 9
    signal = np.asarray(signal).ravel()
    along = np.linspace(left, right, len(signal))
    ax.plot(along, 2.22 + 0.26 * signal / np.abs(signal).max(), color=SERIES[0], lw=0.5)
    size, pitch = 0.62, (right - left - 0.62) / (n - 1)
    for i in range(n):
        x, y = left + i * pitch, 1.74 + 0.09 * (i % 2)  # they overlap: every other one stands higher
        ax.plot([x, x, x + size, x + size], [y + 0.06, y, y, y + 0.06], color=MUTED, lw=1.0)
    columns = np.asarray(decibels)[np.linspace(0, len(decibels) - 1, n).round().astype(int)]
    inside = axes(fig, left / width, 0.62 / height, (right - left) / width, 0.82 / height)
    inside.imshow(columns.T - columns.max(), origin="lower", aspect="auto", cmap=DARKER, vmin=-60, vmax=0)
    ax.text(left, 2.54, "a wave", color=MUTED, size=SMALL)
    ax.text(left, 1.53, "frames → window → power → mel → decibels", color=MUTED, size=SMALL)
    ax.text(left, 0.40, "one column a frame", color=MUTED, size=SMALL)
    first, last, y = 4.35, 5.75, 1.03
    for i, x in enumerate(np.linspace(first, last, 4)):
        box(ax, x, y, "", w=0.30, h=0.46, colour=BLUE)
        if i:
            arrow(ax, (x - 0.32, y + 0.1), (x - 0.16, y + 0.1))
            arrow(ax, (x - 0.16, y - 0.1), (x - 0.32, y - 0.1))
        arrow(ax, (x, y + 0.25), (x, 1.74))
    arrow(ax, (right + 0.08, y), (first - 0.22, y))
    ax.text((first + last) / 2, 0.58, "reads both ways", color=MUTED, size=SMALL, ha="center")
    box(ax, (first + last) / 2, 1.96, "mean over real frames", w=1.85, h=0.4, colour=GREEN, size=SMALL)
    arrow(ax, ((first + last) / 2 + 0.95, 1.96), (6.30, 1.96))
    box(ax, 6.70, 1.96, "a tone", w=0.76, h=0.4, colour=ORANGE, size=SMALL)
    return fig


def _rows(values, names, axes=1):
    values = np.asarray(values, "float64") if isinstance(values, np.ndarray) else values
    if isinstance(values, np.ndarray) and (values.ndim == axes or (axes == 1 and values.shape[1] == 1)):
        values = [values]
    rows = [np.asarray(one, "float64") for one in values]
    rows = [one.reshape(-1) for one in rows] if axes == 1 else rows
    names = [""] * len(rows) if names is None else list(names)
    if len(names) != len(rows):
        raise ValueError(f"A name for each. Received: {len(names)} names for {len(rows)} arrays.")
    return list(zip(names, rows, strict=True))
