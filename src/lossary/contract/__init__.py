"""What holds for every call: its keywords, shapes and values, and what is said of a call that breaks it."""
