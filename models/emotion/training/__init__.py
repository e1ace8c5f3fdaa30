"""Train the emotion classifiers."""
