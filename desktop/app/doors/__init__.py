"""What other programs of the user get of the app: finished dictations, transcripts, answers by voice."""
