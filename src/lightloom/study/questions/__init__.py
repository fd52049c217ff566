"""Questions that go beyond one evaluation: each a pure function of a scenario, one file or a few."""
