"""The landscape page's views."""
