"""Encryption at rest of the history, recordings and spool."""
