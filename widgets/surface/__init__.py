"""A terrain as contours and in 3-D, with descents on it: serves all three pages."""
