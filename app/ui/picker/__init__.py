"""The model picker, and the dialog for a model's hosts and routing."""
