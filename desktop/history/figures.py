"""One narrow row of figures beside each dictation, kept by SQLite itself, so that a hundred thousand are added up in a
moment.

Adding up the history's own rows means to read all the words there are: a third of a second, and more the more is said.
`figures` holds a hundred bytes of each, no words among them, and is made by triggers in the same transaction as its
dictation: it is never behind it, and gone when it is gone. Its order is by local day, which is what is asked for; the
waits have an index each, since percentiles want them sorted.

Day and hour are those that the clock on the wall showed, since `started_at` carries its own offset: somebody who
travels, and the night when the clocks change, need no table of time zones.

A word is what stands between spaces. Languages that set none (`UNSPACED`) are counted as two characters a word, since
only a dictionary could do better; it is rough, and said to be.
"""

from __future__ import annotations

UNSPACED = ("zh", "yue", "ja", "th", "lo", "my", "km", "bo")
"""Languages written without spaces between words, by Whisper's codes."""


def _words(column: str) -> str:
    """A SQL expression: how many words the text in `column` has."""
    plain = f"trim(replace(replace(replace({column}, char(10), ' '), '  ', ' '), '  ', ' '))"
    codes = ", ".join(f"'{code}'" for code in UNSPACED)
    return (
        f"CASE WHEN {plain} = '' THEN 0 WHEN language IN ({codes}) THEN (length({plain}) + 1) / 2"
        f" ELSE length({plain}) - length(replace({plain}, ' ', '')) + 1 END"
    )


def _felt(key: str) -> str:
    """A SQL expression: a part of the emotion. A flipped bit may have made something of it that is no JSON, and then
    nothing could be written into the row any more."""
    return f"CASE WHEN json_valid(emotion) THEN json_extract(emotion, '$.{key}') END"


_SURE_VALENCE = "CASE emotion_user WHEN 'joy' THEN 1.0 WHEN 'surprise' THEN 0.3 WHEN 'neutral' THEN 0.0 ELSE -1.0 END"
"""`desktop.emotion.fusion.valence` of a label that is certain, as a person's own word is. Where the engine had
found the same, it knows better how much."""

_WATCHED = (
    "app, raw_text, text, language, duration_s, delivery, emotion, emotion_user, release_to_text_ms, decode_s, paste_ms"
)

_FIGURED = f"""
    CREATE VIEW figured AS SELECT
        substr(started_at, 1, 10) AS day,
        id,
        CAST(substr(started_at, 12, 2) AS INTEGER) AS hour,
        started_s,
        app,
        delivery,
        {_words("CASE raw_text WHEN '' THEN text ELSE raw_text END")} AS said,
        {_words("text")} AS written,
        duration_s,
        coalesce(emotion_user, {_felt("label")}) AS label,
        emotion_user IS NOT NULL AS corrected,
        emotion_user IS NULL AND coalesce({_felt("abstained")}, 0) AS abstained,
        coalesce({_felt("calibrating")}, 0) AS calibrating,
        CASE
            WHEN emotion_user IS NULL OR emotion_user = {_felt("label")} THEN CAST({_felt("valence")} AS REAL)
            ELSE {_SURE_VALENCE}
        END AS valence,
        CAST({_felt("arousal")} AS REAL) AS arousal,
        CAST(round(release_to_text_ms) AS INTEGER) AS release_ms,
        CAST(round(nullif(decode_s, 0) * 1000) AS INTEGER) AS decode_ms,
        CAST(round(paste_ms) AS INTEGER) AS paste_ms
    FROM dictation;
"""

FIGURES = f"""
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
{_FIGURED}    INSERT INTO figures SELECT * FROM figured;
    CREATE TRIGGER dictation_figured AFTER INSERT ON dictation BEGIN
        INSERT INTO figures SELECT * FROM figured WHERE id = new.id;
    END;
    CREATE TRIGGER dictation_figured_anew AFTER UPDATE OF {_WATCHED} ON dictation BEGIN
        REPLACE INTO figures SELECT * FROM figured WHERE id = new.id;
    END;
    CREATE TRIGGER dictation_unfigured AFTER DELETE ON dictation BEGIN
        DELETE FROM figures WHERE day = substr(old.started_at, 1, 10) AND id = old.id;
    END;
"""
"""The migration. The view says once how a dictation's figures come about. It wants `dictation.emotion_user`."""

FIGURED_ANEW = f"DROP VIEW figured;{_FIGURED}"
"""The migration of those whose view stopped at an emotion that is no JSON."""
