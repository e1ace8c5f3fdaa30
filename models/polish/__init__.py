"""Polish: what is trained for its rules."""
