"""Mute the user in other programs' calls for as long as a dictation lasts, and undo exactly that."""
