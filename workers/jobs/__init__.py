"""What is put into queues, by name. Every job can run twice, and none believes its arguments: what is due is read from the database."""
