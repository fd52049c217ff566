"""Collectives: where groups of ranks sit, and what each algorithm makes every rank send."""
