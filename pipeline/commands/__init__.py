"""The groups of the command line, one module for each; `cli.py` joins them. They open, call and print; they decide nothing."""
