"""Dialogs for parameter values that are too large for a row: logit bias, tools, response format."""
