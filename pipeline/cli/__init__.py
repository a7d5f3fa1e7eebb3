"""The command line: the main function, and a module for each command."""
