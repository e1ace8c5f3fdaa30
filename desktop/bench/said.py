"""Find out what was said in the user's recordings, from the texts that the user corrected. Pure.

A corrected text is polished, so the correction is carried over to the words as they were recognized: what was changed
is taken from the correction, and so is what polish wrote and the user let stand; what polish left out was said
(`docs/adr/0029`). A text that was rewritten says nothing of what was said and is left out, as is an edit by voice,
whose raw text was selected. One that was not corrected has the mistakes of the model that wrote it.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise, takewhile
from pathlib import Path

from desktop.bench.word_counts import Words, count_names, split_said
from desktop.core.engine_names import LOCAL_ENGINES
from desktop.core.types import DELIVERED_OUTCOMES
from desktop.core.word_alignment import match_words
from desktop.dictation.result import EDIT_STYLE
from desktop.history.bench_results import Draw
from desktop.history.rows import HistoryRow
from desktop.vocabulary.learning import find_suggestions

MIN_DURATION_S, MAX_DURATION_S = 0.5, 60.0
"""Lengths of recordings in seconds: shorter is a slip of the key, and few long ones would decide everything."""

MIN_KEPT_SHARE, MAX_LENGTH_RATIO = 0.3, 2.0
"""Share of the longer text's words that a correction keeps, and how many times as long as the other it may be where it
keeps less: else the text was rewritten. A weak model may have a hard sentence all wrong, and leaving those out would
speak for it; but it hears about as many words as were said."""

MIN_KNOWN_SHARE = 0.5
"""Share of the inserted words that must be among the recognized ones: else the text is no dictation of them."""

SAMPLE_SIZE = 40
"""Recordings that the user is asked to check, drawn by chance, so that what is said of them is said of all. With
sentences of read speech an interval over 30 is 20 wrong words in a hundred wide (`make prove-mine`)."""

DIGEST_BYTES = 6
"""Length of a digest: a number that JSON keeps whole."""

MIN_UNCHECKED_SHARE = 3
"""One in so many recordings, at least, is one whose text was not corrected, as far as there are any."""


@dataclass(frozen=True, slots=True)
class SaidRecording:
    """A recording and the words said in it.

    `key` is the name of its file, by which results are stored. `is_checked`: the user corrected its text, or accepted
    it by editing it to the same; else `words` are those of the local model `writer` (empty: of a service).
    """

    row: HistoryRow
    words: Words
    is_checked: bool
    writer: str

    @property
    def key(self) -> str:
        """The name of the recording's file without its suffix, which no other one has."""
        return self.file.stem

    @property
    def file(self) -> Path:
        """The recording's file."""
        assert self.row.audio_path is not None
        return self.row.audio_path


@dataclass(frozen=True, slots=True)
class SaidRecordings:
    """All recordings that can be compared by; `rewritten` more had a text that says nothing of what was said."""

    recordings: tuple[SaidRecording, ...]
    names: frozenset[Words]
    rewritten: int = 0


def read_said(rows: Iterable[HistoryRow], own_words: Collection[str]) -> SaidRecordings:
    """Return the recordings of `rows`, and the names: the user's `own_words`, and what corrections teach."""
    names = {split_said(word, "") for word in own_words}
    recordings, rewritten = [], 0
    for row in rows:
        is_usable = row.raw_text.strip() and MIN_DURATION_S <= row.duration_s <= MAX_DURATION_S
        if row.audio_path is None or row.style == EDIT_STYLE or not is_usable:
            continue
        said = split_said(row.raw_text, row.language)
        writer = row.model if row.engine in LOCAL_ENGINES else ""
        if row.edited is not None:
            shown, wanted = (split_said(text, row.language) for text in (row.text or row.raw_text, row.edited))
            words = place_corrections(said, shown, wanted)
            if words is None:
                rewritten += 1
                continue
            names |= {split_said(found.written, row.language) for found in find_suggestions(row.text, row.edited)}
            recordings.append(SaidRecording(row, words, True, writer))
        elif row.delivery in DELIVERED_OUTCOMES and said:
            recordings.append(SaidRecording(row, said, False, writer))
    return SaidRecordings(tuple(recordings), frozenset(names - {()}), rewritten)


