"""The way into windows by an input method: which may be taken, and the field at its end."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from desktop.core.types import Target
from desktop.paste.apps import PasteRule, is_electron, is_terminal
from desktop.paste.input_method.interface import InputContext, InputMethod
from desktop.paste.request import PasteOptions
from desktop.platforms.linux import x11_focus

logger = logging.getLogger(__name__)

FIELD_TIMEOUT_S = 2.5
"""Seconds for the field itself, of which an input method answers or gives up in 0.1, or 1 on a busy machine; a daemon
may hang."""


class CommitRoute:
    """The way by `method`. All but `open_field` may be called by any thread.

    `is_prompt` returns whether a program only asks for passwords.
    """

    def __init__(self, method: InputMethod, is_prompt: Callable[[str], bool]) -> None:
        self.method = method
        self._is_prompt = is_prompt
        self._takes_texts: dict[str | int, bool] = {}

    def is_open(self, options: PasteOptions) -> bool:
        """Return whether the input method is there and the user wants it."""
        return options.input_method != "off" and self.method.is_available

    def may_commit(self, target: Target, options: PasteOptions) -> bool:
        """Return whether the text for `target` may go in by the input method, if its field can be had."""
        if target.handle == 0 or target.pid == os.getpid() or not self.is_open(options):
            return False
        return not options.rules.asks_for_keys(target.app, x11_focus.read_process_name(target.pid))

    def may_prefetch(self, target: Target, options: PasteOptions) -> bool:
        """Return whether the clipboard may be needed for the text of `target`, as far as is known while it is
        spoken. If it is needed after all, it is copied right before the paste."""
        return not (self.may_commit(target, options) and self._takes_texts.get(target.app or target.pid, True))

    def note_field(self, target: Target, *, takes_texts: bool) -> None:
        """Note whether texts go into the fields of the program of `target` by the input method."""
        if program := target.app or target.pid:
            self._takes_texts[program] = takes_texts

    def is_password(self, target: Target) -> bool:
        """Return whether `target` is known as a password field or prompt, without its input method."""
        return target.is_password or self._is_prompt(target.app)

    def is_terminal(self, target: Target) -> bool:
        """Return whether `target` is a terminal by the table of applications."""
        return is_terminal(target.app, x11_focus.read_process_name(target.pid))

    def find_rule(self, target: Target, options: PasteOptions) -> PasteRule:
        """Return the rule for `target`."""
        return options.rules.find_rule(
            target.app, x11_focus.read_process_name(target.pid), electron=is_electron(target.pid)
        )

    @asynccontextmanager
    async def open_field(self, target: Target, *, traits_only: bool = False) -> AsyncIterator[InputContext | None]:
        """Have the focused field, in `target`, within the context; None if it cannot be had. With `traits_only` its
        text is not waited for. Raises no `OSError` itself."""
        stack = AsyncExitStack()
        context = None
        try:
            try:
                async with asyncio.timeout(FIELD_TIMEOUT_S):
                    acquired = self.method.acquire(target.app or target.pid, traits_only=traits_only)
                    context = await stack.enter_async_context(acquired)
            except OSError as error:
                logger.info("the field cannot be had: %s", type(error).__name__)
            if context is None:
                self.note_field(target, takes_texts=False)
            yield context
        finally:
            try:
                await stack.aclose()
            except OSError as error:
                logger.warning("the field was not given back: %s", type(error).__name__)
