"""What only the page Lossy by design has."""
