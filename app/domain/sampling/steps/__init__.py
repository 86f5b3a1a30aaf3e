"""The samplers that cut candidates off or change their spread, a module each with all its forms."""
