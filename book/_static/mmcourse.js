/* Small repairs of what the theme leaves to be desired for the keyboard and for screen readers; nothing else. */
(() => {
  "use strict";

  // Buttons whose only name is a tooltip, or none at all.
  const names = {
    ".sidebar-toggle.primary-toggle": "Show or hide the map of the course",
    ".sidebar-toggle.secondary-toggle": "Show or hide the headings of this page",
    ".theme-switch-button": "Switch between light, dark and system colours",
    ".btn-fullscreen-button": "Full screen",
    ".search-button__button": "Search",
  };

  function name() {
    // The theme's side columns hold links that belong to no landmark.
    const map = document.getElementById("pst-primary-sidebar");
    map?.setAttribute("role", "complementary");
    map?.setAttribute("aria-label", "The course");
    for (const [selector, label] of Object.entries(names))
      for (const button of document.querySelectorAll(selector)) button.setAttribute("aria-label", label);
    // Roles of the bibliography that browsers no longer know.
    for (const entry of document.querySelectorAll(".citation-list, .citation[role]")) entry.removeAttribute("role");
    // Folded code: the theme calls every one of them "Toggle hidden content", whatever its words are.
    for (const summary of document.querySelectorAll("details.hide > summary")) summary.removeAttribute("aria-label");
    for (const button of document.querySelectorAll("button.copybtn")) button.setAttribute("aria-label", "Copy the code");
    for (const link of document.querySelectorAll("a.headerlink")) {
      const heading = link.parentElement?.cloneNode(true);
      heading?.querySelectorAll("a.headerlink").forEach((a) => a.remove());
      link.setAttribute("aria-label", `Link to: ${heading?.textContent.trim().slice(0, 80)}`);
    }
  }

  // What scrolls sideways can be reached, and so scrolled, by keyboard; what does not, does not stop the Tab key.
  const boxes = ".bd-article div.math, .bd-article pre, .pst-scrollable-table-container, .mm-table, .cell_output figure";
  function scrollable() {
    for (const box of document.querySelectorAll(boxes)) {
      const wide = box.scrollWidth > box.clientWidth + 1;
      if (wide) {
        box.tabIndex = 0;
        // A group, not a region: a page with twenty landmarks called "code" has none.
        if (!box.matches("figure") && !box.hasAttribute("role")) box.setAttribute("role", "group");
        if (!box.hasAttribute("aria-label"))
          box.setAttribute("aria-label", box.matches("pre") ? "code" : box.matches(".math") ? "formula" : "table");
      } else if (box.hasAttribute("tabindex")) box.removeAttribute("tabindex");
    }
  }

  // A mark behind a sentence leads into a fold. Browsers of today open it themselves, older ones do not.
  function unfold() {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = place?.closest("details.mm-evidence");
    if (!fold || fold.open) return;
    fold.open = true;
    place.scrollIntoView();
  }

  function start() {
    name();
    unfold();
    addEventListener("hashchange", unfold);
    for (const mark of document.querySelectorAll("a.mm-claim")) mark.addEventListener("click", () => setTimeout(unfold));
    scrollable();
    addEventListener("resize", scrollable);
    document.addEventListener("toggle", scrollable, true);
    window.MathJax?.startup?.promise?.then(scrollable);
  }
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
})();
