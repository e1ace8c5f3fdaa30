"""Speech to text: recognizers, local and in the cloud."""
