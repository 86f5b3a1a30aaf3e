"""The heat map: answers coloured by token probability, and the alternatives of a token."""
