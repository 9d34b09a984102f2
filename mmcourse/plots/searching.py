"""A search to try: the reader types, and the nearest pictures stand below, with their cosines.

HTML with everything inside it, like the players: no network, no library. The text tower of kind "mean" runs in the
reader's browser, exactly: with a linear layer behind a mean, each word has one vector in the shared space, and a
sentence is their mean, plus the bias, brought to length one. Without scripts the first query's answers stand there.
"""

import base64
import html
import json

import numpy as np

from mmcourse.plots.pictures import pixels
from mmcourse.plots.web import Html, picture_uri
from mmcourse.text.vocabulary import END, SPECIAL, START, get_tokenizer

SIDE, ACROSS = 64, 20  # pixels of a picture in the sheet, and how many stand side by side
LETTERS = 120  # of a query


def search_box(tower, words, vectors, pictures, alts, query, examples=(), shown=8):
    """Search in pictures by typing -> Html.

    - ``tower``: a `mmcourse.retrieval.TextTower` of kind "mean", pooled by the mean; ``words``: its vocabulary, of the
      English tokeniser;
    - ``vectors``: (n, d), of the pictures; ``pictures``: n of them (see ``pictures.pixels``); ``alts``: for each what a
      reader who cannot see it needs;
    - ``query``: what is looked for first; ``examples``: more queries, as buttons; ``shown``: how many are found.

    A score is the cosine of the query and the picture. Words that the vocabulary lacks are left out, and named.
    Raises ValueError for another tower or tokeniser, and where there is not one vector and one alt text a picture.
    """
    if (tower.config["kind"], tower.pooling) != ("mean", "mean") or words.tokenizer != "en":
        raise ValueError(
            f"Received: a tower of kind {tower.config['kind']!r}, pooling {tower.pooling!r}, and words of the "
            f"tokeniser {words.tokenizer!r}. Allowed: 'mean', 'mean', 'en'."
        )
    vectors = np.asarray(vectors, "float64")
    if not len(vectors) == len(pictures) == len(alts) or not all(alt.strip() for alt in alts):
        raise ValueError(
            f"Received: {len(vectors)} vectors, {len(pictures)} pictures, {len(alts)} alts. Allowed: one for each, "
            "none of them empty."
        )
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    table, bias = word_vectors(tower)
    data = {
        "words": list(words.words), "special": len(SPECIAL), "ends": [START, END], "d": vectors.shape[1],
        "table": _half(table), "bias": _half(bias), "vectors": _half(vectors), "alts": list(alts), "shown": shown,
        "across": ACROSS, "down": -(-len(pictures) // ACROSS),
    }  # fmt: skip
    found, unknown = search(words, as_half(table), as_half(bias), as_half(vectors), query)
    best = np.argsort(-found, kind="stable")[:shown]
    items = "".join(_item(i, found[i], alts[i], data["down"]) for i in best)
    buttons = "".join(f'<button type="button">{html.escape(one)}</button>' for one in (query, *examples))
    said = html.escape(_said(found[best], [alts[i] for i in best], len(alts), unknown))
    return Html(
        f'<div class="mm-search" data-of="{html.escape(json.dumps(data))}" '
        f'style="--sheet:url({_sheet(pictures)})">'
        f'<div class="mm-search-ask" hidden><label><span>Look for</span><input type="search" maxlength="{LETTERS}" '
        f'autocomplete="off" spellcheck="false" value="{html.escape(query)}"></label>'
        f'<div class="mm-search-try" role="group" aria-label="Queries to try">{buttons}</div></div>'
        f'<p class="mm-search-says" aria-live="polite">{said}</p><ol>{items}</ol>'
        f"{_STYLE}<script>({_SCRIPT})();</script></div>"
    )


def word_vectors(tower):
    """The tower of kind "mean" as one vector a word, float64 (V, d), and a bias (d,): a sentence is their mean plus
    it."""
    table, kernel, bias = (
        np.asarray(w, "float64") for w in (tower.words.embeddings, tower.project.kernel, tower.project.bias)
    )
    return table @ kernel, bias


def search(words, table, bias, vectors, query):
    """What the browser computes: cosines (n,) of a query with unit vectors (n, d), and the words that it does not know.
    Where it knows none: cosines of 0."""
    known, unknown = [], []
    for word in get_tokenizer("en").split(query):
        (known if word in words else unknown).append(word)
    if not known:
        return np.zeros(len(vectors)), unknown
    ids = [START, *(words.id(word) for word in known), END]
    z = table[ids].mean(axis=0) + bias
    return vectors @ (z / np.linalg.norm(z)), unknown


def _half(x):
    """float16, little-endian, as base64."""
    return base64.b64encode(np.asarray(x, "<f2").tobytes()).decode()


def as_half(x):
    """Numbers as the browser gets them: rounded to float16 -> float64 of the same shape."""
    return np.asarray(x, "<f2").astype("float64")


def _sheet(pictures):
    """All pictures in rows, as the address of one WebP."""
    from PIL import Image

    rows = -(-len(pictures) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * SIDE, rows * SIDE))
    for i, picture in enumerate(pictures):
        small = Image.fromarray(np.ascontiguousarray(pixels(picture, SIDE))).convert("RGB")
        row, column = divmod(i, ACROSS)
        sheet.paste(small.resize((SIDE, SIDE), Image.Resampling.LANCZOS), (column * SIDE, row * SIDE))
    return picture_uri(np.asarray(sheet), "WEBP", quality=72, method=6)


