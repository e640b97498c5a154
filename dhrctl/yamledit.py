import io
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString as D, LiteralScalarString as L
import re


def _c(v):
    if isinstance(v, str):
        if "\n" in v:
            return L(v)
        if re.fullmatch(r"[\d/-]+", v):
            return D(v)
        return v
    if isinstance(v, list):
        return [_c(x) for x in v]
    if isinstance(v, dict):
        return {k: _c(x) for k, x in v.items()}
    return v


def written(data, shape, line):
    y = YAML()
    y.indent(mapping=2, sequence=4, offset=2)
    y.width = 10000
    o = io.BytesIO()
    y.dump(_c(dict(data)), o)
    return ((line + "\n") if line else "").encode() + o.getvalue()


def rewritten(content, data, shape):
    first = content.split(b"\n")[0].decode()
    return written(data, shape, first if first.startswith("#") else "")
