"""Finding the IDs that a vendor's support asks for, in whatever holds them."""
