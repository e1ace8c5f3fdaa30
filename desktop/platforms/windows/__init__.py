"""Windows: focus, keyboard and the message loop. Run under Wine 10, not yet on Windows."""
