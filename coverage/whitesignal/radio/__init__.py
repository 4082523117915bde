"""Radio: from stations to received levels: link budget, reach, radio map."""
