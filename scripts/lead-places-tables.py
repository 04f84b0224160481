#!/usr/bin/env python3
"""Writes the tables by which a lead's time zones and regions are found, and what the tests expect of them:

- core/src/outbound/tables/number_zones.txt: beginnings of numbers, and the time zones they are used in
- core/src/outbound/tables/area_codes.txt: area codes of the United States and Canada, and their states and provinces
- core/src/outbound/tables/country_zones.txt: countries and all their time zones
- tests/number_zones.csv: numbers of every country and every beginning, with the package's own answers

Needs the package phonenumbers of the version of our metadata, and tzdata: pip install phonenumbers==9.0.42 tzdata==2026.6
"""
import collections
import importlib.resources
import pathlib
import random
import re

import phonenumbers
import tzdata
from phonenumbers import PhoneNumberFormat, PhoneNumberType, timezone
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

WANTED = "9.0.42"
ROOT = pathlib.Path(__file__).parent.parent
TABLES = ROOT / "core" / "src" / "outbound" / "tables"
EXPECTED = ROOT / "tests" / "number_zones.csv"
MADE_BY = "# Made by scripts/lead-places-tables.py from {}."
# Tries to find a number in use that begins so.
TRIES = 60

# As the package writes places of the country code 1.
PARTS = {
    "US": {
        "Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA", "Colorado": "CO",
        "Connecticut": "CT", "Delaware": "DE", "Florida": "FL", "Georgia": "GA", "Hawaii": "HI", "Idaho": "ID",
        "Illinois": "IL", "Indiana": "IN", "Iowa": "IA", "Kansas": "KS", "Kentucky": "KY", "Louisiana": "LA",
        "Maine": "ME", "Maryland": "MD", "Massachusetts": "MA", "Michigan": "MI", "Minnesota": "MN",
        "Mississippi": "MS", "Missouri": "MO", "Montana": "MT", "Nebraska": "NE", "Nevada": "NV",
        "New Hampshire": "NH", "New Jersey": "NJ", "New Mexico": "NM", "New York": "NY", "North Carolina": "NC",
        "North Dakota": "ND", "Ohio": "OH", "Oklahoma": "OK", "Oregon": "OR", "Pennsylvania": "PA",
        "Rhode Island": "RI", "South Carolina": "SC", "South Dakota": "SD", "Tennessee": "TN", "Texas": "TX",
        "Utah": "UT", "Vermont": "VT", "Virginia": "VA", "Washington D.C.": "DC", "Washington State": "WA",
        "West Virginia": "WV", "Wisconsin": "WI", "Wyoming": "WY",
    },
    "CA": {
        "Alberta": "AB", "British Columbia": "BC", "British Colombia": "BC", "Manitoba": "MB", "New Brunswick": "NB",
        "Newfoundland and Labrador": "NL", "Northwest Territories": "NT", "Nova Scotia": "NS", "Nunavut": "NU",
        "Ontario": "ON", "Prince Edward Island": "PE", "Quebec": "QC", "Saskatchewan": "SK", "Yukon": "YT",
    },
}
NAMES = {name: f"{country}-{part}" for country, parts in PARTS.items() for name, part in parts.items()}
LETTERS = {part: f"{country}-{part}" for country, parts in PARTS.items() for part in parts.values()}


def number_zones():
    by_zones = collections.defaultdict(list)
    for prefix, zones in TIMEZONE_DATA.items():
        by_zones["&".join(zones)].append(prefix)
    for zones in sorted(by_zones):
        yield zones
        yield " ".join(sorted(by_zones[zones]))


def regions_of_place(place):
    """Of a state, of several with a slash between them, or of a town with its state's letters behind it."""
    town = re.search(r", ([A-Z]{2})$", place)
    if town:
        return {LETTERS[town.group(1)]} if town.group(1) in LETTERS else set()
    return {NAMES[name] for name in place.split("/") if name in NAMES}


def area_codes():
    regions = collections.defaultdict(set)
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith("1") and len(prefix) >= 4 and "en" in names:
            regions[prefix[1:4]] |= regions_of_place(names["en"])
    by_regions = collections.defaultdict(list)
    for area, of_area in regions.items():
        if of_area:
            by_regions[" ".join(sorted(of_area))].append(area)
    for of_areas in sorted(by_regions):
        yield of_areas
        yield " ".join(sorted(by_regions[of_areas]))


def country_zones():
    zones = collections.defaultdict(list)
    table = importlib.resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones[country].append(zone)
    for country in sorted(zones):
        yield country
        yield " ".join(sorted(zones[country]))


def numbers(chance):
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in PhoneNumberType.values():
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                yield number
    for prefix in sorted(TIMEZONE_DATA):
        for length in range(TRIES):
            digits = prefix + "".join(chance.choice("0123456789") for _ in range(max(0, 8 + length % 6 - len(prefix))))
            try:
                number = phonenumbers.parse("+" + digits)
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(number):
                yield number
                break


def expected():
    rows = set()
    for number in numbers(random.Random(5)):
        possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
        if not possible or not phonenumbers.is_valid_number(number):
            continue
        zones = timezone.time_zones_for_number(number)
        known = "" if zones == ("Etc/Unknown",) else "&".join(zones)
        rows.add(f"{phonenumbers.format_number(number, PhoneNumberFormat.E164)}|{known}")
    return sorted(rows)


def write(path, made_from, lines):
    text = "\n".join([MADE_BY.format(made_from), *lines]) + "\n"
    path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines, {len(text)} bytes")


def main():
    assert phonenumbers.__version__ == WANTED, f"expected phonenumbers {WANTED}, found {phonenumbers.__version__}"
    package = f"the package phonenumbers {WANTED} (Apache-2.0)"
    write(TABLES / "number_zones.txt", package, number_zones())
    write(TABLES / "area_codes.txt", package, area_codes())
    write(TABLES / "country_zones.txt", f"the package tzdata {tzdata.__version__} (zone.tab, public domain)", country_zones())
    write(EXPECTED, package, ["number|zones", *expected()])


if __name__ == "__main__":
    main()
