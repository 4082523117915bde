"""One path at a time, for callers in Python: ways into the parts of which the engines' loops are compiled.

Apart from them, so that the engines' first use does not compile a way in that only these callers take.
"""

from __future__ import annotations

from whitesignal.kernels import diffraction, p1812, p1812_band
from whitesignal.kernels.jit import kernel

diffraction_geometry = kernel(diffraction.path_geometry)
delta_bullington_loss_db = kernel(diffraction.delta_bullington_loss_db)

p1812_geometry = kernel(p1812.path_geometry)
set_climate = kernel(p1812.set_climate)
basic_loss_db = kernel(p1812_band.basic_loss_db)
