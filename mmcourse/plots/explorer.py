"""Attention to try: the reader mixes a query and turns the temperature, and sees the weights of a picture's regions.

HTML with everything inside it, like the players: no network, no library. Without scripts the first query's weights
stand in the picture. All of it works by keyboard: each control is a slider; the regions are one stop of the Tab key,
the arrows go from one to the next, Enter asks for the colours of that region. What the picture shows stands below it in
words.
"""

import html
import json

import numpy as np

from mmcourse.plots.look import COLOURS
from mmcourse.plots.pictures import pixels
from mmcourse.plots.web import Html, picture_uri, require_words

SIDE = 320  # pixels


def attention_explorer(picture, keys, query, temperature, alt, things=None):
    """Attention of a query, mixed by the reader, to the regions of a picture -> Html.

    weights = softmax(K q / (τ √d)), as ``scaled_dot_product_attention`` has it for the query q / τ.

    - ``picture``: see ``pictures.pixels``; ``alt``: what a reader who cannot see it needs;
    - ``keys``: (rows, columns, 6), the shares of the palette's colours in each region;
    - ``query``: {colour: 0 to 1}, what is asked first, the other colours being 0;
    - ``temperature``: τ at first, 0.003 to 1; it moves in steps of a tenth of a decade;
    - ``things``: {name: bool (rows, columns)}, the regions in which something is, to say how much weight it gets.

    Raises ValueError for an unknown colour, a temperature out of range, another shape of keys, or an empty ``alt``.
    """
    keys = np.asarray(keys, "float64")
    if keys.ndim != 3 or keys.shape[-1] != len(COLOURS):
        raise ValueError(f"Received: keys of shape {keys.shape}. Allowed: (rows, columns, {len(COLOURS)}).")
    if not set(query) <= set(COLOURS):
        raise ValueError(f"Received: query={query!r}. Allowed: the colours {', '.join(COLOURS)}.")
    if not 0.003 <= temperature <= 1:
        raise ValueError(f"Received: temperature={temperature!r}. Allowed: 0.003 to 1.")
    require_words(alt=alt)
    columns, d = keys.shape[1:]
    flat = keys.reshape(-1, d)
    q = np.array([float(query.get(name, 0)) for name in COLOURS])
    log = round(10 * np.log10(temperature)) / 10
    scores = flat @ q / 10**log / np.sqrt(d)
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    there = {name: np.asarray(mask, bool).reshape(-1).tolist() for name, mask in (things or {}).items()}
    data = {"keys": flat.round(6).tolist(), "columns": columns, "colours": list(COLOURS), "things": there}

    regions = "".join(_region(i, weight, weights.max(), columns) for i, weight in enumerate(weights))
    picture = picture_uri(pixels(picture, SIDE), optimize=True)
    sliders = "".join(_slider(name, value) for name, value in zip(COLOURS, q, strict=True))
    said = html.escape(_said(weights, columns, there))
    return Html(
        f'<div class="mm-ask" data-of="{html.escape(json.dumps(data))}"><div class="mm-ask-stage"><div role="img" '
        f'class="mm-ask-screen" aria-label="{html.escape(alt)}" style="background-image:url({picture})"></div>'
        f'<div class="mm-ask-grid" role="group" aria-label="The weight of each region, in percent. Press a region to '
        f'ask for its colours." style="grid-template-columns:repeat({columns},1fr)">{regions}</div></div>'
        f'<div class="mm-ask-controls" hidden><strong>Query</strong>{sliders}<strong>Temperature</strong>'
        f'<label><span>τ</span><input type="range" class="mm-ask-heat" aria-label="temperature" min="-2.5" max="0" '
        f'step="0.1" value="{log:.1f}"><output></output></label></div>'
        f'<p class="mm-ask-says" aria-live="polite">{said}</p>{_STYLE}<script>({_SCRIPT})();</script></div>'
    )


def _region(i, weight, most, columns):
    row, column = divmod(i, columns)
    name = f"row {row + 1}, column {column + 1}: {_percent(weight)} percent"
    return (
        f'<button type="button" aria-label="{name}" tabindex="{-1 if i else 0}" data-weight="{weight:.9g}" '
        f'style="--fog:{1 - np.sqrt(weight / most):.3f}"><span>{_percent(weight)}</span></button>'
    )


def _slider(colour, value):
    return (
        f'<label><span><i style="background:{COLOURS[colour]}"></i>{colour}</span><input type="range" min="0" max="1" '
        f'step="0.05" value="{value:g}" data-colour="{colour}" aria-label="{colour}"><output>{value:.2f}</output>'
        "</label>"
    )


def _percent(share):
    """As the script rounds: halves upwards."""
    return int(np.floor(100 * share + 0.5))


def _said(weights, columns, things):
    """What the picture shows, in words; the script says the same."""
    order = np.argsort(-weights, kind="stable")[:3]
    best = "; ".join(f"row {i // columns + 1}, column {i % columns + 1}: {_percent(weights[i])} %" for i in order)
    parts = [f"Most weight: {best}."]
    for name, mask in things.items():
        mass, chance = weights[mask].sum(), np.mean(mask)
        parts.append(f"On the {name}: {_percent(mass)} % (by chance {_percent(chance)} %).")
    return " ".join(parts)


