"""Intone: hold a key anywhere, speak, let go, and the text is in the window you were in.

Importing this package needs no display, no sound and no model: whatever does is imported where it is used.

ONNX Runtime, which listens for voices, tells its maker of each session and keeps an identifier of the machine, unless
it is told not to before it is loaded, in every process. So that stands here, before anything is imported.
"""

import os

__version__ = "0.1.0"

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
