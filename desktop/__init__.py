"""Intone: hold a key anywhere, speak, let go, and the text is in the window you were in.

Importing this package needs no display, no sound and no model: whatever does is imported where it is used.
"""

__version__ = "0.1.0"
