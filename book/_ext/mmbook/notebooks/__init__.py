"""Student notebooks, made by a Sphinx builder from the pages and Sphinx's own numbers.

- `builder`: writes or compares `notebooks/*.ipynb`
- `lookup`: numbers, titles, citations and bound values, as the book has them
- `inline`: roles and links inside a paragraph
- `markdown`: directives and whole pages as Markdown and cells
- `setup`: what every notebook begins with, the badge and the set-up cell
- `claims`: removed cells made into checks that students see
- `cells`: how cells are tagged, stable ids
"""
