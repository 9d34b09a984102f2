"""`{coverage-table} topics` and `{coverage-table} errata`: what the curriculum asks for, and the page that teaches it.

The tables are filled after all pages were read, from their front matter; what no page claims is shown as planned.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .frontmatter import curriculum


class Coverage(nodes.General, nodes.Element):
    """Stands where a table will be."""


class CoverageTable(SphinxDirective):
    required_arguments = 1

    def run(self):
        kind = self.arguments[0]
        if kind not in ("topics", "errata"):
            raise self.error(f"Received: {kind!r}. Allowed: topics, errata.")
        self.env.mm_pages.setdefault(self.env.docname, {"front": {}, "headings": {}})["coverage"] = True
        return [Coverage(kind=kind)]


def places(env) -> tuple[dict, dict]:
    """Topic → [(page, heading, anchor)] and erratum → [page], from every page that was read."""
    topics, errata = {}, {}
    for docname, page in sorted(env.mm_pages.items()):
        for topic, heading in (page["front"].get("covers") or {}).items():
            for one in [heading] if isinstance(heading, str) else heading:
                topics.setdefault(topic, []).append((docname, one, page["headings"].get(one, "")))
        for number in page["front"].get("errata") or []:
            errata.setdefault(number, []).append(docname)
    return topics, errata


def fill(app, doctree, docname) -> None:
    topics, errata = places(app.env)

    def link(target, text, anchor=""):
        uri = app.builder.get_relative_uri(docname, target) + (f"#{anchor}" if anchor else "")
        return nodes.reference("", text, refuri=uri, internal=True)

    def title(target):
        return app.env.titles[target].astext()

    for place in list(doctree.findall(Coverage)):
        if place["kind"] == "topics":
            head, rows = ("", "Topic", "Taught in"), []
            for topic, text in curriculum()["topics"].items():
                links = [link(d, f"{title(d)}: {h}", a) for d, h, a in topics.get(topic, [])]
                rows.append((topic, text, links))
        else:
            head, rows = ("", "Mistake", "Shown failing in"), []
            for number, text in curriculum()["errata"].items():
                rows.append((str(number), text, [link(d, title(d)) for d in errata.get(number, [])]))
        done = sum(bool(row[2]) for row in rows)
        what = {"topics": "topics are taught", "errata": "mistakes are shown failing"}[place["kind"]]
        summary = nodes.paragraph("", f"{done} of {len(rows)} {what} so far; the others are planned.")
        place.replace_self([summary, table(head, rows, place["kind"])])


def table(head, rows, kind) -> nodes.table:
    """A docutils table of (mark, text, links); no links reads "planned"."""
    made = nodes.table(classes=["coverage", f"coverage-{kind}"])
    group = nodes.tgroup(cols=3)
    group += [nodes.colspec(colwidth=width) for width in (6, 64, 30)]
    made += group

    def row(*cells):
        line = nodes.row()
        for cell in cells:
            paragraph = nodes.paragraph()
            for i, part in enumerate(cell):
                paragraph += [nodes.Text(", ")] if i else []
                paragraph += part
            line += nodes.entry("", paragraph)
        return line

    header = nodes.thead()
    header += row(*[[nodes.Text(text or "Number")] for text in head])
    body = nodes.tbody()
    for mark, text, links in rows:
        body += row([nodes.Text(mark)], [nodes.Text(text)], links or [nodes.emphasis("", "planned")])
    group += [header, body]
    return made


def rewrite(app, env) -> list[str]:
    """The pages with such a table are written again whenever any page was read."""
    return [docname for docname, page in env.mm_pages.items() if page.get("coverage")]


def setup(app):
    app.add_node(Coverage)
    app.add_directive("coverage-table", CoverageTable)
    app.connect("doctree-resolved", fill)
    app.connect("env-updated", rewrite)
