//! The leads of the demo's call list: people who do not exist, at numbers that numbering plans keep for fiction, in every part
//! of the world. It never names a number that somebody may have.
//!
//! Kept for fiction are 555-0100 to 555-0199 of every area code of the North American plan (CNAC's and NANPA's guidelines),
//! 020 7946 0000–0999, 0141 496 0000–0999 and 07700 900000–900999 in the United Kingdom (Ofcom, numbers for TV and radio drama),
//! 01 99 00 and 04 65 71 in France (ARCEP, numbering plan), 030 23125 in Germany (Bundesnetzagentur), 08-465 004 in Sweden
//! (PTS), and 5550 behind 02, 07 and 08 in Australia (ACMA). The plans of most of Asia, Africa and South America keep none: who
//! lives there has a British mobile phone, and his time zone is said.

use std::fmt::Write as _;

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SEED: u64 = 2026;
const FIRST_NAMES: [&str; 12] =
    ["Aïcha", "Bogdan", "Chiara", "Dmitri", "Esther", "Femi", "Gul", "Hiro", "Ingrid", "João", "Kiri", "Lin"];
const LAST_NAMES: [&str; 8] = ["Example", "Fable", "Legend", "Myth", "Novel", "Parable", "Saga", "Tale"];
/// Chances in thousandths: consent was given, or refused; of the rest nothing is known.
const SAID_YES: u32 = 860;
const SAID_NO: u32 = 30;

/// Numbers that begin alike, counted up from zero.
struct Range {
    begins: &'static str,
    /// Digits that are counted.
    digits: usize,
    leads: usize,
    /// Said of the lead; empty: its number tells.
    zones: &'static [&'static str],
    /// So much later stands a second number of the same lead, which is tried when the first is none.
    second: Option<usize>,
}

const fn range(begins: &'static str, digits: usize, leads: usize) -> Range {
    Range { begins, digits, leads, zones: &[], second: None }
}

const RANGES: [Range; 24] = [
    range("+121255501", 2, 100),
    range("+130555501", 2, 100),
    range("+131255501", 2, 100),
    range("+151255501", 2, 100),
    range("+130355501", 2, 100),
    range("+160255501", 2, 100),
    range("+141555501", 2, 100),
    range("+120655501", 2, 100),
    range("+190755501", 2, 100),
    range("+180855501", 2, 100),
    range("+167155501", 2, 100),
    range("+141655501", 2, 100),
    range("+190255501", 2, 100),
    range("+170955501", 2, 100),
    Range { second: Some(500), ..range("+442079460", 3, 300) },
    range("+441414960", 3, 100),
    Range { zones: &ABROAD, ..range("+447700900", 3, 1_000) },
    range("+331990000", 2, 100),
    range("+334657100", 2, 100),
    range("+493023125", 3, 200),
    range("+468465004", 2, 100),
    range("+6125550", 4, 200),
    range("+6175550", 4, 100),
    range("+6185550", 4, 100),
];
const ABROAD: [&str; 10] = [
    "Asia/Kolkata",
    "Asia/Dubai",
    "Asia/Kathmandu",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "America/Sao_Paulo",
    "Pacific/Auckland",
];

pub fn count() -> usize {
    RANGES.iter().map(|range| range.leads).sum()
}

/// The same for every demo: what differs between two is what becomes of the calls.
pub fn file() -> String {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut text = "Phone,Name,Time zone,Consent,contract,balance\n".to_owned();
    for range in &RANGES {
        for number in 0..range.leads {
            let first = FIRST_NAMES.choose(&mut random).expect("there are names");
            let last = LAST_NAMES.choose(&mut random).expect("there are names");
            let zone = range.zones.get(number % range.zones.len().max(1)).copied().unwrap_or_default();
            let consent = match random.random_range(0..1_000) {
                draw if draw < SAID_YES => "yes",
                draw if draw < SAID_YES + SAID_NO => "no",
                _ => "unknown",
            };
            let contract = ["basic", "plus", "none"].choose(&mut random).expect("there are some");
            let balance = random.random_range(0..9_000);
            let numbers = range.numbers(number);
            writeln!(text, "{numbers},{first} {last},{zone},{consent},{contract},{balance}")
                .expect("text in memory takes every line");
        }
    }
    text
}

impl Range {
    fn numbers(&self, number: usize) -> String {
        let written = |number: usize| format!("{}{number:0digits$}", self.begins, digits = self.digits);
        match self.second {
            Some(second) => format!("{};{}", written(number), written(number + second)),
            None => written(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::customers::phone::PhoneNumber;
    use crate::outbound::lead_place::{LeadFacts, LeadPlace};

    fn numbers() -> Vec<(String, String)> {
        let text = file();
        let rows = text.lines().skip(1).flat_map(|row| {
            let mut columns = row.split(',');
            let numbers = columns.next().unwrap().to_owned();
            let zone = columns.nth(1).unwrap().to_owned();
            let each: Vec<_> = numbers.split(';').map(|number| (number.to_owned(), zone.clone())).collect();
            each
        });
        rows.collect()
    }

    #[test]
    fn every_number_is_one_and_stands_once() {
        let numbers = numbers();
        let each: BTreeSet<&String> = numbers.iter().map(|(number, _)| number).collect();
        assert_eq!(each.len(), numbers.len());
        for (number, _) in &numbers {
            let read = PhoneNumber::read(number, None).ok().flatten().unwrap_or_else(|| panic!("{number}"));
            assert_eq!(read.e164(), number);
        }
        assert_eq!(file().lines().count(), count() + 1);
    }

    /// By the campaign's hours on working days, 9 to 20: at any moment somebody may be called, and somebody not.
    #[test]
    fn at_any_hour_somebody_is_called_and_somebody_waits() {
        let zones: BTreeSet<String> =
            numbers().into_iter().flat_map(|(number, zone)| zones_of(&number, &zone)).collect();
        assert!(zones.len() > 20, "{zones:?}");
        let monday = jiff::civil::date(2026, 11, 23).in_tz("UTC").unwrap();
        for hour in 0..24 * 7 {
            let at = monday.timestamp() + jiff::SignedDuration::from_hours(hour);
            let is_open = |zone: &&String| {
                let local = at.in_tz(zone).unwrap();
                (10..19).contains(&local.hour())
            };
            let open = zones.iter().filter(is_open).count();
            assert!(open > 0 && open < zones.len(), "{at}: {open} of {}", zones.len());
        }
    }

    fn zones_of(number: &str, zone: &str) -> Vec<String> {
        let read = PhoneNumber::read(number, None).unwrap().unwrap();
        let zone = Some(zone).filter(|zone| !zone.is_empty());
        let place = LeadPlace::of(LeadFacts { zone, region: None, postcode: None, number: &read }).unwrap();
        place.zones.iter().map(ToString::to_string).collect()
    }
}
