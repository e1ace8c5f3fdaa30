"""Intone: hold a key anywhere, speak, let go, and the text is in the window you were in.

Importing this package needs no display, no sound and no model: whatever does is imported where it is used.

onnxruntime reports its use to its maker by itself, unless this is in the environment before it is imported, here and in
every child process. Nothing leaves the machine that nobody chose.
"""

import os

__version__ = "0.1.0"

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
