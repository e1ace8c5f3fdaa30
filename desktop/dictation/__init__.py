"""One dictation from key press to history row."""
