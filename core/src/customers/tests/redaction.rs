//! What is hidden is in nothing that comes out, whatever the record; what is not hidden comes out as it was.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::customers::change::{Change, ChangedField, Stamp};
use crate::customers::customer::{
    AddressKey, Consent, CustomFields, Customer, CustomerCard, CustomerFields, KnownAddress, KnownName, MergedCustomer,
    NameKind,
};
use crate::customers::ids::{AddressId, ChangeId, CustomerId, NameId, NoteId, Version, WorkId};
use crate::customers::interaction::Interaction;
use crate::customers::note::{Note, NoteSubject};
use crate::customers::redaction::{Hidable, Sight, UnknownHidable};
use crate::customers::text::{
    AddressKindWord, AddressText, CustomerName, NoteText, PersonalText, ReferenceText, TitleText,
};
use crate::customers::work::{Escalation, Work, WorkFields, WorkKind, WorkState};
use crate::routing::command::Direction;
use crate::routing::ids::{ContactId, PersonId, TeamId};
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

fn stamp() -> Stamp {
    Stamp { at: Timestamp(1), by: PersonId::new("ana").unwrap() }
}

fn key(kind: &str, value: &str) -> AddressKey {
    AddressKey { kind: AddressKindWord::new(kind).unwrap(), value: AddressText::new(value).unwrap() }
}

fn address(kind: &str, value: &str) -> KnownAddress {
    KnownAddress {
        id: AddressId(1),
        key: key(kind, value),
        extension: Some(AddressText::new("4711").unwrap()),
        shown: AddressText::new(value).unwrap(),
        label: None,
        consent: Consent::Yes,
        consent_set: Some(stamp()),
    }
}

fn fields() -> CustomerFields {
    let custom = [("iban", "FR76"), ("shoe", "44")].map(|(name, value)| (name.to_owned(), Value::from(value)));
    CustomerFields {
        name: CustomerName::new("Wei Li").unwrap(),
        custom: CustomFields(custom.into()),
        ..CustomerFields::default()
    }
}

fn card() -> CustomerCard {
    CustomerCard {
        customer: Customer {
            id: CustomerId(7),
            fields: fields(),
            version: Version(1),
            created: stamp(),
            changed: stamp(),
            merged_into: None,
        },
        addresses: vec![
            address("phone", "+33612345678"),
            address("email", "wei@example.com"),
            address("handle", "chat:weili"),
            address("external", "crm:998877"),
            address("carrier pigeon", "loft 12"),
        ],
        names: vec![KnownName { id: NameId(1), kind: NameKind::Alias, name: CustomerName::new("Wei Li").unwrap() }],
        tags: BTreeSet::new(),
        merged: vec![MergedCustomer { id: CustomerId(3), name: CustomerName::new("Wei Li").unwrap() }],
    }
}

fn note() -> Note {
    Note {
        id: NoteId(1),
        subject: NoteSubject::Customer(CustomerId(7)),
        customer: Some(CustomerId(7)),
        text: NoteText::new("moved to Lyon").unwrap(),
        stamp: stamp(),
    }
}

fn work() -> Work {
    let text = || NoteText::new("moved to Lyon").unwrap();
    Work {
        id: WorkId(1),
        fields: WorkFields {
            kind: WorkKind::Task,
            category: None,
            title: TitleText::new("moved to Lyon").unwrap(),
            text: text(),
            due: None,
            owner: None,
            owner_team: None,
            queue: None,
        },
        customer: None,
        contact: None,
        task_contact: None,
        state: WorkState::Closed,
        outcome: Some(text()),
        escalation: Some(Escalation { to: TeamId::new("leads").unwrap(), at: Timestamp(1), reason: text() }),
        version: Version(1),
        created: stamp(),
        changed: stamp(),
    }
}

