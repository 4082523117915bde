"""What a policy makes of levels before they are judged: which operators it asks, and how far walls let it hear."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whitesignal.inputs.vocabulary import UNKNOWN_OPERATOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whitesignal.project import Policy
    from whitesignal.radio.cells import Cells, Radiators
    from whitesignal.radio.levels import Levels


def resolved(policy: Policy, cells: Cells) -> Policy:
    """Return the policy with the number of operators that "every operator" means in this register, at least 1."""
    if not policy.every_operator:
        return policy
    counted = np.isin(cells.generation.astype(str), policy.generations)
    operators = {name for name in cells.operator[counted] if name not in ("", UNKNOWN_OPERATOR)}
    return replace(policy, min_operators=max(len(operators), 1), every_operator=False)


def heard(levels: Levels, cells: Cells, radiators: Radiators, policy: Policy) -> Levels:
    """Return the levels where the policy asks: outdoors as they are, indoors less the building's entry loss.

    The uplink has the same walls to pass.
    """
    if not policy.indoors:
        return levels
    loss_db = entry_loss_db(radiators.band_mhz, policy)[cells.radiator][levels.cell]
    return replace(levels, level_dbm=levels.level_dbm - loss_db, uplink_margin_db=levels.uplink_margin_db - loss_db)


def entry_loss_db(bands_mhz: NDArray[np.float64], policy: Policy) -> NDArray[np.float64]:
    """Return the building entry loss in some bands, shape (n,): the policy's own number, else P.2109's median. [dB]

    The median over buildings of the kind and places in them, at the horizontal: the angle of arrival, which would add
    0.2 dB a degree, is left out, and so is how buildings differ (some 7 dB): probabilities indoors are of a median
    building. Beyond P.2109's 0.08 to 100 GHz its formula is carried on.
    """
    from whitesignal.propagation import p2109

    if policy.entry_loss_db is not None:
        return np.full(len(bands_mhz), policy.entry_loss_db)
    bands, which = np.unique(bands_mhz, return_inverse=True)
    losses_db = [
        p2109.loss_db(band_mhz / 1000.0, building=policy.building, out_of_range="flag") for band_mhz in bands.tolist()
    ]
    return np.asarray(losses_db, dtype=np.float64)[which]
