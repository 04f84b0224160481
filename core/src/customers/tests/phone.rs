//! Phone numbers: ten forms of one number, numbers of many countries, and what is none.

use proptest::prelude::*;

use crate::customers::phone::{NotAPhoneNumber, PhoneNumber, Region, WhyNoNumber, masked};

fn region(letters: &str) -> Option<Region> {
    (!letters.is_empty()).then(|| Region::new(letters).unwrap())
}

fn read(text: &str, home: &str) -> PhoneNumber {
    PhoneNumber::read(text, region(home)).unwrap_or_else(|error| panic!("{text}: {error}")).expect("a number")
}

fn refused(text: &str, home: &str) -> NotAPhoneNumber {
    PhoneNumber::read(text, region(home)).expect_err(text)
}

#[test]
fn many_forms_of_one_number() {
    for text in [
        "+33123456789",
        "+33 1 23 45 67 89",
        "+33 (0)1 23 45 67 89",
        "0033 1 23 45 67 89",
        "01 23 45 67 89",
        "01.23.45.67.89",
        "01-23-45-67-89",
        "(01) 23/45.67-89",
        "0123456789",
        "123456789",
        "33123456789",
        "0033123456789",
        "tel:+33-1-23-45-67-89",
        "tel:0123456789;phone-context=example.com",
        "tel:123456789;phone-context=+33",
        "sip:+33123456789@example.com",
        "sips:0033123456789@10.0.0.1:5061;transport=tls",
        "\"Jeanne\" <sip:%2B33123456789@example.com;user=phone>",
        "０１２３４５６７８９",
        "＋33 1 23 45 67 89",
        "+٣٣ ١ ٢٣ ٤٥ ٦٧ ٨٩",
        "\u{202a}+33 1 23 45 67 89\u{202c}",
        " \t+33\u{a0}1\u{202f}23\u{2009}45 67 89\r\n",
        "+33–1–23–45–67–89",
        "Tel: 01 23 45 67 89",
    ] {
        let number = read(text, "FR");
        assert_eq!((number.e164(), number.extension()), ("+33123456789", None), "{text}");
    }
}

#[test]
fn extensions_stand_apart_from_the_number() {
    for text in [
        "+33 1 23 45 67 89 ext. 12",
        "+33 1 23 45 67 89 Ext 12",
        "+33 1 23 45 67 89 extension: 12",
        "01 23 45 67 89x12",
        "01 23 45 67 89 X 12",
        "01 23 45 67 89 (ext. 12)",
        "01 23 45 67 89 #12",
        "01 23 45 67 89,,12",
        "01 23 45 67 89, ext 12",
        "01 23 45 67 89 poste 12",
        "01 23 45 67 89 доб. 12",
        "01 23 45 67 89 分机12",
        "01 23 45 67 89 ｅｘｔ．12".replace('．', ".").as_str(),
        "tel:+33-1-23-45-67-89;ext=12",
        "+33123456789;ext=12",
        "tel:+33123456789;isub=7;ext=12",
        "sip:+33123456789;ext=12@example.com",
    ] {
        let number = read(text, "FR");
        assert_eq!((number.e164(), number.extension()), ("+33123456789", Some("12")), "{text}");
        assert_eq!(number.shown(), "+33 1 23 45 67 89 ext. 12");
    }
}

