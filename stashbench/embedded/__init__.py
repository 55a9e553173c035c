"""The stand-in Stash server: schema, generated libraries and a real GraphQL process over them.

It imports only `model` and `errors`; nothing but `stashbench.target` imports it.
"""
