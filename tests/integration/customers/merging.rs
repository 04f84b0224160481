//! Merges: everything goes over, everything comes back, and what was changed meanwhile is kept.

use std::collections::BTreeSet;

use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use usher::customers::change::{Change, ChangedField as Field};
use usher::customers::customer::{
    Consent, CustomerCard, CustomerFields, MergedCustomer, NameKind, NewAddress, NewCustomer, NewName,
};
use usher::customers::ids::{AddressId, CustomerId, MergeId, Version};
use usher::customers::interaction::Interaction;
use usher::customers::note::{Note, NoteSubject};
use usher::customers::text::Tag;
use usher::customers::work::{NewWork, Work};
use usher::records::{CustomerError, MergeError, Records};
use usher::routing::ids::ContactId;

use super::interactions::interaction;
use super::work::task;
use super::{address, customer, fields, phone, stamp, text, told};

const NUMBERS: [&str; 5] = ["+331", "+332", "+333", "+334", "+335"];

/// All that one can see of a customer, but for how often and when it was last changed.
#[derive(Clone, PartialEq, Debug)]
struct Seen {
    card: CustomerCard,
    interactions: Vec<Interaction>,
    work: Vec<Work>,
    notes: Vec<Note>,
    /// Without the merges themselves.
    changes: Vec<Change>,
}

async fn seen(records: &Records, id: CustomerId) -> Seen {
    let mut card = records.customer_card(id).await.unwrap().unwrap();
    card.customer.version = Version(0);
    card.customer.changed = card.customer.created.clone();
    let mut changes = records.changes_of_customer(id, 1_000).await.unwrap();
    changes.retain(|change| !matches!(change.field, Field::Merge | Field::MergeUndone));
    Seen {
        card,
        interactions: records.interactions_of_customer(id, None, 1_000).await.unwrap(),
        work: records.work_of_customer(id, 1_000).await.unwrap(),
        notes: records.notes_of_customer(id, 1_000).await.unwrap(),
        changes,
    }
}

/// The customers, and whom each number belongs to.
async fn all_seen(records: &Records, ids: &[CustomerId]) -> (Vec<Seen>, Vec<BTreeSet<CustomerId>>) {
    let mut customers = Vec::new();
    for id in ids {
        customers.push(seen(records, *id).await);
    }
    let mut numbers = Vec::new();
    for number in NUMBERS {
        let found = records.customers_at(&[phone(number)]).await.unwrap();
        numbers.push(found.into_iter().map(|found| found.customer.id).collect());
    }
    (customers, numbers)
}

async fn two_who_are_one(records: &Records) -> (CustomerId, CustomerId) {
    let kept = NewCustomer { tags: [text("vip"), text("old")].into(), ..customer("Ana", &["+331", "+332"]) };
    let refusing = NewAddress { consent: Consent::No, ..address("+332") };
    let merged = NewCustomer {
        fields: CustomerFields { do_not_contact: true, ..fields("Anna") },
        addresses: vec![refusing, address("+333")],
        names: vec![NewName { kind: NameKind::Former, name: text("Anna B") }],
        tags: [text("vip"), text("new")].into(),
    };
    let kept = records.add_customer(&kept, &stamp(1)).await.unwrap();
    let merged = records.add_customer(&merged, &stamp(2)).await.unwrap();
    let contacts =
        [interaction(1, Some(kept), 100), interaction(2, Some(merged), 200), interaction(3, Some(kept), 300)];
    records.import_interactions(&contacts).await.unwrap();
    for (owner, title) in [(kept, "kept's"), (merged, "merged's")] {
        let work = NewWork { fields: task(title, None), customer: Some(owner), contact: None };
        records.add_work(&work, &stamp(3)).await.unwrap();
        records.add_note(NoteSubject::Customer(owner), &text(title), &stamp(4)).await.unwrap();
    }
    (kept, merged)
}

