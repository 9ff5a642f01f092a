"""What heading and closing print: number, court, region, date."""
