"""Providers, their models, prices, routing and proxies."""