def _item(i, cosine, alt, down):
    row, column = divmod(int(i), ACROSS)
    place = f"{100 * column / (ACROSS - 1):.4f}% {100 * row / max(1, down - 1):.4f}%"
    return (
        f'<li data-place="{i}" data-cosine="{cosine:.6f}"><div class="mm-search-it" role="img" '
        f'aria-label="{html.escape(alt)}" title="{html.escape(alt)}" style="background-position:{place};'
        f'background-size:{ACROSS}00% {down}00%"></div><div class="mm-search-bar"><i '
        f'style="width:{100 * max(0.0, cosine):.1f}%"></i></div><span>{cosine:.2f}</span></li>'
    )


def _said(cosines, alts, n, unknown):
    """What stands above the pictures; the script says the same."""
    parts = []
    if unknown:
        parts.append(f"Unknown, and left out: {', '.join(unknown)}.")
    if np.any(cosines):
        parts.append(f"The first {len(alts)} of {n} pictures; the nearest shows {alts[0]}.")
    else:
        parts.append("There is no word here that the tower has learned.")
    return " ".join(parts)


_STYLE = """<style>
.mm-search{font-family:var(--mm-sans,sans-serif);margin:1em 0}
.mm-search [hidden]{display:none}
.mm-search label{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center;margin:0}
.mm-search label span{font-weight:600}
.mm-search input{flex:1 1 14rem;min-width:0;box-sizing:border-box;font:inherit;font-size:1rem;padding:.45rem .7rem;
color:#20262e;background:#fefdfa;border:2px solid #5a626d;border-radius:8px}
.mm-search input:focus-visible{outline:3px solid #1462b2;outline-offset:2px}
.mm-search-try{display:flex;flex-wrap:wrap;gap:.4rem;margin:.5rem 0}
.mm-search button{font:inherit;font-size:.9rem;padding:.3rem .7rem;border:1px solid #5a626d;border-radius:1rem;
color:#20262e;background:#f3f1ea;cursor:pointer}
.mm-search button:focus-visible{outline:3px solid #1462b2;outline-offset:2px}
.mm-search .mm-search-says{margin:.3rem 0 .6rem;font-size:.92rem;min-height:3em;overflow-wrap:anywhere}
.mm-search ol{list-style:none;margin:0;padding:0;display:grid;gap:.9rem;
grid-template-columns:repeat(auto-fill,minmax(7rem,1fr))}
.mm-search li{margin:0;min-width:0;display:grid;grid-template-columns:1fr auto;gap:.25rem .5rem;align-items:center}
.mm-search .mm-search-it{grid-column:1/3;aspect-ratio:1;border-radius:8px;background-image:var(--sheet)}
.mm-search .mm-search-bar{height:.5rem;border-radius:4px;background:#d9d6cd;overflow:hidden}
.mm-search .mm-search-bar i{display:block;height:100%;background:#1462b2}
.mm-search li span{font-size:.85rem;font-variant-numeric:tabular-nums}
</style>"""

