"""Paste on Wayland."""
