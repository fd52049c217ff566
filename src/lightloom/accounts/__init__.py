"""What it costs and what is left: power, energy, money, carbon; failures, goodput; storage and checkpoints."""
