"""Results for people: tables in the terminal, plots, the HTML page."""
