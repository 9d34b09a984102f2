"""Import Keras without the lines that its backend writes while it starts.

TensorFlow prints some lines before its logger is set up, so ``TF_CPP_MIN_LOG_LEVEL`` alone does not hide them.
The file descriptor behind ``stderr`` is pointed elsewhere for as long as the import takes; an exception raised
meanwhile is not lost, since Python reports it after the descriptor is back.

Every module that needs Keras writes ``from mmcourse.backend import keras``.
"""

import contextlib
import logging
import os
import sys

from mmcourse._machinery.backends import choose
from mmcourse._machinery.jax_state import keep_values
from mmcourse._machinery.lazy import keras_is_here

choose(tell=lambda line: print(line, file=sys.stderr))


@contextlib.contextmanager
def quiet_stderr():
    """Discard what native code writes to file descriptor 2 inside the ``with`` block."""
    try:
        saved = os.dup(2)
    except OSError:  # no descriptor 2 (pythonw on Windows): nothing to hide
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)


with quiet_stderr():
    import keras

    keras.ops.add(0, 1)  # the first operation looks for devices, and logs what it finds: let it do so now

if keras.backend.backend() == "tensorflow":
    import tensorflow

    if tuple(map(int, tensorflow.__version__.split(".")[:2])) < (2, 20):
        # There this step of its graph optimizer fails on the gradient of a leaky ReLU, is left out, and says so in red.
        tensorflow.config.optimizer.set_experimental_options({"remapping": False})

if keras.backend.backend() == "jax":
    keep_values(keras.Model)

# A page compiles several small models, each once. TensorFlow takes the fifth for a function compiled again and again.
logging.getLogger("tensorflow").addFilter(lambda record: "triggered tf.function retracing" not in record.getMessage())

keras_is_here()
