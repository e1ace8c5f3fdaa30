"""What differs between operating systems: focus, keys, sleep and autostart."""
