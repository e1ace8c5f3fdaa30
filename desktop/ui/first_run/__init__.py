"""The first run, once, while there is no settings file, and again where it is asked for: `around` opens it, `window`
is the frame, `page` what a page is made of, every other module one page or one thing that is drawn on it.

It may be left at every point: what was chosen until then has been set, and what was not has its default.
"""
