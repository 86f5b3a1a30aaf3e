"""The embedded model: llama.cpp's server as a child process of the program."""
