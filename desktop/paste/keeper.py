"""Start the clipboard restorer for an app of version 0.1 that still runs while this one is installed."""

import sys

from desktop.paste.x11.clipboard_restorer import main

if __name__ == "__main__":
    main(*sys.argv[1:])
