"""Colours, type and icons, designed together for light and dark."""
