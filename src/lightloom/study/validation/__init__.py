"""How close the models are to what was measured: every row, predicted beside measured, misses and gaps included."""
