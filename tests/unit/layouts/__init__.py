"""The keyboard's layout and its languages."""
