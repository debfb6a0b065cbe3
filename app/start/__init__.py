"""From the process to the first window: what it needs, Qt, and what Qt says."""
