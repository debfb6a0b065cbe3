"""The painting experiment: a network that goes from a pixel's place to its colour."""
