"""A stand-in for Stripe that keeps state; the real `stripe` library talks to it. docs/stripe.md says what it can do."""
