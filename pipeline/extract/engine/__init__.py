"""The rule engine: rules as data, matching, negation."""
