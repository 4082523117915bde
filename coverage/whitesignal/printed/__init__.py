"""Percentages as they are printed: what they can stand for, and whether they do."""
