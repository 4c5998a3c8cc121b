"""What other services tell us. It is believed for nothing but its signature."""
