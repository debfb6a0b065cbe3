"""The one lazy import of TensorFlow, with its flags, threads and priorities. Serves everything that computes."""
