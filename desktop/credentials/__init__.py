"""API keys: where they are stored and how they are asked for."""
