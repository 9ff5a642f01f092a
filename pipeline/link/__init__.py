"""Identity: which judgments are the same document seen twice, and which are instances of one case."""
