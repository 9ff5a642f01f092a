"""Archives and other files that hold files: zip, tar, 7z, gzip, HAR; each opened without writing to disk."""
