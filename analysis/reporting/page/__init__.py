"""From an executed notebook to a page, and from pages to their index."""
