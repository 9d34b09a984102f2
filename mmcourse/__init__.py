"""The companion package of the course: small, tested, pure Keras 3.

Importing ``mmcourse`` itself imports no Keras and no backend; the modules that need them do.
"""

import os

__version__ = "0.1.0"

# TensorFlow reads this when it is first imported, so it must be set before any module below imports Keras.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
