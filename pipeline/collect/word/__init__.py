"""What Word files of both kinds share: their text, lists and numbers."""
