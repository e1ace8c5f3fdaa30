"""Windows: focus, keyboard and the message loop. Untested."""
