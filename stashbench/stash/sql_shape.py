"""The shape of an SQL statement: its text with all values taken out, so that equal statements look equal.

Strings, numbers and parameters become `?`, lists of values collapse to one, quotes of plain names and differences of
white space go away. Nothing a user typed or named survives, so a shape may be stored and shown.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

LIST = "(…)"
VALUE = "?"
FINGERPRINT_DIGITS = 12
CACHED_CHARACTERS = 4096  # N+1 statements repeat and are short; long ones hold lists that never come again
_TOKEN = re.compile(
    r"""
    (?P<noise>   \s+ | --[^\n]* | /\*.*?(?:\*/|\Z) )
  | (?P<value>   [xX]?'(?:[^']|'')*(?:'|\Z)                          # strings and blobs, also cut off ones
               | (?:0[xX][0-9a-fA-F]+ | (?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
               | \?[0-9]* | [:@$][A-Za-z_][A-Za-z0-9_]* )
  | (?P<quoted>  `(?:[^`]|``)*(?:`|\Z) | "(?:[^"]|"")*(?:"|\Z) )
  | (?P<word>    [^\W0-9][\w$]* )
  | (?P<sign>    \|\| | <= | >= | <> | != | == | ->> | -> | << | >> | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN_NAME = re.compile(r"[^\W0-9][\w$]*")
# Words after which a bracket opens a list or a sub-query, not the arguments of a function.
_KEYWORD = re.compile(
    "all|and|any|as|between|by|case|distinct|else|end|except|exists|from|group|having|if|in|intersect|is|join|like|"
    "limit|match|not|offset|on|or|order|over|regexp|returning|select|set|then|union|using|values|when|where|with",
    re.IGNORECASE,
)
_OPERATORS = frozenset(
    {"=", "<", ">", "<=", ">=", "<>", "!=", "==", "+", "-", "*", "/", "%", "||", "<<", ">>", "&", "|"}
)


def shape_of(sql: str) -> str:
    """Return the statement's shape; shapes are their own shape."""
    return _cached_shape(sql) if len(sql) <= CACHED_CHARACTERS else _shape(sql)


def _shape(sql: str) -> str:
    return _join(_collapse_lists(_tokens(sql)))


_cached_shape = lru_cache(maxsize=1024)(_shape)


def fingerprint_of(shape: str) -> str:
    """Return a short stable name for a shape; upper and lower case do not matter, as in SQL."""
    return hashlib.blake2s(shape.casefold().encode("utf-8", "surrogatepass")).hexdigest()[:FINGERPRINT_DIGITS]


def placeholders(sql: str) -> int | None:
    """Return how many values a statement is given; None where they have names."""
    count = 0
    for match in _TOKEN.finditer(sql):
        text = match[0]
        if match.lastgroup != "value" or text[0] not in "?:@$":
            continue
        if text[0] != "?":
            return None
        count = count + 1 if text == "?" else max(count, int(text[1:]))
    return count


def _tokens(sql: str) -> list[str]:
    tokens: list[str] = []
    for match in _TOKEN.finditer(sql):
        text = match[0]
        if match.lastgroup == "noise":
            continue
        if match.lastgroup == "value":
            if _has_sign(tokens):
                tokens.pop()
            tokens.append(VALUE)
        elif match.lastgroup == "quoted":
            name = text[1:-1]
            # A name that needs its quotes may be a value written as one (SQLite allows that): take it out.
            tokens.append(name if _PLAIN_NAME.fullmatch(name) and text[-1] == text[0] else VALUE)
        else:
            tokens.append(text)
    return tokens


def _has_sign(tokens: list[str]) -> bool:
    """Say whether the last token is the sign of a following number, not a subtraction."""
    if not tokens or tokens[-1] not in {"-", "+"}:
        return False
    before = tokens[-2] if len(tokens) > 1 else "("
    return before in {"(", ","} or before in _OPERATORS or _KEYWORD.fullmatch(before) is not None


def _collapse_lists(tokens: list[str]) -> list[str]:
    """Collapse `IN (?, ?)` and `VALUES (?, ?), (?, ?)`, whose lengths follow the data, to one shape."""
    result: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        result.append(token)
        index += 1
        keyword = token.lower()
        if keyword not in {"in", "values"}:
            continue
        end = _end_of_list(tokens, index)
        if end is None:
            continue
        while keyword == "values" and tokens[end : end + 1] == [","] and (more := _end_of_list(tokens, end + 1)):
            end = more
        result.append(LIST)
        index = end
    return result


def _end_of_list(tokens: list[str], start: int) -> int | None:
    """Return the index behind a bracket that holds only values (or is a collapsed one), or None."""
    if tokens[start : start + 3] == ["(", "…", ")"]:
        return start + 3
    if tokens[start : start + 1] != ["("]:
        return None
    for index in range(start + 1, len(tokens)):
        if tokens[index] == ")":
            return index + 1
        if tokens[index] not in {VALUE, ","}:
            return None
    return None


def _join(tokens: list[str]) -> str:
    pieces: list[str] = []
    before = ""
    for token in tokens:
        if before and not _is_tight(before, token):
            pieces.append(" ")
        pieces.append(token)
        before = token
    return "".join(pieces)


def _is_tight(before: str, token: str) -> bool:
    """Say whether two neighbours are written without a space."""
    if token in {",", ")", ".", ";"} or before in {"(", "."}:
        return True
    if token.startswith("("):
        is_name = _PLAIN_NAME.fullmatch(before) is not None
        return is_name and _KEYWORD.fullmatch(before) is None
    return False
