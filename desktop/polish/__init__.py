"""Turn spoken words into written text, by rules or by a language model."""
