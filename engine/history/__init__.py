"""The history of a page's runs: what was done at which step, key states to go back to, branches, files."""
