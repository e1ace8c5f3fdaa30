"""Paste by delayed clipboard rendering: Windows and macOS."""
