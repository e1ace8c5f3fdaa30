"""Entry points under their old names, for an app of version 0.1 that still runs; they go with the next release."""
