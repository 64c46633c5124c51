"""What the stand-ins do: they answer, and they fail as they are told."""
