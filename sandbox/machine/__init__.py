"""One machine that runs everything: databases out of wheels, and a supervisor for our own processes."""
