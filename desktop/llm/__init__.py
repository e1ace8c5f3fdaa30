"""Query a language model, in the cloud or on this machine."""
