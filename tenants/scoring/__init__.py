"""Scores from 0 to 100 of customers and open opportunities, by rules that the firm sees and edits, and the grade that follows from them."""
