"""Which section `web` holds."""

from venue.config import Config, WebConfig
from venue.errors import ConfigError


def settings_of(config: Config) -> WebConfig:
    """The section `web`, or its defaults. Raise `ConfigError` where these need sessions that there
    are not.
    """
    if config.web is not None:
        return config.web
    settings = WebConfig()
    for at, expected in settings.faults(config.sessions, config.venue.versions):
        where = ".".join(map(str, ("web", *at)))
        text = f"{expected}; or a section `web` that names others"
        raise ConfigError("configuration", where, "nothing", text)
    return settings
