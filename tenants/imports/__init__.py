"""Import: what others kept in tables and address books becomes customers, contacts, follow-ups and opportunities of ours."""
