"""Where the files are that come with the venue but are not Python."""

import sysconfig
from pathlib import Path

_SOURCE_TREE = Path(__file__).parent.parent
_INSTALLED = Path(sysconfig.get_path("data")) / "share" / "venue"


def shipped(name: str) -> Path:
    """Find a file that comes with the venue, `config/venue.yaml` for example."""
    in_tree = _SOURCE_TREE / name
    return in_tree if in_tree.exists() else _INSTALLED / name
