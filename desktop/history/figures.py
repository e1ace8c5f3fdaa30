"""Keep one narrow row of figures for each dictation, by SQLite triggers, so that 100,000 are summed quickly.

Summing the history's own rows means to read all their text: a third of a second, and more with more text. `figures`
holds a hundred bytes of each, without words, and is written in the same transaction as its dictation: it is never
behind it, and deleted with it. It is ordered by local day, which is what is queried; each latency has an index, because
percentiles need it sorted.

Day and hour are local times of the dictation, because `started_at` carries its own offset: travel and the change of
clocks need no time zone table.

A word is what stands between spaces. Languages without spaces (`UNSPACED_LANGUAGES`) are counted as two characters a
word, because only a dictionary could do better; that is rough, and documented.
"""

from __future__ import annotations

from operator import itemgetter

from desktop.core.types import LABEL_VALENCE, Outcome

UNSPACED_LANGUAGES = ("zh", "yue", "ja", "th", "lo", "my", "km", "bo")
"""Languages written without spaces between words, by Whisper's codes."""


def _word_count_sql(column: str) -> str:
    """Return a SQL expression for the number of words in `column`."""
    plain = f"trim(replace(replace(replace({column}, char(10), ' '), '  ', ' '), '  ', ' '))"
    codes = ", ".join(f"'{code}'" for code in UNSPACED_LANGUAGES)
    return (
        f"CASE WHEN {plain} = '' THEN 0 WHEN language IN ({codes}) THEN (length({plain}) + 1) / 2"
        f" ELSE length({plain}) - length(replace({plain}, ' ', '')) + 1 END"
    )


def _emotion_sql(key: str) -> str:
    """Return a SQL expression for a key of the emotion. A flipped bit may have made it invalid JSON, and then the row
    could not be updated any more."""
    return f"CASE WHEN json_valid(emotion) THEN json_extract(emotion, '$.{key}') END"


_LABEL_VALENCE_CASES = " ".join(
    f"WHEN '{label}' THEN {valence}"
    for label, valence in sorted(LABEL_VALENCE.items(), key=itemgetter(1), reverse=True)
    if valence > -1.0
)
_LABEL_VALENCE_SQL = f"CASE emotion_user {_LABEL_VALENCE_CASES} ELSE -1.0 END"
"""`desktop.emotion.fusion.compute_valence` of a label that is certain because the user chose it. If the detector found
the same label, its valence is used."""

_FIGURE_COLUMNS = (
    "app, raw_text, text, language, duration_s, delivery, emotion, emotion_user, release_to_text_ms, decode_s, paste_ms"
)

_LABEL, _VALENCE = _emotion_sql("label"), _emotion_sql("valence")

_FIGURES_VIEW = f"""
    CREATE VIEW figured AS SELECT
        substr(started_at, 1, 10) AS day,
        id,
        CAST(substr(started_at, 12, 2) AS INTEGER) AS hour,
        started_s,
        app,
        delivery,
        {_word_count_sql("CASE raw_text WHEN '' THEN text ELSE raw_text END")} AS said,
        {_word_count_sql("text")} AS written,
        duration_s,
        coalesce(emotion_user, {_LABEL}) AS label,
        emotion_user IS NOT NULL AS corrected,
        emotion_user IS NULL AND coalesce({_emotion_sql("abstained")}, 0) AS abstained,
        coalesce({_emotion_sql("calibrating")}, 0) AS calibrating,
        CASE
            WHEN emotion_user IS NULL OR emotion_user = {_LABEL} THEN CAST({_VALENCE} AS REAL)
            ELSE {_LABEL_VALENCE_SQL}
        END AS valence,
        CAST({_emotion_sql("arousal")} AS REAL) AS arousal,
        CAST(round(release_to_text_ms) AS INTEGER) AS release_ms,
        CAST(round(nullif(decode_s, 0) * 1000) AS INTEGER) AS decode_ms,
        CAST(round(paste_ms) AS INTEGER) AS paste_ms
    FROM dictation WHERE delivery <> '{Outcome.SILENT}';
"""
"""A command, which puts in no text, is in no figure."""

FIGURES_MIGRATION = f"""
    CREATE TABLE figures (
        day TEXT NOT NULL,
        id INTEGER NOT NULL,
        hour INTEGER NOT NULL,
        started_s REAL NOT NULL,
        app TEXT NOT NULL,
        delivery TEXT NOT NULL,
        said INTEGER NOT NULL,
        written INTEGER NOT NULL,
        duration_s REAL NOT NULL,
        label TEXT,
        corrected INTEGER NOT NULL,
        abstained INTEGER NOT NULL,
        calibrating INTEGER NOT NULL,
        valence REAL,
        arousal REAL,
        release_ms INTEGER,
        decode_ms INTEGER,
        paste_ms INTEGER,
        PRIMARY KEY (day, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX figures_release ON figures (release_ms) WHERE release_ms IS NOT NULL;
    CREATE INDEX figures_decode ON figures (decode_ms) WHERE decode_ms IS NOT NULL;
    CREATE INDEX figures_paste ON figures (paste_ms) WHERE paste_ms IS NOT NULL;
{_FIGURES_VIEW}    INSERT INTO figures SELECT * FROM figured;
    CREATE TRIGGER dictation_figured AFTER INSERT ON dictation BEGIN
        INSERT INTO figures SELECT * FROM figured WHERE id = new.id;
    END;
    CREATE TRIGGER dictation_figured_anew AFTER UPDATE OF {_FIGURE_COLUMNS} ON dictation BEGIN
        REPLACE INTO figures SELECT * FROM figured WHERE id = new.id;
    END;
    CREATE TRIGGER dictation_unfigured AFTER DELETE ON dictation BEGIN
        DELETE FROM figures WHERE day = substr(old.started_at, 1, 10) AND id = old.id;
    END;
"""
"""The migration. The view defines a dictation's figures once. It needs `dictation.emotion_user`."""

FIGURES_VIEW_MIGRATION = f"DROP VIEW figured;{_FIGURES_VIEW}"
"""The migration of files whose view failed on an emotion that is not JSON."""
