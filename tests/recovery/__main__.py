"""`python -m tests.recovery`: kill a venue again and again, and see whether anything is lost."""

import argparse
import random
import signal
import sys
import tempfile
from pathlib import Path

from tests.recovery import faulty_disk
from tests.recovery.torture import torture

parser = argparse.ArgumentParser(prog="scripts/torture", description=__doc__)
parser.add_argument("--kills", type=int, default=200, help="how often (default 200)")
parser.add_argument("--seconds", type=float, default=86_400, help="at most so long")
parser.add_argument("--seed", type=int, help="of everything that is left to chance")
parser.add_argument("--sync", choices=("batch", "interval"), default="batch", help="journal.sync")
parser.add_argument(
    "--lost-cache",
    action="store_true",
    help="what was not synced is gone after each kill; with --sync batch only",
)
options = parser.parse_args()
if options.lost_cache and options.sync != "batch":
    parser.error("--sync interval promises nothing of its last interval to who loses the cache")
if faulty_disk.COMPILER is None:
    parser.error("a C compiler is needed: cc, gcc or clang")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and leave no venue behind
seed = random.SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
print(f"seed {seed}, sync {options.sync}, lost cache {options.lost_cache}", flush=True)
directory = Path(tempfile.mkdtemp(prefix="torture-"))
sys.exit(torture(directory, seed, options.kills, options.seconds, options.sync, options.lost_cache))
