"""The nouns that cross borders: frozen msgspec structs, one noun a file, no behaviour beyond derived values."""
