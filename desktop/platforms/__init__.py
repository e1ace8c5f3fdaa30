"""What each operating system is asked for: focus, sleep, permissions, autostart."""
