"""Shapes of the parts that compute, switch and store: which figures each kind of product states."""
