"""Our own staff: who they are, what they see of the fleet, what they did."""
