"""macOS: focus, keyboard and permissions, written from documentation. Never run but for `key_codes`, which is pure."""
