"""Check the book: `python3 ci/test.py`, or only some stages: unit, notebooks, book, browser.

Makes the same environment as ci/build.py and runs everything that must hold. Ends with a table of
the stages; the exit status is 0 only if all passed.
"""

import argparse
import json
import sys
import time

from console import ending_clearly, require_python, say

STAGES = ("unit", "notebooks", "book", "browser")


def main():
    """Set up, run the stages, and report."""
    require_python()
    arguments = parsed()
    import environment
    from stages import Checks

    chosen = [name for name in STAGES if name in (arguments.stages or STAGES)]
    python = environment.prepare(arguments, extras=["kernels"] if "unit" in chosen else [])
    checks = Checks(python, node=not arguments.no_node)
    if "browser" in chosen:
        from find_browser import find_browser

        checks.browser = find_browser(python)
        say(f"browser: {checks.browser}")
    return report(run_stages(checks, chosen), checks)


def parsed():
    """The arguments of the command line."""
    import book_build
    import environment

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stages", nargs="*", help=f"some of: {', '.join(STAGES)} (default: all)")
    environment.add_arguments(parser)
    book_build.add_arguments(parser)
    arguments = parser.parse_args()
    unknown = [name for name in arguments.stages if name not in STAGES]
    if unknown:
        parser.error(f"there is no stage {', '.join(unknown)}; the stages are {', '.join(STAGES)}")
    return arguments


def run_stages(checks, chosen) -> dict:
    """Run the chosen stages, all of them whatever fails: name -> passed, seconds."""
    import stages

    results = {}
    for name in chosen:
        say(f"\n{'=' * 20} {name} {'=' * 20}")
        start = time.monotonic()
        passed = stages.STAGES[name](checks)
        results[name] = {"passed": passed, "seconds": round(time.monotonic() - start, 1)}
        checks.done.append(name)
    return results


def report(results: dict, checks) -> int:
    """Print the table and the counts, keep them in _build/reports/stages.json."""
    whole = json.dumps({"stages": results, "counts": checks.counts}, indent=1)
    (checks.reports / "stages.json").write_text(whole, encoding="utf-8")
    say(f"\n{'stage':12}{'result':10}{'seconds':>8}")
    for name, result in results.items():
        say(f"{name:12}{'passed' if result['passed'] else 'FAILED':10}{result['seconds']:8.1f}")
    counts = ", ".join(f"{n} {what}" for what, n in checks.counts.items() if n)
    seconds = sum(result["seconds"] for result in results.values())
    say(f"\n===== {counts} in {seconds:.1f}s =====")
    return 0 if all(result["passed"] for result in results.values()) else 1


if __name__ == "__main__":
    sys.exit(ending_clearly(main))
