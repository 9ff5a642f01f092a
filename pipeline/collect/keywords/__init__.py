"""Keywords: expressions that say which judgments a study wants, as data, and the matcher that says where they match."""
