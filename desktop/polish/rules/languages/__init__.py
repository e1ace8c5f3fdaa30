"""What the rules of polish know of German, French and Spanish: data for each language, and the code they share."""
