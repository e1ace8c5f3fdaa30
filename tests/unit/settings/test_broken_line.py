"""Whatever single line of a settings file is broken: nothing kept goes or is decrypted, and nothing new leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, Outcome
from desktop.history import encryption
from desktop.history.privacy import is_kept
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.network.services import SERVICE_NAMES, build_service
from desktop.settings.live import LiveSettings
from desktop.settings.schema import LOCAL, HistorySettings, Settings
from desktop.settings.store import LoadedSettings, load_settings
from tests.support.encrypted_home import asked, everywhere, is_sealed
from tests.support.keyring import InFile

OLD = datetime.now(UTC) - timedelta(days=4000)

APPS = ("editor", "signal")

VALUES: dict[str, tuple[object, ...]] = {
    "recognizer.engine": ("whisper", "openai", "openai-live", "deepgram", "compatible"),
    "recognizer.model": ("base",),
    "engines.openai.url": ("https://openai.example/v1",),
    "engines.openai.model": ("whisper-1",),
    "engines.openai_live.url": ("wss://live.example",),
    "engines.deepgram.url": ("https://deepgram.example",),
    "engines.compatible.url": ("http://10.0.0.7:8000/v1",),
    "engines.compatible.model": ("large",),
    "network.plain_keys": ("on",),
    "polish.mode": ("off", "llm"),
    "polish.url": ("https://models.example/v1", LOCAL),
    "polish.model": ("tiny",),
    "emotion.engine": ("llm", "off"),
    "hotkey.talk": ("f9",),
    "hotkey.edit": (["f8"],),
    "history.keep_audio_days": (3650,),
    "history.keep_text_days": (3650,),
    "history.private": ("on",),
    "history.exclude": (["signal"],),
    "history.encrypted": ("on", "off"),
    "look.motion": ("off",),
    "updates.check": ("daily",),
    "updates.url": ("https://updates.example/latest",),
}


@st.composite
def intact(draw: st.DrawFn) -> list[str]:
    """The lines of a valid file."""
    sections = {"look": ['theme = "dark"']}
    for key, values in VALUES.items():
        value = draw(st.sampled_from((*values, None)))
        if value is not None:
            section, _, name = key.rpartition(".")
            sections.setdefault(section, []).append(f"{name} = {json.dumps(value)}")
    order = draw(st.permutations(list(sections)))
    if draw(st.integers(0, 3)) == 0:
        return [f"{section}.{line}" for section in order for line in sections[section]]
    return [line for section in order for line in (f"[{section}]", *sections[section])]


@st.composite
def broken(draw: st.DrawFn, lines: list[str]) -> list[str]:
    """The same lines with one of them lost or changed."""
    headings = [at for at, line in enumerate(lines) if line.startswith("[")]
    at = draw(st.sampled_from(headings if headings and draw(st.booleans()) else range(len(lines))))
    line = lines[at]
    name, _, value = line.partition(" = ")
    place = draw(st.integers(0, len(line) - 1))
    others = [f"[{key.rpartition('.')[0]}]" for key in VALUES] if line.startswith("[") else []
    changed = draw(
        st.sampled_from(
            [
                None,
                line[:place] + line[place + 1 :],
                line[:place] + draw(st.sampled_from('x."#[]= ')) + line[place:],
                line[:place] + line[place : place + 2][::-1] + line[place + 2 :],
                line.upper(),
                f"{name} = 7.5",
                f'{name} = "nothing"',
                f"{draw(st.sampled_from(sorted(VALUES))).rpartition('.')[2]} = {value}",
                *others,
            ]
        )
    )
    return [*lines[:at], *([] if changed is None else [changed]), *lines[at + 1 :]]


def leaving(chosen: Settings) -> set[tuple[str, str]]:
    """What may leave: the address, and what goes there."""
    found = set()
    if chosen.recognizer.engine != "whisper":
        found.add((getattr(chosen.engines, chosen.recognizer.engine.replace("-", "_")).url, "sound"))
    if chosen.polish.url != LOCAL:
        if chosen.polish.mode == "llm":
            found.add((chosen.polish.url, "text"))
        if chosen.emotion.engine == "llm":
            found |= {(chosen.polish.url, f"emotion in {app}") for app in APPS if is_kept(chosen.history, app)}
        if chosen.hotkey.edit:
            found.add((chosen.polish.url, "selection"))
    if chosen.updates.check == "daily" and chosen.updates.url:
        found.add((chosen.updates.url, "version"))
    return found


def hosts(chosen: Settings) -> set[tuple[str, str]]:
    """The host of each service that can be asked by its name, as a command does."""
    found = set()
    for name in SERVICE_NAMES:
        with suppress(UserError):
            found.add((name, build_service(name, chosen).host))
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paths]:
    """A home in which something old is kept, encrypted, with its recording."""
    folder = tmp_path_factory.mktemp("kept")
    home = everywhere(folder)
    home.config.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTONE_TEST_KEYRING", str(folder / "keyring.json"))
        with asked(InFile()):
            encryption.start_encryption(home)
            memory = DictationRecorder(home, HistoryStore(home.history))
            entry = HistoryEntry(started_at=OLD, text="A heron.", delivery=Outcome.INSERTED)
            with memory.spool.create(OLD) as take:
                take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
                memory.record(entry, take, HistorySettings())
            yield home


def whole(home: Paths, loaded: LoadedSettings) -> bool:
    """Whether all is there and encrypted after a look at what is old."""
    anyio.run(DictationRecorder(home, HistoryStore(home.history)).expire, loaded)
    rows = HistoryStore(home.history).rows()
    return is_sealed(home) and [row.audio_path is not None and row.audio_path.is_file() for row in rows] == [True]


def in_effect(loaded: LoadedSettings) -> LoadedSettings:
    """Return the settings without what is said of the file, which tells a running app from one that starts."""
    return replace(loaded, consequences=(), notice=None) if loaded.read_error is not None else loaded


def write(file: Path, lines: list[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_broken_line_deletes_decrypts_and_sends_nothing_new(home: Paths, data: st.DataObject) -> None:
    lines = data.draw(intact())
    write(home.settings, lines)
    live = LiveSettings(home)
    before = live.load()
    assert (before.is_safe_mode, before.warnings) == (False, ())
    live.save_valid()
    write(home.settings, data.draw(broken(lines)))
    first, running = load_settings(home.settings), live.load()  # the first without a copy of what was valid
    assume(first.is_safe_mode)
    live.save_valid()
    restarted = LiveSettings(home).load()
    assert restarted.is_safe_mode
    assert in_effect(running) == in_effect(restarted)
    for loaded in (first, restarted):
        assert leaving(loaded.settings) <= leaving(before.settings)
        assert hosts(loaded.settings) <= hosts(before.settings)
        assert whole(home, loaded)
    assert restarted.settings.history.private == before.settings.history.private
    home.settings.unlink()
    gone = LiveSettings(home).load()
    assert gone.is_safe_mode
    assert gone.settings == before.settings
    assert whole(home, gone)
    write(home.settings, lines)
    assert live.load() == LiveSettings(home).load() == before
