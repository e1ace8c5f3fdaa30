"""Models of speech and of language: which there are, where they lie, and how they come. Never imports `desktop`."""
