"""The register as a static site: pages as values, their HTML, the folder that they are put in.

It may import `export`, `render`, `reports` and what lies below them.
"""
