"""How this project speaks with services outside: when to ask, and how long to ask again."""
