"""lightloom: plan and simulate AI-training clusters on optical interconnects, from photons to tokens."""
