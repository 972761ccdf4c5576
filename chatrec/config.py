"""Settings: ``CHATREC_*`` environment variables, then ``chatrec.toml`` in the working folder, then these defaults."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from chatrec.errors import BadInput


class Settings(BaseSettings):
    """What can be set from outside; where models and data are kept (``CHATREC_CACHE``) is :func:`chatrec.assets.cache_dir`."""

    model_config = SettingsConfigDict(env_prefix="CHATREC_", toml_file="chatrec.toml", extra="ignore")

    workspace: Path | None = None
    """The workspace that commands use when none is named; without it, MovieLens 100K, built on first use."""
    llm: str = "smollm2-135m-instruct"
    """Frozen language model: an asset's name, a local folder, or a hub id."""
    encoder: str = "all-minilm-l6-v2"
    """Text encoder: an asset's name, a local folder, or a hub id."""
    database: str = ""
    """SQLAlchemy URL of the stored conversations; empty for SQLite inside the workspace."""
    chroma_host: str = ""
    """Host of a Chroma server (``host:port``); empty for the embedded index inside the workspace."""
    device: str = ""
    """Device of the language model and the adapter, as PyTorch names it; empty for a GPU where there is one, else the CPU."""
    threads: int = 0
    """Threads for the language model; 0 leaves the choice to PyTorch."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the TOML file behind the environment."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@cache
def settings() -> Settings:
    """The settings of this process; ``BadInput`` names a setting that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "CHATREC_" + "_".join(map(str, first["loc"])).upper()
        raise BadInput(f"{name}={first['input']!r} cannot be used: {first['msg']}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"chatrec.toml is not valid TOML: {error}") from error
