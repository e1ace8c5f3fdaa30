"""macOS: hotkeys by an event tap, pasting by promises to the pasteboard. Untested.

Written from Apple's and PyObjC's documentation; it has never run. What needs no call to macOS is elsewhere and tested
on Linux: `paste.delayed.transaction`, `hotkeys.keyboard_hook`, and `codes`. The rest is thin: `main_thread` and
`carbon` (for AppKit and the keyboard layout), `focus`, `paste.delayed.macos_pasteboard` and `keyboard`, joined in
`paste.delayed.macos`; `hotkeys.macos`; and the permissions, without which none of it works.

Left out, because only a real machine can show how they behave: what newer systems ask the user when a program copies
the pasteboard, changes of windows within one application (the window in front at the release is the target), and keys
while a password is typed, which no tap receives.
"""
