"""Desks of real desktops, headless: GNOME Shell, with its portals, dialogs, sound and windows."""
