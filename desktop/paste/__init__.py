"""Text into the window: lend the clipboard, send the chord, watch the target read, give the clipboard back.

No delay can be right for every application; on X11 it need not be guessed, because whoever reads a selection is known.
`decision.py`, `chords.py` and `joining.py` are pure; `connection.py`, `clipboard.py` and `keys.py` are the three things
done to the X server; `lending.py` is the transaction that joins them and `x11.py` the port.
"""
