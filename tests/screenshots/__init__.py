"""Pictures of every main state, so that somebody looks: `python -m tests.screenshots DIR`."""