pub async fn merged_and_undone(records: Records) {
    let (kept, merged) = two_who_are_one(&records).await;
    let before = (seen(&records, kept).await, seen(&records, merged).await);
    let merge = records.merge_customers(kept, merged, &stamp(10)).await.unwrap();

    let one = seen(&records, kept).await;
    assert_eq!(one.card.customer.fields.name.as_str(), "Ana", "the kept one's own fields stay");
    assert!(one.card.customer.fields.do_not_contact, "but a refusal counts for both");
    let addresses: Vec<(&str, Consent)> =
        one.card.addresses.iter().map(|address| (address.key.value.as_str(), address.consent)).collect();
    assert_eq!(addresses, [("+331", Consent::Unknown), ("+332", Consent::No), ("+333", Consent::Unknown)]);
    assert_eq!(one.card.tags, ["vip", "old", "new"].map(|tag| Tag::new(tag).unwrap()).into());
    assert_eq!(one.card.merged, [MergedCustomer { id: merged, name: text("Anna") }]);
    assert_eq!(one.interactions.iter().map(|one| one.contact.0).collect::<Vec<_>>(), [3, 2, 1], "one history");
    assert_eq!((one.work.len(), one.notes.len()), (2, 2));
    assert!(told(&one.changes).contains(&(Field::Added, None, Some("Anna"))), "with who and when of both");
    let gone = seen(&records, merged).await;
    assert_eq!(gone.card.customer.merged_into, Some(kept));
    assert!(gone.card.addresses.is_empty() && gone.interactions.is_empty() && gone.work.is_empty());
    let found = records.customers_at(&[phone("+332"), phone("+333")]).await.unwrap();
    assert_eq!(found.iter().map(|found| found.customer.id).collect::<Vec<_>>(), [kept]);
    assert_eq!(found[0].consent, Consent::No);
    let made = records.merges_of_customer(merged).await.unwrap();
    assert_eq!((made[0].id, made[0].kept, &made[0].made, &made[0].undone), (merge, kept, &stamp(10), &None));

    records.undo_merge(merge, &stamp(11)).await.unwrap();
    assert_eq!((seen(&records, kept).await, seen(&records, merged).await), before);
    let undone = records.merges_of_customer(kept).await.unwrap();
    assert_eq!(undone[0].undone, Some(stamp(11)));
    let history = records.changes_of_customer(kept, 2).await.unwrap();
    let merged_no = merged.to_string();
    let told_of = |field| (field, None, Some(merged_no.as_str()));
    assert_eq!(told(&history), [told_of(Field::Merge), told_of(Field::MergeUndone)], "the history says both");
    let customer = records.customer(merged).await.unwrap().unwrap();
    assert_eq!((customer.version, customer.changed), (Version(3), stamp(11)));
}

