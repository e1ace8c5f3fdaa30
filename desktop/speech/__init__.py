"""What can be known of speech without recognising it: where somebody talks, and so where to cut and what to decode
ahead."""
