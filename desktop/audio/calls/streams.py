"""Decide which recording streams to mute and which mutes to undo. Pure.

It imports little, as does what it imports: the restorer's process uses it.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from desktop.audio.calls.protocol import NO_INDEX, SourceOutput
from desktop.audio.microphone.device import STREAM_PROPERTY

RESTORE_EXPIRY_S = 30 * 24 * 3600.0
"""Seconds after which a mute that could not be undone is dropped: a program that does not record for a month keeps it,
where the server remembers it that long."""

SETTLE_S = 1.0
"""Seconds after its beginning within which a server mutes a stream as the program's last one was: PulseAudio does so at
once, WirePlumber a moment later."""

METER_NAME = "Peak detect"
"""What mixers (pavucontrol, GNOME, KDE) call the streams of their level meters."""

METER_RESAMPLER = "peaks"
"""How a server resamples for a level meter, of which no sound can be made."""

NAMELESS_PROGRAMS = ("", "WEBRTC VoiceEngine")
"""Names that a library gives to its user, such as Discord: the file that runs is named in their place."""

ALSA_PREFIX = "ALSA plug-in ["
"""What ALSA's plugin puts before the name of a program, and a bracket behind it."""


@dataclass(frozen=True, slots=True)
class RecordingStream:
    """A recording stream: `where` is its name at the server and `order` grows with each new one.

    `program` is by what the server remembers its mute for the program's next stream, `title` what a user calls the
    program. `hears_user`: another program records a microphone by it. `is_paused`: it records nothing now.
    """

    where: str
    order: int
    program: str
    title: str
    is_muted: bool
    hears_user: bool
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class MutedStream:
    """A mute of ours, of the stream `where` at `server`, a name that a server has from its start to its end.

    `since` is when it was made and `due` when it should have been undone (0 if not yet), both in Unix time.
    """

    where: str
    order: int
    program: str
    title: str
    server: str
    since: float = field(default=0.0, compare=False)
    due: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Restores:
    """What gives the streams back: those to `unmute`, and the mutes that are `kept` until they are seen undone."""

    unmute: tuple[RecordingStream, ...]
    kept: tuple[MutedStream, ...]


def find_mutes(
    streams: Mapping[str, RecordingStream],
    muted: Collection[MutedStream],
    spared: Collection[str],
    first_seen: Mapping[str, float],
    server: str,
    now: float,
) -> list[MutedStream]:
    """Return the mutes to make, those that the server has made itself included.

    It does so where a program whose stream we have muted begins another: that is muted within `SETTLE_S`. Any other
    mute is the user's, that of a stream that was there before included. `spared` are the streams that the user has
    unmuted since, `first_seen` is in Unix time.
    """
    own = {one.where for one in muted if one.server == server}
    muted_since: dict[str, float] = {}
    for one in muted:
        muted_since[one.program] = min(one.since, muted_since.get(one.program, one.since))
    return [
        MutedStream(stream.where, stream.order, stream.program, stream.title, server, now)
        for stream in streams.values()
        if stream.where not in own
        and stream.where not in spared
        and (
            (
                muted_since.get(stream.program, math.inf) <= first_seen[stream.where]
                and now - first_seen[stream.where] < SETTLE_S
            )
            if stream.is_muted
            else (stream.hears_user and not stream.is_paused)
        )
    ]


def find_restores(
    streams: Mapping[str, RecordingStream],
    muted: Collection[MutedStream],
    first_seen: Mapping[str, float],
    server: str,
    now: float,
) -> Restores:
    """Return how to undo the mutes.

    One whose stream has ended is undone at the program's next stream, which the server mutes within `SETTLE_S`; unless
    another stream of the program is unmuted now, after which the server remembers that.
    """
    unmute, kept, missing = dict[str, RecordingStream](), list[MutedStream](), list[MutedStream]()
    for one in muted:
        same = _find_same(streams, one, server)
        if same is not None and same.is_muted:
            unmute[same.where] = same
            kept.append(one)
        elif same is None:
            missing.append(one)
    unmuted_programs = {one.program for one in muted if one not in missing}
    for one in missing:
        heirs = [stream for stream in streams.values() if _is_later(stream, one, first_seen, server)]
        unmute |= {stream.where: stream for stream in heirs if stream.is_muted}
        is_settled = one.program in unmuted_programs or any(
            not stream.is_muted and now - first_seen[stream.where] >= SETTLE_S for stream in heirs
        )
        if not is_settled and now - one.since <= RESTORE_EXPIRY_S:
            kept.append(replace(one, due=one.due or now))
    return Restores(tuple(unmute.values()), tuple(kept))


