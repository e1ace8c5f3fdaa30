"""Download, verify and store speech, language and emotion models. Imports nothing of `desktop`."""
