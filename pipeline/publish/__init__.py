"""What consumers of the data are given: the dictionary, one key over all editions, exports, changes of the data."""
