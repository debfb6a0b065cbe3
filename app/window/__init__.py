"""The window: its menus, actions, and what it remembers."""
