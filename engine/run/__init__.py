"""One run: its spec, its states, the Runner that carries it out, and what it records."""
