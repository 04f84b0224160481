//! The tables of places that are part of the program, as text of two lines an entry or one. Says nothing about a lead.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::region::{RegionCode, Regions};

/// Zones, each once.
pub type Zones = Vec<Arc<str>>;

const NUMBER_ZONES: &str = include_str!("tables/number_zones.txt");
const AREA_CODES: &str = include_str!("tables/area_codes.txt");
const COUNTRY_ZONES: &str = include_str!("tables/country_zones.txt");
const REGION_ZONES: &str = include_str!("tables/region_zones.txt");
const POSTCODES: &str = include_str!("tables/postcodes.txt");

/// By the digits that numbers begin with, the country's code first.
pub static ZONES_OF_NUMBERS: LazyLock<BTreeMap<&'static str, Arc<Zones>>> = LazyLock::new(|| {
    let entries = pairs(NUMBER_ZONES).flat_map(|(zones, prefixes)| {
        let zones: Arc<Zones> = Arc::new(zones.split('&').map(Arc::from).collect());
        prefixes.split(' ').map(move |prefix| (prefix, zones.clone()))
    });
    entries.collect()
});

/// By area code of the country code 1: states of the United States, provinces of Canada.
pub static REGIONS_OF_AREA_CODES: LazyLock<BTreeMap<&'static str, Arc<Regions>>> = LazyLock::new(|| {
    let entries = pairs(AREA_CODES).flat_map(|(regions, areas)| {
        let regions = Arc::new(region_codes(regions.split(' ')));
        areas.split(' ').map(move |area| (area, regions.clone()))
    });
    entries.collect()
});

/// By country, and by part of a country where that says more.
pub static ZONES_OF_REGIONS: LazyLock<BTreeMap<RegionCode, Zones>> = LazyLock::new(|| {
    let countries = pairs(COUNTRY_ZONES);
    let parts = lines(REGION_ZONES).filter_map(|line| line.split_once(' '));
    countries.chain(parts).map(|(code, zones)| (region_code(code), zones.split(' ').map(Arc::from).collect())).collect()
});

/// Postcodes from one beginning to another of the same length, and where they are delivered to.
#[derive(Debug)]
pub struct PostcodeRange {
    pub country: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub regions: Regions,
}

pub static POSTCODE_RANGES: LazyLock<Vec<PostcodeRange>> = LazyLock::new(|| {
    let range = |line: &'static str| {
        let mut words = line.split(' ');
        let country = words.next()?;
        let codes = words.next()?;
        let (from, to) = codes.split_once('-').unwrap_or((codes, codes));
        Some(PostcodeRange { country, from, to, regions: region_codes(words) })
    };
    lines(POSTCODES).filter_map(range).collect()
});

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

/// Each entry's two lines.
fn pairs(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut rest = lines(table);
    std::iter::from_fn(move || Some((rest.next()?, rest.next()?)))
}

fn region_codes<'c>(codes: impl Iterator<Item = &'c str>) -> Regions {
    codes.map(region_code).collect()
}

fn region_code(code: &str) -> RegionCode {
    RegionCode::new(code).expect("the tables name regions in the form of ISO 3166: a test reads them all")
}
