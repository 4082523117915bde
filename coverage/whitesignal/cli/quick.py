"""What a command does that answers in seconds."""

from __future__ import annotations

import gc

import click


def without_collecting() -> None:
    """Look for no garbage until the command ends: nothing of one question is any before, and it takes a tenth."""
    gc.disable()
    click.get_current_context().call_on_close(gc.enable)
