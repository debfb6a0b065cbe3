"""Tables of numbers that people bring, as plain data: reader.read gives points, names and what has to be said."""
