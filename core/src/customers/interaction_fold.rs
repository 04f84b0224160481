//! What the events of one contact come to, as its interaction: times, visits, segments, notes. A fold over one
//! event at a time; it reads no journal and stores nothing.

use crate::routing::command::Direction;
use crate::routing::event::{Event, Fact, VisitEnd};
use crate::routing::ids::{AgentId, ContactId, SegmentId};
use crate::routing::personal::{Address as ContactAddress, Attributes, PersonalDetails};
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

use super::address::{Address, AddressKind};
use super::customer::AddressKey;
use super::ids::CustomerId;
use super::interaction::{Interaction, InteractionSegment, InteractionVisit};
use super::text::{AddressKindWord, AddressText, NOTE_LENGTH_MAX, NoteText, Tag};

/// What an agent wrote while a contact was in his hands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContactNote {
    pub contact: ContactId,
    pub agent: AgentId,
    pub at: Timestamp,
    pub text: NoteText,
}

/// A segment that is no agent's any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClosedSegment {
    pub contact: ContactId,
    pub segment: SegmentId,
    pub at: Timestamp,
    /// Its agent gave a note with its end, an empty one too; or what he gave cannot be read any more.
    pub has_note: bool,
}

/// The attribute that says whose a contact is by our records. Only we write it.
pub const LOOK_UP: &str = "customer_lookup";

/// The interaction that begins with an event; None: no contact begins with it.
#[must_use]
pub fn begun_with(event: &Event) -> Option<Interaction> {
    let (contact, channel, direction, to, details) = match &event.fact {
        Fact::ContactArrived { contact, channel, direction, to, details, .. } => {
            (*contact, *channel, *direction, to.as_ref(), details)
        }
        Fact::CallbackPromised { contact, details, .. } => {
            (*contact, Channel::Callback, Direction::Outbound, None, details)
        }
        Fact::ConsultationBegun { contact, details, .. } => {
            (*contact, Channel::Voice, Direction::Internal, None, details)
        }
        _ => return None,
    };
    let from = details.plain().and_then(|details| details.from.as_ref());
    Some(Interaction {
        contact,
        customer: customer_of(details).filter(|_| direction != Direction::Internal),
        channel,
        direction,
        from: from.and_then(|from| key_of(channel, from)),
        to: to.and_then(|to| key_of(channel, to)),
        arrived_at: event.at,
        ended_at: None,
        ended_by: None,
        disposition: None,
        satisfaction: None,
        recording: None,
        transcript: None,
        visits: Vec::new(),
        segments: Vec::new(),
    })
}

/// The address of a customer whom nobody had found yet when the contact came: the database did not answer in time.
#[must_use]
pub fn not_looked_up(event: &Event, begun: &Interaction) -> Option<AddressKey> {
    let Fact::ContactArrived { details, .. } = &event.fact else { return None };
    let state = details.plain()?.attributes.get(LOOK_UP)?.get("state")?.as_str();
    let address = match begun.direction {
        Direction::Inbound => begun.from.clone(),
        Direction::Outbound => begun.to.clone(),
        Direction::Internal => None,
    };
    address.filter(|_| begun.customer.is_none() && state == Some("not_yet"))
}

/// What the event changes of the interaction of its contact.
pub fn apply(interaction: &mut Interaction, event: &Event) {
    let at = event.at;
    match &event.fact {
        Fact::ContactUpdated { details, .. } => {
            interaction.customer = customer_of(details).or(interaction.customer);
        }
        Fact::ContactQueued { visit, queue, entered_at, .. } => interaction.visits.push(InteractionVisit {
            visit: *visit,
            queue: queue.clone(),
            entered_at: *entered_at,
            ended_at: None,
            end: None,
        }),
        Fact::VisitEnded { visit, end, .. } => {
            if let Some(visit) = interaction.visits.iter_mut().find(|known| known.visit == *visit) {
                visit.ended_at = Some(at);
                visit.end = Tag::new(end_word(*end)).ok();
            }
        }
        Fact::ContactConnecting { segment, agent, .. } => begin_segment(interaction, *segment, agent, at, None),
        Fact::ContactHandedOver { to, to_segment, .. } => begin_segment(interaction, *to_segment, to, at, Some(at)),
        Fact::ContactConnected { segment, .. } => {
            with(interaction, *segment, |known| known.connected_at = known.connected_at.or(Some(at)));
        }
        Fact::ConnectFailed { segment, .. }
        | Fact::AttemptFailed { segment, .. }
        | Fact::CallbackNotPlaced { segment, .. } => {
            with(interaction, *segment, |known| (known.ended_at, known.wrapped_up_at) = (Some(at), Some(at)));
        }
        Fact::WrapUpStarted { segment, .. } => with(interaction, *segment, |known| known.ended_at = Some(at)),
        Fact::SegmentClosed { segment, disposition, .. } => {
            with(interaction, *segment, |known| {
                known.ended_at = known.ended_at.or(Some(at));
                known.wrapped_up_at = Some(at);
                known.disposition = disposition.clone();
            });
            interaction.disposition = disposition.clone().or(interaction.disposition.take());
        }
        Fact::ContactEnded { by, .. } => (interaction.ended_at, interaction.ended_by) = (Some(at), Some(*by)),
        _ => {}
    }
}

