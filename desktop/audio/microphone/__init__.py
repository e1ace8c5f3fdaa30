"""Open a microphone, keep it healthy, and record from it."""
