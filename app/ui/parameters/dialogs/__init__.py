"""Dialogs for parameter values too large for a row: logit bias, tools, response format."""
