"""The log: a file on this machine that says what happened and how long it took, never what was said.

Three files of a megabyte at most, readable by this user alone. Our own modules speak from INFO on, libraries from
WARNING on, since theirs is where addresses and texts would slip in. Every line carries the milliseconds since the
start, which is what a report about slowness is read by.

Of an exception the place and the kind are written, not its text, nor the line of the program: a library that refuses a
value likes to quote it, and the value may be what was said, or a key. What the operating system says is ours to tell.
So it is with an exception that a line is about and that is given as it is (`"...: %s", error`): of a `Problem` its
sentence is written without what a service said (`Problem.logged`), of others the kind. Who gives a text (`str(error)`)
knows that nobody's words are in it: what PortAudio, the compositor or the portal says.
Standard error is no exception to that, since in a desktop session it ends in a file as well.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from copy import copy
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from types import TracebackType
from typing import Any

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


class _Wordless(logging.Formatter):
    """Writes where something went wrong, and of what kind it was, in none of the words that it was about."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: of a `Problem` that it is about, what is our own; of any other exception the kind."""
        line, args = copy(record), record.args
        line.msg = _unsaid(record.msg)
        if isinstance(args, Mapping):
            line.args = {name: _unsaid(value) for name, value in args.items()}
        elif args:
            line.args = tuple(map(_unsaid, args))
        return super().format(line)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The traceback, with those that led to it."""
        return wordless(ei[1])


def wordless(error: BaseException | None) -> str:
    """The traceback of `error` and of what led to it or is in it, without their texts."""
    known: set[int] = set()
    return "\n".join(_told(error, known)) if error is not None else ""


def _told(error: BaseException, known: set[int]) -> Iterator[str]:
    known.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in known:
        yield from _told(before, known)
        yield "which led to"
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield f'  File "{frame.f_code.co_filename}", line {line}, in {frame.f_code.co_qualname}'
    yield _kind(error)
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            if id(part) not in known:
                yield "which has in it"
                yield from _told(part, known)


def _kind(error: BaseException) -> str:
    why = f": {os.strerror(error.errno)}" if isinstance(error, OSError) and error.errno else ""
    return f"{type(error).__module__}.{type(error).__qualname__}{why}".removeprefix("builtins.")


def _unsaid(told: Any) -> Any:
    """What of it a line may have."""
    if isinstance(told, Problem):
        return told.logged
    return _kind(told) if isinstance(told, BaseException) else told


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
    file.setFormatter(_Wordless(FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[file])
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger(__name__).critical("uncaught", exc_info=(kind, error, trace))
        _say(error)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        logging.getLogger(__name__).critical("uncaught", exc_info=args.exc_value)
        _say(args.exc_value)


def _say(error: BaseException) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"{wordless(error)}\n")
