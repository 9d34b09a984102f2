"""What takes too long for a page: each module runs the recorded experiments of one topic.

``python -m mmcourse.experiments NAME`` runs one and writes ``book/results/NAME.json``, from which the pages read.
"""
