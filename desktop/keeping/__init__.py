"""What is kept of a dictation, for how long, and what a crash left of it."""
