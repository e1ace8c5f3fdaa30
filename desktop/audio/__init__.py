"""Record, keep, play and measure sound."""
