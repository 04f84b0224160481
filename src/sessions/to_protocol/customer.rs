//! A customer as it goes on the wire. It leaves out what has no place there; what somebody does not see is gone already.

use serde_json::Value;

use super::{agent_name, channel, direction, name, queue_name, time};
use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::customer::{Consent, CustomerCard, KnownAddress};
use crate::customers::field_values::ShownField;
use crate::customers::ids::CustomerId;
use crate::customers::note::Note;
use crate::customers::redaction::{Hidable, Sight};
use crate::customers::text::CustomerName;
use crate::customers::work::{Work, WorkKind};
use crate::protocol as wire;
use crate::screen_pop::card::{Card, PastContact};
use crate::screen_pop::search::{Found, FoundBy};
use crate::sessions::from_protocol::WireIds;

/// The beginning of a note that is shown, in characters.
const NOTE_SHOWN: usize = 280;

pub fn customer_id(customer: CustomerId) -> wire::CustomerId {
    wire::CustomerId::clipped(&customer.to_string())
}

fn person_name(known: &CustomerName) -> Option<wire::PersonName> {
    (!known.is_empty()).then(|| wire::PersonName::clipped(known.as_str()))
}

pub fn version(version: crate::customers::ids::Version) -> u64 {
    version.0.unsigned_abs()
}

pub fn card(ids: &WireIds, card: &Card, declared: &FieldDeclarations) -> wire::CustomerCard {
    let CustomerCard { customer, addresses, tags, .. } = &card.customer;
    wire::CustomerCard {
        customer: customer_id(customer.id),
        version: version(customer.version),
        name: person_name(&customer.fields.name),
        language: customer.fields.language.as_ref().map(|language| name(language.as_str())),
        tier: customer.fields.tier.as_ref().map(|tier| name(tier.as_str())),
        owner: customer.fields.owner.as_ref().map(agent_name),
        do_not_contact: customer.fields.do_not_contact,
        tags: tags.iter().map(|tag| name(tag.as_str())).collect(),
        addresses: addresses.iter().filter_map(address).collect(),
        fields: declared.shown(&customer.fields.custom).iter().map(field).collect(),
        other_matches: Vec::new(),
        interactions: card.interactions.iter().map(|past| past_contact(ids, past)).collect(),
        work: card.work.iter().map(open_work).collect(),
        promises: card.promises.iter().map(open_work).collect(),
        satisfaction: card
            .satisfaction
            .iter()
            .map(|(at, score)| wire::ScoredContact { at: time(*at), score: score.score() })
            .collect(),
        read_at: time(card.read_at),
    }
}

pub fn field(shown: &ShownField<'_>) -> wire::CustomerField {
    wire::CustomerField { name: name(shown.name), label: name(shown.label), value: shortened(&shown.text) }
}

/// None: of a kind that this version does not know.
fn address(known: &KnownAddress) -> Option<wire::CustomerAddress> {
    let kind = match crate::customers::address::AddressKind::of_name(known.key.kind.as_str())? {
        crate::customers::address::AddressKind::Phone => wire::AddressKind::Phone,
        crate::customers::address::AddressKind::Email => wire::AddressKind::Email,
        crate::customers::address::AddressKind::Handle => wire::AddressKind::Handle,
        crate::customers::address::AddressKind::External => wire::AddressKind::External,
    };
    Some(wire::CustomerAddress {
        kind,
        shown: wire::Address::clipped(known.shown.as_str()),
        extension: known.extension.as_ref().map(|extension| name(extension.as_str())),
        label: known.label.as_ref().map(|label| name(label.as_str())),
        consent: match known.consent {
            Consent::Unknown => wire::Consent::Unknown,
            Consent::Yes => wire::Consent::Yes,
            Consent::No => wire::Consent::No,
        },
    })
}

