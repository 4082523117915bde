"""Villages: where they are sampled and how their status is judged."""
