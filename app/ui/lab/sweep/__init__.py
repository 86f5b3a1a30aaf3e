"""Windows of sweeps and of the seed check."""
