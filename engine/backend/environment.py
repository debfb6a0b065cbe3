"""What another project has set for TensorFlow and Keras on this machine, so that it changes nothing here.

A flag that XLA doesn't know ends the process, another backend has no TensorFlow, and a float64 in keras.json changes
every cost. Serves the one import of TensorFlow.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Any

_OURS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "KERAS_BACKEND": "tensorflow",
    # XLA takes vectors of 256 bits unless told otherwise; where the processor has wider ones, a step is faster.
    "XLA_FLAGS": "--xla_cpu_prefer_vector_width=512",
}
_MEANT_FOR_US = ("KERAS_", "TF_", "XLA_", "TENSORFLOW_")
# What says which devices there are and how much of their memory is taken, is the machine's and not a project's.
_OF_THE_MACHINE = ("TF_FORCE_GPU_ALLOW_GROWTH", "TF_GPU_ALLOCATOR", "TF_CUDA_PATHS")


def set_aside(environment: MutableMapping[str, str] = os.environ) -> tuple[str, ...]:
    """Put our own settings in the place of those that are there; returns the names of these."""
    found = [
        name
        for name, value in environment.items()
        if name.startswith(_MEANT_FOR_US) and name not in _OF_THE_MACHINE and value != _OURS.get(name)
    ]
    for name in found:
        del environment[name]
    environment.update(_OURS)
    return tuple(sorted(found))


def as_shipped(keras: Any) -> None:
    """Take what a keras.json in the home folder may have changed back to Keras's own defaults."""
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")
    keras.config.set_dtype_policy("float32")
