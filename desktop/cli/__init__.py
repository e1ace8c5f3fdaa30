"""The commands of `intone`, one module each."""
