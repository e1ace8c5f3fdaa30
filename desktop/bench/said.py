"""Find out what was said in the user's recordings, from the texts that the user corrected. Pure.

A corrected text is polished, so the correction is carried over to the words as they were recognized: what was changed
is taken from the correction, and so is what polish wrote and the user let stand; what polish left out was said
(`docs/adr/0029`). A text that was rewritten says nothing of what was said and is left out, as is an edit by voice,
whose raw text was selected. One that was not corrected has the mistakes of the model that wrote it.
"""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path

import numpy as np

from desktop.bench.word_counts import Words, count_names, split_said
from desktop.core.engine_names import LOCAL_ENGINES
from desktop.core.types import DELIVERED_OUTCOMES
from desktop.core.word_alignment import match_words
from desktop.dictation.result import EDIT_STYLE
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


def find_sample(recordings: Sequence[SaidRecording]) -> frozenset[str]:
    """Return the keys of the longest row of checked recordings, in an order by chance, that has no unchecked one
    between.

    These were not checked because they were wrong, so that they stand for all. Recordings that came after the newest of
    them do not count, or each new dictation would end the row.
    """
    ordered = sorted(recordings, key=_rank)
    longest: list[str] = []
    for newest in {one.row.started_at for one in recordings if one.is_checked}:
        earlier = (one for one in ordered if one.row.started_at <= newest)
        longest = max(longest, [one.key for one in takewhile(lambda one: one.is_checked, earlier)], key=len)
    return frozenset(longest)


def list_to_check(recordings: Sequence[SaidRecording]) -> list[SaidRecording]:
    """Return the recordings to check next, so that those checked become a sample of all."""
    return [one for one in sorted(recordings, key=_rank)[:SAMPLE_SIZE] if not one.is_checked]


def _rank(recording: SaidRecording) -> int:
    return zlib.crc32(recording.key.encode())


def draw_recordings(
    recordings: Sequence[SaidRecording], limit: int | None, seed: int, sample: Collection[str] = ()
) -> list[SaidRecording]:
    """Return at most `limit` recordings, drawn by `seed`: those of the `sample` first, then checked ones, and a third
    of others where there are so many."""
    groups = [[one for one in recordings if one.is_checked is checked] for checked in (True, False)]
    if limit is None or limit >= len(recordings):
        return [*groups[0], *groups[1]]
    unchecked = min(len(groups[1]), max(limit - len(groups[0]), limit // MIN_UNCHECKED_SHARE))
    random = np.random.default_rng(seed)
    drawn: list[SaidRecording] = []
    for group, count in zip(groups, (limit - unchecked, unchecked), strict=True):
        shuffled = [group[at] for at in random.permutation(len(group))]
        chosen = {one.key for one in sorted(shuffled, key=lambda one: one.key not in sample)[:count]}
        drawn += [one for one in group if one.key in chosen]
    return drawn


def digest_said(recording: SaidRecording, names: Collection[Words], key: bytes) -> int:
    """Return a number that changes with the words or the names in them.

    Words that are few enough to try can be told from it by one who has the `key`, which must be that of an encrypted
    history: without it the digest says nothing (HMAC). It is empty where the words are in the clear beside it.
    """
    known = sorted(" ".join(name) for name in names if count_names({name}, recording.words, ())[0])
    content = "\n".join([" ".join(recording.words), *known]).encode()
    return int.from_bytes(hmac.digest(key, content, "sha256")[:DIGEST_BYTES])
