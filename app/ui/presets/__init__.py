"""Windows of presets: list, name, comparison."""
