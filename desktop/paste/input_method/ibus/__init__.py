"""The input method by IBus: GNOME's, and that of other desktops where the user runs it."""
