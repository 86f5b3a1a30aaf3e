"""Running, keeping and exporting sweeps."""
