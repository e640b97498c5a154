"""Any bytes give records or findings, never another exception: `make fuzz`."""  # noqa: INP001 - a script, no package

import sys

import atheris

with atheris.instrument_imports(include=["dhrctl"]):
    from judge import judged


def judge(content: bytes) -> None:
    """Have bytes judged; whatever is raised is what the fuzzer looks for."""
    judged(content)


def main() -> None:
    """Hand judge to the fuzzer."""
    atheris.Setup(sys.argv, judge)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
