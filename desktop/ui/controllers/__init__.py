"""What the windows ask of the engine."""
