"""What an installation may set: PINGYI_* in the environment, else config/settings.toml, else the value here."""

from datetime import time
from functools import cache
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from appraisal.domain.refusal import Refusal
from appraisal.places import root

Port = Annotated[int, Field(ge=1, le=65535)]
Minutes = Annotated[int, Field(ge=1, le=24 * 60)]
Seconds = Annotated[int, Field(ge=1)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="PINGYI_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    home: Path = Field(Path(".pingyi"), description="Data folder; a relative path is taken from the checkout root.")
    database_url: str | None = Field(
        None, repr=False, description="SQLAlchemy address of the database; without it the file pingyi.db under home."
    )
    methods: Path = Field(Path("config/methods"), description="Folder of the written methods.")
    questionnaires: Path = Field(Path("config/questionnaires"), description="Folder of the written questionnaires.")
    calendars: Path = Field(Path("config/calendars"), description="Folder of the published yearly calendars.")
    local_holidays: Path | None = Field(None, description="File of local holidays and local make-up workdays.")
    channels: Path = Field(Path("config/channels.yaml"), description="File of the channels that notices go out by.")

    portal_host: str = Field("127.0.0.1", description="Address the portal listens on.")
    portal_port: Port = Field(8000, description="Port the portal listens on.")
    portal_url: str | None = Field(
        None, description="Address people reach the portal by, put into every link; without it, host and port."
    )
    upload_limit_mb: int = Field(20, ge=1, le=1024, description="Largest file that may be handed in, in MB.")

    prefect_port: Port = Field(4200, description="Port of the Prefect server that `pingyi up` starts.")
    prefect_api_url: str | None = Field(
        None, description="Address of a Prefect server run elsewhere (ends in /api); `pingyi up` then starts none."
    )
    prefect_auth: SecretStr | None = Field(
        None, description="Password of the Prefect server, as name:password; never shown or logged."
    )

    quiet_from: time = Field(time(20, 0), description="From this time of day, notices that are not urgent wait.")
    quiet_until: time = Field(time(8, 0), description="Until this time of day, notices that are not urgent wait.")
    digest_at: time = Field(time(8, 30), description="Time of day at which a leader's digest goes out.")
    rung_at: time = Field(time(9, 0), description="Time of day at which the rungs of a ladder fire.")
    close_of_business: time = Field(time(17, 30), description="End of a working day, for dates that end with it.")

    patrol_minutes: Minutes = Field(5, description="Minutes between two patrols for what has fallen due.")
    dispatch_minutes: Minutes = Field(2, description="Minutes between two dispatches of waiting notices.")
    patience_seconds: Seconds = Field(
        300, description="Seconds after which a phase run that still counts as running is taken for dead and replaced."
    )
    lease_seconds: Seconds = Field(120, description="Seconds after which a claimed but unsent notice is free again.")
    send_timeout_seconds: Seconds = Field(20, description="Seconds to wait for a channel to take a notice.")
    link_days: int = Field(30, ge=1, description="Days that the personal link in a notice stays good.")

    @field_validator("home", "methods", "questionnaires", "calendars", "local_holidays", "channels")
    @classmethod
    def _from_the_root(cls, path: Path | None) -> Path | None:
        return path and root() / path.expanduser()

    @field_validator("portal_url", "prefect_api_url")
    @classmethod
    def _is_web_address(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("an address beginning with http:// or https:// is needed")
        return url.rstrip("/") if url else url

    @property
    def database(self) -> str:
        """May hold a password: for the engine, never for a log."""
        return self.database_url or f"sqlite:///{self.home / 'pingyi.db'}"

    @property
    def portal(self) -> str:
        return self.portal_url or f"http://{self.portal_host}:{self.portal_port}"

    @property
    def prefect_api(self) -> str:
        return self.prefect_api_url or f"http://127.0.0.1:{self.prefect_port}/api"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls, toml_file=root() / "config" / "settings.toml")
        return init_settings, env_settings, file


@cache
def settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        names = sorted({str(fault["loc"][0]) for fault in error.errors() if fault["loc"]})
        raise Refusal("settings.invalid", settings=names) from error
    except TOMLDecodeError as error:
        raise Refusal("settings.unreadable", why=str(error)) from error
