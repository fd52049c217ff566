"""Circuits and the schedulers that set them, one file each; a new one is a file and a line in ``schedulers``."""
