"""Changes to the register, worked out as edits of its files before anything is written."""
