"""Fonts, colours, marks and formulas that strips paint with."""