_STYLE = """<style>
.mm-ask{display:flex;flex-wrap:wrap;gap:1rem 1.5rem;align-items:center;font-family:var(--mm-sans,sans-serif)}
.mm-ask .mm-ask-stage{position:relative;flex:0 1 20rem;width:20rem;max-width:100%;aspect-ratio:1}
.mm-ask .mm-ask-screen{position:absolute;inset:0;border-radius:8px;background-size:100% 100%}
.mm-ask .mm-ask-grid{position:absolute;inset:0;display:grid;border-radius:8px;overflow:hidden}
.mm-ask button{all:unset;box-sizing:border-box;position:relative;cursor:pointer;display:flex;align-items:flex-end;
justify-content:flex-end;padding:3px;border:1px solid rgba(255,255,255,.55)}
.mm-ask button::before{content:"";position:absolute;inset:0;background:rgb(126,128,132);opacity:calc(.82*var(--fog))}
.mm-ask button:focus-visible{outline:3px solid #20262e;outline-offset:-3px;box-shadow:inset 0 0 0 5px #fff}
.mm-ask button span{position:relative;background:#fefdfa;color:#20262e;font-size:.8rem;line-height:1.2;
padding:0 .3em;border-radius:4px;font-variant-numeric:tabular-nums}
.mm-ask .mm-ask-controls{flex:1 1 15rem;min-width:0}
.mm-ask .mm-ask-controls[hidden]{display:none}
.mm-ask .mm-ask-controls strong{display:block;font-size:.9rem;margin:.2rem 0}
.mm-ask label{display:grid;grid-template-columns:5.2rem 1fr 3rem;gap:.5rem;align-items:center;font-size:.9rem;margin:0}
.mm-ask label i{display:inline-block;width:.8em;height:.8em;border-radius:3px;margin-right:.4em}
.mm-ask input{width:100%;min-width:0;height:1.7rem;margin:0;accent-color:var(--mm-accent,#1462b2)}
.mm-ask output{font-variant-numeric:tabular-nums;text-align:right}
.mm-ask .mm-ask-says{flex:1 1 100%;margin:0;font-size:.92rem;min-height:3em}
</style>"""

# Every one that is not ready is readied: the script needs no names, and may run twice (in a notebook).
_SCRIPT = """function () {
  document.querySelectorAll(".mm-ask:not([data-ready])").forEach(function (box) {
    var of = JSON.parse(box.dataset.of), d = of.colours.length, columns = of.columns;
    var buttons = Array.from(box.querySelectorAll("button"));
    var sliders = Array.from(box.querySelectorAll("input[data-colour]"));
    var heat = box.querySelector(".mm-ask-heat"), says = box.querySelector(".mm-ask-says");
    function percent(x) { return Math.round(100 * x); }
    function name(i) { return "row " + (Math.floor(i / columns) + 1) + ", column " + (i % columns + 1); }
    function weights() {
      var query = sliders.map(Number_), tau = Math.pow(10, Number(heat.value));
      var scores = of.keys.map(function (key) {
        return key.reduce(function (sum, k, c) { return sum + k * query[c]; }, 0) / tau / Math.sqrt(d);
      });
      var top = Math.max.apply(null, scores);
      var e = scores.map(function (s) { return Math.exp(s - top); });
      var sum = e.reduce(function (a, b) { return a + b; }, 0);
      return e.map(function (x) { return x / sum; });
    }
    function Number_(input) { return Number(input.value); }
    function show() {
      var a = weights(), top = Math.max.apply(null, a);
      buttons.forEach(function (button, i) {
        button.dataset.weight = a[i].toPrecision(9);
        button.firstChild.textContent = percent(a[i]);
        button.style.setProperty("--fog", 1 - Math.sqrt(a[i] / top));
        button.setAttribute("aria-label", name(i) + ": " + percent(a[i]) + " percent");
      });
      sliders.forEach(function (input) { input.nextSibling.textContent = Number_(input).toFixed(2); });
      var tau = Math.pow(10, Number(heat.value)).toPrecision(2);
      heat.nextSibling.textContent = Number(tau);
      heat.setAttribute("aria-valuetext", String(Number(tau)));
      return a;
    }
    function say() {
      var a = show(), order = a.map(function (_, i) { return i; });
      order.sort(function (i, j) { return a[j] - a[i] || i - j; });
      var parts = ["Most weight: " + order.slice(0, 3).map(function (i) {
        return name(i) + ": " + percent(a[i]) + " %";
      }).join("; ") + "."];
      Object.keys(of.things).forEach(function (thing) {
        var mask = of.things[thing], mass = 0, count = 0;
        mask.forEach(function (there, i) { if (there) { mass += a[i]; count += 1; } });
        parts.push("On the " + thing + ": " + percent(mass) + " % (by chance " + percent(count / a.length) + " %).");
      });
      says.textContent = parts.join(" ");
    }
    function ask(i) {
      var key = of.keys[i], top = Math.max.apply(null, key);
      sliders.forEach(function (input, c) { input.value = top ? key[c] / top : 0; });
      say();
    }
    box.dataset.ready = "1";
    sliders.concat(heat).forEach(function (input) {
      input.addEventListener("input", show);
      input.addEventListener("change", say);
    });
    buttons.forEach(function (button, i) {
      button.addEventListener("click", function () { ask(i); });
      button.addEventListener("focus", function () {  // the stop of the Tab key is where one was last
        buttons.forEach(function (other, j) { other.tabIndex = i === j ? 0 : -1; });
      });
      button.addEventListener("keydown", function (event) {
        var step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns}[event.key];
        if (!step) return;
        event.preventDefault();
        if (i + step >= 0 && i + step < buttons.length) buttons[i + step].focus();
      });
    });
    box.querySelector(".mm-ask-controls").hidden = false;
    show();
  });
}"""
