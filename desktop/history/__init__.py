"""Keep dictations in SQLite: rows, search, retention, privacy and statistics."""
