//! Customers: added, found, changed, with names, tags, addresses and consent.

use usher::customers::change::ChangedField as Field;
use usher::customers::customer::{Consent, CustomFields, CustomerFields, NameKind, NewAddress, NewCustomer, NewName};
use usher::customers::ids::{AddressId, CustomerId, NameId, Version};
use usher::customers::text::{CustomerName, Tag};
use usher::records::{BATCH_ROWS_MAX, CustomerError, Records};
use usher::routing::ids::AgentId;

use super::{address, customer, fields, phone, stamp, text, told};

fn li_wei() -> NewCustomer {
    NewCustomer {
        fields: CustomerFields {
            name: text("Li Wei"),
            language: Some(text("zh")),
            tier: Some(text("gold")),
            owner: Some(AgentId::new("a7").unwrap()),
            do_not_contact: false,
            custom: CustomFields(
                [("contract".to_owned(), serde_json::json!("C-1")), ("seats".to_owned(), 12.into())].into(),
            ),
        },
        addresses: vec![
            address("+33140000001"),
            NewAddress { extension: Some(text("12")), consent: Consent::Yes, ..address("+33140000002") },
            address("+33140000001"),
        ],
        names: vec![NewName { kind: NameKind::OtherScript, name: text("李伟") }],
        tags: [Tag::new("vip").unwrap()].into(),
    }
}

pub async fn added_found_and_shown(records: Records) {
    assert!(records.customer(CustomerId(1)).await.unwrap().is_none());
    assert!(records.customers_at(&[phone("+33140000001")]).await.unwrap().is_empty());
    let new = li_wei();
    let id = records.add_customer(&new, &stamp(1_000)).await.unwrap();
    let card = records.customer_card(id).await.unwrap().unwrap();
    assert_eq!(card.customer.fields, new.fields);
    assert_eq!((card.customer.version, card.customer.merged_into), (Version(1), None));
    assert_eq!((&card.customer.created, &card.customer.changed), (&stamp(1_000), &stamp(1_000)));
    let numbers: Vec<&str> = card.addresses.iter().map(|address| address.key.value.as_str()).collect();
    assert_eq!(numbers, ["+33140000001", "+33140000002"], "each once");
    assert_eq!(card.addresses[0].shown.as_str(), "(+33140000001)");
    assert_eq!((card.addresses[0].consent, &card.addresses[0].consent_set), (Consent::Unknown, &None));
    assert_eq!((card.addresses[1].consent, &card.addresses[1].consent_set), (Consent::Yes, &Some(stamp(1_000))));
    assert_eq!(card.addresses[1].extension.as_ref().unwrap().as_str(), "12");
    assert_eq!((card.names[0].kind, card.names[0].name.as_str()), (NameKind::OtherScript, "李伟"));
    assert_eq!(card.tags, new.tags);

    let shared = customer("Reception", &["+33140000002"]);
    let other = records.add_customer(&shared, &stamp(2_000)).await.unwrap();
    assert!(other > id);
    let found = records.customers_at(&[phone("+33140000002")]).await.unwrap();
    assert_eq!(found.iter().map(|found| found.customer.id).collect::<Vec<_>>(), [id, other], "a number may be shared");
    assert_eq!(found[0].extension.as_ref().unwrap().as_str(), "12");
    assert_eq!((found[0].consent, found[0].last_contact_at), (Consent::Yes, None));
    let several = [phone("+33140000001"), phone("+33140000002"), phone("+4900")];
    let found = records.customers_at(&several).await.unwrap();
    assert_eq!(found.iter().map(|found| found.customer.id).collect::<Vec<_>>(), [id, other], "each customer once");
    assert!(records.customers_at(&[]).await.unwrap().is_empty());
    assert!(records.customer_card(CustomerId(99)).await.unwrap().is_none());
    let history = records.changes_of_customer(id, 10).await.unwrap();
    assert_eq!(told(&history), [(Field::Added, None, Some("Li Wei"))]);
    assert_eq!(history[0].stamp, stamp(1_000));

    let many = vec![NewCustomer::default(); BATCH_ROWS_MAX + 1];
    let refused = records.add_customers(&many, &stamp(1)).await;
    assert!(matches!(refused, Err(CustomerError::TooMany { count: 5_001, max: 5_000 })));
    assert!(records.add_customers(&[], &stamp(1)).await.unwrap().is_empty());
}

pub async fn changed_by_version(records: Records) {
    let id = records.add_customer(&li_wei(), &stamp(1)).await.unwrap();
    let mut wanted = li_wei().fields;
    assert_eq!(records.change_customer(id, Version(1), &wanted, &stamp(2)).await.unwrap(), Version(1), "no change");
    assert_eq!(records.customer(id).await.unwrap().unwrap().changed, stamp(1));
    wanted.tier = None;
    wanted.do_not_contact = true;
    wanted.custom.0.insert("seats".to_owned(), 13.into());
    wanted.custom.0.remove("contract");
    assert_eq!(records.change_customer(id, Version(1), &wanted, &stamp(3)).await.unwrap(), Version(2));
    let now = records.customer(id).await.unwrap().unwrap();
    assert_eq!((&now.fields, now.version, &now.changed, &now.created), (&wanted, Version(2), &stamp(3), &stamp(1)));

    let late = records.change_customer(id, Version(1), &fields("Other"), &stamp(4)).await;
    let Err(CustomerError::Conflict { customer, expected, found }) = late else {
        panic!("expected a conflict, got {late:?}");
    };
    assert_eq!((customer, expected, found), (id, Version(1), Version(2)));
    assert_eq!(records.customer(id).await.unwrap().unwrap().fields, wanted, "nothing was changed");
    let nobody = records.change_customer(CustomerId(99), Version(1), &wanted, &stamp(4)).await;
    assert!(matches!(nobody, Err(CustomerError::Unknown(CustomerId(99)))));

    let history = records.changes_of_customer(id, 10).await.unwrap();
    assert_eq!(
        told(&history),
        [
            (Field::Added, None, Some("Li Wei")),
            (Field::Tier, Some("gold"), None),
            (Field::DoNotContact, Some("false"), Some("true")),
            (Field::Custom("contract".to_owned()), Some("\"C-1\""), None),
            (Field::Custom("seats".to_owned()), Some("12"), Some("13")),
        ]
    );
    assert_eq!(records.changes_of_customer(id, 2).await.unwrap().len(), 2);
}

