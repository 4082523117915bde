"""Why one village has the signal it has, and what would change it: the answer a province writes to its voters."""

from whitesignal.explain.facts import Explanation
from whitesignal.explain.village import explain_village

__all__ = ["Explanation", "explain_village"]