fn past_contact(ids: &WireIds, past: &PastContact) -> wire::PastContact {
    let interaction = &past.interaction;
    wire::PastContact {
        contact: ids.contact_text(interaction.contact),
        at: time(interaction.arrived_at),
        channel: channel(interaction.channel),
        direction: direction(interaction.direction),
        queue: interaction.visits.last().map(|visit| queue_name(&visit.queue)),
        agent: interaction.segments.last().map(|segment| agent_name(&segment.agent)),
        disposition: interaction.disposition.as_ref().map(|disposition| name(&disposition.0)),
        satisfaction: interaction.satisfaction.map(|score| score.score()),
        note: past.last_note.as_ref().map(|note| shortened(note.text.as_str())),
    }
}

fn open_work(work: &Work) -> wire::OpenWork {
    wire::OpenWork {
        work: wire::WorkId::clipped(&work.id.to_string()),
        kind: work_kind(work.fields.kind),
        category: work.fields.category.as_ref().map(|category| name(category.as_str())),
        title: shortened(work.fields.title.as_str()),
        due: work.fields.due.map(time),
        owner: work.fields.owner.as_ref().map(agent_name),
    }
}

pub fn shortened(text: &str) -> wire::Text {
    match text.char_indices().nth(NOTE_SHOWN) {
        Some((end, _)) => wire::Text::clipped(&format!("{}…", &text[..end])),
        None => wire::Text::clipped(text),
    }
}

pub fn work_kind(kind: WorkKind) -> wire::WorkKind {
    match kind {
        WorkKind::Task => wire::WorkKind::Task,
        WorkKind::ServiceRequest => wire::WorkKind::ServiceRequest,
        WorkKind::SalesLead => wire::WorkKind::SalesLead,
        WorkKind::Complaint => wire::WorkKind::Complaint,
    }
}

pub fn note(note: &Note) -> wire::CustomerNote {
    let (at, by) = (time(note.stamp.at), name(note.stamp.by.as_str()));
    wire::CustomerNote { text: shortened(note.text.as_str()), at, by }
}

pub fn shown(ids: &WireIds, of: &Card, notes: &[Note], declared: &FieldDeclarations) -> wire::CustomerShown {
    let custom = of.customer.customer.fields.custom.0.iter();
    let custom = custom.map(|(name, value)| (name.clone(), value.clone())).collect();
    wire::CustomerShown {
        card: card(ids, of, declared),
        other_names: of.customer.names.iter().filter_map(|other| person_name(&other.name)).collect(),
        // More than one message may hold is shown nowhere but in exports.
        custom: wire::Attributes::new(custom).unwrap_or_default(),
        notes: notes.iter().map(note).collect(),
        merged: of
            .customer
            .merged
            .iter()
            .map(|merged| wire::CustomerLine {
                customer: customer_id(merged.id),
                name: person_name(&merged.name),
                tier: None,
            })
            .collect(),
    }
}

pub fn found(found: &Found, sight: &Sight) -> wire::CustomerFound {
    let (by, noted) = match &found.by {
        FoundBy::Address => (wire::FoundBy::Address, None),
        FoundBy::Name => (wire::FoundBy::Name, None),
        FoundBy::Note(noted) => (wire::FoundBy::Note, Some(shortened(noted.text.as_str()))),
    };
    let customer = &found.customer;
    wire::CustomerFound {
        customer: customer_id(customer.id),
        name: person_name(&sight.name(&customer.name)),
        tier: customer.tier.as_ref().map(|tier| name(tier.as_str())),
        language: customer.language.as_ref().map(|language| name(language.as_str())),
        last_contact_at: customer.last_contact_at.map(time),
        by,
        note: noted,
    }
}

/// Customers as attributes name them.
pub fn lines_of(matches: &[&Value], sight: &Sight) -> Vec<wire::CustomerLine> {
    let line = |one: &&Value| {
        let text = |field: &str| one.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        Some(wire::CustomerLine {
            customer: wire::CustomerId::clipped(text("id")?),
            name: text("name").filter(|_| sight.sees(&Hidable::Names)).map(wire::PersonName::clipped),
            tier: text("tier").map(name),
        })
    };
    matches.iter().filter_map(line).collect()
}
