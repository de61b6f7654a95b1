"""How an answer differs from a recorded one, with its `<id>`, `<ts>` and the like."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx2

ANY = {
    "id": r"[A-Z]{1,3}[A-NP-Z1-9]{12}",
    "ts": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "url": r"https?://\S+",
    "n": r"\d+",
}
EXPECTED = re.compile(r"<(id|ts|uuid|url|n|run|base|(?:var|users|teams|name|teamname):\w+)>")
KINDS = {"str": str, "int": int, "bool": bool, "null": type(None), "dict": dict, "list": list}


class Comparison:
    """`value` says what `var:ag1` or `users:u1` stands for, and raises LookupError."""

    def __init__(self, value: Callable[[str], str]) -> None:
        self._value = value

    def __call__(
        self, expected: Mapping[str, Any], answer: httpx2.Response, content: Any
    ) -> list[str]:
        """What is not as recorded; `content` is the answer's, parsed."""
        status = expected["status"]
        if status == 500:  # the peer fails; anything that says why will do
            good = 400 <= answer.status_code < 500
            good &= answer.status_code != 405 or "allow" in answer.headers
            return [] if good else [f"status {answer.status_code} in place of a 4xx"]
        problems = []
        if answer.status_code != status:
            problems.append(f"status {answer.status_code} in place of {status}")
        missing = [name for name in expected.get("headers", ()) if name not in answer.headers]
        problems += [f"no header {name}" for name in missing]
        if "json" in expected:
            problems += self._differences(expected["json"], content, expected.get("any value", ()))
        if "kinds" in expected:
            problems += _unlike(expected["kinds"], content)
        return problems

    def _differences(
        self, expected: Any, found: Any, free: Sequence[str], where: str = "answer"
    ) -> list[str]:
        if type(expected) is not type(found):
            return [f"{where}: {found!r} in place of {expected!r}"]
        if isinstance(expected, dict):
            problems = _other_keys(expected, found, where)
            for key in expected.keys() & found.keys():
                here = f"{where}.{key}"
                if key not in free:
                    problems += self._differences(expected[key], found[key], free, here)
                elif type(expected[key]) is not type(found[key]):
                    problems.append(f"{here}: {found[key]!r} is of another type")
            return problems
        if isinstance(expected, list):
            if len(expected) != len(found):
                return [f"{where}: {len(found)} items in place of {len(expected)}"]
            return [
                problem
                for number, (one, other) in enumerate(zip(expected, found, strict=True))
                for problem in self._differences(one, other, free, f"{where}.{number}")
            ]
        good = self._fits(expected, found) if isinstance(expected, str) else expected == found
        return [] if good else [f"{where}: {found!r} in place of {expected!r}"]

    def _fits(self, expected: str, found: str) -> bool:
        pattern, end = "", 0
        for token in EXPECTED.finditer(expected):
            pattern += re.escape(expected[end : token.start()])
            end = token.end()
            try:
                pattern += ANY.get(token[1]) or re.escape(self._value(token[1]))
            except LookupError:
                return False
        return re.fullmatch(pattern + re.escape(expected[end:]), found) is not None


def _other_keys(expected: Mapping[str, Any], found: Mapping[str, Any], where: str) -> list[str]:
    return [f"{where}: no key {key}" for key in sorted(expected.keys() - found.keys())] + [
        f"{where}: unexpected key {key}" for key in sorted(found.keys() - expected.keys())
    ]


def _unlike(kind: Any, found: Any, where: str = "answer") -> list[str]:
    """How `found` is not of this kind: keys and types were kept of the recorded answer."""
    if isinstance(kind, str):
        types = [KINDS[word] for word in kind.split(" or ")]
        return [] if type(found) in types else [f"{where}: {found!r} is not {kind}"]
    if type(kind) is not type(found):
        return [f"{where}: {found!r} is not a {type(kind).__name__}"]
    if isinstance(kind, list):
        if not kind or not found:
            good = not found if not kind else not where.endswith(".results")
            return [] if good else [f"{where}: {found!r} where {kind!r} was recorded"]
        return [
            problem
            for number, item in enumerate(found)
            for problem in _unlike(kind[0], item, f"{where}.{number}")
        ]
    kinds = {key.rstrip("?"): item for key, item in kind.items()}
    left_out = {key.rstrip("?") for key in kind if key.endswith("?")} - found.keys()
    expected = {key: item for key, item in kinds.items() if key not in left_out}
    problems = _other_keys(expected, found, where)
    for key in expected.keys() & found.keys():
        problems += _unlike(expected[key], found[key], f"{where}.{key}")
    return problems
