"""Record, store, play and measure audio."""
