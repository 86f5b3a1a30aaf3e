"""The conversation as one painted, virtualised view."""
