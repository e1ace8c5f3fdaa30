"""Start and end the tray app: the engine on its own thread, the windows on this one.

Start: the lock (a second start shows the first one's history), the display, the tray (visible within a second), then,
while Qt already draws, the engine, which loads the model, and the windows; on the first run, without a settings file
or a copy of one, also the onboarding window. What only those need is imported on the engine's thread: it takes as long
as everything before it, and the tray must respond meanwhile. End: the engine is asked to stop, windows close, and the
engine ends its dictations, restores the clipboard and stops the model's process.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from desktop import APP_ID, __version__
from desktop.app import ipc
from desktop.core import log
from desktop.core.errors import UserError
from desktop.core.installation import find_program
from desktop.core.paths import Paths, find_paths
from desktop.core.permissions import restrict_all
from desktop.core.process import fix_mmap_threshold, report_error
from desktop.core.state import AppState
from desktop.encryption import keyring
from desktop.hotkeys.wayland import is_wayland_session
from desktop.paste.factory import may_undo
from desktop.platforms import autostart
from desktop.platforms.session import make_known
from desktop.settings.live import LiveSettings
from desktop.settings.schema import LookSettings, Settings
from desktop.ui.bridge import Bridge
from desktop.ui.controllers.app import AppController
from desktop.ui.controllers.controller import ControllerContext
from desktop.ui.i18n import install_language, translate_template
from desktop.ui.restarter import Restarter
from desktop.ui.style import tokens
from desktop.ui.text_input import insert_text
from desktop.ui.tray import TrayIcon

if TYPE_CHECKING:
    from desktop.app.engine import Engine
    from desktop.app.status import AssistantQuestion
    from desktop.ui.window_manager import WindowManager

logger = logging.getLogger(__name__)


class _QtFrontend:
    """`Frontend` by Qt windows: each call is forwarded to the main thread."""

    def __init__(
        self,
        bridge: Bridge,
        open_window: Callable[[str], None],
        open_quotation: Callable[[int, str, bool], None],
        open_question: Callable[[AssistantQuestion, Callable[[bool], None], Callable[[], None]], Callable[[], None]],
        refresh_windows: Callable[[], None],
        apply_look: Callable[[LookSettings], None],
        restart: Callable[[bool], None],
    ) -> None:
        self._bridge = bridge
        self._open_window = open_window
        self._open_quotation = open_quotation
        self._open_question = open_question
        self._refresh_windows = refresh_windows
        self._apply_look = apply_look
        self._restart = restart

    def show(self, state: AppState) -> None:
        self._bridge.show(state)

    def open_history(self) -> None:
        self._bridge.call(partial(self._open_window, "front"))

    def open_quotation(self, id: int, text: str, is_exact: bool) -> None:
        self._bridge.call(partial(self._open_quotation, id, text, is_exact))

    def on_settings_changed(self, settings: Settings) -> None:
        self._bridge.call(partial(self._apply_look, settings.look))

    def on_history_changed(self) -> None:
        self._bridge.call(self._refresh_windows)

    def quit(self) -> None:
        self._bridge.call(QApplication.quit)

    def restart(self, is_asked: bool) -> None:
        self._bridge.call(partial(self._restart, is_asked))

    async def ask(self, question: AssistantQuestion, on_shown: Callable[[], None]) -> bool:
        answer: Future[bool] = Future()
        close = await self._bridge.on_main(
            partial(self._open_question, question, partial(_answer_once, answer), on_shown)
        )
        try:
            return await asyncio.wrap_future(answer)
        finally:
            self._bridge.call(close)

    async def insert(self, text: str, window: int) -> bool:
        return await self._bridge.on_main(partial(insert_text, text, window))


def _answer_once(answer: Future[bool], is_allowed: bool) -> None:
    with suppress(InvalidStateError):  # answered, or not waited for
        answer.set_result(is_allowed)


def open_question(
    question: AssistantQuestion, on_answer: Callable[[bool], None], on_shown: Callable[[], None]
) -> Callable[[], None]:
    """Show what a program asks of the user; return what closes it. Call on the main thread."""
    from desktop.ui.question_window import QuestionWindow

    return QuestionWindow(question, on_answer, on_shown).present()


def main() -> int:
    """Run the tray app until it quits; return the exit status. Raises `UserError` when it cannot start."""
    keyring.LOADED_KEYS.limit_wait()
    fix_mmap_threshold()
    paths, restarter = find_paths(), Restarter(os.environ)
    log.setup_logging(paths)
    lock = ipc.acquire_lock_or_show(paths)
    if lock is None:
        print("Intone is already running; its history is open.", file=sys.stderr)
        return 0
    logger.info("version %s starts", __version__)
    with lock:
        for path in restrict_all(paths):
            logger.warning("other users may read %s: its mode cannot be changed", path)
        try:
            status = _run_app(paths, _find_qt_platform(), restarter)
        except UserError:  # at the end, since it is asked for only after the start
            if not restarter.is_wanted:
                raise
            status = 1
    if restarter.is_wanted:
        restarter.start_again(find_program())
    return status


class _Background:
    """What starts after the tray: the engine on its own thread, and the windows.

    Until then requests to the engine are dropped; requests to open a window wait for it.
    """

    def __init__(self, paths: Paths, live_settings: LiveSettings, bridge: Bridge, restarter: Restarter) -> None:
        self.paths = paths
        self._restarter = restarter
        self.live_settings = live_settings
        self.bridge = bridge
        self.engine: Engine | None = None
        self.windows: WindowManager | None = None
        self._pending_windows: list[str] = []

    async def run(self, app: AppController, first_run: bool) -> None:
        """Import and create the engine and the windows, and run until the engine is stopped."""
        from desktop.app.engine import Engine
        from desktop.ui.window_manager import WindowManager

        def make_windows() -> None:
            self.windows = WindowManager(
                self.paths,
                app,
                self.bridge,
                self.post,
                first_run=first_run,
                is_quiet=self._restarter.was_restarted,
            )
            for name in self._pending_windows:
                self.open_window(name)

        frontend = _QtFrontend(
            self.bridge,
            self.open_window,
            self.open_quotation,
            open_question,
            self.refresh_windows,
            self.apply_look,
            self.restart,
        )
        self.engine = Engine(self.paths, frontend, self.live_settings, translate_template)
        await self.bridge.on_main(make_windows)
        await self.engine.run()

    def post(self, work: Callable[[Engine], object]) -> None:
        """Schedule `work` on the engine's loop."""
        if self.engine is not None:
            self.engine.post(work, self.engine)

    def apply_look(self, look: LookSettings) -> None:
        """Apply the chosen appearance at once. Call on the main thread."""
        tokens.apply_look(look)
        if self.windows is not None:
            self.windows.pill.apply_look(look)

    def restart(self, is_asked: bool) -> None:
        """End the app to start what is installed now, where the engine is still idle; unless it `is_asked` for, only
        where no window is open. Call on the main thread."""
        pill = self.windows.pill if self.windows is not None else None
        windows = (window for window in QApplication.topLevelWidgets() if window is not pill)
        if is_asked or not any(window.isVisible() for window in windows):
            self.post(partial(self._restart_if_idle, is_asked))

    def _restart_if_idle(self, is_asked: bool, engine: Engine) -> None:
        """Call on the engine's loop, whose end quits Qt."""
        self._restarter.is_wanted = engine.stop_if_idle(is_asked) or self._restarter.is_wanted

    def open_window(self, window: str) -> None:
        """Bring up a window. Call on the main thread."""
        if self.windows is None:
            self._pending_windows.append(window)
            return
        self.windows.openers[window]()

    def open_quotation(self, id: int, text: str, is_exact: bool) -> None:
        """Bring up the history at a row, the words of `text` marked. Call on the main thread."""
        if self.windows is not None:
            self.windows.present_quotation(id, text, is_exact)

    def refresh_windows(self) -> None:
        """Show what the history now holds. Call on the main thread."""
        if self.windows is not None:
            self.windows.refresh()


