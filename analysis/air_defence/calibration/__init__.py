"""The model held against raids that happened: nights by class, their law, its predictions and their scores."""
