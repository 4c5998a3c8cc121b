"""What is due, told to whoever is to do it: at its minute, and in the morning."""
