"""API keys: where they are stored and how the user is prompted for them."""
