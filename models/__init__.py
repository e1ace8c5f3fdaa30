"""Speech models: which there are, where they lie, and how they come. Never imports `desktop`."""
