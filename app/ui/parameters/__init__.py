"""The parameter panel: an editor for each kind of value."""
