"""Compare the numbers that a claim of a checkpoint names with the bounds that it is held to."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WORDS = {
    **{word: number for number, word in enumerate(COUNTS, start=2)},
    "twice": 2,
    "half": 1 / 2,
    "a third": 1 / 3,
    "a quarter": 1 / 4,
    "a fifth": 1 / 5,
    "a tenth": 1 / 10,
}
DIGITS = r"(?<![\w.,-])-?\d(?:[\d,]*\d)?(?:\.\d+)?(?![\w-])"
NUMBER = rf"(?:{DIGITS}|\b(?:{'|'.join(WORDS)})\b)"
UNIT = r"(?P<unit>\s?%|\spoints?\b)?"
LOW, HIGH = rf"(?:about )?(?P<low>{NUMBER}){UNIT}", rf"(?:about )?(?P<high>{NUMBER}){UNIT}"
# Each number that these words compare with is a bound.
STRICT = (
    rf"\bat least {LOW}",
    rf"(?<!divided )(?<!divides )\bby {LOW}",
    rf"{LOW}(?: \w+)? or more\b",
    rf"\b(?:at most|no more than|give or take) {HIGH}",
)
# Of these, one is. The others may name a condition: errors of more than 3 hours.
LOOSE = (
    rf"\b(?:between|from) (?P<low>{NUMBER}) (?:and|to) {HIGH}",
    rf"(?P<low>{NUMBER}) to {HIGH}",
    rf"(?<!no )\b(?:more than|above|over) {LOW}",
    rf"\b(?:less than|below|under|within) {HIGH}",
    rf"(?P<low>{NUMBER})(?P<unit>\s?%)",
)
NEGATION = re.compile(r"\b(?:no|none|never|not)\b", re.I)
# A difference is divided by them, so that its bound is 1.
STANDARD_ERRORS = re.compile(rf"{NUMBER} standard errors?")
# Numbers that say how many there are in all, or how one computes what follows.
ASIDE = re.compile(rf"\bof (?:the )?{NUMBER}|= {NUMBER}")
PRODUCT = re.compile(r"\d [·×] \d")
MILLIONS = re.compile(r"(\d+(?:\.(\d+))?) million")


@dataclass(frozen=True)
class _Bounds:
    """The numbers in the arguments of a checkpoint."""

    value: list[float]
    at_least: list[float]
    at_most: list[float]
    equals: list[float]

    def hold(self, values: list[float], *, is_low: bool) -> bool:
        """Tell whether one of the forms of a number is the bound on a side."""
        near, far = (self.at_least, self.at_most) if is_low else (self.at_most, self.at_least)
        wanted = [*near, *self.equals, *(-bound for bound in far)]
        # What is compared may hold the number: [lead - 0.1], at least 0.
        if not any((*near, *far, *self.equals)):
            wanted += self.value
        return any(abs(value - bound) < 1e-9 for value in values for bound in wanted)


def claim_errors(source: str) -> Iterator[str]:
    """Yield a sentence for each claim of a cell that names another number than its bounds.

    Parameters
    ----------
    source : str
        Code of the cell. A claim or a bound that is computed is left alone.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Name(id="checkpoint"),
                args=[ast.Constant(value=str() as claim), value],
                keywords=[_, *_] as keywords,
            ):
                named = {keyword.arg: _numbers(keyword.value) for keyword in keywords}
                sides = (named.get(side, []) for side in ("at_least", "at_most", "equals"))
                if number := _unbound(claim, _Bounds(_numbers(value), *sides)):
                    checked = ", ".join(ast.unparse(keyword) for keyword in keywords)
                    yield (
                        f"The claim “{claim}” names {number}, and is checked with {checked}; "
                        "make them agree."
                    )


def _numbers(node: ast.AST) -> list[float]:
    """Return the numbers that are written in an expression, with their signs."""
    match node:
        case ast.Constant(value=bool()):
            return []
        case ast.Constant(value=int() | float() as value):
            return [float(value)]
        # [4] * 28 is 28 times four.
        case ast.BinOp(left=ast.List() as repeated, op=ast.Mult()):
            return _numbers(repeated)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return [-number for number in _numbers(operand)]
    return [n for child in ast.iter_child_nodes(node) for n in _numbers(child)]


