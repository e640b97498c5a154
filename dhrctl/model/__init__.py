"""The register as values, and every judgement of them: pure, without disk, git or clock.

It may import `text`.
"""
