//! Which rows of a table are customers that are known, by external id and by address. Never stores or asks a store.
//!
//! - An external id says who it is: a row with one that is known is that customer, whatever its addresses.
//! - Else an address does, the same extension with it; but not the address of somebody who has another id in the
//!   same foreign system: two people of one household are two customers there.
//! - An address of somebody who was erased brings nobody back: the row is left to a person.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::address::{Address, AddressKind};
use super::ids::CustomerId;
use super::import_rows::CustomerDraft;
use crate::routing::time::Timestamp;

/// What becomes of a row whose address or external id a customer has already.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfKnown {
    /// It is counted and left out.
    #[default]
    Skip,
    /// What it says is taken over to that customer; what it leaves empty stays.
    Update,
    /// It is a customer of its own. Nobody is looked for.
    Add,
}

/// A word that is none of the three.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected skip, update or add")]
pub struct UnknownIfKnown;

impl FromStr for IfKnown {
    type Err = UnknownIfKnown;

    fn from_str(word: &str) -> Result<IfKnown, UnknownIfKnown> {
        match word {
            "skip" => Ok(IfKnown::Skip),
            "update" => Ok(IfKnown::Update),
            "add" => Ok(IfKnown::Add),
            _ => Err(UnknownIfKnown),
        }
    }
}

impl fmt::Display for IfKnown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IfKnown::Skip => "skip",
            IfKnown::Update => "update",
            IfKnown::Add => "add",
        })
    }
}

/// Who has an address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Owner {
    Stored(CustomerId),
    /// Stored where nothing is written by this import.
    Elsewhere(CustomerId),
    /// An earlier row, by its place among those that are settled together.
    Row(usize),
}

/// What becomes of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settled {
    Added,
    Updated(Owner),
    Skipped,
    /// Several customers have its addresses: which one it means, a person has to say.
    Several,
    /// Nobody is known by its addresses, and somebody who was erased had one of them.
    Erased,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    kind: AddressKind,
    value: String,
    extension: Option<String>,
}

/// Addresses and who has them.
#[derive(Clone, Default)]
pub struct KnownAddresses {
    owners: BTreeMap<Key, BTreeSet<Owner>>,
    /// `system:id` of each owner.
    externals: BTreeMap<Owner, BTreeSet<String>>,
    /// When whoever had it was erased.
    erased: BTreeMap<(AddressKind, String), Timestamp>,
}

impl KnownAddresses {
    pub fn add(&mut self, owner: Owner, kind: AddressKind, value: &str, extension: Option<&str>) {
        let key = Key { kind, value: value.to_owned(), extension: extension.map(str::to_owned) };
        self.owners.entry(key).or_default().insert(owner);
        if kind == AddressKind::External {
            self.externals.entry(owner).or_default().insert(value.to_owned());
        }
    }

    /// Whoever had this address was erased then.
    pub fn add_erased(&mut self, kind: AddressKind, value: &str, at: Timestamp) {
        let erased = self.erased.entry((kind, value.to_owned())).or_insert(at);
        *erased = at.max(*erased);
    }

    /// When somebody with one of these addresses was erased last.
    pub(super) fn erased_at(&self, addresses: &[Address]) -> Option<Timestamp> {
        if self.erased.is_empty() {
            return None;
        }
        addresses.iter().filter_map(|address| self.erased.get(&(address.kind, address.value.clone()))).max().copied()
    }

    fn add_row(&mut self, owner: Owner, row: &CustomerDraft) {
        for address in &row.addresses {
            self.add(owner, address.kind, &address.value, address.extension.as_deref());
        }
    }

    pub(super) fn owners_of(&self, addresses: &[Address]) -> BTreeSet<Owner> {
        let of_kind = |external: bool| {
            let wanted = addresses.iter().filter(move |address| (address.kind == AddressKind::External) == external);
            wanted.filter_map(|address| {
                let (value, extension) = (address.value.clone(), address.extension.clone());
                self.owners.get(&Key { kind: address.kind, value, extension })
            })
        };
        let by_id: BTreeSet<Owner> = of_kind(true).flatten().copied().collect();
        if !by_id.is_empty() {
            return by_id;
        }
        of_kind(false).flatten().copied().filter(|owner| !self.is_another(*owner, addresses)).collect()
    }

