"""The painting page's views."""
