"""What every drawing must be, for the tests of drawings."""

import xml.etree.ElementTree as ET


def check_drawing(fig):
    """It becomes an SVG, and none of its words leaves it."""
    assert ET.fromstring(fig._repr_mimebundle_()["image/svg+xml"]).tag.endswith("svg")
    fig.canvas.draw()
    for text in [*fig.texts, *(t for ax in fig.axes for t in ax.texts)]:
        box = text.get_window_extent()
        assert box.x0 >= -1 and box.y0 >= -1, text
        assert box.x1 <= fig.bbox.x1 + 1 and box.y1 <= fig.bbox.y1 + 1, text
