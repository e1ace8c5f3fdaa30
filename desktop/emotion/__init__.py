"""How a dictation reads: an expression, not a feeling, found out beside the paste, which never waits for it."""
