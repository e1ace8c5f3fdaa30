"""macOS: keys by an event tap, pasting by promises to the pasteboard. Untested.

Written from Apple's documentation and PyObjC's; it has never run. What is decided rather than asked of macOS is
elsewhere and tested on Linux: `desktop.paste.promising` (the transaction), `desktop.hotkey.tapping` (what a key
means), and here `codes`. The rest is thin: `main_thread` and `carbon` (what AppKit and the keyboard's layout want),
`programs`, `pasteboard` and `keyboard`, joined in `desk`; `keys`; and `permissions`, without which none of it works.

Left out, because only a machine could tell: what newer systems ask the person when a program copies the pasteboard,
windows that change within one application (the one that is in front at the release is meant), and keys while a
password is typed, which no tap is shown.
"""
