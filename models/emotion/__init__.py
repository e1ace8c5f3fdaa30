"""Classify emotion in words and voices: features, classifiers, and the scripts that train them."""
