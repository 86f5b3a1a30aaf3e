"""The whole program: start, the core that holds every service, diagnosis, log, one instance."""
