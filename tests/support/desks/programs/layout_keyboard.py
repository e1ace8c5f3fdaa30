"""A keyboard of four layouts that is plugged into a compositor of Wayland (virtual-keyboard-v1).

`layout_keyboard.py FIFO`: each line of FIFO is the number of the layout that its user switches to; the keyboard is
unplugged when the program ends.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop.paste.wayland.protocol import Compositor
from desktop.paste.wayland.virtual_keyboard import (
    CREATE_KEYBOARD,
    SEND_KEYMAP,
    SEND_MODIFIERS,
    VIRTUAL_KEYBOARD_MANAGER,
    XKB_V1,
)

KEYMAP = b"""xkb_keymap {
xkb_keycodes { include "evdev" };
xkb_types { include "complete" };
xkb_compat { include "complete" };
xkb_symbols { include "pc+us+cz:2+de:3+ru:4" };
};
\0"""


def main() -> None:
    """Plug the keyboard in and switch it as the lines say."""
    compositor = Compositor(os.environ)
    manager, seat = compositor.bind_global(VIRTUAL_KEYBOARD_MANAGER), compositor.bind_global("wl_seat")
    keyboard = compositor.new_object(lambda event: None)
    compositor.send_request(manager, CREATE_KEYBOARD, seat, keyboard)
    layout = os.memfd_create("layout")
    os.write(layout, KEYMAP)
    compositor.send_request(keyboard, SEND_KEYMAP, XKB_V1, len(KEYMAP), fds=[layout])
    with Path(sys.argv[1]).open() as lines:
        for line in lines:
            compositor.send_request(keyboard, SEND_MODIFIERS, 0, 0, 0, int(line))


if __name__ == "__main__":
    main()
