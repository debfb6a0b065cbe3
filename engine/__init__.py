"""The science of Fall Line: runs without Qt, in a script, a test or behind the window."""

import os

# NumPy's matrix products in one thread, like TensorFlow's: a second one would fight with the training for its core, and
# spin while it waits. This has to be said before NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
