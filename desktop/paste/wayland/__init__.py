"""Pasting in a Wayland session: the same transaction as on X11, by what the compositor lets a program do.

No desktop lets a program do all of it, so each step has its ways: the clipboard by the data-control protocol, or else
through XWayland; the chord by the first rung of a ladder; the window by the compositor's own tool, where it has one.
`ladder`, `strokes`, `windows.parse_*` and `wire` are pure; `paster` is the port.

A receipt names no reader here, but it comes with a pipe, and the kernel tells who holds the other end of it.
"""