    /// Whether the owner has another id than the row in a system that both are of.
    fn is_another(&self, owner: Owner, addresses: &[Address]) -> bool {
        let system = |value: &str| value.split_once(':').map(|(system, _)| system.to_owned());
        let ids = addresses.iter().filter(|address| address.kind == AddressKind::External);
        let systems: BTreeSet<_> = ids.filter_map(|address| system(&address.value)).collect();
        let held = self.externals.get(&owner).into_iter().flatten();
        held.filter_map(|value| system(value)).any(|system| systems.contains(&system))
    }
}

/// What becomes of each row, in their order: an earlier row may be who a later one means.
#[must_use]
pub fn settle(rows: &[&CustomerDraft], mut known: KnownAddresses, if_known: IfKnown) -> Vec<Settled> {
    let mut settled = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let owners = match if_known {
            IfKnown::Add => BTreeSet::new(),
            IfKnown::Skip | IfKnown::Update => known.owners_of(&row.addresses),
        };
        let becomes = match (if_known, owners.first()) {
            (_, None) if known.erased_at(&row.addresses).is_some() => Settled::Erased,
            (_, None) => Settled::Added,
            (IfKnown::Update, Some(owner)) if owners.len() == 1 => Settled::Updated(*owner),
            (IfKnown::Update, Some(_)) => Settled::Several,
            (IfKnown::Skip | IfKnown::Add, Some(_)) => Settled::Skipped,
        };
        match becomes {
            Settled::Added => known.add_row(Owner::Row(place), row),
            Settled::Updated(owner) => known.add_row(owner, row),
            Settled::Skipped | Settled::Several | Settled::Erased => {}
        }
        settled.push(becomes);
    }
    settled
}

