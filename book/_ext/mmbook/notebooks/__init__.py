"""Student notebooks, made by a Sphinx builder from the pages and Sphinx's own numbers.

- `builder`: writes or compares `notebooks/*.ipynb`
- `lookup`: numbers, titles, citations and bound values, as the book has them
- `inline`: roles and links inside a paragraph
- `markdown`: directives and whole pages as Markdown and cells
- `cells`: what every notebook begins with, how cells are tagged, stable ids
"""
