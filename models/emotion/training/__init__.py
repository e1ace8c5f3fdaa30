"""Train the classifiers, from data outside of the repository. See the cards."""
