"""The eight stages, a folder each, named as the stage; they know nothing of one another."""
