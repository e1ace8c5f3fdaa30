"""The log: a file on this machine that says what happened and how long it took, never what was said.

Three files of a megabyte at most, readable by this user alone. Our own modules speak from INFO on, libraries from
WARNING on, since theirs is where addresses and texts would slip in. Every line carries the milliseconds since the
start, which is what a report about slowness is read by.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from types import TracebackType

from desktop.paths import Paths, private
from desktop.problems import Problem

OURS = ("desktop", "models")
FORMAT = "%(asctime)s +%(relativeCreated)d ms %(levelname)s %(threadName)s %(name)s: %(message)s"
MOST_BYTES = 1_000_000
OLD_FILES = 2


class _PrivateFile(RotatingFileHandler):
    """Opens each of its files 0600 from the start."""

    def _open(self) -> TextIOWrapper:
        fd = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(fd, "a", encoding="utf-8")


def setup(paths: Paths) -> None:
    """Log to `intone.log` in the logs' folder from now on, uncaught exceptions of any thread too. Call once, early.

    Raises `Problem` when the file cannot be opened.
    """
    path = paths.logs / "intone.log"
    try:
        private(paths.logs)
        file = _PrivateFile(path, maxBytes=MOST_BYTES, backupCount=OLD_FILES, encoding="utf-8")
    except OSError as error:
        why = error.strerror or error
        raise Problem(f"The log {path} cannot be written ({why}).", "Check its folder and the disk.") from error
    logging.basicConfig(format=FORMAT, level=logging.WARNING, handlers=[file])
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger(__name__).critical("uncaught", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        logging.getLogger(__name__).critical("uncaught", exc_info=args.exc_value)
    threading.__excepthook__(args)
