"""The regression page's views."""
