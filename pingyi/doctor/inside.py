"""What the installation is made of: its folder, database, keys, calendars, channels and methods."""

import os
from pathlib import Path

from sqlalchemy import select

from appraisal import clock
from appraisal.domain.refusal import Refusal
from appraisal.keys import SECRET_FILE, SECRET_SET_BY, Keyring
from appraisal.notices.channels import ADDRESS, load_channels
from appraisal.operations.library import shelf
from appraisal.store.migrating import is_current
from appraisal.store.register_tables import ContactRow
from pingyi.doctor.findings import Check, Checks, Patient, State, found
from pingyi.installation import is_missing

OTHERS_MAY_READ = 0o077


def folder(patient: Patient) -> Checks:
    home = patient.office.settings.home
    if not home.exists():
        yield found("folder", State.WRONG, "missing", home=home)
    elif not os.access(home, os.W_OK | os.X_OK):
        yield found("folder", State.WRONG, "locked", home=home)
    else:
        yield found("folder", State.OK, "fine", home=home)


def database(patient: Patient) -> Checks:
    yield _database(patient)


def _database(patient: Patient) -> Check:
    if is_missing(patient.office):
        return found("database", State.WRONG, "missing")
    if not patient.readable:
        return found("database", State.WRONG, "unreachable")
    state = (State.OK, "fine") if is_current(patient.office.store) else (State.WRONG, "old")
    return found("database", *state)


def keys(patient: Patient) -> Checks:
    file = patient.office.settings.home / SECRET_FILE
    if os.environ.get(SECRET_SET_BY):
        yield _fits(patient)
    elif not file.exists():
        yield found("keys", State.WRONG, "missing")
    elif file.stat().st_mode & OTHERS_MAY_READ:
        yield found("keys", State.WRONG, "open", file=file)
    else:
        yield _fits(patient)


def _fits(patient: Patient) -> Check:
    """Whether the key opens what was sealed with it."""
    keyring = Keyring.at(patient.office.settings.home)
    if not patient.readable:
        return found("keys", State.CARE, "untried")
    with patient.office.store.reading() as session:
        sealed = session.scalar(select(ContactRow.sealed).limit(1))
    if sealed:
        keyring.unseal(sealed)
    return found("keys", State.OK, "fine")


def calendars(patient: Patient) -> Checks:
    years = patient.office.calendar.years
    today = clock.now().date()
    for year, state in ((today.year, State.WRONG), (today.year + 1, State.CARE)):
        published = year in years and years[year].published
        yield found("calendars", State.OK if published else state, "fine" if published else "missing", year=year)


def channels(patient: Patient) -> Checks:
    named = load_channels(patient.office.settings.channels).named
    for name, channel in named.items():
        if channel.on and ADDRESS in channel.url:
            fault = load_channels(patient.office.settings.channels).target(f"{name}:1").fault
            if fault == "channel_unset":
                yield found("channels", State.CARE, "unset", channel=name)
    on = [name for name, channel in named.items() if channel.on]
    yield found("channels", State.OK if on else State.WRONG, "fine" if on else "none", channels=on)


def methods(patient: Patient) -> Checks:
    for each in shelf(patient.office):
        if each.faults:
            yield found("methods", State.CARE, "faulty", file=each.path, count=len(each.faults))
        elif each.edition:
            yield found("methods", State.OK, "fine", title=each.edition.method.title, file=Path(each.path).name)


def the_clock(_: Patient) -> Checks:
    moved = os.environ.get(clock.MOVED_BY)
    try:
        state = (State.CARE, "moved") if moved else (State.OK, "fine")
        yield found("clock", *state, now=clock.now())
    except (OSError, ValueError) as error:
        raise Refusal("doctor.clock.unreadable", file=moved) from error
