"""Everything that speaks to a Stash server; the only package that imports gql."""
