"""The pages of the site as values, in one module for each kind of page."""
