"""The table of parameters: kinds, ranges, conflicts, slider scales, presets."""
