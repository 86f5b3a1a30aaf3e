"""The program as a whole: the core with every service, start, single instance, log, diagnosis."""
