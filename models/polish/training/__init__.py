"""Train the classifier that decides whether words were taken back."""
