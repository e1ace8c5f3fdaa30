"""Windows: hotkeys by a low-level hook, pasting by delayed rendering of the clipboard. Untested.

Written from Microsoft's documentation; it has never run. What needs no call to Windows is elsewhere and tested on
Linux: `paste.delayed.transaction`, `hotkeys.keyboard_hook`, and `key_codes`, `contents` and `structures`. The rest is
`api` (the functions used, with their types), `loop` (the only way to wait), and their users: `clipboard`, `focus`,
`keyboard`, joined in `paste.delayed.windows`; and `hotkeys.windows`.

Left out, because only a real machine can show how they behave: password fields other than Windows' own edit control
(they need UI Automation), mouse clicks (so `paste.join` "auto" never joins), and notice of a locked session.
"""
