"""`python -m tests.chaos`: every variant, a table for each, and a failure if anything is wrong."""

import argparse
import logging
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack

from tests.chaos import server, variants
from tests.chaos.run import Result, Variant, run


def main() -> int:
    options = arguments().parse_args()
    logging.basicConfig(level=logging.ERROR)
    failed = []
    with ExitStack() as stack:
        postgres = None
        if options.database != "sqlite":
            postgres = stack.enter_context(server.running())
        # They share nothing but the machine; one that stops its server has it for itself.
        with ThreadPoolExecutor(options.jobs) as pool:
            started = [
                pool.submit(play, variant, postgres, options.seed)
                for variant in chosen(options, with_postgres=postgres is not None)
            ]
            for each in as_completed(started):
                result = each.result()
                report(result)
                failed += [result.variant.name] if result.violations else []
    print(f"\nFAILED: {'; '.join(failed)}" if failed else "\nNothing lost, nothing unexplained.")
    return 1 if failed else 0


def play(variant: Variant, postgres: server.Server | None, seed: int) -> Result:
    if not variant.is_postgresql:
        return run(variant, seed=seed)
    with ExitStack() as stack:
        if variant.stops_server or postgres is None:
            postgres = stack.enter_context(server.running())
        return run(variant, postgres, seed=seed)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--processes", type=int, help="only variants with so many processes")
    parser.add_argument("--only", default="", help="only variants with this in their names")
    parser.add_argument("--jobs", type=int, default=2, help="variants at a time")
    parser.add_argument("--rounds", type=int, default=4, help="kills or restarts in each variant")
    parser.add_argument("--groups", type=int, default=8, help="alert groups in each variant")
    parser.add_argument("--faults", type=float, default=0.3, help="share of calls that fail")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def chosen(options: argparse.Namespace, *, with_postgres: bool) -> Iterator[Variant]:
    for variant in variants.everything(options.rounds, options.groups, options.faults):
        if variant.is_postgresql and not with_postgres:
            continue
        if options.database and variant.is_postgresql != (options.database == "postgresql"):
            continue
        if options.processes and variant.processes != options.processes:
            continue
        if options.only in variant.name:
            yield variant


def report(result: Result) -> None:
    print(f"\n{result.variant.name} (seed {result.seed}, {result.seconds:.0f} s)")
    width = max(len(name) for name in result.counts)
    for name, count in result.counts.items():
        print(f"  {name:<{width}}  {count:>6}")
    print(f"  {'violations':<{width}}  {len(result.violations):>6}", flush=True)
    for violation in result.violations[:20]:
        print(f"  ! {violation}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