def place_corrections(said: Words, shown: Words, wanted: Words) -> Words | None:
    """Return the words `said` with what was changed from `shown` to `wanted`; None if the text was rewritten.

    Between words that all three have, those of `said` count where `wanted` is as `shown`, and that only leaves some of
    them out; else those of `wanted`, which the user wrote or let stand.
    """
    if not wanted or not said:
        return None
    in_said, in_wanted = match_words(shown, said), match_words(shown, wanted)
    is_known = sum(place is not None for place in in_said) >= MIN_KNOWN_SHARE * len(shown)
    shorter, longer = sorted((len(shown), len(wanted)))
    kept = sum(place is not None for place in in_wanted)
    is_kept = kept >= MIN_KEPT_SHARE * longer or longer <= MAX_LENGTH_RATIO * shorter
    if not (is_known and is_kept):
        return None
    anchors = [
        (at, place, other)
        for at, (place, other) in enumerate(zip(in_said, in_wanted, strict=True))
        if place is not None and other is not None
    ]
    ends = [(-1, -1, -1), *anchors, (len(shown), len(said), len(wanted))]
    words: list[str] = []
    for (left, left_said, left_wanted), (right, right_said, right_wanted) in pairwise(ends):
        before, after = shown[left + 1 : right], wanted[left_wanted + 1 : right_wanted]
        heard = said[left_said + 1 : right_said]
        words += heard if before == after and _is_left_out(before, heard) else after
        words += said[right_said : right_said + 1]
    return tuple(words)


def _is_left_out(shown: Words, said: Words) -> bool:
    """Whether `shown` is `said` without some of its words."""
    rest = iter(said)
    return all(word in rest for word in shown)


def extend_draw(draw: Draw, recordings: Sequence[SaidRecording]) -> Draw:
    """Return the draw with as many more of `recordings`, by chance, as `SAMPLE_SIZE` needs; none while there are fewer
    than that in all, of which those drawn would be the oldest.

    Also what the user has corrected is drawn, or what was wrong would be missing. Those drawn stay when others come.
    """
    if len(recordings) < SAMPLE_SIZE:
        return draw
    others = sorted((one for one in recordings if one.key not in draw.drawn), key=_rank)
    added = others[: SAMPLE_SIZE - (len(recordings) - len(others))]
    asked = draw.asked.union(one.key for one in added if not one.is_checked)
    return Draw((*draw.drawn, *(one.key for one in added)), asked)


def find_sample(draw: Draw, recordings: Sequence[SaidRecording]) -> frozenset[str]:
    """Return the keys of the drawn recordings that were checked, up to the first that was not, and to the last that was
    asked for.

    So these were not checked because they were wrong, and stand for all; what is corrected without being asked for
    neither begins nor lengthens the sample.
    """
    sample = [one.key for one in takewhile(lambda one: one.is_checked, _list_drawn(draw, recordings))]
    while sample and sample[-1] not in draw.asked:
        sample.pop()
    return frozenset(sample)


def list_to_check(draw: Draw, recordings: Sequence[SaidRecording]) -> list[SaidRecording]:
    """Return the recordings to check next, so that those checked become a sample of all."""
    return [one for one in _list_drawn(draw, recordings) if not one.is_checked]


def _list_drawn(draw: Draw, recordings: Sequence[SaidRecording]) -> list[SaidRecording]:
    by_key = {one.key: one for one in recordings}
    return [by_key[key] for key in draw.drawn if key in by_key]


def _rank(recording: SaidRecording, seed: int = 0) -> bytes:
    return sha256(f"{seed} {recording.key}".encode()).digest()


def draw_recordings(
    recordings: Sequence[SaidRecording], limit: int | None, seed: int, sample: Collection[str] = ()
) -> list[SaidRecording]:
    """Return at most `limit` recordings, drawn by `seed`: those of the `sample` first, then checked ones, and a third
    of others where there are so many. One recording more changes few of those drawn."""
    groups = [[one for one in recordings if one.is_checked is checked] for checked in (True, False)]
    if limit is None or limit >= len(recordings):
        return [*groups[0], *groups[1]]
    share = min(limit // MIN_UNCHECKED_SHARE, max(0, limit - len(sample)))
    unchecked = min(len(groups[1]), max(limit - len(groups[0]), share))
    drawn: list[SaidRecording] = []
    for group, count in zip(groups, (limit - unchecked, unchecked), strict=True):
        ordered = sorted(group, key=lambda one: (one.key not in sample, _rank(one, seed)))
        chosen = {one.key for one in ordered[:count]}
        drawn += [one for one in group if one.key in chosen]
    return drawn


def digest_said(recording: SaidRecording, names: Collection[Words], key: bytes) -> int:
    """Return a number that changes with the words or the names in them.

    Words that are few enough to try can be told from it by one who has the `key`, which must be that of an encrypted
    history: without it the digest says nothing (HMAC). It is empty where the words are in the clear beside it.
    """
    known = sorted(" ".join(name) for name in names if count_names({name}, recording.words, ())[0])
    return digest_text("\n".join([" ".join(recording.words), *known]), key)


def digest_text(text: str, key: bytes) -> int:
    """Return the digest of `text` by the `key`."""
    return int.from_bytes(hmac.digest(key, text.encode(), "sha256")[:DIGEST_BYTES])
