"""Which recording streams are muted, and which mutes are undone."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from desktop.audio.calls.protocol import NO_INDEX, SourceOutput
from desktop.audio.calls.streams import (
    RESTORE_EXPIRY_S,
    SETTLE_S,
    MutedStream,
    RecordingStream,
    convert_output,
    dump_muted,
    find_mutes,
    find_restores,
    find_unmuted,
    load_muted,
    name_program,
)

NOW = 1_000_000.0
ZOOM = RecordingStream("5", 5, "Zoom", "Zoom", False, True)
MUTED = MutedStream("5", 5, "Zoom", "Zoom", "a", NOW - 1)
OLD, NEW = {"5": NOW - 2 * SETTLE_S, "6": NOW - 2 * SETTLE_S}, {"5": NOW, "6": NOW}


def named(*streams: RecordingStream) -> dict[str, RecordingStream]:
    return {stream.where: stream for stream in streams}


@pytest.mark.parametrize(
    ("stream", "muted", "is_to_be_muted"),
    [
        (ZOOM, (), True),
        (replace(ZOOM, hears_user=False), (), False),
        (replace(ZOOM, is_paused=True), (), False),
        (replace(ZOOM, is_muted=True), (), False),
        (ZOOM, (MUTED,), False),
        (ZOOM, (replace(MUTED, server="b"),), True),
    ],
)
def test_what_hears_the_user_is_muted(
    stream: RecordingStream, muted: tuple[MutedStream, ...], is_to_be_muted: bool
) -> None:
    found = find_mutes(named(stream), muted, (), OLD, "a", NOW)
    assert [one.where for one in found] == (["5"] if is_to_be_muted else [])


def test_what_the_user_has_unmuted_is_spared() -> None:
    assert find_mutes(named(ZOOM), (), {"5"}, OLD, "a", NOW) == []


@pytest.mark.parametrize(
    ("first_seen", "program", "is_ours"),
    [
        (NEW, "Zoom", True),
        (OLD, "Zoom", False),
        ({"6": MUTED.since + 0.01}, "Zoom", True),
        ({"6": MUTED.since - 0.01}, "Zoom", False),  # the user's, as we have just begun to look
        (NEW, "Teams", False),
    ],
)
def test_a_stream_that_is_muted_from_its_beginning_is_ours(
    first_seen: dict[str, float], program: str, is_ours: bool
) -> None:
    second = replace(ZOOM, where="6", order=6, program=program, is_muted=True)
    found = find_mutes(named(second), (MUTED,), (), first_seen, "a", NOW)
    assert [one.where for one in found] == (["6"] if is_ours else [])


@pytest.mark.parametrize(
    ("stream", "made", "is_undone"),
    [(ZOOM, {"5"}, True), (ZOOM, set[str](), False), (replace(ZOOM, is_muted=True), {"5"}, False)],
)
def test_only_a_mute_that_was_made_is_undone_by_the_user(
    stream: RecordingStream, made: set[str], is_undone: bool
) -> None:
    assert find_unmuted(named(stream), (MUTED,), made, "a") == ([MUTED] if is_undone else [])
    assert find_unmuted(named(stream), (MUTED,), made, "b") == []


SECOND = replace(ZOOM, where="6", order=6, is_muted=True)


@pytest.mark.parametrize(
    ("streams", "muted", "first_seen", "server", "unmute", "kept"),
    [
        ((replace(ZOOM, is_muted=True),), (MUTED,), OLD, "a", ["5"], 1),
        ((ZOOM,), (MUTED,), OLD, "a", [], 0),  # done, by us or by the user
        ((), (MUTED,), {}, "a", [], 1),  # ended: its next stream may be muted
        ((SECOND,), (MUTED,), NEW, "a", ["6"], 1),
        ((replace(SECOND, is_muted=False),), (MUTED,), NEW, "a", [], 1),  # the server may mute it yet
        ((replace(SECOND, is_muted=False),), (MUTED,), OLD, "a", [], 0),
        ((replace(SECOND, order=4, where="4"),), (MUTED,), {"4": NOW}, "a", [], 1),  # the user's: it began before
        ((SECOND,), (replace(MUTED, due=NOW - SETTLE_S),), OLD, "a", [], 1),  # the user's likewise
        ((replace(SECOND, program="Teams"),), (MUTED,), NEW, "a", [], 1),
        ((replace(SECOND, order=4),), (MUTED,), NEW, "b", ["6"], 1),  # another server counts from 0
        ((), (replace(MUTED, since=NOW - RESTORE_EXPIRY_S - 1),), {}, "a", [], 0),
        ((replace(ZOOM, where="6"),), (MUTED, replace(MUTED, where="6")), OLD, "a", [], 0),  # it was unmuted since
    ],
)
def test_mutes_are_undone(
    streams: tuple[RecordingStream, ...],
    muted: tuple[MutedStream, ...],
    first_seen: dict[str, float],
    server: str,
    unmute: list[str],
    kept: int,
) -> None:
    found = find_restores(named(*streams), muted, first_seen, server, NOW)
    assert [stream.where for stream in found.unmute] == unmute
    assert len(found.kept) == kept


def test_what_is_kept_for_later_says_since_when() -> None:
    (kept,) = find_restores({}, (MUTED,), {}, "a", NOW).kept
    (again,) = find_restores({}, (kept,), {}, "a", NOW + 60).kept
    assert (kept.due, again.due) == (NOW, NOW)


OUTPUT = SourceOutput(5, "", 3, 1, "speex-float-1", {"application.name": "Zoom"}, False, False)


@pytest.mark.parametrize(
    ("output", "from_monitor", "hears_user"),
    [
        (OUTPUT, False, True),
        (OUTPUT, True, False),
        (replace(OUTPUT, client=NO_INDEX), False, False),
        (replace(OUTPUT, resampler="peaks"), False, False),
        (replace(OUTPUT, properties={"media.name": "Peak detect"}), False, False),
        (replace(OUTPUT, properties={"stream.monitor": "true"}), False, False),
        (replace(OUTPUT, properties={"node.link-group": "echo-cancel-1"}), False, False),
        (replace(OUTPUT, properties={"intone.line": "1"}), False, False),
        (replace(OUTPUT, properties={"application.process.id": str(os.getpid())}), False, False),
        (replace(OUTPUT, properties={"application.process.id": "1"}), False, True),
    ],
)
def test_only_another_programs_microphone_hears_the_user(
    output: SourceOutput, from_monitor: bool, hears_user: bool
) -> None:
    assert convert_output(output, from_monitor).hears_user is hears_user


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"application.name": "Firefox", "application.process.binary": "firefox-esr"}, "Firefox"),
        ({"application.name": "WEBRTC VoiceEngine", "application.process.binary": "Discord"}, "Discord"),
        ({"application.process.binary": "zoom"}, "zoom"),
        ({"application.name": "ALSA plug-in [baresip]"}, "baresip"),
        ({}, ""),
    ],
)
def test_a_program_has_the_name_that_users_know(properties: dict[str, str], name: str) -> None:
    assert name_program(properties) == name


def test_mutes_are_read_as_they_were_written() -> None:
    muted = (MUTED, replace(MUTED, where="6", due=NOW))
    assert [(one, one.since, one.due) for one in load_muted(dump_muted(muted))] == [
        (one, one.since, one.due) for one in muted
    ]


@pytest.mark.parametrize("text", ["", "1", "[1]", '[{"where": 1}]', "[" * 100_000])
def test_what_is_no_list_of_mutes_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        load_muted(text)
