"""Reading of tables, their columns, and losses as users type them."""
