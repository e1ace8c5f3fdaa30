"""The user's words and snippets, and learning from corrections."""
