"""What the rows say: names, states, acts and the spells between them, exchanges."""
