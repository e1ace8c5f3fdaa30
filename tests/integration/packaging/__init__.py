"""What `packaging` makes, used by the programs that it is made for."""
