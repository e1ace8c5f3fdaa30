"""The log file: what happened and how long it took, never what was said.

At most three files of a megabyte, readable by this user alone. Our own modules log from INFO on, libraries from WARNING
on, since below that they log addresses and texts. Every line carries the milliseconds since the start, which show what
was slow.

Of an exception only the type and the traceback's places are written, not its text, nor the source lines: libraries like
to quote a value that they refuse, and it may be dictated text or a key. The operating system's error texts are safe and
are written. The same holds for an exception passed as an argument (`"...: %s", error`): a `UserError` is written as
`UserError.log_text`, others as their type. Code that passes a text (`str(error)`) must know that it quotes no user
data: what PortAudio, the compositor or the portal says. Standard error gets the same, since in a desktop session it
ends in a file as well.
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

from desktop.core.errors import UserError
from desktop.core.paths import Paths, make_private_dir

OUR_PACKAGES = ("desktop", "models")
FORMAT = "%(asctime)s +%(relativeCreated)d ms %(levelname)s %(threadName)s %(name)s: %(message)s"
MAX_BYTES = 1_000_000
OLD_FILES = 2


class _PrivateLogHandler(RotatingFileHandler):
    """A rotating handler that opens each of its files with mode 0600 from the start."""

    def _open(self) -> TextIOWrapper:
        fd = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(fd, "a", encoding="utf-8")


class _RedactingFormatter(logging.Formatter):
    """A formatter that writes where an error occurred and its type, without the texts of exceptions."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: a `UserError` among its arguments as its `log_text`, any other exception as its type."""
        line, args = copy(record), record.args
        line.msg = _redact(record.msg)
        if record.exc_info and (error := record.exc_info[1]) is not None:  # asyncio quotes it in its message as well
            line.msg = str(line.msg).replace(repr(error), _redact(error))
        if isinstance(args, Mapping):
            line.args = {name: _redact(value) for name, value in args.items()}
        elif args:
            line.args = tuple(map(_redact, args))
        return super().format(line)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Return the traceback, with those of its causes."""
        return format_redacted_traceback(ei[1])


def format_redacted_traceback(error: BaseException | None) -> str:
    """Return the traceback of `error`, its causes and the members of groups, without their texts."""
    seen: set[int] = set()
    return "\n".join(_traceback_lines(error, seen)) if error is not None else ""


def _traceback_lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _traceback_lines(cause, seen)
        yield "which led to"
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield f'  File "{frame.f_code.co_filename}", line {line}, in {frame.f_code.co_qualname}'
    yield _describe_exception(error)
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            if id(part) not in seen:
                yield "which has in it"
                yield from _traceback_lines(part, seen)


def _describe_exception(error: BaseException) -> str:
    reason = f": {os.strerror(error.errno)}" if isinstance(error, OSError) and error.errno else ""
    return f"{type(error).__module__}.{type(error).__qualname__}{reason}".removeprefix("builtins.")


def _redact(value: Any) -> Any:
    """Return what a log line may contain of a value."""
    if isinstance(value, UserError):
        return value.log_text
    return _describe_exception(value) if isinstance(value, BaseException) else value


def setup_logging(paths: Paths) -> None:
    """Log to `intone.log` from now on, also uncaught exceptions of any thread. Call once, early.

    Raises `UserError` when the file cannot be opened.
    """
    path = paths.logs / "intone.log"
    try:
        make_private_dir(paths.logs)
        file = _PrivateLogHandler(path, maxBytes=MAX_BYTES, backupCount=OLD_FILES, encoding="utf-8")
    except OSError as error:
        raise UserError("log-unwritable", path=str(path), reason=error.strerror or str(error)) from error
    _add_handler(file)
    for name in OUR_PACKAGES:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook = _log_uncaught
    sys.unraisablehook = _log_unraisable
    threading.excepthook = _log_uncaught_in_thread


def setup_stderr_logging() -> None:
    """Log warnings to standard error, for commands whose output others keep: assistants, services. Call once, early."""
    _add_handler(logging.StreamHandler())
    sys.excepthook = lambda kind, error, trace: _write_to_stderr(error)


def _add_handler(handler: logging.Handler) -> None:
    handler.setFormatter(_RedactingFormatter(FORMAT))
    handler.addFilter(_is_wanted)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.raiseExceptions = False  # on a full disk it would write a line's arguments to standard error as they are


def _is_wanted(record: logging.LogRecord) -> bool:
    """Return whether a line is ours, or of a library from WARNING on: some lower their level by a variable."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OUR_PACKAGES


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger(__name__).critical("uncaught", exc_info=(kind, error, trace))
        _write_to_stderr(error)


def _log_unraisable(args: sys.UnraisableHookArgs) -> None:
    """Log what cannot be caught: an exception of a finalizer, or of a callback from native code."""
    logging.getLogger(__name__).error("uncaught in a finalizer or a callback", exc_info=args.exc_value)
    if args.exc_value is not None:
        _write_to_stderr(args.exc_value)


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        logging.getLogger(__name__).critical("uncaught", exc_info=args.exc_value)
        _write_to_stderr(args.exc_value)


def _write_to_stderr(error: BaseException) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"{format_redacted_traceback(error)}\n")
