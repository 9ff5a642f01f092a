"""What people do to make coded cases: what to draw, agreement, exchange with other tools, screening. Pure functions; nothing here knows the database."""
