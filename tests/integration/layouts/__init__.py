"""The keyboard's layout, as real servers and daemons tell it."""