pub async fn changes_meanwhile_stay(records: Records) {
    let (kept, merged) = two_who_are_one(&records).await;
    let merge = records.merge_customers(kept, merged, &stamp(10)).await.unwrap();
    let card = records.customer_card(kept).await.unwrap().unwrap();
    let number = |number: &str| -> AddressId {
        card.addresses.iter().find(|address| address.key.value.as_str() == number).unwrap().id
    };
    records.set_consent(kept, number("+332"), Consent::Yes, &stamp(11)).await.unwrap();
    records.remove_address(kept, number("+333"), &stamp(12)).await.unwrap();
    records.add_address(kept, &address("+334"), &stamp(13)).await.unwrap();
    records.remove_tag(kept, &Tag::new("vip").unwrap(), &stamp(14)).await.unwrap();
    let work = records.open_work_of_customer(kept, 9).await.unwrap();
    let theirs = work.iter().find(|work| work.fields.title.as_str() == "merged's").unwrap();
    records.close_work(theirs.id, theirs.version, &text("done"), &stamp(15)).await.unwrap();
    records.attach_interaction(ContactId(2), None, &stamp(16)).await.unwrap();
    records.import_interactions(&[interaction(4, Some(merged), 400)]).await.unwrap();
    let mut own = card.customer.fields.clone();
    own.do_not_contact = false;
    let version = records.customer(kept).await.unwrap().unwrap().version;
    records.change_customer(kept, version, &own, &stamp(17)).await.unwrap();
    assert!(!records.customer(kept).await.unwrap().unwrap().fields.do_not_contact);

    records.undo_merge(merge, &stamp(20)).await.unwrap();
    let (kept, merged) = (seen(&records, kept).await, seen(&records, merged).await);
    let numbers = |seen: &Seen| -> Vec<(String, Consent)> {
        let of = |address: &usher::customers::customer::KnownAddress| {
            (String::from(address.key.value.clone()), address.consent)
        };
        seen.card.addresses.iter().map(of).collect()
    };
    let expected = [("+331", Consent::Unknown), ("+332", Consent::Yes), ("+334", Consent::Unknown)];
    assert_eq!(numbers(&kept), expected.map(|(number, consent)| (number.to_owned(), consent)));
    assert_eq!(numbers(&merged), [("+332".to_owned(), Consent::Yes)], "one removed, one allowed meanwhile");
    assert_eq!(merged.card.tags, [Tag::new("new").unwrap()].into());
    assert_eq!(kept.card.tags, [Tag::new("old").unwrap()].into());
    assert_eq!(merged.work[0].outcome.as_ref().unwrap().as_str(), "done");
    assert!(merged.interactions.is_empty(), "the one it had is nobody's now");
    let contacts: Vec<u64> = kept.interactions.iter().map(|one| one.contact.0).collect();
    assert_eq!(contacts, [4, 3, 1], "what came for it meanwhile went to whom it was part of, and stays");
    assert!(!merged.card.customer.fields.do_not_contact && !kept.card.customer.fields.do_not_contact);
}

pub async fn refused(records: Records) {
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        ids.push(records.add_customer(&customer(name, &[]), &stamp(1)).await.unwrap());
    }
    let [a, b, c] = ids[..] else { panic!("three were added") };
    let same = records.merge_customers(a, a, &stamp(2)).await;
    assert!(matches!(same, Err(MergeError::Same(customer)) if customer == a));
    let nobody = records.merge_customers(a, CustomerId(99), &stamp(2)).await;
    assert!(matches!(nobody, Err(MergeError::Customer(CustomerError::Unknown(CustomerId(99))))));

    let first = records.merge_customers(b, a, &stamp(3)).await.unwrap();
    for (kept, merged) in [(c, a), (a, c), (b, a)] {
        let again = records.merge_customers(kept, merged, &stamp(4)).await;
        assert!(
            matches!(again, Err(MergeError::Customer(CustomerError::Merged { customer, into })) if (customer, into) == (a, b))
        );
    }
    let changed = records.change_customer(a, Version(2), &fields("X"), &stamp(4)).await;
    assert!(matches!(changed, Err(CustomerError::Merged { into, .. }) if into == b));
    assert!(matches!(records.add_address(a, &address("+331"), &stamp(4)).await, Err(CustomerError::Merged { .. })));
    let note = records.add_note(NoteSubject::Customer(a), &text("x"), &stamp(4)).await;
    assert!(matches!(note, Err(CustomerError::Merged { .. })));

    let second = records.merge_customers(c, b, &stamp(5)).await.unwrap();
    assert_eq!(records.customer(a).await.unwrap().unwrap().merged_into, Some(c), "never two steps away");
    let early = records.undo_merge(first, &stamp(6)).await;
    assert!(matches!(early, Err(MergeError::MergedLater { kept, into }) if (kept, into) == (b, c)));
    records.undo_merge(second, &stamp(7)).await.unwrap();
    assert_eq!(records.customer(a).await.unwrap().unwrap().merged_into, Some(b));
    records.undo_merge(first, &stamp(8)).await.unwrap();
    assert!(matches!(records.undo_merge(first, &stamp(9)).await, Err(MergeError::Undone(merge)) if merge == first));
    let unknown = records.undo_merge(MergeId(99), &stamp(9)).await;
    assert!(matches!(unknown, Err(MergeError::Unknown(MergeId(99)))));

    let both_ways = (records.clone(), records.clone());
    let there = tokio::spawn(async move { both_ways.0.merge_customers(a, b, &stamp(10)).await });
    let back = tokio::spawn(async move { both_ways.1.merge_customers(b, a, &stamp(10)).await });
    let merged = [there.await.unwrap().is_ok(), back.await.unwrap().is_ok()];
    assert_eq!(merged.iter().filter(|merged| **merged).count(), 1, "at the same time each into the other: one does");
}

