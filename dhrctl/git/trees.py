"""The files of the register in git's trees: which there are, and which are refused."""

from collections.abc import Collection, Iterable

from dhrctl.files.tree import printable_name, refusal
from dhrctl.findings.finding import Finding
from dhrctl.git import log
from dhrctl.git.errors import complaint_error, lost_object_error
from dhrctl.git.log import RAW, FileChange
from dhrctl.git.process import Git
from dhrctl.model.paths import REGISTER

_EMPTY = {  # git's names for the tree without files, by their length
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}


def list_tree(git: Git, prefix: str, tree: str) -> tuple[FileChange, ...]:
    """Return what a commit's tree holds of the register, as what changed since there was nothing.

    git lists each file as it finds it, so that a tree without end is refused soon.
    """
    code, out, complaint = git.run("ls-tree", "-r", "-z", "--full-tree", tree, "--", f"{prefix}{REGISTER}")
    if code:
        raise complaint_error(complaint)
    return tuple(
        [_parse_tree_entry(entry, prefix) for entry in out.decode("utf-8", "surrogateescape").split("\0")[:-1]]
    )


def _parse_tree_entry(entry: str, prefix: str) -> FileChange:
    about, _, path = entry.partition("\t")
    mode, kind, blob = about.split(" ")
    after = "" if kind == "commit" else blob
    return FileChange(path=printable_name(path.removeprefix(prefix)), before="", after=after, mode=int(mode, 8))


def list_trees(git: Git, prefix: str, trees: Collection[str]) -> dict[str, tuple[FileChange, ...]]:
    """Return what `list_tree` does of each of several trees, in one question: each is compared with none."""
    pairs = "".join(f"{_EMPTY[len(tree)]} {tree}\n" for tree in dict.fromkeys(trees))
    code, out, complaint = git.run(
        "diff-tree", "--stdin", "-r", "-z", *RAW, "--", REGISTER, stdin=pairs.encode("ascii")
    )
    if code:
        raise complaint_error(complaint)
    held = dict(log.parse_comparisons(out, prefix))
    if missing := next((tree for tree in trees if tree not in held), ""):
        raise lost_object_error(missing)
    return held


def apply_changes(held: Iterable[FileChange], changes: Iterable[FileChange]) -> list[FileChange]:
    """Return what a tree holds as changes leave it."""
    changed = {change.path: change for change in changes if change.path.partition("/")[0] == REGISTER}
    kept = [each for each in held if each.path not in changed]
    return kept + [change for change in changed.values() if change.mode]


def separate_refused(held: Iterable[FileChange]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Return the name of each file's bytes by its path, and what is refused."""
    names: dict[str, str] = {}
    refused = []
    for each in held:
        path = each.path
        while path in names:  # two names that are not text can be written alike
            path += "'"
        finding = refusal(path, each.mode)
        if finding:
            refused.append(finding)
        else:
            names[path] = each.after
    return names, tuple(refused)