fn interaction() -> Interaction {
    let reference = || ReferenceText::new("tape 5").ok();
    Interaction {
        contact: ContactId(1),
        customer: None,
        channel: Channel::Voice,
        direction: Direction::Inbound,
        from: Some(key("phone", "+33612345678")),
        to: Some(key("email", "wei@example.com")),
        arrived_at: Timestamp(0),
        ended_at: None,
        ended_by: None,
        disposition: None,
        satisfaction: None,
        recording: reference(),
        transcript: reference(),
        visits: Vec::new(),
        segments: Vec::new(),
    }
}

/// All that comes out, as one text.
fn seen_with(sight: &Sight) -> String {
    let card = sight.card(&card());
    let mut all: Vec<String> = vec![card.customer.fields.name.as_str().to_owned()];
    all.extend(card.customer.fields.custom.0.iter().map(|(name, value)| format!("{name}={value}")));
    for address in &card.addresses {
        all.push(format!("{} {}", address.key.value.as_str(), address.shown.as_str()));
        all.extend(address.extension.iter().map(|extension| extension.as_str().to_owned()));
    }
    all.extend(card.names.iter().map(|name| name.name.as_str().to_owned()));
    all.extend(card.merged.iter().map(|merged| merged.name.as_str().to_owned()));
    all.push(sight.note(&note()).text.as_str().to_owned());
    let work = sight.work(&work());
    all.push(work.fields.title.as_str().to_owned() + work.fields.text.as_str());
    all.push(work.outcome.unwrap().as_str().to_owned() + work.escalation.unwrap().reason.as_str());
    let interaction = sight.interaction(&interaction());
    all.extend([interaction.from, interaction.to].into_iter().flatten().map(|key| key.value.as_str().to_owned()));
    all.extend(
        [interaction.recording, interaction.transcript].into_iter().flatten().map(|text| text.as_str().to_owned()),
    );
    all.join("\n")
}

#[test]
fn who_sees_everything_sees_the_record_itself() {
    let sight = Sight::of_everything();
    assert_eq!(sight.card(&card()), card());
    assert_eq!(sight.work(&work()), work());
    assert_eq!(sight.note(&note()), note());
    assert_eq!(sight.interaction(&interaction()), interaction());
    assert!(sight.is_whole());
}

#[test]
fn what_is_hidden_comes_out_nowhere() {
    let secrets: [(Hidable, &[&str]); 7] = [
        (Hidable::Names, &["Wei Li"]),
        (Hidable::Phone, &["3361234"]),
        (Hidable::Email, &["wei@"]),
        (Hidable::Handle, &["weili"]),
        (Hidable::ExternalId, &["998877"]),
        (Hidable::Notes, &["Lyon", "tape"]),
        (Hidable::Custom, &["FR76", "44"]),
    ];
    for (hidden, _) in &secrets {
        let seen = seen_with(&Sight::without([hidden.clone()]));
        for (other, others) in &secrets {
            for text in *others {
                assert_eq!(seen.contains(text), other != hidden, "{hidden} hidden, {text} in\n{seen}");
            }
        }
    }
    let nothing = seen_with(&Sight::of_nothing());
    for text in secrets.iter().flat_map(|(_, texts)| *texts) {
        assert!(!nothing.contains(text), "{text} in\n{nothing}");
    }
    assert!(!nothing.contains("loft"), "an unknown kind of address is shown");
    assert!(!nothing.contains("4711"), "an extension is shown");
    assert!(nothing.contains("…78") && nothing.contains("…@example.com"), "{nothing}");
    let seen = seen_with(&Sight::without([Hidable::CustomField("iban".to_owned())]));
    assert!(!seen.contains("FR76") && seen.contains("shoe=\"44\""), "{seen}");
}

#[test]
fn what_is_hidden_stays_as_it_is_when_the_rest_is_changed() {
    let sight = Sight::without([Hidable::Names, Hidable::CustomField("iban".to_owned())]);
    let asked = CustomerFields {
        name: CustomerName::new("").unwrap(),
        do_not_contact: true,
        custom: CustomFields([("iban".to_owned(), Value::from("mine")), ("shoe".to_owned(), Value::from("45"))].into()),
        ..CustomerFields::default()
    };
    let kept = sight.kept(&fields(), asked);
    assert_eq!(kept.name.as_str(), "Wei Li");
    assert!(kept.do_not_contact);
    assert_eq!((&kept.custom.0["iban"], &kept.custom.0["shoe"]), (&Value::from("FR76"), &Value::from("45")));
}

