"""Compiled numerics: scalars and arrays in, scalars and arrays out; imported only inside the call that needs them."""
