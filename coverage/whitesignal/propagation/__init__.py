"""One published model per file: pure functions, cited by equation, held against published values."""
