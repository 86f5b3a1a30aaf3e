"""The parameter panel: a row with an editor for each parameter of a request."""
