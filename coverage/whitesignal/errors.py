"""What whitesignal raises on purpose.

::

    WhitesignalError
    ├── InputError          (also a ValueError)       a file, a row, a setting cannot be used
    ├── RangeError          (also a ValueError)       a model is asked outside its published range
    └── OutputExistsError   (also a FileExistsError)  a result stands where the output should go

The command line prints any of these as one ``Error:`` line; everything else is a fault of ours.
"""


class WhitesignalError(Exception):
    """Any error that whitesignal raises on purpose."""


class InputError(WhitesignalError, ValueError):
    """Something the user gave cannot be used; the message names the file, the rows and the cure."""


class RangeError(WhitesignalError, ValueError):
    """A propagation model is asked for a value outside its recommendation's range."""


class OutputExistsError(WhitesignalError, FileExistsError):
    """The place an output should go is taken and ``--overwrite`` was not given."""
