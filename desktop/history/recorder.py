"""Record dictations: the row, the recording, and what a crash left of them; delete them when they expire.

The history, the folder of recordings and the spool meet only here, so that the safe order holds: the recording is
written, then the row that names it, and only then is the spool file dropped. Deleting goes the other way round, so that
a row never names a missing recording; a recording that no row names is left by a kill in between, and is deleted at the
next expiration; a spool file whose row exists is dropped by `app.recovery`.

Dictations that are not to be kept (private mode, excluded applications, password and private windows) are never
written: `unkept_row` holds the newest of them in memory, for pasting it again.

If the history cannot be written, because its keyring is locked or the disk is full, and the recording is not on disk
either, the entry is held in memory alone, and gets its row when the keyring is open, or with the first dictation that
can be recorded.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from anyio import from_thread, to_thread

from desktop.audio.spool import Spool
from desktop.audio.take import Head, Take
from desktop.core.errors import DamagedProblem, HistoryProblem, LockedProblem, Problem
from desktop.core.paths import Paths
from desktop.core.types import Felt, Outcome
from desktop.history import connection as connecting
from desktop.history import encryption as turning
from desktop.history.clearing import is_before, last_clearing
from desktop.history.deletion import RETRY_DAYS
from desktop.history.history import Changes, History
from desktop.history.pending import HeldEntries
from desktop.history.privacy import nothing_kept
from desktop.history.repair import NAMED, begin_anew
from desktop.history.retention import Clock
from desktop.history.row import Entry, Row
from desktop.history.schema import problems
from desktop.history.sensitive import is_sensitive
from desktop.history.sweeping import sweep
from desktop.paste.apps import is_one_of
from desktop.settings.schema import Keeping
from desktop.settings.untold import Untold

logger = logging.getLogger(__name__)

UNFINISHED = (Outcome.CANCELLED, Outcome.FAILED, Outcome.RECOVERED)
"""Outcomes whose recording is the only copy of the words: kept for a day even if recordings are not kept."""

RETRIED = (Outcome.CANCELLED, Outcome.FAILED)
"""Outcomes after which a dictation can be resumed."""

MOST_SPOOLED_BYTES = 2_000_000_000
"""Bytes that recordings which could never be transcribed may take together: 17 hours. The oldest are deleted."""

NOWHERE = 0
"""The id of a dictation without a row."""

HELD = "The history could not be written when this was said, so there is no recording."


def keeps(keeping: Keeping, app: str, window: str = "") -> bool:
    """Return whether the history keeps dictations into `app`, in the window of that title."""
    if keeping.private == "on" or is_one_of(app, keeping.exclude):
        return False
    return keeping.sensitive == "on" or not is_sensitive(app, window)


class Memory:
    """Records rows and recordings. `record`, `record_resumed` and `add_emotion` are for worker threads and raise
    `HistoryError`; the first two return the row's id."""

    def __init__(self, paths: Paths, history: History) -> None:
        key = partial(connecting.key_for_new, paths.history, waits=False)
        self.spool = Spool(paths.spool, key, lambda: clearing.id if (clearing := last_clearing(paths.history)) else "")
        self._paths = paths
        self._audio = paths.audio
        self._path = paths.history
        self._clock = Clock(paths.clock)
        self._history = history
        self._wanted: Callable[[], bool] = lambda: False
        self._said: set[str] = set()
        self._held = HeldEntries(paths.history)
        self.told: Callable[[Problem], None] = lambda problem: None
        self.unkept: Row | None = None
        self._again: tuple[datetime, Row] | None = None
        self._noticed = last_clearing(paths.history)

    def remember(self, entry: Entry, take: Take, keeping: Keeping) -> int:
        """Add the dictation, with its recording if one is to be kept. Return `NO_ROW` if it is not to be kept."""
        if not keeps(keeping, entry.app, entry.window):
            self.unkept = _rowless(entry)
            take.discard()
            return NOWHERE
        try:
            self._at_hand()  # otherwise this and all that wait for the row would wait for the keyring's prompt
            self._add_held()  # first, as rows are in the order of speaking
            id = self._add(self._with_sound(entry, take, keeping))
        except HistoryProblem as problem:
            if entry.delivery is Outcome.REFUSED and not (entry.text or entry.raw_text):
                return NOWHERE  # a password field
            if entry.text:
                self.unkept = _rowless(entry)
            if take.empty or (take.broken and entry.text):  # the next start finds nothing, or no more
                if not (entry.text or entry.raw_text):
                    raise nothing_kept(problem) from problem
                self._held.hold(replace(entry, note=f"{entry.note} {HELD}".strip(), audio_path=None))
            raise
        self.unkept = None
        take.discard()
        self._clock.glance(datetime.now(UTC).timestamp())
        return id

    def _at_hand(self) -> None:
        """Raise `LockedError` if the key of the history is not known yet, or `HistoryError`."""
        with problems(self._path):
            connecting.at_hand(self._path)

    def _add(self, entry: Entry) -> int:
        try:
            return self._history.add(entry).id
        except DamagedProblem:
            self.mend(entry.audio_path)
            return self._history.add(entry).id

    def _add_held(self) -> None:
        """Write the rows of the pending entries. Raises `HistoryError` if that is still not possible."""
        self._held.write(self._add, self._written)

    def _written(self, held: Entry) -> None:
        if self.unkept is not None and self.unkept.started_at == held.started_at:
            self.unkept = None

    def is_cleared(self, head: Head) -> bool:
        """Return whether a spool file of an earlier run began before everything was cleared. Blocks."""
        return is_before(head.started_at, head.cleared, last_clearing(self._path))

    def drop_cleared(self) -> bool:
        """Drop what was said before everything was cleared and is not in the history: spool files, pending entries, and
        the text for pasting again. Return whether there was a clearing since the last call. Blocks. Never raises."""
        self._held.drop_cleared()
        noticed, self._noticed = self._noticed, last_clearing(self._path)
        if noticed != self._noticed:
            if self.unkept is not None and is_before(self.unkept.started_at, "", self._noticed):
                self.unkept = None
            if self._again is not None and is_before(self._again[0], "", self._noticed):
                self._again = None
        try:
            self.spool.remove(self.is_cleared)
        except OSError as error:
            logger.warning("a recording from before everything was cleared could not be removed: %s", error.strerror)
        return noticed != self._noticed

    def remember_left(self, entry: Entry, take: Take, keeping: Keeping) -> bool:
        """Record the spool file of an earlier run, as `record`. False if nothing is kept of its application, or
        everything was cleared meanwhile: a clearing is stored first and rows are deleted after that, so it is checked
        again once the row exists."""
        id = NOWHERE if self.is_cleared(take.head) else self.remember(entry, take, keeping)
        if not self.is_cleared(take.head):
            return id != NOWHERE
        take.discard()
        if id != NOWHERE:
            self._history.delete(id)
        return False

    def _with_sound(self, entry: Entry, take: Take, keeping: Keeping) -> Entry:
        """Return the entry with its recording, if one is to be kept. A recording that cannot be written costs no row
        that has the words."""
        if not (keeping.keep_audio_days or entry.delivery in UNFINISHED) or take.empty:
            return entry
        try:
            to = self._audio / f"{entry.started_at:{NAMED}}.flac"
            kept = take.keep(to, connecting.key_for_new(self._path))
        except HistoryProblem as problem:
            if entry.delivery in UNFINISHED:
                raise
            return replace(entry, note=f"{entry.note} {problem.title}".strip())
        return replace(entry, audio_path=kept)

    def mend(self, new: Path | None = None) -> HistoryProblem | None:
        """If the history is damaged, keep it aside and begin another; call `on_problem` with the problem and return it.
        The recording `new_recording` is about to get its row. Blocks."""
        problem = begin_anew(
            self._path, lambda: [path for path in self._recordings() if path != new], datetime.now(UTC)
        )
        if problem is not None:
            self.told(problem)
        return problem

    def _recordings(self) -> list[Path]:
        return [path for path in self._audio.iterdir() if path.suffix == ".flac"] if self._audio.is_dir() else []

    def remember_again(self, row: Row, entry: Entry, take: Take, keeping: Keeping | None = None) -> int:
        """Write the result of a resumed dictation into its row. Without a text the row keeps its words, unless there
        are more now, and can be resumed once more. The window is left out if nothing is kept of dictations into it. A
        text that cannot be written can still be pasted again."""
        try:
            try:
                id = self._write_again(row, entry, keeping)
            except DamagedProblem:
                self.mend()
                id = self._write_again(row, entry, keeping)
        except Exception:
            if entry.text:
                self._again = datetime.now(UTC), _rowless(entry)
                self.unkept = replace(_rowless(entry), started_at=row.started_at)
            raise
        if entry.text:
            self._again = datetime.now(UTC), _rowless(entry)
            self.unkept = self._again[1] if id == NOWHERE else None
        take.discard()
        return id

    def _write_again(self, then: Row, entry: Entry, keeping: Keeping | None) -> int:
        if (row := self._now(then)) is None:
            return NOWHERE
        changes: Changes = {"note": entry.note}
        if entry.sent:
            changes["sent"] = row.sent + entry.sent
        if entry.text:
            kept = keeping is None or keeps(keeping, entry.app, entry.window)
            changes |= {"app": entry.app if kept else "", "window": entry.window if kept else "", "text": entry.text}
            changes |= {"release_to_text_ms": entry.release_to_text_ms, "paste_ms": entry.paste_ms}
            changes |= {"emotion": entry.emotion, "style": entry.style, "changed": entry.changed}
        if entry.text or (not row.text and len(entry.raw_text) > len(row.raw_text)):
            changes |= {"raw_text": entry.raw_text, "language": entry.language, "guards": entry.guards}
            changes |= {"engine": entry.engine, "model": entry.model, "device": entry.device}
            changes |= {"decode_s": entry.decode_s}
        if entry.text or (entry.delivery in RETRIED and row.delivery in RETRIED):
            changes["delivery"] = entry.delivery
        self._history.update(row.id, **changes)
        return row.id

    def _now(self, then: Row) -> Row | None:
        """Return what can be read of the row by now: in a history that was begun anew its id is another row's."""
        near = timedelta(milliseconds=1)
        found = chain(self._history.some([then.id]), self._history.rows(-1, then.started_at - near))
        return next((row for row in found if abs(row.started_at - then.started_at) < near), None)

    def felt(self, id: int, felt: Felt) -> None:
        """Add the emotion, and what left the machine for it, to a row that may have been deleted meanwhile."""
        if id == NOWHERE:
            return
        if (row := self._history.get(id)) is not None:
            self._history.update(id, emotion=felt.emotion, sent=row.sent + felt.sent)

    def newest(self) -> Row | None:
        """Return the newest dictation that has a text, of the last fifty, kept or not. Blocks."""
        if self.unkept is not None and self.unkept.text:
            return self.unkept
        return next((row for row in self._history.rows() if row.text), None)

    def last(self) -> Row | None:
        """Return the newest row; None if it cannot be read without its key. Blocks. Raises `HistoryError`."""
        with suppress(LockedProblem):
            self._at_hand()
            return self._history.last()
        return None

    def since(self, moment: datetime) -> list[Row]:
        """Return the known dictations with a text since `moment`: the newest fifty that began since, kept or not, and
        the last resumed one. Blocks."""
        rows: list[Row] = []
        with suppress(LockedProblem):
            self._at_hand()
            rows.extend(self._history.rows(since=moment))
        if self.unkept is not None and self.unkept.started_at >= moment:
            rows.append(self.unkept)
        if self._again is not None and self._again[0] >= moment:
            rows.append(self._again[1])
        return [row for row in rows if row.text]

    def remembered(self, take: Take) -> bool:
        """Return whether the dictation has its row: a kill came before its spool file was dropped. Blocks."""
        return self._history.began(take.started_at)

    async def expire(self, keeping: Keeping, now: datetime | None = None) -> None:
        """Delete what has expired, unless the clock has jumped (see `history.retention`) or the settings are uncertain
        (`Untold`); encrypt or decrypt the rest as the settings say; write pending entries. Raises `HistoryError`.

        Only this waits for the keyring's prompt, however long; that ends when the task is cancelled.
        """
        self._wanted = lambda: turning.is_wanted(self._path, keeping)
        await to_thread.run_sync(self._seal)
        await to_thread.run_sync(self._at_hand)  # raises rather than prompt again
        with suppress(HistoryProblem):  # on a full disk, expiring may make room
            await to_thread.run_sync(self._add_held)
        try:
            await to_thread.run_sync(self._expire, keeping, now or datetime.now(UTC))
        except DamagedProblem:
            if await to_thread.run_sync(self.mend) is None:
                raise

    def encrypts(self, keeping: Keeping) -> bool:
        """Return whether dictations are, or are to be, encrypted; True if that is unknown. Blocks."""
        try:
            return turning.is_wanted(self._path, keeping)
        except (OSError, HistoryProblem):
            return True

    def _seal(self) -> None:
        """Encrypt or decrypt as the settings say; report an error once, not every few hours."""
        try:
            turning.bring_about(self._paths, lambda: self._wanted(), self.spool, from_thread.check_cancelled)
        except Problem as problem:
            logger.warning("what is kept could not be encrypted or decrypted: %s", problem)
            if problem.title not in self._said:
                self._said.add(problem.title)
                self.told(problem)

    def _expire(self, keeping: Keeping, now: datetime) -> None:
        self.drop_cleared()
        if gone := self.spool.fit(MOST_SPOOLED_BYTES):
            logger.warning("%d old recordings that nobody could transcribe were let go", gone)
        if isinstance(keeping, Untold) or not self._clock.believed(now.timestamp(), self._known):
            logger.info("what is old stays: the settings are not certain, or the clock has not gone on for a day")
            return
        if keeping.keep_text_days:
            self._history.expire_text(keeping.keep_text_days, now)
        self._history.expire_audio(keeping.keep_audio_days, now)
        if keeping.max_audio_mb:
            self._history.fit_audio(keeping.max_audio_mb * 1_000_000, now)
        sweep(self._history, self._path, self._audio, now, max(keeping.keep_audio_days, RETRY_DAYS))

    def _known(self) -> float | None:
        """Return the time of the newest dictation, which has passed."""
        newest = self._history.last()
        return None if newest is None else newest.started_at.timestamp()


def _rowless(entry: Entry) -> Row:
    return Row(id=NOWHERE, **{name: getattr(entry, name) for name in Entry.__dataclass_fields__})
