"""What a list shows, as a file: .xlsx or .csv, written by a heavy worker while the rows come in."""
