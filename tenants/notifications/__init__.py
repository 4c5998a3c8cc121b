"""What a member is told: kept as a row, shown under the bell, and sent by the channels that the member chose."""
