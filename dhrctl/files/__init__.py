"""From bytes to values: the tree of files, strict YAML, the schemas, the decoders.

It may import `findings` and what lies below it.
"""
