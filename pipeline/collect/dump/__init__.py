"""The bulk scan: a dump of any size, searched for the keywords as raw bytes; only records that match are parsed and stored."""
