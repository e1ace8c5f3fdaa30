"""Intone: hold a key anywhere, speak, let go, and the text is in the window you were in.

Importing this package needs no display, no audio and no model: each is imported where it is used.

ONNX Runtime, used for voice detection, reports each session to its vendor and stores an identifier of the machine,
unless that is disabled before it is loaded, in every process. So it is disabled here, before anything is imported.
"""

import os

__version__ = "0.1.0"

APP_ID = "app.intone.Intone"
"""The application's identity: the name of its desktop files and launch agent, and its name at the desktop's portals."""

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
