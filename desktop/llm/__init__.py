"""Ask a language model, in the cloud or on this machine."""
