"""Speech models in GGUF, made of what the package index has: read ONNX Runtime's format, quantise, write GGUF."""
