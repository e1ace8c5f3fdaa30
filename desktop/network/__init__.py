"""One pooled HTTP client, its endpoints, and its errors in plain sentences."""
