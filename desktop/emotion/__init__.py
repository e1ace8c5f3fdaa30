"""Detect the emotion of a dictation from its words and its voice."""
