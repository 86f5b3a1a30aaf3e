"""The HTTP client: connection pools, the thread that reads answers, certificates, proxies."""
