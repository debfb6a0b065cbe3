"""From what a person typed to a tree: characters, tokens, implicit products, and the grammar."""
