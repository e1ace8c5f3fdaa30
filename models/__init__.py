"""List, store and download models of speech and of language. Never imports `desktop`."""
