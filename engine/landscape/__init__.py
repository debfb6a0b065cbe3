"""The landscape experiment: descents on a cost over one or two parameters."""
