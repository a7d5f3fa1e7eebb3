"""What maintainers do: drafts of words to check, and which editions there are."""
