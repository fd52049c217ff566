"""The parts of a transformer, each as the operations one rank performs for one micro-batch."""
