"""A case of the user: a small YAML file that lies over our tables, without touching them."""
