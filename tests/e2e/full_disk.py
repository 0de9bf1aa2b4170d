"""A venue on a faulty disk that has room again once the reserve is given up:
`python -m tests.e2e.full_disk serve ...`.
"""

import os
from pathlib import Path

from venue import cli
from venue.journal.reserve import Reserve

if __name__ == "__main__":
    give_up = Reserve.give_up

    def make_room(reserve: Reserve) -> None:
        give_up(reserve)
        Path(os.environ["FAULTY_DISK_ORDERS"]).unlink(missing_ok=True)

    Reserve.give_up = make_room  # type: ignore[method-assign]
    cli.main()
