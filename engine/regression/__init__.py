"""The regression experiment: a function of one variable, found in points."""
