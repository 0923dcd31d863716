"""The contract of every call: its keywords, shapes and values, and the messages to a call that breaks it."""
