"""Detect the emotion that a dictation expresses, beside the paste, which never waits for it."""
