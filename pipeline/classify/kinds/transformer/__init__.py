"""A transformer fine-tuned from a model directory that the user names; nothing is fetched, nothing pickled is read.

The modules `network` and `learning` need torch and are imported when a model is fitted or read (extra `nn`).
"""
