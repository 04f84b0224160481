//! The order of matches as a table, and duplicates among made-up customers.

use proptest::prelude::*;

use crate::customers::address::{Address, AddressKind};
use crate::customers::likeness::{
    Comparable, ExtensionMatch, Match, PAIRS_MAX, Reason, SHARED_ADDRESS_CUSTOMERS_MAX, compared, duplicates,
    sort_most_likely_first,
};
use crate::routing::time::{Millis, Timestamp};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn days_ago(days: i64) -> Option<Timestamp> {
    Some(NOW - Millis(days * 24 * 3_600_000))
}

fn plain(customer: u32) -> Match<u32> {
    Match {
        customer,
        extension: ExtensionMatch::Unknown,
        addresses_matched: 1,
        main_address: false,
        last_interaction_at: None,
        open_work: 0,
        language_matched: false,
    }
}

#[test]
fn each_sign_outweighs_all_after_it() {
    let everything = |customer| Match {
        customer,
        extension: ExtensionMatch::Same,
        addresses_matched: 9,
        main_address: true,
        last_interaction_at: days_ago(0),
        open_work: 9,
        language_matched: true,
    };
    let table: Vec<(&str, Match<u32>, Match<u32>)> = vec![
        (
            "extension",
            Match { extension: ExtensionMatch::Same, ..plain(2) },
            Match { extension: ExtensionMatch::Unknown, ..everything(1) },
        ),
        ("no other extension", plain(2), Match { extension: ExtensionMatch::Other, ..everything(1) }),
        (
            "addresses",
            Match { extension: ExtensionMatch::Same, addresses_matched: 2, ..plain(2) },
            Match { addresses_matched: 1, ..everything(1) },
        ),
        (
            "main address",
            Match { extension: ExtensionMatch::Same, addresses_matched: 9, main_address: true, ..plain(2) },
            Match { main_address: false, ..everything(1) },
        ),
        (
            "this week",
            Match { last_interaction_at: days_ago(7), ..plain(2) },
            Match { last_interaction_at: days_ago(8), open_work: 9, language_matched: true, ..plain(1) },
        ),
        (
            "this quarter",
            Match { last_interaction_at: days_ago(90), ..plain(2) },
            Match { last_interaction_at: days_ago(92), open_work: 9, ..plain(1) },
        ),
        ("ever", Match { last_interaction_at: days_ago(3_000), ..plain(2) }, Match { open_work: 9, ..plain(1) }),
        (
            "open work",
            Match { last_interaction_at: days_ago(6), open_work: 1, ..plain(2) },
            Match { last_interaction_at: days_ago(1), language_matched: true, ..plain(1) },
        ),
        (
            "language",
            Match { last_interaction_at: days_ago(6), language_matched: true, ..plain(2) },
            Match { last_interaction_at: days_ago(1), ..plain(1) },
        ),
        (
            "later",
            Match { last_interaction_at: days_ago(1), ..plain(2) },
            Match { last_interaction_at: days_ago(2), ..plain(1) },
        ),
        ("more open work", Match { open_work: 2, ..plain(2) }, Match { open_work: 1, ..plain(1) }),
        ("lower id", plain(1), plain(2)),
    ];
    for (sign, first, second) in table {
        for mut matches in [vec![first.clone(), second.clone()], vec![second.clone(), first.clone()]] {
            sort_most_likely_first(&mut matches, NOW);
            assert_eq!(matches[0], first, "{sign}");
        }
    }
}

#[test]
fn extensions_are_the_same_another_or_not_known() {
    assert_eq!(ExtensionMatch::of(Some("12"), Some("12")), ExtensionMatch::Same);
    assert_eq!(ExtensionMatch::of(Some("12"), Some("13")), ExtensionMatch::Other);
    for (sought, held) in [(None, None), (Some("12"), None), (None, Some("12"))] {
        assert_eq!(ExtensionMatch::of(sought, held), ExtensionMatch::Unknown);
    }
}

fn customer(customer: u32, name: &str, addresses: &[&str]) -> Comparable<u32> {
    let address = |text: &&str| match text.split_once('!') {
        Some((system, id)) => Address::external(system, id).unwrap(),
        None if text.contains('@') => Address::email(text).unwrap(),
        None => Address::phone(text, None).unwrap().unwrap(),
    };
    Comparable { customer, name: name.to_owned(), addresses: addresses.iter().map(address).collect() }
}