def _find_qt_platform() -> str:
    """Return Qt's platform, empty where Qt has one only. Raises `UserError` where it would abort."""
    if sys.platform == "linux":
        from desktop.ui.qt_platform import find_qt_platform

        return find_qt_platform(os.environ)
    return ""


def try_start() -> None:
    """Load what the app starts with: the engine, the windows and Qt's platform. Nothing is shown, read or written.

    Raises `UserError` where it cannot start; Qt aborts the process where a library of its platform is missing.
    """
    for name in ("desktop.app.engine", "desktop.ui.window_manager"):
        import_module(name)
    _create_qt(_find_qt_platform())


def _create_qt(platform: str) -> QApplication:
    # By an argument, so that the environment stays as it is for programs that we open.
    return QApplication(["intone", *(("-platform", platform) if platform else ())])


def _run_app(paths: Paths, platform: str, restarter: Restarter) -> int:
    make_known(os.environ, autostart.app_command(), is_wayland=is_wayland_session(os.environ))
    live_settings = LiveSettings(paths)
    first_run = live_settings.is_first_start()
    chosen = live_settings.load().settings
    autostart.carry_over_autostart(is_wanted=chosen.startup.autostart == "on")
    look = chosen.look
    _apply_scale(look)
    qt = _create_qt(platform)
    qt.setApplicationName("Intone")
    qt.setDesktopFileName(APP_ID)
    qt.setQuitOnLastWindowClosed(False)
    install_language(qt, look.language)
    tokens.apply_look(look)
    tokens.apply_style(qt)
    bridge = Bridge()
    background = _Background(paths, live_settings, bridge, restarter)
    context = ControllerContext(paths, live_settings, background.post, bridge.call)
    app = AppController(context, background.open_window, bridge.settings_changed.emit)
    tray = TrayIcon(app, can_undo=may_undo(os.environ))
    bridge.settings_changed.connect(tray.refresh)
    bridge.state_changed.connect(tray.draw)
    wakeup = _quit_on_signals(qt)
    with start_blocking_portal("asyncio") as portal:
        try:
            running = portal.start_task_soon(background.run, app, first_run)
            running.add_done_callback(lambda done: bridge.call(qt.quit))
            qt.exec()
            if background.windows is None or background.engine is None:
                running.cancel()
            else:
                portal.call(background.engine.stop)
                background.windows.close()
            tray.close()
            running.result()
        except CancelledError:
            pass  # quit before the engine had started
        except UserError:
            raise
        except Exception:
            logger.exception("the engine failed")
            report_error("Intone had to stop: something went wrong in it. Its log says what.", sys.stderr)
            return 1
        finally:
            del wakeup
    return 0


def _apply_scale(look: LookSettings) -> None:
    """Apply the chosen scale. Qt reads it once, at its start; the environment takes precedence."""
    if look.scale != "system" and "QT_SCALE_FACTOR" not in os.environ:
        os.environ["QT_SCALE_FACTOR"] = str(int(look.scale) / 100)
        os.environ.setdefault("QT_FONT_DPI", "96")  # the desktop's own factor, which differs from the screen's


def _quit_on_signals(qt: QApplication) -> QSocketNotifier:
    """Quit at SIGTERM and SIGINT. Python's handlers run only in Python code, so a socket wakes Qt's loop."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: qt.quit())
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: ours.recv(64))
    notifier.destroyed.connect(lambda: (ours, theirs))
    return notifier
