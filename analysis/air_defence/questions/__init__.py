"""What a notebook asks: facts put into models."""
