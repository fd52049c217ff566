"""Topologies found by search: which graph of so many nodes and links a node carries all-to-all traffic best."""
