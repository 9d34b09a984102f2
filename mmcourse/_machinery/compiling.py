"""What may be compiled how."""

from mmcourse.backend import keras

# Whether Keras may hand a whole unrolled decoder to XLA. With TensorFlow on a processor, XLA takes minutes to compile
# it and then gains nothing over TensorFlow's own graph, which is ready in seconds; JAX has no other compiler.
USE_XLA = keras.backend.backend() != "tensorflow"
