# Recompute every grade of a recount file, with the standard library alone: python scripts/recount.py FILE
import json
import sys
from fractions import Fraction
from pathlib import Path

book, got = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), dict[str, object]()
do = {"not": lambda a: not a, "reach": lambda a, b: a >= b, "key": lambda *x: x, "only": lambda n, v: v if n else None}
do |= {"over": lambda a, b: a / Fraction(b) if b else None, "known?": lambda v: v is not None, "or0?": lambda v: v or 0}
do |= {"times": lambda a, b: a * b, "plus": lambda *x: sum(x), "copies": lambda v, n: [v] * n}
do["sort"] = lambda top, low, *x: sorted(v for part in x for v in part)[low:][::-1][top:]
do |= {"mean": lambda v: sum(v) / Fraction(len(v)) if v else None, "if?": lambda c, a, b: b if c is False else c and a}
do["papers"] = lambda at: sum(line["count"] for line in book["lines"] if all(line[key] in at[key] for key in at))
do["round"] = lambda v, p: (abs(v) * 10**p + Fraction(1, 2)) // 1 / Fraction(10**p) * (1 if v >= 0 else -1)
do["all?"] = lambda *x: False if False in x else None if None in x else True
do["before?"] = lambda level, own, *x: own and sum(k > own or (level and k == own) for k in x if k)
for name, op, *x in book["steps"]:
    given = [got[a] if isinstance(a, str) else Fraction(*a) if isinstance(a, list) else a for a in x]
    got[name] = None if None in given and op[-1] != "?" else do[op](*given)  # type: ignore[operator]  # the file names it
print(*(f"{unit}: {book['grades'][got[name]]} = {told}" for unit, name, told in book["units"]), sep="\n")
