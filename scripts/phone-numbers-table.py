#!/usr/bin/env python3
"""Writes tests/phone_numbers.csv: how the reference implementation reads numbers of every country.

Needs the package phonenumbers of the version of our metadata: pip install phonenumbers==9.0.42
"""
import pathlib
import random

import phonenumbers
from phonenumbers import PhoneNumberFormat as Format

WANTED = "9.0.42"
TABLE = pathlib.Path(__file__).parent.parent / "tests" / "phone_numbers.csv"
TYPES = [
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.TOLL_FREE,
]


def rows():
    chance = random.Random(4)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        home_abroad = "US" if region != "US" else "FR"
        for kind in TYPES:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None or not phonenumbers.is_valid_number(number):
                continue
            e164 = phonenumbers.format_number(number, Format.E164)
            yield phonenumbers.format_number(number, Format.NATIONAL), region
            yield phonenumbers.format_number(number, Format.INTERNATIONAL), home_abroad
            yield phonenumbers.format_number(number, Format.RFC3966), ""
            yield phonenumbers.format_out_of_country_calling_number(number, home_abroad), home_abroad
            number.extension = str(chance.randint(10, 9999))
            yield phonenumbers.format_number(number, Format.NATIONAL), region
            yield e164 + " x" + number.extension, ""
            yield e164[:-4], ""
            yield e164 + "98765", ""


def reading(text, region):
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return "", ""
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        return "", ""
    return phonenumbers.format_number(number, Format.E164), number.extension or ""


def main():
    assert phonenumbers.__version__ == WANTED, f"expected phonenumbers {WANTED}, found {phonenumbers.__version__}"
    lines = [f"# Made by scripts/phone-numbers-table.py with phonenumbers {WANTED}.", "text|home|e164|extension"]
    for text, region in dict.fromkeys(rows()):
        e164, extension = reading(text, region)
        lines.append(f"{text}|{region}|{e164}|{extension}")
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines) - 2} numbers written to {TABLE}")


if __name__ == "__main__":
    main()