pub async fn tags_names_and_addresses(records: Records) {
    let id = records.add_customer(&customer("Ana", &["+331"]), &stamp(1)).await.unwrap();
    let vip = Tag::new("vip").unwrap();
    assert!(records.add_tag(id, &vip, &stamp(2)).await.unwrap());
    assert!(!records.add_tag(id, &vip, &stamp(3)).await.unwrap(), "it has it");
    assert!(records.remove_tag(id, &vip, &stamp(4)).await.unwrap());
    assert!(!records.remove_tag(id, &vip, &stamp(5)).await.unwrap());

    let former = NewName { kind: NameKind::Former, name: text("Ana Old") };
    let name = records.add_name(id, &former, &stamp(6)).await.unwrap();
    assert_eq!(records.customer_card(id).await.unwrap().unwrap().names[0].name.as_str(), "Ana Old");
    records.remove_name(id, name, &stamp(7)).await.unwrap();
    let gone = records.remove_name(id, name, &stamp(8)).await;
    assert!(matches!(gone, Err(CustomerError::UnknownName { name: NameId(_), .. })));

    let there = records.add_address(id, &address("+331"), &stamp(9)).await;
    let first = records.customer_card(id).await.unwrap().unwrap().addresses[0].id;
    assert!(matches!(there, Err(CustomerError::AddressThere { address, .. }) if address == first));
    let behind = NewAddress { extension: Some(text("7")), ..address("+331") };
    let second = records.add_address(id, &behind, &stamp(10)).await.unwrap();
    records.set_consent(id, second, Consent::No, &stamp(11)).await.unwrap();
    let card = records.customer_card(id).await.unwrap().unwrap();
    assert_eq!((card.addresses[0].consent, card.addresses[1].consent), (Consent::Unknown, Consent::No));
    assert_eq!(card.addresses[1].consent_set, Some(stamp(11)));
    records.remove_address(id, first, &stamp(12)).await.unwrap();
    let found = records.customers_at(&[phone("+331")]).await.unwrap();
    assert_eq!(found[0].address, second, "the one behind the extension stays");
    let unknown = records.set_consent(id, AddressId(999), Consent::No, &stamp(13)).await;
    assert!(matches!(unknown, Err(CustomerError::UnknownAddress { address: AddressId(999), .. })));
    assert!(matches!(records.remove_address(id, first, &stamp(14)).await, Err(CustomerError::UnknownAddress { .. })));

    let card = records.customer_card(id).await.unwrap().unwrap();
    assert_eq!((card.customer.version, card.customer.changed), (Version(8), stamp(12)), "each change counts");
    let history = records.changes_of_customer(id, 20).await.unwrap();
    assert_eq!(
        told(&history)[1..],
        [
            (Field::Tag, None, Some("vip")),
            (Field::Tag, Some("vip"), None),
            (Field::OtherName, None, Some("Ana Old")),
            (Field::OtherName, Some("Ana Old"), None),
            (Field::Address, None, Some("(+331)")),
            (Field::Consent, Some("unknown: (+331)"), Some("no: (+331)")),
            (Field::Address, Some("(+331)"), None),
        ]
    );
}

pub async fn two_at_the_same_time(records: Records) {
    let id = records.add_customer(&customer("Ana", &[]), &stamp(1)).await.unwrap();
    let changing = (0..8).map(|no| {
        let records = records.clone();
        tokio::spawn(
            async move { records.change_customer(id, Version(1), &fields(&format!("Ana {no}")), &stamp(2)).await },
        )
    });
    let mut won = 0;
    for change in changing.collect::<Vec<_>>() {
        match change.await.unwrap() {
            Ok(version) => {
                assert_eq!(version, Version(2));
                won += 1;
            }
            Err(CustomerError::Conflict { found: Version(2), .. }) => {}
            Err(other) => panic!("expected a conflict, got {other}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(records.changes_of_customer(id, 10).await.unwrap().len(), 2, "only the one that won is history");
}

pub async fn strange_texts(records: Records) {
    for name in [
        "Robert'); drop table customer;--",
        "<script>alert(1)</script>",
        "=cmd()",
        "\u{202e}evil\u{7}",
        "🦀\\\"{}[]$1",
        "",
    ] {
        let new = NewCustomer {
            fields: CustomerFields {
                custom: CustomFields([(name.to_owned(), serde_json::json!({ name: [name, null] }))].into()),
                ..fields(name)
            },
            names: vec![NewName { kind: NameKind::Alias, name: text(name) }],
            ..customer(name, &[])
        };
        let id = records.add_customer(&new, &stamp(1)).await.unwrap();
        let card = records.customer_card(id).await.unwrap().unwrap();
        assert_eq!((&card.customer.fields, card.names[0].name.as_str()), (&new.fields, name));
        records.change_customer(id, Version(1), &fields(&format!("{name}!")), &stamp(2)).await.unwrap();
    }
    assert!(CustomerName::new("a\0b").is_err(), "what PostgreSQL cannot hold never comes so far");
}
