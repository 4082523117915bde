"""Where next: the candidates that cover most for a number or a budget, with proof of how good the choice is."""

from whitesignal.siting.choice import Choice, choose, choose_greedily

__all__ = ["Choice", "choose", "choose_greedily"]
