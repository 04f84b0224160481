//! Entries by hand: added, looked up, removed, counted, expired, and what an erasure makes of them.

use std::sync::Arc;

use usher::customers::customer::{AddressKey, Consent, CustomerFields, NewAddress, NewCustomer};
use usher::customers::text::{AddressKindWord, AddressText, CustomerName, Tag};
use usher::outbound::do_not_call::DoNotCallScope;
use usher::outbound::lead::SourceText;
use usher::records::{DoNotCallAdded, Records, SiteKey};
use usher::routing::time::Timestamp;

use super::{campaign, counts, digits, entry, is_stopped, number, prefix, stamp};
use crate::customers::audited;
use crate::privacy::Ground;

const EVERYONE: DoNotCallScope = DoNotCallScope::Everyone;

pub async fn added_looked_up_and_removed(ground: Ground) {
    let records = &ground.records;
    let account = |name: &str| DoNotCallScope::Account(Arc::from(name));
    let letter = SourceText::new("by letter").unwrap();
    for (added, at) in [
        (entry(EVERYONE, number("+33611111111"), None), 10),
        (entry(campaign("winback"), number("+33622222222"), Some(1_000)), 11),
        (entry(campaign("other"), number("+33633333333"), None), 12),
        (entry(account("acme"), prefix("+1900"), None), 13),
        (entry(account("other"), prefix("+1901"), None), 14),
    ] {
        let done = records.add_do_not_call(&added, Some(&letter), &stamp(at)).await.unwrap();
        assert_eq!(done, DoNotCallAdded::Added, "{added:?}");
    }
    for (called, at, stopped) in [
        ("+33611111111", 20, true),
        ("+3361111111", 20, false),
        ("+336111111112", 20, false),
        ("+33622222222", 999, true),
        ("+33622222222", 1_000, false),
        ("+33633333333", 20, false),
        ("+19005550100", 20, true),
        ("+19015550100", 20, false),
        ("+1900", 20, true),
    ] {
        assert_eq!(is_stopped(records, called, at).await, stopped, "{called} at {at}");
    }
    let listed = records.do_not_call_listed(digits("+33633333333"), Timestamp(20)).await.unwrap();
    assert_eq!(listed.len(), 1, "whose calls ever");
    assert_eq!((&listed[0].entry.scope, listed[0].import), (&campaign("other"), None));
    assert_eq!((&listed[0].added, listed[0].source.as_ref().unwrap()), (&stamp(12), &letter));

    let shorter = entry(EVERYONE, number("+33611111111"), Some(5_000));
    assert_eq!(records.add_do_not_call(&shorter, None, &stamp(30)).await.unwrap(), DoNotCallAdded::ThereAlready);
    let longer = entry(campaign("winback"), number("+33622222222"), None);
    assert_eq!(records.add_do_not_call(&longer, None, &stamp(30)).await.unwrap(), DoNotCallAdded::Added);
    assert!(is_stopped(records, "+33622222222", 1_000).await, "the longer one counts");
    let told = audited(records, "do_not_call_added").await;
    assert_eq!(told.len(), 6);
    assert_eq!(told[0], r#"{"of":"number","scope":"everyone"}"#, "the audit holds no number");

    let gone = records.remove_do_not_call(number("+33622222222"), &campaign("winback"), &stamp(40)).await.unwrap();
    assert_eq!(gone, 2);
    assert!(!is_stopped(records, "+33622222222", 41).await);
    let none = records.remove_do_not_call(number("+1900"), &account("acme"), &stamp(40)).await.unwrap();
    assert_eq!(none, 0, "the prefix is another entry than the number");
    assert_eq!(records.remove_do_not_call(prefix("1900"), &account("acme"), &stamp(40)).await.unwrap(), 1);
    let told = audited(records, "do_not_call_removed").await;
    assert_eq!(told.last().unwrap(), r#"{"entries":1,"of":"prefix","scope":"account"}"#);
    let left = ground.texts("select cast(count(*) as text) from do_not_call_origin").await;
    assert_eq!(left, [["3"]], "where it was from goes with an entry");
}

pub async fn counted_until_they_expire(ground: Ground) {
    let records = &ground.records;
    assert_eq!(counts(records, 0).await, []);
    for (scope, what, expires_at) in [
        (EVERYONE, number("+33611111111"), None),
        (EVERYONE, prefix("+339"), None),
        (EVERYONE, number("+33622222222"), Some(100)),
        (campaign("winback"), number("+33611111111"), Some(200)),
    ] {
        records.add_do_not_call(&entry(scope, what, expires_at), None, &stamp(1)).await.unwrap();
    }
    let told = |everyone, winback| {
        let of = |scope: &str, entries| (scope.to_owned(), entries);
        let campaign = (winback > 0).then(|| of("campaign winback", winback));
        [of("everyone", everyone)].into_iter().chain(campaign).collect::<Vec<_>>()
    };
    assert_eq!(counts(records, 99).await, told(3, 1));
    assert_eq!(counts(records, 100).await, told(2, 1));
    assert_eq!(counts(records, 200).await, told(2, 0));
}

pub async fn dropped_when_long_expired(ground: Ground) {
    let records = &ground.records;
    for (what, expires_at) in
        [("+33611111111", None), ("+33622222222", Some(100)), ("+33633333333", Some(200)), ("+33644444444", Some(300))]
    {
        records.add_do_not_call(&entry(EVERYONE, number(what), expires_at), None, &stamp(1)).await.unwrap();
    }
    assert_eq!(records.drop_expired_do_not_call(Timestamp(300), 1).await.unwrap(), 1, "as many as are asked for");
    assert_eq!(records.drop_expired_do_not_call(Timestamp(300), 10).await.unwrap(), 1);
    assert_eq!(records.drop_expired_do_not_call(Timestamp(300), 10).await.unwrap(), 0);
    let left = ground.texts("select cast(entry as text) from do_not_call order by entry").await;
    assert_eq!(left, [["33611111111"], ["33644444444"]]);
    assert_eq!(counts(records, 299).await, [("everyone".to_owned(), 2)]);
    assert_eq!(counts(records, 300).await, [("everyone".to_owned(), 1)]);
}

fn customer(numbers: &[&str]) -> NewCustomer {
    let address = |number: &&str| NewAddress {
        key: AddressKey { kind: AddressKindWord::new("phone").unwrap(), value: AddressText::new(*number).unwrap() },
        extension: None,
        shown: AddressText::new(*number).unwrap(),
        label: None,
        consent: Consent::Unknown,
    };
    NewCustomer {
        fields: CustomerFields { name: CustomerName::new("Zoe").unwrap(), ..CustomerFields::default() },
        addresses: numbers.iter().map(address).collect(),
        ..NewCustomer::default()
    }
}

/// The number goes, what was promised for it stays; a number that others have too is left as it is.
pub async fn kept_of_who_is_erased(ground: Ground) {
    let key = SiteKey::from_bytes([7; 32]);
    let records = &ground.records;
    records.hold_site_key(key.clone());
    let zoe = records.add_customer(&customer(&["+33611111111", "+33622222222"]), &stamp(1)).await.unwrap();
    records.add_customer(&customer(&["+33622222222"]), &stamp(1)).await.unwrap();
    for what in ["+33611111111", "+33622222222"] {
        records.add_do_not_call(&entry(campaign("winback"), number(what), None), None, &stamp(2)).await.unwrap();
    }
    let reason = Tag::new("asked for it").unwrap();
    let erased = records.erase_customer(zoe, &reason, &key, &stamp(3)).await.unwrap();
    assert_eq!(erased.not_to_contact, 1);
    let left = ground.texts("select cast(entry as text) from do_not_call").await;
    assert_eq!(left, [["33622222222"]], "only what is not hers alone");
    assert!(is_stopped(records, "+33611111111", 4).await && is_stopped(records, "+33622222222", 4).await);
    assert!(!is_stopped(records, "+33633333333", 4).await);
    let without_key = Records::open(&ground.place).await.unwrap();
    let asked = without_key.is_not_to_be_contacted(digits("+33611111111")).await;
    assert!(asked.is_err(), "nobody is called when it cannot be told");
    without_key.close().await;
}
