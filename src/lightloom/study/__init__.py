"""The study file, the scenario it resolves to, and its evaluation: the only layer that knows the whole pipeline."""
