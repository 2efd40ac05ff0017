"""Compare what mutmut found with the survivors that survivors.md explains.

Run it after ``mutmut run``, which changes plain Python bit by bit::

    mutmut results --all true | python benchmarks/mutants/survivors.py
"""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

LIST = Path(__file__).with_name("survivors.md")
EXPLAINED = re.compile(r"^\| `(\S+)` \| (\d+) \| [^|\s]", re.MULTILINE)
# mutmut writes dl_lesson.plotting.x__line__mutmut_3, and "ǁ" around the class of a method.
RESULT = re.compile(r"^\s*(dl_lesson\.(\S+)\.x[_ǁ](\S+)__mutmut_\d+): (.+)$", re.MULTILINE)
# An endless loop is noticed, too.
NOTICED = {"killed", "timeout"}
LEAST = 0.9


def main() -> int:
    """Fail if too few changes were noticed, or a function has more survivors than explained."""
    explained: Counter[str] = Counter()
    for function, number in EXPLAINED.findall(LIST.read_text(encoding="utf-8")):
        explained[function] += int(number)
    results = RESULT.findall(sys.stdin.read())
    survivors = defaultdict(list)
    for name, module, function, verdict in results:
        if verdict not in NOTICED:
            survivors[f"{module}.{function.replace('ǁ', '.')}"].append(f"{name} ({verdict})")
    unexplained = False
    for function in sorted(survivors.keys() | explained.keys()):
        names = survivors[function]
        if len(names) != explained[function]:
            print(f"{function}: {len(names)} survivors, {explained[function]} in {LIST.name}")
        if len(names) > explained[function]:
            unexplained = True
            print(*(f"    mutmut show {name}" for name in names), sep="\n")
    n_noticed = len(results) - sum(map(len, survivors.values()))
    print(f"{n_noticed} of {len(results)} changes were noticed; at least {LEAST:.0%} must be.")
    return 1 if unexplained or n_noticed < LEAST * len(results) or not results else 0


if __name__ == "__main__":
    sys.exit(main())
