"""The command line: the main function, shared options, what is printed, and a module for each command."""
