"""The built site in Chromium, from ``file://`` and without a network, for the tests that open its pages.

The site is looked for in ``MMCOURSE_HTML`` (default: ``_build/html``), Chromium in ``MMCOURSE_CHROMIUM`` (default:
``/usr/bin/chromium``, else the one that Playwright installs).
"""

import contextlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SITE = Path(os.environ.get("MMCOURSE_HTML", ROOT / "_build" / "html")).resolve()
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.glob("book/*.html"))
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
LOCAL = ("file:", "data:", "blob:", "about:")


@contextlib.contextmanager
def tabs(browser):
    """``with tabs(browser) as opened``: ``opened(page, mode, size)`` -> (the page, what it asked for outside, what it
    said on the console)."""
    if not PAGES:
        raise AssertionError(f"The site is not built. Received: MMCOURSE_HTML={SITE}. Run `make book` first.")
    contexts = {}

    def opened(page, mode="light", size=WIDE):
        key = (mode, size["width"])
        if key not in contexts:
            contexts[key] = browser.new_context(viewport=size, color_scheme=mode, reduced_motion="reduce")
            contexts[key].set_default_timeout(60_000)
        tab, outside, said = contexts[key].new_page(), [], []

        tab.on("request", lambda r: None if r.url.startswith(LOCAL) else outside.append(r.url))
        tab.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("requestfailed", lambda r: said.append(f"failed: {r.url}") if r.url.startswith("file:") else None)
        tab.goto(f"{(SITE / page.partition('?')[0]).as_uri()}{page[len(page.partition('?')[0]) :]}")
        tab.evaluate("window.MathJax?.startup?.promise?.then(() => null)")
        return tab, outside, said

    yield opened
    for context in contexts.values():
        context.close()