impl CustomerDraft {
    /// Takes over what a later row says of the same customer; what that leaves empty stays.
    pub fn take_over(&mut self, later: &CustomerDraft) {
        if !later.name.0.is_empty() {
            self.name = later.name.clone();
        }
        let take = |held: &mut Option<String>, said: &Option<String>| {
            if said.is_some() {
                held.clone_from(said);
            }
        };
        take(&mut self.language, &later.language);
        take(&mut self.tier, &later.tier);
        take(&mut self.owner, &later.owner);
        self.do_not_contact |= later.do_not_contact;
        for address in &later.addresses {
            let same = |held: &Address| {
                (held.kind, &held.value, &held.extension) == (address.kind, &address.value, &address.extension)
            };
            if !self.addresses.iter().any(same) {
                self.addresses.push(address.clone());
            }
        }
        self.tags.extend(later.tags.iter().cloned());
        for note in &later.notes {
            if !self.notes.contains(note) {
                self.notes.push(note.clone());
            }
        }
        self.fields.extend(later.fields.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::super::import_rows::PersonalText;
    use super::*;

    fn row(name: &str, numbers: &[&str], id: Option<&str>) -> CustomerDraft {
        let phones = numbers.iter().map(|number| Address::phone(number, None).unwrap().unwrap());
        let ids = id.map(|id| Address::external("crm", id).unwrap());
        CustomerDraft {
            name: PersonalText(name.to_owned()),
            addresses: phones.chain(ids).collect(),
            ..CustomerDraft::default()
        }
    }

    fn settled(rows: &[CustomerDraft], if_known: IfKnown) -> Vec<Settled> {
        let mut known = KnownAddresses::default();
        let ana = Owner::Stored(CustomerId(7));
        known.add(ana, AddressKind::Phone, "+33123456789", None);
        known.add(ana, AddressKind::External, "crm:A", None);
        known.add(Owner::Stored(CustomerId(8)), AddressKind::Phone, "+33140000000", Some("12"));
        settle(&rows.iter().collect::<Vec<_>>(), known, if_known)
    }

    const ANA: &str = "+33 1 23 45 67 89";
    const HALL: &str = "+33 1 40 00 00 00";

    #[test]
    fn an_id_says_who_it_is_and_an_address_where_no_id_denies_it() {
        let rows = [
            row("by number", &[ANA], None),
            row("by id, though of another number", &["+33 1 55 55 55 55"], Some("A")),
            row("another of the household", &[ANA], Some("B")),
            row("another at the switchboard", &[HALL], None),
            row("behind the same extension", &["+33 1 40 00 00 00 ext. 12"], None),
            row("the household's second once more", &[], Some("B")),
            row("nobody", &[], None),
            row("nobody", &[], None),
        ];
        let ana = Settled::Updated(Owner::Stored(CustomerId(7)));
        assert_eq!(
            settled(&rows, IfKnown::Update),
            [
                ana,
                ana,
                Settled::Added,
                Settled::Added,
                Settled::Updated(Owner::Stored(CustomerId(8))),
                Settled::Updated(Owner::Row(2)),
                Settled::Added,
                Settled::Added,
            ]
        );
        let skipped = settled(&rows, IfKnown::Skip);
        assert_eq!(skipped.iter().filter(|settled| **settled == Settled::Skipped).count(), 4);
        assert_eq!(settled(&rows, IfKnown::Add), [Settled::Added; 8]);
    }

    #[test]
    fn a_row_that_means_several_is_left_to_a_person() {
        let rows = [row("both", &[ANA, "+33 1 40 00 00 00 ext. 12"], None), row("none", &[], Some("Z"))];
        assert_eq!(settled(&rows, IfKnown::Update), [Settled::Several, Settled::Added]);
        assert_eq!(settled(&rows, IfKnown::Skip), [Settled::Skipped, Settled::Added]);
    }

    #[test]
    fn nobody_who_was_erased_is_brought_back() {
        let rows = [
            row("erased", &["+33 1 66 66 66 66"], None),
            row("erased, with an id since", &["+33 1 66 66 66 66"], Some("E")),
            row("known by another number", &[ANA, "+33 1 66 66 66 66"], None),
            row("nobody's", &["+33 1 67 67 67 67"], None),
        ];
        let settled = |if_known| {
            let mut known = KnownAddresses::default();
            known.add(Owner::Stored(CustomerId(7)), AddressKind::Phone, "+33123456789", None);
            known.add_erased(AddressKind::Phone, "+33166666666", Timestamp(5));
            settle(&rows.iter().collect::<Vec<_>>(), known, if_known)
        };
        use Settled::{Added, Erased, Skipped};
        assert_eq!(settled(IfKnown::Skip), [Erased, Erased, Skipped, Added]);
        assert_eq!(settled(IfKnown::Update), [Erased, Erased, Settled::Updated(Owner::Stored(CustomerId(7))), Added]);
        assert_eq!(settled(IfKnown::Add), [Erased, Erased, Erased, Added]);
    }

    #[test]
    fn what_a_later_row_leaves_empty_stays() {
        let mut held = row("Ana", &[ANA], None);
        held.tier = Some("gold".to_owned());
        held.notes = vec![PersonalText("calls late".to_owned())];
        let mut later = row("", &[ANA, HALL], Some("A"));
        later.language = Some("fr".to_owned());
        later.do_not_contact = true;
        later.notes = vec![PersonalText("calls late".to_owned()), PersonalText("likes tea".to_owned())];
        held.take_over(&later);
        assert_eq!(
            (held.name.0.as_str(), held.tier.as_deref(), held.language.as_deref()),
            ("Ana", Some("gold"), Some("fr"))
        );
        assert_eq!((held.addresses.len(), held.notes.len(), held.do_not_contact), (3, 2, true));
    }
}