/// What an agent wrote, when the event holds it.
#[must_use]
pub fn note_in(event: &Event) -> Option<ContactNote> {
    let (contact, agent, details) = match &event.fact {
        Fact::ContactTransferred { contact, agent, details, .. }
        | Fact::ContactTransferredOutside { contact, agent, details, .. }
        | Fact::SegmentClosed { contact, agent, details, .. } => (*contact, agent, details),
        Fact::ConsultationBegun { parent, agent, details, .. } => (*parent, agent, details),
        _ => return None,
    };
    let note = details.plain()?.note.as_ref()?;
    let clipped: String = note.0.chars().filter(|letter| *letter != '\0').take(NOTE_LENGTH_MAX).collect();
    let text = NoteText::new(clipped).ok().filter(|text| !text.is_empty())?;
    Some(ContactNote { contact, agent: agent.clone(), at: event.at, text })
}

/// The segment that closes with the event.
#[must_use]
pub fn closed_with(event: &Event) -> Option<ClosedSegment> {
    let (contact, segment, has_note) = match &event.fact {
        Fact::SegmentClosed { contact, segment, details, .. } => {
            (*contact, *segment, details.plain().is_none_or(|details| details.note.is_some()))
        }
        Fact::ConnectFailed { contact, segment, .. }
        | Fact::AttemptFailed { contact, segment, .. }
        | Fact::CallbackNotPlaced { contact, segment, .. } => (*contact, *segment, false),
        _ => return None,
    };
    Some(ClosedSegment { contact, segment, at: event.at, has_note })
}

/// Nothing more is expected of it.
#[must_use]
pub fn is_over(interaction: &Interaction) -> bool {
    interaction.ended_at.is_some() && interaction.segments.iter().all(|segment| segment.wrapped_up_at.is_some())
}

/// The customer of our records that a contact with these attributes has. What a gateway says in `customer.id` is none.
#[must_use]
pub fn looked_up(attributes: &Attributes) -> Option<CustomerId> {
    attributes.get(LOOK_UP)?.get("customer")?.as_str()?.parse().ok().map(CustomerId)
}

fn customer_of(details: &PersonalDetails) -> Option<CustomerId> {
    looked_up(&details.plain()?.attributes)
}

fn key_of(channel: Channel, address: &ContactAddress) -> Option<AddressKey> {
    let (kind, read) = match channel {
        Channel::Voice | Channel::Callback => (AddressKind::Phone, Address::phone(&address.0, None).ok().flatten()),
        Channel::Email => (AddressKind::Email, Address::email(&address.0).ok()),
        Channel::Chat | Channel::Task => (AddressKind::Handle, None),
    };
    // What is no address of its kind is kept as it came: it is shown, and found by the same text.
    let value = read.map_or_else(|| address.0.to_string(), |read| read.value.to_string());
    Some(AddressKey { kind: AddressKindWord::new(kind.as_str()).ok()?, value: AddressText::new(value).ok()? })
}

fn begin_segment(
    interaction: &mut Interaction,
    segment: SegmentId,
    agent: &AgentId,
    at: Timestamp,
    connected_at: Option<Timestamp>,
) {
    interaction.segments.push(InteractionSegment {
        segment,
        queue: interaction.visits.last().map(|visit| visit.queue.clone()),
        agent: agent.clone(),
        started_at: at,
        connected_at,
        ended_at: None,
        wrapped_up_at: None,
        disposition: None,
    });
}

fn with(interaction: &mut Interaction, segment: SegmentId, change: impl FnOnce(&mut InteractionSegment)) {
    if let Some(known) = interaction.segments.iter_mut().find(|known| known.segment == segment) {
        change(known);
    }
}

fn end_word(end: VisitEnd) -> &'static str {
    match end {
        VisitEnd::Answered => "answered",
        VisitEnd::Abandoned { short: false } => "abandoned",
        VisitEnd::Abandoned { short: true } => "short_abandoned",
        VisitEnd::FlowedOut => "flowed_out",
        VisitEnd::CallbackRequested => "callback_requested",
        VisitEnd::Withdrawn => "withdrawn",
        VisitEnd::LostByGateway => "lost_by_gateway",
    }
}
