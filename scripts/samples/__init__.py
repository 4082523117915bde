"""How the bundled sample projects are made; run through ``scripts/make_samples.py``."""
