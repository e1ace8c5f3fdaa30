"""The pill: the small window that shows a dictation."""
