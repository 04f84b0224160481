//! Which of several customers is most likely meant, and which two may be one person. Decides nothing: people choose and merge.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use crate::routing::time::{Millis, Timestamp};

use super::address::{Address, AddressKind};
use super::search_terms::{folded_words, is_ideographic};

/// An address with more customers than this is a switchboard's or a household's of many: it makes no pairs,
/// which would grow with the square.
pub const SHARED_ADDRESS_CUSTOMERS_MAX: usize = 20;
/// How many neighbours in the order of names each name is compared with.
pub const NAME_NEIGHBOURS: usize = 8;
/// Pairs that are returned, the best: what people can look through in a sitting.
pub const PAIRS_MAX: usize = 10_000;
/// Names are compared up to this length: comparing grows with the square of it.
const NAME_LETTERS_COMPARED_MAX: usize = 64;
/// Two names count as similar from here on, in thousandths.
const SIMILAR_NAME_MIN: u32 = 900;

/// How long ago the last interaction was, as far as it says who is meant.
const RECENT: Millis = Millis(7 * 24 * 3_600_000);
const THIS_QUARTER: Millis = Millis(91 * 24 * 3_600_000);

/// How the extension of the caller and the customer's go together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ExtensionMatch {
    /// Both are given and differ.
    Other,
    /// One of the two has none, or both.
    Unknown,
    /// Both are given and equal.
    Same,
}

impl ExtensionMatch {
    #[must_use]
    pub fn of(sought: Option<&str>, held: Option<&str>) -> Self {
        match (sought, held) {
            (Some(sought), Some(held)) if sought == held => Self::Same,
            (Some(_), Some(_)) => Self::Other,
            (Some(_) | None, None) | (None, Some(_)) => Self::Unknown,
        }
    }
}

/// What is known of one customer that an address matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match<Id> {
    pub customer: Id,
    pub extension: ExtensionMatch,
    /// Of the addresses that were looked up (number, email, what the caller typed), how many are this customer's.
    pub addresses_matched: u32,
    /// One of these is the customer's main address.
    pub main_address: bool,
    pub last_interaction_at: Option<Timestamp>,
    /// Tasks, requests, leads and complaints that are not done.
    pub open_work: u32,
    /// The customer's language is the contact's.
    pub language_matched: bool,
}

/// Sorts the most likely first. In this order, the first difference decides: the same extension before an unknown
/// one before another; more of the addresses matched; the main address; the last interaction within a week,
/// a quarter, earlier, never; open work or none; the contact's language; then the later interaction, more open
/// work, and the lower id, so that the order is total.
pub fn sort_most_likely_first<Id: Ord>(matches: &mut [Match<Id>], now: Timestamp) {
    matches.sort_by(|one, other| most_likely_first(one, other, now));
}

fn most_likely_first<Id: Ord>(one: &Match<Id>, other: &Match<Id>, now: Timestamp) -> Ordering {
    fn likeliness<Id>(found: &Match<Id>, now: Timestamp) -> impl Ord + use<Id> {
        (
            (found.extension, found.addresses_matched, found.main_address),
            recency(found.last_interaction_at, now),
            (found.open_work > 0, found.language_matched),
            (found.last_interaction_at, found.open_work),
        )
    }
    likeliness(other, now).cmp(&likeliness(one, now)).then_with(|| one.customer.cmp(&other.customer))
}

/// 3 within a week, 2 within a quarter, 1 earlier, 0 never.
fn recency(last: Option<Timestamp>, now: Timestamp) -> u8 {
    match last.map(|last| now.since(last)) {
        None => 0,
        Some(ago) if ago <= RECENT => 3,
        Some(ago) if ago <= THIS_QUARTER => 2,
        Some(_) => 1,
    }
}

/// What is compared of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparable<Id> {
    pub customer: Id,
    pub name: String,
    pub addresses: Vec<Address>,
}

/// Two customers that may be one, the lower id first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair<Id> {
    pub first: Id,
    pub second: Id,
    /// 1 to 100. From 90 on, an address and the name speak for it; names alone reach 60.
    pub score: u8,
    /// At least one, in the order of the enum.
    pub reasons: Vec<Reason>,
}

/// Why two customers may be one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// The same id in the same other system: one person there.
    SameExternalId,
    /// The same number, email or handle.
    SharedAddress(AddressKind),
    /// The same number with another extension: perhaps colleagues.
    OtherExtension,
    /// The same words, in whatever order.
    SameName,
    /// Nearly the same words; thousandths.
    SimilarName { likeness: u32 },
    /// Names that have nothing in common: perhaps a household.
    OtherName,
}

