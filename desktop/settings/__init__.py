"""Settings: their schema, the file, and what is safe when the file is broken."""
