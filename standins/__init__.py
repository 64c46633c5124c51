"""What cannot be reached from a test machine, over HTTP on loopback: for tests, demo and bench."""
