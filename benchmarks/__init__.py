"""What makes the performance claims repeatable."""