#[test]
fn reasons_and_scores_of_pairs() {
    const PHONE: Reason = Reason::SharedAddress(AddressKind::Phone);
    const EMAIL: Reason = Reason::SharedAddress(AddressKind::Email);
    let number = "+33123456789";
    for (one, other, expected) in [
        (
            ("Ann Smith", vec![number]),
            ("Smith, Ann", vec!["+33 1 23 45 67 89"]),
            Some((90, vec![PHONE, Reason::SameName])),
        ),
        (
            ("Ann Smith", vec!["a@example.com"]),
            ("ann smith", vec!["A@EXAMPLE.COM"]),
            Some((100, vec![EMAIL, Reason::SameName])),
        ),
        (("Ann", vec![number]), ("Bob", vec![number]), Some((30, vec![PHONE, Reason::OtherName]))),
        (("Ann", vec![number]), ("", vec![number]), Some((50, vec![PHONE]))),
        (
            ("Ann", vec!["+33123456789x1"]),
            ("Bob", vec!["+33123456789x2"]),
            Some((1, vec![Reason::OtherExtension, Reason::OtherName])),
        ),
        (("Ann", vec!["crm!7"]), ("Bob", vec!["crm!7"]), Some((70, vec![Reason::SameExternalId, Reason::OtherName]))),
        (("李伟", vec![]), ("李 伟", vec![]), Some((60, vec![Reason::SameName]))),
        (("李伟", vec![]), ("李炜", vec![]), None),
        (("Jürgen Müller", vec![]), ("JURGEN MULLER", vec![]), Some((60, vec![Reason::SameName]))),
        (
            ("Ann Smith", vec!["a@example.com", number]),
            ("Ann Smith", vec![number, "a@example.com"]),
            Some((100, vec![PHONE, EMAIL, Reason::SameName])),
        ),
        (("Ann", vec![]), ("Bob", vec![]), None),
        (("", vec![]), ("", vec![]), None),
    ] {
        let pair = compared(&customer(2, one.0, &one.1), &customer(1, other.0, &other.1));
        let found = pair.as_ref().map(|pair| (pair.score, pair.reasons.clone()));
        assert_eq!(found, expected, "{one:?} {other:?}");
        assert!(pair.is_none_or(|pair| (pair.first, pair.second) == (1, 2)));
    }
    let similar = compared(&customer(1, "Katherine Johnson", &[]), &customer(2, "Katharine Johnson", &[])).unwrap();
    assert!(matches!(similar.reasons[..], [Reason::SimilarName { likeness: 900..1_000 }]), "{similar:?}");
    assert!((30..=50).contains(&similar.score));
    assert_eq!(compared(&customer(1, "Ann", &[number]), &customer(1, "Ann", &[number])), None);
}

#[test]
fn duplicates_are_found_the_surest_first() {
    let mut customers: Vec<_> =
        (0..500u32).map(|number| customer(number, &format!("Person {number:03} Family"), &[])).collect();
    customers.push(customer(1_000, "Zoë Quist", &["+33123456789"]));
    customers.push(customer(1_001, "Quist Zoe", &["+33123456789"]));
    customers.push(customer(1_002, "Xanthippe Oldenburg", &["x@example.com"]));
    customers.push(customer(1_003, "Kanthippe Oldenburg", &[]));
    customers.push(customer(1_003, "Kanthippe Oldenburg", &[]));
    let pairs = duplicates(&customers);
    assert_eq!((pairs[0].first, pairs[0].second, pairs[0].score), (1_000, 1_001, 90));
    assert!(pairs.iter().any(|pair| (pair.first, pair.second) == (1_002, 1_003)));
    assert!(pairs.iter().all(|pair| pair.first < pair.second));
    assert_eq!(pairs.iter().filter(|pair| pair.first == 1_002).count(), 1);
}

#[test]
fn a_switchboard_and_one_name_for_all_make_few_pairs() {
    let names: Vec<String> =
        (0..5_000u32).map(|number| format!("{}", u64::from(number) * 7_919 % 100_003 * 977)).collect();
    let shared: Vec<_> =
        (0..5_000u32).map(|number| customer(number, &names[number as usize], &["+33123456789"])).collect();
    assert!(duplicates(&shared).iter().all(|pair| !pair.reasons.contains(&Reason::SharedAddress(AddressKind::Phone))));
    let few = &shared[..SHARED_ADDRESS_CUSTOMERS_MAX];
    let pairs = SHARED_ADDRESS_CUSTOMERS_MAX * (SHARED_ADDRESS_CUSTOMERS_MAX - 1) / 2;
    assert_eq!(duplicates(few).len(), pairs);
    let same: Vec<_> = (0..5_000u32).map(|number| customer(number, "Ann Smith", &[])).collect();
    assert_eq!(duplicates(&same).len(), PAIRS_MAX);
    let long = "a".repeat(65_536);
    assert_eq!(duplicates(&[customer(1, &long, &[]), customer(2, &long, &[])]).len(), 1);
}

fn any_match() -> impl Strategy<Value = Match<u32>> {
    let extension = prop_oneof![Just(ExtensionMatch::Other), Just(ExtensionMatch::Unknown), Just(ExtensionMatch::Same)];
    (0u32..4, extension, 1u32..3, any::<bool>(), prop::option::of(-5i64..200), 0u32..3, any::<bool>()).prop_map(
        |(customer, extension, addresses_matched, main_address, days, open_work, language_matched)| Match {
            customer,
            extension,
            addresses_matched,
            main_address,
            last_interaction_at: days.and_then(days_ago),
            open_work,
            language_matched,
        },
    )
}

proptest! {
    #[test]
    fn the_order_is_total(matches in prop::collection::vec(any_match(), 0..12)) {
        let mut once = matches.clone();
        sort_most_likely_first(&mut once, NOW);
        let mut other: Vec<_> = matches.into_iter().rev().collect();
        sort_most_likely_first(&mut other, NOW);
        prop_assert_eq!(once, other);
    }

    #[test]
    fn pairs_do_not_depend_on_the_order(names in prop::collection::vec("[ab ]{0,6}|\\PC{0,12}", 0..20), turned in 0usize..20) {
        let customers: Vec<_> = (0u32..).zip(&names).map(|(id, name)| customer(id, name, &["+33123456789"][..(id % 2) as usize])).collect();
        for one in &customers {
            for other in &customers {
                prop_assert_eq!(compared(one, other), compared(other, one));
            }
        }
        let turned: Vec<_> = customers.iter().cycle().skip(turned).take(customers.len()).cloned().collect();
        if names.len() <= 9 {
            prop_assert_eq!(duplicates(&customers), duplicates(&turned));
        }
        prop_assert!(duplicates(&turned).iter().all(|pair| (1..=100).contains(&pair.score) && !pair.reasons.is_empty()));
    }
}
