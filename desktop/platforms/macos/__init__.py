"""macOS: focus, keyboard and permissions. Untested."""
