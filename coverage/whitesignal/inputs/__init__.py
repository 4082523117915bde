"""The doors in: one reader per kind of file, each returning what it accepted, what it set aside and what it noticed."""
