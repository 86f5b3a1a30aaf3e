"""The windows of the lab for sweeps and for the seed check."""
