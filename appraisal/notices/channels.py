"""The channels that messages go out by, from config/channels.yaml, and the address a contact comes to."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Annotated
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from appraisal.domain.refusal import Refusal
from appraisal.notices.delivery import is_address

ADDRESS = "{address}"
STRAIGHT = "apprise"
"""The channel of contacts that are Apprise URLs themselves."""


class _UnsetError(KeyError):
    """A secret that the environment does not hold."""


class Channel(BaseModel):
    """One named channel."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+://")] = Field(repr=False)
    on: bool = True
    concurrency: Annotated[int, Field(ge=1, le=64)] = 4


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    channels: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")], Channel]


@dataclass(frozen=True)
class Target:
    """Where a message goes: a URL for Apprise, or why there is none."""

    channel: str
    url: str = field(repr=False)
    fault: str | None = None


@dataclass(frozen=True)
class Channels:
    """The channels of an installation."""

    named: dict[str, Channel]

    def target(self, contact: str) -> Target:
        """What a contact (an Apprise URL, or ``channel:address``) comes to."""
        if "://" in contact:
            return Target(STRAIGHT, contact) if is_address(contact) else Target(STRAIGHT, "", "bad_address")
        name, _, address = contact.partition(":")
        channel = self.named.get(name)
        if channel is None:
            return Target(name, "", "no_channel")
        if not channel.on:
            return Target(name, "", "channel_off")
        return _target(name, channel, address.strip())

    def targets(self, contacts: list[str]) -> list[Target]:
        """The same for all contacts of a person, in their order."""
        return [self.target(contact) for contact in contacts]

    def concurrency(self, name: str) -> int:
        """How many messages may be under way by this channel at once."""
        return self.named[name].concurrency if name in self.named else Channel.model_fields["concurrency"].default

    def accepts(self, contact: str) -> bool:
        """Whether a message could be sent there if the channel is on and its secrets are set."""
        if "://" in contact:
            return is_address(contact)
        name, _, address = contact.partition(":")
        return name in self.named and bool(address.strip())


def load_channels(path: Path) -> Channels:
    """Refuses with ``channels.invalid``, naming the places and never what stands there."""
    try:
        parsed = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        return Channels(_File.model_validate(parsed).channels)
    except ValidationError as error:
        places = sorted({".".join(str(step) for step in fault["loc"]) for fault in error.errors()})
        raise Refusal("channels.invalid", file=path.name, places=places) from None
    except (OSError, UnicodeDecodeError, YAMLError):
        raise Refusal("channels.unreadable", file=path.name) from None


def _target(name: str, channel: Channel, address: str) -> Target:
    if not address:
        return Target(name, "", "bad_address")
    try:
        url = _with_secrets(channel.url).replace(ADDRESS, quote(address, safe=""))
    except _UnsetError:
        return Target(name, "", "channel_unset")
    return Target(name, url) if is_address(url) else Target(name, "", "bad_address")


def _with_secrets(url: str) -> str:
    """``${NAME}`` is taken from the environment and quoted, so that a password may hold any character."""
    if missing := [name for name in re.findall(r"\$\{(\w+)\}", url) if not os.environ.get(name)]:
        raise _UnsetError(missing)
    return Template(url).safe_substitute({name: quote(value, safe="") for name, value in os.environ.items()})
