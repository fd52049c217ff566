"""Engine: how long traffic takes on a fabric."""