def find_unmuted(
    streams: Mapping[str, RecordingStream], muted: Collection[MutedStream], made: Collection[str], server: str
) -> list[MutedStream]:
    """Return the mutes, of those that the server has `made`, that the user has undone since."""
    return [
        one
        for one in muted
        if one.server == server
        and one.where in made
        and (stream := streams.get(one.where)) is not None
        and not stream.is_muted
    ]


def _find_same(streams: Mapping[str, RecordingStream], one: MutedStream, server: str) -> RecordingStream | None:
    """Return the stream that was muted; None where it has ended."""
    same = streams.get(one.where) if one.server == server else None
    return same if same is not None and same.program == one.program else None


def _is_later(stream: RecordingStream, one: MutedStream, first_seen: Mapping[str, float], server: str) -> bool:
    """Return whether the program of `one`, whose stream has ended, has begun `stream` since."""
    return (
        stream.program == one.program
        and first_seen[stream.where] >= one.due
        and (one.server != server or stream.order >= one.order)
    )


def convert_output(output: SourceOutput, from_monitor: bool) -> RecordingStream:
    """Convert a stream of the server; `from_monitor`: it records what a loudspeaker plays.

    What the server's own modules record (a remapped or echo-cancelled microphone) has no client, and those of PipeWire
    have a link group: muting it would mute our own microphone too.
    """
    properties = output.properties
    is_own = STREAM_PROPERTY in properties or properties.get("application.process.id") == str(os.getpid())
    is_module = output.client == NO_INDEX or "node.link-group" in properties
    return RecordingStream(
        where=str(output.index),
        order=output.index,
        program=properties.get("module-stream-restore.id") or properties.get("application.name", ""),
        title=name_program(properties),
        is_muted=output.is_muted,
        hears_user=not (from_monitor or is_own or is_module or is_meter(output.resampler, properties)),
        is_paused=output.is_corked,
    )


def name_program(properties: Mapping[str, str]) -> str:
    """Return what a user calls the program that has these properties; empty where nothing tells."""
    name = properties.get("application.name", "")
    if name.startswith(ALSA_PREFIX):
        return name.removeprefix(ALSA_PREFIX).removesuffix("]")
    return properties.get("application.process.binary", name) if name in NAMELESS_PROGRAMS else name


def name_hearers(streams: Iterable[RecordingStream]) -> tuple[str, ...]:
    """Return the names of the programs that hear the user by `streams`, each once."""
    heard = (stream for stream in streams if stream.hears_user and not stream.is_paused and not stream.is_muted)
    return tuple(dict.fromkeys(stream.title for stream in heard if stream.title))


def is_meter(resampler: str, properties: Mapping[str, str]) -> bool:
    """Return whether a stream is a mixer's level meter."""
    return (
        resampler == METER_RESAMPLER
        or properties.get("media.name") == METER_NAME
        or properties.get("stream.monitor") == "true"
    )


def load_muted(text: str) -> tuple[MutedStream, ...]:
    """Return the mutes of a file. Raises `ValueError` for what is none."""
    try:
        return tuple(
            MutedStream(
                str(entry["where"]),
                int(entry["order"]),
                str(entry["program"]),
                str(entry["title"]),
                str(entry["server"]),
                float(entry["since"]),
                float(entry["due"]),
            )
            for entry in json.loads(text)
        )
    except (TypeError, KeyError, OverflowError, RecursionError) as error:
        raise ValueError("no mutes") from error


def dump_muted(muted: Collection[MutedStream]) -> str:
    """Return what `load_muted` reads."""
    return json.dumps([asdict(one) for one in muted])
