//! Random histories against what a snapshot says it knows: of a contact that is in none, nothing personal is told any
//! more, so that its key may be forgotten with its events.

use std::collections::BTreeSet;

use super::explained::histories;
use crate::routing::ids::ContactId;
use crate::routing::router::ContactRouter;

const SEEDS: std::ops::Range<u64> = 100..160;
/// So that a run shows what it looked at.
const FORGOTTEN_MIN: usize = 2_000;

#[test]
fn nothing_personal_is_told_of_a_contact_that_a_snapshot_does_not_know() {
    let mut forgotten_in_all = 0;
    for seed in SEEDS {
        let mut router = ContactRouter::new();
        let mut told: BTreeSet<ContactId> = BTreeSet::new();
        let mut forgotten: BTreeSet<ContactId> = BTreeSet::new();
        for (_, events) in histories(seed) {
            for mut event in events {
                router.evolve(&event);
                if let Some((contact, _)) = event.fact.personal_mut() {
                    assert!(!forgotten.contains(&contact), "seed {seed}: {:?} of {contact}", event.fact);
                    told.insert(contact);
                }
            }
            let known = router.snapshot().contacts();
            let gone: Vec<ContactId> = told.difference(&known).copied().collect();
            told.retain(|contact| known.contains(contact));
            forgotten.extend(gone);
        }
        forgotten_in_all += forgotten.len();
    }
    assert!(forgotten_in_all > FORGOTTEN_MIN, "{forgotten_in_all}");
}
