"""The library file as the program uses it: opening, settings, presets, export."""