# Text goes in as text only (textContent, setAttribute), whatever is typed.
_SCRIPT = r"""function () {
  document.querySelectorAll(".mm-search:not([data-ready])").forEach(function (box) {
    var of = JSON.parse(box.dataset.of), d = of.d, input = box.querySelector("input");
    var says = box.querySelector(".mm-search-says"), list = box.querySelector("ol");
    function half(text) {  // float16, as the arrays are stored
      var bytes = Uint8Array.from(atob(text), function (c) { return c.charCodeAt(0); });
      var view = new DataView(bytes.buffer), out = new Float32Array(bytes.length / 2);
      for (var i = 0; i < out.length; i++) {
        var h = view.getUint16(2 * i, true), e = (h >> 10) & 31, m = h & 1023;
        out[i] = (h >> 15 ? -1 : 1) * (e ? Math.pow(2, e - 15) * (1 + m / 1024) : Math.pow(2, -14) * m / 1024);
      }
      return out;
    }
    var table = half(of.table), bias = half(of.bias), vectors = half(of.vectors);
    var ids = new Map(of.words.map(function (word, i) { return [word, i + of.special]; }));
    var letter = "(?:(?:[\\p{L}\\p{N}])[\\u0300-\\u036f]*)", number = "\\d+(?:[.,]\\d+)+";
    var pattern = new RegExp(
      "'s(?!" + letter + ")|" + number + "|" + letter + "+(?:(?!'s(?!" + letter + "))[-']" + letter + "+)*", "gu"
    );
    function split(text) {
      text = text.replace(/[’‘ʼ]/g, "'").replace(/[‐‑]/g, "-");
      return text.normalize("NFKC").toLowerCase().normalize("NFKC").match(pattern) || [];
    }
    function search(words) {
      var chosen = of.ends.concat(words.map(function (word) { return ids.get(word); }));
      var z = Array.from(bias), length = 0;
      chosen.forEach(function (id) {
        for (var c = 0; c < d; c++) z[c] += table[id * d + c] / chosen.length;
      });
      z.forEach(function (x) { length += x * x; });
      length = Math.sqrt(length);
      return of.alts.map(function (_, i) {
        var sum = 0;
        for (var c = 0; c < d; c++) sum += vectors[i * d + c] * z[c];
        return sum / length;
      });
    }
    function part(parent, tag, name) {
      var made = parent.appendChild(document.createElement(tag));
      if (name) made.className = name;
      return made;
    }
    function show(i, cosine) {
      var item = part(list, "li"), picture = part(item, "div", "mm-search-it");
      var row = Math.floor(i / of.across), column = i % of.across;
      item.dataset.place = i;
      item.dataset.cosine = cosine.toFixed(6);
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", of.alts[i]);
      picture.title = of.alts[i];
      picture.style.backgroundPosition = 100 * column / (of.across - 1) + "% " +
        100 * row / Math.max(1, of.down - 1) + "%";
      picture.style.backgroundSize = of.across + "00% " + of.down + "00%";
      part(part(item, "div", "mm-search-bar"), "i").style.width = 100 * Math.max(0, cosine) + "%";
      part(item, "span").textContent = cosine.toFixed(2);
    }
    function find() {
      var known = [], unknown = [], parts = [];
      split(input.value).forEach(function (word) { (ids.has(word) ? known : unknown).push(word); });
      list.textContent = "";
      if (unknown.length) parts.push("Unknown, and left out: " + unknown.join(", ") + ".");
      if (known.length) {
        var scores = search(known), order = scores.map(function (_, i) { return i; });
        order.sort(function (i, j) { return scores[j] - scores[i] || i - j; });
        order = order.slice(0, of.shown);
        order.forEach(function (i) { show(i, scores[i]); });
        parts.push("The first " + order.length + " of " + of.alts.length + " pictures; the nearest shows " +
          of.alts[order[0]] + ".");
      } else parts.push("There is no word here that the tower has learned.");
      says.textContent = parts.join(" ");
    }
    box.dataset.ready = "1";
    input.addEventListener("input", find);
    box.querySelectorAll("button").forEach(function (button) {
      button.addEventListener("click", function () { input.value = button.textContent; find(); });
    });
    box.querySelector(".mm-search-ask").hidden = false;
    find();
  });
}"""
