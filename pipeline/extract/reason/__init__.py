"""Why and where: cause, motive, relation, setting, earlier channels, and the cues for the classifiers."""
