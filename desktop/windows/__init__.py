"""Windows: keys by a low-level hook, pasting by promises to the clipboard. Untested.

Written from Microsoft's documentation; it has never run. What is decided rather than asked of Windows is elsewhere and
tested on Linux: `desktop.paste.promising` (the transaction), `desktop.hotkey.tapping` (what a key means), and here
`codes`, `contents` and `structures`. The rest is `api` (the functions used, with their types), `loop` (the one way to
wait), and what uses them: `clipboard`, `programs`, `keyboard`, joined in `desk`; and `keys`.

Left out, because only a machine could tell: password fields other than Windows' own edit control (they need UI
Automation), clicks of the mouse (`paste.join` "auto" therefore never joins), and being told of a locked session.
"""
