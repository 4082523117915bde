"""``python -m whitesignal``: the command line."""

from whitesignal.cli import main

main()
