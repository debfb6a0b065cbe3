"""The runs of a sitting: their timeline under the picture, their list, and how each is told from the others."""