#[test]
fn a_change_shows_its_values_only_where_the_field_is_seen() {
    let change = |field| Change {
        id: ChangeId(1),
        work: None,
        contact: None,
        field,
        before: PersonalText::new("a").ok(),
        after: PersonalText::new("b").ok(),
        stamp: stamp(),
    };
    let sight = Sight::without([Hidable::Email, Hidable::CustomField("iban".to_owned())]);
    for (field, is_seen) in [
        (ChangedField::Name, true),
        (ChangedField::Address, false),
        (ChangedField::Consent, false),
        (ChangedField::Custom("iban".to_owned()), false),
        (ChangedField::Custom("shoe".to_owned()), true),
        (ChangedField::Note, true),
    ] {
        let seen = sight.change(&change(field.clone()));
        assert_eq!(seen.before.is_some() && seen.after.is_some(), is_seen, "{field}");
        assert_eq!(seen.field, field);
    }
}

#[test]
fn who_has_two_roles_sees_what_either_sees() {
    let one = Sight::without([Hidable::Phone, Hidable::Custom, Hidable::Notes]);
    let other = Sight::without([Hidable::Phone, Hidable::CustomField("iban".to_owned()), Hidable::Names]);
    let both = one.or(&other);
    assert_eq!(both, Sight::without([Hidable::Phone, Hidable::CustomField("iban".to_owned())]));
    assert_eq!(both, other.or(&one));
    assert_eq!(Sight::of_nothing().or(&Sight::of_everything()), Sight::of_everything());
}

#[test]
fn what_can_be_hidden_comes_back_from_its_word() {
    for hidable in Hidable::PLAIN.into_iter().chain([Hidable::CustomField("size of shoe".to_owned())]) {
        assert_eq!(hidable.to_string().parse(), Ok(hidable));
    }
    for text in ["", "name", "custom.", "Phone", &format!("custom.{}", "x".repeat(65))] {
        assert_eq!(text.parse::<Hidable>(), Err(UnknownHidable), "{text}");
    }
}

#[test]
fn what_is_not_personal_is_hidden_by_its_own_name_alone() {
    let hidden = |words: Vec<Hidable>| Sight::without(words).where_not_personal(["plan", "iban_country"]);
    let fields = CustomerFields {
        custom: CustomFields([("iban".to_owned(), Value::from("FR76")), ("plan".to_owned(), Value::from("b"))].into()),
        ..CustomerFields::default()
    };
    let seen = |sight: &Sight| sight.fields(&fields).custom.0.into_keys().collect::<Vec<_>>();
    let all_custom = hidden(vec![Hidable::Custom]);
    assert_eq!(seen(&all_custom), ["plan"], "what is not declared, or declared long ago, counts as personal");
    let by_name = hidden(vec![Hidable::Custom, Hidable::CustomField("plan".to_owned())]);
    assert_eq!(seen(&by_name), [] as [&str; 0]);
    assert_eq!(seen(&by_name.or(&all_custom)), ["plan"], "what one role sees is seen");
    assert_eq!(seen(&by_name.or(&by_name)), [] as [&str; 0]);
    assert_eq!(seen(&by_name.or(&hidden(vec![Hidable::CustomField("iban".to_owned())]))), ["plan"]);
    let asked = CustomerFields {
        custom: CustomFields([("iban".to_owned(), Value::from("mine")), ("plan".to_owned(), Value::from("c"))].into()),
        ..fields.clone()
    };
    let kept = all_custom.kept(&fields, asked).custom.0;
    assert_eq!((&kept["iban"], &kept["plan"]), (&Value::from("FR76"), &Value::from("c")));
}
