"""Programs of the checkout; nothing here is shipped in the wheel."""
