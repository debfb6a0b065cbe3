"""The one place where engine and widgets are connected: sessions, the engine's thread and its hosts."""