/// Random customers with random belongings, merged at random, undone in any order that is allowed.
pub async fn any_merges_undone_leave_what_was(records: Records) {
    let seed = 20_261_122;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut ids = Vec::new();
    for no in 0..7_u64 {
        ids.push(random_customer(&records, &mut random, no).await);
    }
    for round in 0..6 {
        let first = all_seen(&records, &ids).await;
        let mut made = Vec::new();
        for _ in 0..random.random_range(1..6) {
            let (kept, merged) = (ids[random.random_range(0..ids.len())], ids[random.random_range(0..ids.len())]);
            let was = all_seen(&records, &ids).await;
            match records.merge_customers(kept, merged, &stamp(50)).await {
                Ok(merge) => made.push((merge, was)),
                Err(MergeError::Same(_) | MergeError::Customer(CustomerError::Merged { .. })) => {}
                Err(other) => panic!("seed {seed}: {other}"),
            }
        }
        if round % 2 == 0 {
            for (merge, was) in made.into_iter().rev() {
                records.undo_merge(merge, &stamp(60)).await.unwrap();
                assert!(all_seen(&records, &ids).await == was, "seed {seed}, round {round}: the last one undone");
            }
        } else {
            let mut left: Vec<MergeId> = made.into_iter().map(|(merge, _)| merge).collect();
            while !left.is_empty() {
                let merge = left.remove(random.random_range(0..left.len()));
                match records.undo_merge(merge, &stamp(60)).await {
                    Ok(()) => {}
                    Err(MergeError::MergedLater { .. }) => left.push(merge),
                    Err(other) => panic!("seed {seed}: {other}"),
                }
            }
        }
        assert_eq!(all_seen(&records, &ids).await, first, "seed {seed}, round {round}");
    }
}

async fn random_customer(records: &Records, random: &mut ChaCha8Rng, no: u64) -> CustomerId {
    let consents = [Consent::Unknown, Consent::Yes, Consent::No];
    let mut addresses = Vec::new();
    for number in NUMBERS {
        if random.random_bool(0.4) {
            addresses.push(NewAddress { consent: consents[random.random_range(0..3)], ..address(number) });
        }
    }
    let mut tags = BTreeSet::new();
    for tag in ["vip", "old", "new"] {
        if random.random_bool(0.5) {
            tags.insert(Tag::new(tag).unwrap());
        }
    }
    let new = NewCustomer {
        fields: CustomerFields { do_not_contact: random.random_bool(0.3), ..fields(&format!("Customer {no}")) },
        tags,
        names: vec![NewName { kind: NameKind::Alias, name: text(&format!("Alias {no}")) }; random.random_range(0..3)],
        addresses,
    };
    let id = records.add_customer(&new, &stamp(1)).await.unwrap();
    for contact in 0..random.random_range(0..4_u64) {
        let row = interaction(no * 100 + contact, Some(id), random.random_range(0..5));
        records.import_interactions(&[row]).await.unwrap();
        let note = NoteSubject::Interaction(ContactId(no * 100 + contact));
        records.add_note(note, &text("of a contact"), &stamp(2)).await.unwrap();
    }
    for _ in 0..random.random_range(0..3) {
        let work = NewWork { fields: task("to do", Some(5)), customer: Some(id), contact: None };
        let work = records.add_work(&work, &stamp(3)).await.unwrap();
        if random.random_bool(0.3) {
            records.close_work(work, Version(1), &text("done"), &stamp(4)).await.unwrap();
        }
    }
    id
}
