"""What is tried keeps nothing among a person's own files, and finds nothing of theirs: settings, kept runs, logs."""

from __future__ import annotations

import os
import tempfile

KINDS = ("CONFIG", "DATA", "STATE")  # of folders, by the XDG base directory specification


def use() -> tempfile.TemporaryDirectory:
    """Give this process, and those that it starts, folders of their own; they go with what is returned."""
    folder = tempfile.TemporaryDirectory(prefix="fall-line-")
    for kind in KINDS:
        os.environ[f"XDG_{kind}_HOME"] = os.path.join(folder.name, kind.lower())
    return folder
