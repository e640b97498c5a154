"""Small numbers: which groups are not broken down for the public, so that no few can be picked out."""

from collections import defaultdict
from collections.abc import Mapping

FEWEST = 5
RULE = (
    "Groups of fewer than five are not broken down, and neither is a larger one from which a small one could be "
    "worked out."
)


def redacted_groups(sizes: Mapping[str, int]) -> frozenset[str]:
    """Return the groups that are not broken down where the sum over all groups is known.

    They are never one alone, which would follow from the sum and the others, nor fewer than five together.
    """
    hidden: list[str] = []
    for group, size in sorted(sizes.items(), key=lambda each: (each[1], each[0])):
        together = sum(sizes[each] for each in hidden)
        if size >= FEWEST and (not hidden or (len(hidden) > 1 and together >= FEWEST)):
            break
        hidden.append(group)
    return frozenset(hidden)


def redacted_subgroups(parents: Mapping[str, str], sizes: Mapping[str, int]) -> frozenset[str]:
    """Return the same for groups that are parts of larger ones, the sums over which may be known too."""
    wholes: dict[str, dict[str, int]] = defaultdict(dict)
    for group, parent in parents.items():
        wholes[parent][group] = sizes[group]
    hidden = redacted_groups({parent: sum(parts.values()) for parent, parts in wholes.items()})
    return frozenset(
        group for parent, parts in wholes.items() for group in (parts if parent in hidden else redacted_groups(parts))
    )
