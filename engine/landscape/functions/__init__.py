"""The cost functions to be descended: shipped and typed ones, their minima, and how they are sampled to be drawn."""
