"""Emotion classifiers of words and of voices, and the scripts that train them."""
