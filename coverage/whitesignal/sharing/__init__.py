"""Passive sharing: what one percentage is made of, where positions come from, and what could still be shared.

>>> Sharing(positions=1465, shared_positions=448, operator_sites=2000, operator_sites_on_shared=983).masts_avoided
535
"""

from whitesignal.sharing.metrics import SHARING_COLUMNS, Sharing, count_sharing, sharing_table

__all__ = ["SHARING_COLUMNS", "Sharing", "count_sharing", "sharing_table"]