#[test]
fn numbers_of_many_countries() {
    for (text, home, e164) in [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("030 12345678", "DE", "+493012345678"),
        ("0049 30 12345678", "FR", "+493012345678"),
        ("011 49 30 12345678", "US", "+493012345678"),
        ("0049 30 12345678", "US", "+493012345678"),
        ("(202) 555-0173", "US", "+12025550173"),
        ("1-202-555-0173", "US", "+12025550173"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", "US", "+442079460018"),
        ("06 698 12345", "IT", "+390669812345"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("044 123 4567", "UA", "+380441234567"),
        ("138 0013 8000", "CN", "+8613800138000"),
        ("010-8888 1234", "CN", "+861088881234"),
        ("03-1234-5678", "JP", "+81312345678"),
        ("02-312-3456", "KR", "+8223123456"),
        ("02 123 4567", "TH", "+6621234567"),
        ("098765 43210", "IN", "+919876543210"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("(11) 96123-4567", "BR", "+5511961234567"),
        ("050 123 4567", "AE", "+971501234567"),
        ("04 1234 5678", "AU", "+61412345678"),
        ("021 123 4567", "ZA", "+27211234567"),
        ("9123 4567", "SG", "+6591234567"),
        ("912 345 678", "ES", "+34912345678"),
        ("+800 1234 5678", "", "+80012345678"),
        ("491701234567", "FR", "+491701234567"),
    ] {
        assert_eq!(read(text, home).e164(), e164, "{text} in {home}");
    }
    assert_eq!(read("+4930123456", "").region(), region("DE"));
    assert_eq!(read("+80012345678", "").region(), None);
}

#[test]
fn withheld_is_no_number_and_no_error() {
    for text in [
        "",
        "  ",
        "anonymous",
        "Anonymous",
        "RESTRICTED",
        "unknown",
        "Private Number",
        "<unavailable>",
        "\u{200b}",
        "sip:anonymous@anonymous.invalid",
        "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
        "tel:unknown",
        "匿名",
    ] {
        assert_eq!(PhoneNumber::read(text, region("FR")), Ok(None), "{text}");
    }
}

#[test]
fn what_is_no_number_is_refused_with_a_reason_and_masked() {
    let long = "1".repeat(100_000);
    let cases: &[(&str, &str, WhyNoNumber)] = &[
        ("Jeanne", "FR", WhyNoNumber::OtherCharacters),
        ("sip:jeanne@example.com", "FR", WhyNoNumber::OtherCharacters),
        ("12 rue de Paris", "FR", WhyNoNumber::OtherCharacters),
        ("01 23 45 67 89 or 01 23 45 67 88", "FR", WhyNoNumber::OtherCharacters),
        ("+", "FR", WhyNoNumber::OtherCharacters),
        ("---", "FR", WhyNoNumber::OtherCharacters),
        ("1+33123456789", "FR", WhyNoNumber::OtherCharacters),
        ("'; drop table customers; --", "FR", WhyNoNumber::OtherCharacters),
        ("0123456789", "", WhyNoNumber::NoRegion),
        ("+999123456789", "FR", WhyNoNumber::UnknownCountry),
        ("112", "FR", WhyNoNumber::TooFewDigits { local_only: false }),
        ("+3312", "", WhyNoNumber::TooFewDigits { local_only: false }),
        ("555 0173", "US", WhyNoNumber::TooFewDigits { local_only: true }),
        ("+331234567890", "", WhyNoNumber::TooManyDigits),
        ("01 23 45 67 89 / 06 12 34 56 78", "FR", WhyNoNumber::TooManyDigits),
        ("0000000000", "US", WhyNoNumber::OneDigitRepeated),
        ("999 999 9999", "US", WhyNoNumber::OneDigitRepeated),
        ("123456789012345678901", "FR", WhyNoNumber::TooLong),
        (&long, "FR", WhyNoNumber::TooLong),
    ];
    for (text, home, reason) in cases {
        let error = refused(text, home);
        assert_eq!(error.reason, *reason, "{}", &text[..text.len().min(40)]);
        assert!(error.masked.chars().count() <= 3, "{error}");
    }
    assert_eq!(
        refused("+331234567890", "").to_string(),
        "…90 is not a phone number: expected fewer digits for its country"
    );
    assert_eq!(masked("12345"), "…");
}

#[test]
fn keys_that_a_caller_typed() {
    for keys in ["0123456789", "0123456789#", "*0123456789#", "0033123456789#"] {
        let number = PhoneNumber::read_keys(keys, region("FR")).unwrap().unwrap();
        assert_eq!(number.e164(), "+33123456789");
    }
    assert_eq!(PhoneNumber::read_keys("#", region("FR")), Ok(None));
    assert!(PhoneNumber::read_keys("4711#", region("FR")).is_err());
}

#[test]
fn a_region_is_two_letters_of_a_country() {
    assert_eq!(Region::new("fr").unwrap().to_string(), "FR");
    for text in ["", "F", "FRA", "ZZ", "XX", "12", "é"] {
        assert!(Region::new(text).is_err(), "{text}");
    }
}

#[test]
fn a_number_prints_itself_masked() {
    let number = read("+33 1 23 45 67 89 ext. 12", "");
    assert_eq!(format!("{number:?}"), "…89");
}

/// Made by scripts/phone-numbers-table.py with the reference implementation, at the version of our own metadata.
#[test]
fn numbers_read_as_the_reference_reads_them() {
    let table = include_str!("../../../../tests/phone_numbers.csv");
    let mut lines = 0;
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let [text, home, e164, extension] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("four cells: {line}")
        };
        lines += 1;
        let found = PhoneNumber::read(text, region(home)).ok().flatten();
        let found = found.as_ref().map_or(("", ""), |number| (number.e164(), number.extension().unwrap_or_default()));
        if found != (e164, extension) {
            wrong.push(format!("{line}: {found:?}"));
        }
    }
    assert!(lines > 1_000, "only {lines} lines");
    assert!(wrong.is_empty(), "{} of {lines}:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn hostile_texts_end() {
    for piece in ["1", "+", "<", ";ext=", "x1", "%2B", "(", "sip:", "\u{200b}", "１", " ", "#", "é"] {
        let text = piece.repeat(65_536 / piece.len());
        let _ = PhoneNumber::read(&text, region("FR"));
        let _ = PhoneNumber::read_keys(&text, region("US"));
    }
}

proptest! {
    #[test]
    fn no_text_panics_and_a_number_reads_as_itself(text in "\\PC{0,60}|[0-9+ ()x#;.-]{0,40}|(tel|sip):\\PC{0,30}") {
        for home in ["", "FR", "US", "AR"] {
            if let Ok(Some(number)) = PhoneNumber::read(&text, region(home)) {
                let digits = number.e164().strip_prefix('+').unwrap();
                prop_assert!(digits.len() <= 17 && digits.bytes().all(|digit| digit.is_ascii_digit()));
                let again = PhoneNumber::read(number.e164(), None).unwrap().unwrap();
                prop_assert_eq!(again.e164(), number.e164());
                let shown = PhoneNumber::read(&number.shown(), None).unwrap().unwrap();
                prop_assert_eq!(shown, number);
            }
        }
    }

    #[test]
    fn an_error_never_shows_the_number(digits in "[0-9]{6,30}") {
        if let Err(error) = PhoneNumber::read(&format!("{digits}z"), None) {
            prop_assert!(!error.to_string().contains(&digits[digits.len() - 3..]) || error.masked.len() <= 5);
            let shown = error.masked.trim_start_matches('…');
            prop_assert!(digits.ends_with(shown) && shown.len() == 2);
        }
    }
}
