"""How much of a fabric is usable while parts of it are down: counted over time, from a probability or from a trace."""
