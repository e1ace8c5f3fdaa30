"""Pasting in a Wayland session: the same transaction as on X11, by what the compositor lets a program do.

No desktop lets a program do all of it, so each step has alternatives: the clipboard by the data-control protocol, or
else through XWayland; the chord by the first available key backend; the window by the compositor's own tool, if it has
one. `paster` is the port; the parsers of `focus` and the wire format of `protocol` are pure.

A receipt names no reader here, but it comes with a pipe, and the kernel tells which process holds its other end.
"""