def _unbound(claim: str, bounds: _Bounds) -> str:
    """Return the first number of a claim that it is not checked with, empty if there is none."""
    text = STANDARD_ERRORS.sub("", claim)
    strict = [_compared(m, text, bounds) for form in STRICT for m in re.finditer(form, text, re.I)]
    loose = [_compared(m, text, bounds) for form in LOOSE for m in re.finditer(form, text, re.I)]
    if strict or loose:
        missing = [number for number, holds in strict if not holds]
        if not strict and not any(holds for _, holds in loose):
            missing = [loose[0][0]]
        return missing[0] if missing else ""
    return _uncounted(text, bounds)


def _uncounted(text: str, bounds: _Bounds) -> str:
    """Return a number of a claim without comparison that it is not equal to, empty if all are."""
    # Truth values stand for words.
    if not set(bounds.equals) - {0, 1}:
        return ""
    text = MILLIONS.sub(lambda match: _exact(match, bounds.equals), ASIDE.sub("", text))
    found = {n: bounds.hold(_forms(n, ""), is_low=True) for n in re.findall(NUMBER, text)}
    missing = [n for n, holds in found.items() if not holds and re.fullmatch(DIGITS, n)]
    large = [number for number in missing if number.replace(",", "").isdigit() and len(number) > 2]
    if large or PRODUCT.search(text):
        return large[0] if large else ""
    # The others may say of what: a kernel of 5 x 5 leaves 60 rows. Then the 60 is named.
    named = [form for number in found for form in _forms(number, "")]
    unnamed = [n for n in bounds.equals if not any(abs(n - form) < 1e-9 for form in named)]
    return missing[0] if missing and unnamed else ""


def _exact(match: re.Match, equals: list[float]) -> str:
    """Return the number that is so many millions, rounded."""
    n_digits = len(match[2] or "")
    exact = [n for n in equals if round(n / 1e6, n_digits) == float(match[1])]
    return f"{exact[0]:.0f}" if exact else match[0]


def _compared(match: re.Match, text: str, bounds: _Bounds) -> tuple[str, bool]:
    """Return a number that a claim compares with, and whether it is the bound on its side."""
    sides = {side: number for side, number in match.groupdict().items() if number}
    unit = sides.pop("unit", "")
    # No value is above 0.9: 0.9 is the highest.
    turned = match.re.pattern in LOOSE and bool(NEGATION.search(text[: match.start()]))
    is_between = bool(bounds.at_least and bounds.at_most) and "about" in match[0]
    for side, number in sides.items():
        forms = _forms(number, unit)
        # More than 150 of what is counted: at least 151.
        if match.re.pattern in LOOSE and forms[0].is_integer():
            forms += [forms[0] + (1 if side == "low" else -1)]
        holds = bounds.hold(forms, is_low=(side == "low") != turned)
        if is_between:
            holds = min(bounds.at_least) <= forms[0] <= max(bounds.at_most)
        # Wrong for 15 % at least: right for 85 % at most.
        elif unit and not holds:
            holds = bounds.hold([forms[0] - 1], is_low=side == "low")
        # Well below 1: at most 0.9.
        elif match.re.pattern in LOOSE and forms[0] in (0, 1) and not turned:
            holds = holds or any(
                [bound >= forms[0] for bound in bounds.at_least]
                if side == "low"
                else [bound <= forms[0] for bound in bounds.at_most]
            )
        if not holds:
            return number, False
    return number, True


def _forms(number: str, unit: str) -> list[float]:
    """Return what may stand in the code for a number of a claim, the number itself first."""
    if number.lower() in WORDS:
        value = float(WORDS[number.lower()])
        # A fifth more: 1.2 times as much.
        return [value / 100 if unit else value, *([1 + value] if value < 1 else [])]
    value = float(number.replace(",", ""))
    return [value / 100, value] if unit else [value]
