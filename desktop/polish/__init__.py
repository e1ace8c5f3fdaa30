"""From words as spoken to text as one would have typed it."""
