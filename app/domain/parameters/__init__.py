"""The table of parameters with kinds, ranges and conflicts; slider scales; presets."""
