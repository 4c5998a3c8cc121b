"""订阅: what the company rents, what it costs, when the next payment is, and what happens when it stops."""
