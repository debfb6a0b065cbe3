"""A run as code: a TensorFlow script of the present settings, and a notebook of it."""
