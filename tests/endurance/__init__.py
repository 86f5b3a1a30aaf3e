"""Long trials by hand: a soak of the real window, and sudden ends of every kind of process."""
