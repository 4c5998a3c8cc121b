"""The landlord: who rents from us (schema "saas"), and where they live (schema "cell")."""