/// Compares two customers; `None` when nothing speaks for their being one.
#[must_use]
pub fn compared<Id: Ord + Clone>(one: &Comparable<Id>, other: &Comparable<Id>) -> Option<Pair<Id>> {
    compared_by((one, &NameKey::of(&one.name)), (other, &NameKey::of(&other.name)), &BTreeSet::new())
}

/// The pairs among these customers that may be one person, the surest first: all that share an address, and
/// neighbours by name. An address of more than [`SHARED_ADDRESS_CUSTOMERS_MAX`] customers says nothing here. At
/// most [`PAIRS_MAX`]. A customer that is given twice is taken once.
#[must_use]
pub fn duplicates<Id: Ord + Clone>(customers: &[Comparable<Id>]) -> Vec<Pair<Id>> {
    let keys: Vec<NameKey> = customers.iter().map(|customer| NameKey::of(&customer.name)).collect();
    let (groups, common) = by_address(customers);
    let candidates: BTreeSet<(usize, usize)> = pairs_of(&groups).chain(near_by_name(&keys)).collect();
    let mut pairs: Vec<Pair<Id>> = candidates
        .into_iter()
        .filter_map(|(one, other)| {
            compared_by((&customers[one], &keys[one]), (&customers[other], &keys[other]), &common)
        })
        .collect();
    pairs.sort_by(|one, other| {
        (Reverse(one.score), &one.first, &one.second).cmp(&(Reverse(other.score), &other.first, &other.second))
    });
    pairs.dedup_by(|one, other| (&one.first, &one.second) == (&other.first, &other.second));
    pairs.truncate(PAIRS_MAX);
    pairs
}

/// What two addresses are the same by.
type AddressKey<'a> = (AddressKind, &'a str);

/// The customers of each address, and the addresses of too many.
fn by_address<Id>(customers: &[Comparable<Id>]) -> (Vec<BTreeSet<usize>>, BTreeSet<AddressKey<'_>>) {
    let mut by_address: BTreeMap<AddressKey<'_>, BTreeSet<usize>> = BTreeMap::new();
    for (place, customer) in customers.iter().enumerate() {
        for address in &customer.addresses {
            by_address.entry((address.kind, &address.value)).or_default().insert(place);
        }
    }
    let too_many = |places: &BTreeSet<usize>| places.len() > SHARED_ADDRESS_CUSTOMERS_MAX;
    let common = by_address.iter().filter(|(_, places)| too_many(places)).map(|(key, _)| *key).collect();
    (by_address.into_values().filter(|places| !too_many(places)).collect(), common)
}

fn pairs_of(groups: &[BTreeSet<usize>]) -> impl Iterator<Item = (usize, usize)> {
    groups.iter().flat_map(|places| places.iter().flat_map(|one| places.range(one + 1..).map(|other| (*one, *other))))
}

/// Neighbours when names are sorted by their sorted words, as they are written, and from their ends: a wrong first
/// letter parts two names in one order, and not in another.
fn near_by_name(keys: &[NameKey]) -> impl Iterator<Item = (usize, usize)> {
    let sorted = sorted_by(keys, |key| key.sorted.clone());
    let forward = sorted_by(keys, |key| key.written.clone());
    let backward = sorted_by(keys, |key| key.written.chars().rev().collect());
    [sorted, forward, backward].into_iter().flat_map(|order| {
        let near = |nth: usize| {
            let end = order.len().min(nth + 1 + NAME_NEIGHBOURS);
            order[nth + 1..end].iter().map(|other| (order[nth].min(*other), order[nth].max(*other))).collect::<Vec<_>>()
        };
        (0..order.len()).flat_map(near).collect::<Vec<_>>()
    })
}

fn sorted_by(keys: &[NameKey], text: impl Fn(&NameKey) -> String) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).filter(|place| !keys[*place].is_empty()).collect();
    order.sort_by_cached_key(|place| text(&keys[*place]));
    order
}

/// A name as it is compared: its folded words, as written and sorted, because people write the family name first or last.
struct NameKey {
    written: String,
    sorted: String,
}

impl NameKey {
    fn of(name: &str) -> Self {
        let joined = |words: &[String]| words.join(" ").chars().take(NAME_LETTERS_COMPARED_MAX).collect();
        let mut words = folded_words(name);
        let written = joined(&words);
        words.sort_unstable();
        Self { written, sorted: joined(&words) }
    }

    fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// In thousandths. A letter more or less in a name of ideographs is another name, so these are equal or not.
    fn likeness(&self, other: &NameKey) -> u32 {
        if self.is_empty() || other.is_empty() {
            return 0;
        }
        if self.sorted == other.sorted {
            return 1_000;
        }
        if self.written.contains(is_ideographic) || other.written.contains(is_ideographic) {
            return 0;
        }
        thousandths(&self.written, &other.written).max(thousandths(&self.sorted, &other.sorted))
    }
}

/// Rounded down, so that no later sum or order depends on the last bit of a float.
fn thousandths(one: &str, other: &str) -> u32 {
    let (one, other) = (one.min(other), one.max(other));
    (strsim::jaro_winkler(one, other) * 1_000.0).clamp(0.0, 999.0) as u32
}

fn compared_by<Id: Ord + Clone>(
    (one, one_key): (&Comparable<Id>, &NameKey),
    (other, other_key): (&Comparable<Id>, &NameKey),
    common: &BTreeSet<AddressKey<'_>>,
) -> Option<Pair<Id>> {
    if one.customer == other.customer {
        return None;
    }
    let mut reasons = shared(one, other, common);
    let likeness = one_key.likeness(other_key);
    match likeness {
        1_000.. => reasons.extend([Reason::SameName]),
        SIMILAR_NAME_MIN.. => reasons.extend([Reason::SimilarName { likeness }]),
        _ if reasons.is_empty() => return None,
        _ if one_key.is_empty() || other_key.is_empty() => {}
        _ => reasons.extend([Reason::OtherName]),
    }
    let score = score(&reasons);
    let (first, second) = if one.customer < other.customer { (one, other) } else { (other, one) };
    Some(Pair {
        first: first.customer.clone(),
        second: second.customer.clone(),
        score,
        reasons: reasons.into_iter().collect(),
    })
}

fn shared<Id>(one: &Comparable<Id>, other: &Comparable<Id>, common: &BTreeSet<AddressKey<'_>>) -> BTreeSet<Reason> {
    let mut reasons = BTreeSet::new();
    let mut held: BTreeMap<AddressKey<'_>, Vec<Option<&str>>> = BTreeMap::new();
    for address in &other.addresses {
        held.entry((address.kind, &address.value)).or_default().push(address.extension.as_deref());
    }
    for address in &one.addresses {
        let key = (address.kind, address.value.as_str());
        let Some(extensions) = held.get(&key).filter(|_| !common.contains(&key)) else {
            continue;
        };
        let best =
            extensions.iter().map(|extension| ExtensionMatch::of(address.extension.as_deref(), *extension)).max();
        reasons.insert(match (address.kind, best) {
            (AddressKind::External, _) => Reason::SameExternalId,
            (AddressKind::Phone, Some(ExtensionMatch::Other)) => Reason::OtherExtension,
            (AddressKind::Phone | AddressKind::Email | AddressKind::Handle, _) => Reason::SharedAddress(address.kind),
        });
    }
    reasons
}

/// The surest address speaks first (a shared id 90, an email or handle 60, a number 50, with another extension 20),
/// each further one adds 10, the name 40 when it is the same or 30 when it is similar, and another name takes 20.
/// Without an address, a same name is worth 60, and a similar one 30 to 50.
fn score(reasons: &BTreeSet<Reason>) -> u8 {
    let of_address = |reason: &Reason| match reason {
        Reason::SameExternalId => Some(90),
        Reason::SharedAddress(AddressKind::Email | AddressKind::Handle | AddressKind::External) => Some(60),
        Reason::SharedAddress(AddressKind::Phone) => Some(50),
        Reason::OtherExtension => Some(20),
        Reason::SameName | Reason::SimilarName { .. } | Reason::OtherName => None,
    };
    let addresses: Vec<i32> = reasons.iter().filter_map(of_address).collect();
    let further = i32::try_from(addresses.len().saturating_sub(1)).unwrap_or(i32::MAX / 10) * 10;
    let surest = addresses.iter().max();
    let of_name = |reason: &Reason| match (reason, surest) {
        (Reason::SameName, Some(_)) => 40,
        (Reason::SameName, None) => 60,
        (Reason::SimilarName { .. }, Some(_)) => 30,
        (Reason::SimilarName { likeness }, None) => 30 + i32::try_from((likeness - SIMILAR_NAME_MIN) / 5).unwrap_or(20),
        (Reason::OtherName, Some(_) | None) => -20,
        (Reason::SameExternalId | Reason::SharedAddress(_) | Reason::OtherExtension, Some(_) | None) => 0,
    };
    let score = surest.copied().unwrap_or(0) + further + reasons.iter().map(of_name).sum::<i32>();
    u8::try_from(score.clamp(1, 100)).unwrap_or(100)
}
