//! A row of a table to the draft of an interaction, or a refusal that names row, column and reason. Never repeats a cell, never stores.

use std::sync::Arc;

use crate::routing::command::{Direction, Disposition};
use crate::routing::ids::{AgentId, QueueId};
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

use super::address::{Address, AddressKind};
use super::card_numbers::mask_card_numbers;
use super::import_rows::{RowRefusal, WhyRefused, add_address, email_parts, handle_parts, phone_parts, word};
use super::import_times::{NotATime, SPAN_MS_MAX, span_ms};
use super::interaction::Satisfaction;
use super::interaction_columns::{BoundInteractions, InteractionColumn};
use super::text::{NoteText, ReferenceText};

/// An interaction as a row gives it, before its customer is known.
#[derive(Clone, PartialEq, Debug)]
pub struct InteractionDraft {
    /// The customer's.
    pub addresses: Vec<Address>,
    /// `system:id` of the interaction itself.
    pub own_id: Option<String>,
    pub channel: Channel,
    pub direction: Direction,
    pub arrived_at: Timestamp,
    /// When the wait ended, if the row says it.
    pub answered_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub queue: Option<QueueId>,
    pub agent: Option<AgentId>,
    pub disposition: Option<Disposition>,
    pub satisfaction: Option<Satisfaction>,
    pub recording: Option<ReferenceText>,
    pub transcript: Option<ReferenceText>,
    /// With card numbers masked.
    pub notes: Vec<NoteText>,
}

impl InteractionDraft {
    /// What the contact came from, or went to: the first number, else the first address that is no id.
    #[must_use]
    pub fn main_address(&self) -> Option<&Address> {
        let reached = || self.addresses.iter().filter(|address| address.kind != AddressKind::External);
        reached().find(|address| address.kind == AddressKind::Phone).or_else(|| reached().next())
    }
}

/// What the cells of one row say, one after the other.
#[derive(Default)]
struct Cells<'c> {
    addresses: Vec<Address>,
    own_id: Option<String>,
    date: Option<(usize, &'c str)>,
    time: Option<(usize, &'c str)>,
    arrived_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    duration_ms: Option<i64>,
    wait_ms: Option<i64>,
    talk_ms: Option<i64>,
    channel: Option<Channel>,
    direction: Option<Direction>,
    queue: Option<QueueId>,
    agent: Option<AgentId>,
    disposition: Option<Disposition>,
    satisfaction: Option<Satisfaction>,
    recording: Option<ReferenceText>,
    transcript: Option<ReferenceText>,
    notes: Vec<NoteText>,
}

impl BoundInteractions {
    /// The interaction of a row. `row` is only told in the refusal.
    ///
    /// # Errors
    /// When a cell cannot be what its column is, or customer or time are missing. The first such cell from the left is
    /// named.
    pub fn read(&self, row: u64, texts: &[&str]) -> Result<InteractionDraft, RowRefusal> {
        let mut cells = Cells::default();
        self.columns.each_cell(row, texts, |place, column, cell| self.take(&mut cells, place, column, cell))?;
        if let Some((place, date)) = cells.date.filter(|_| cells.arrived_at.is_none()) {
            let text = cells.time.map_or_else(|| date.to_owned(), |(_, time)| format!("{date} {time}"));
            let at = self.times.moment(&text).map_err(|error| self.columns.refusal(row, place, error.into()))?;
            cells.arrived_at = Some(at);
        }
        self.finish(cells).map_err(|reason| RowRefusal { row, column: None, reason })
    }

    fn take<'c>(
        &self,
        cells: &mut Cells<'c>,
        place: usize,
        column: &InteractionColumn,
        cell: &'c str,
    ) -> Result<(), WhyRefused> {
        match column {
            InteractionColumn::Id { system } => cells.own_id = Some(Address::external(system, cell)?.value),
            InteractionColumn::External { system } => {
                add_address(&mut cells.addresses, Some(Address::external(system, cell)?))?;
            }
            InteractionColumn::Phone => {
                for part in phone_parts(cell) {
                    add_address(&mut cells.addresses, Address::phone(part, self.home)?)?;
                }
            }
            InteractionColumn::Email => {
                for part in email_parts(cell) {
                    add_address(&mut cells.addresses, Some(Address::email(part)?))?;
                }
            }
            InteractionColumn::Handle { network } => {
                for part in handle_parts(cell) {
                    add_address(&mut cells.addresses, Some(Address::handle(network, part)?))?;
                }
            }
            InteractionColumn::ArrivedAt => cells.arrived_at = Some(self.times.moment(cell)?),
            InteractionColumn::Date => cells.date = Some((place, cell)),
            InteractionColumn::Time => cells.time = Some((place, cell)),
            InteractionColumn::EndedAt => cells.ended_at = Some(self.times.moment(cell)?),
            InteractionColumn::Duration => cells.duration_ms = Some(span_ms(cell)?),
            InteractionColumn::Wait => cells.wait_ms = Some(span_ms(cell)?),
            InteractionColumn::Talk => cells.talk_ms = Some(span_ms(cell)?),
            InteractionColumn::Channel => cells.channel = Some(channel(cell)?),
            InteractionColumn::Direction => cells.direction = Some(direction(cell)?),
            InteractionColumn::Queue => cells.queue = Some(QueueId::new(cell)?),
            InteractionColumn::Agent => cells.agent = Some(AgentId::new(cell)?),
            InteractionColumn::Disposition => cells.disposition = Some(Disposition(Arc::from(word(cell)?))),
            InteractionColumn::Satisfaction => cells.satisfaction = Some(satisfaction(cell)?),
            InteractionColumn::Note => {
                let masked = mask_card_numbers(cell).text.into_owned();
                cells.notes.push(NoteText::new(masked)?);
            }
            InteractionColumn::Recording => cells.recording = Some(ReferenceText::new(cell)?),
            InteractionColumn::Transcript => cells.transcript = Some(ReferenceText::new(cell)?),
            InteractionColumn::Ignored => {}
        }
        Ok(())
    }

    fn finish(&self, cells: Cells<'_>) -> Result<InteractionDraft, WhyRefused> {
        if cells.addresses.is_empty() {
            return Err(WhyRefused::NoCustomer);
        }
        let arrived_at = cells.arrived_at.ok_or(WhyRefused::NoTime)?;
        let later = |ms: i64| Timestamp(arrived_at.0 + ms);
        let behind_wait = cells.talk_ms.map(|talk_ms| cells.wait_ms.unwrap_or_default() + talk_ms);
        let ended_at = cells.ended_at.or_else(|| cells.duration_ms.or(behind_wait).map(later));
        let answered_at = match (cells.wait_ms, cells.talk_ms, ended_at) {
            (Some(wait_ms), _, _) => Some(later(wait_ms)),
            (None, Some(talk_ms), Some(ended_at)) => Some(Timestamp(ended_at.0 - talk_ms)),
            (None, Some(_) | None, _) => None,
        };
        let in_order = answered_at.is_none_or(|at| at >= arrived_at)
            && ended_at.is_none_or(|ended_at| ended_at >= answered_at.unwrap_or(arrived_at));
        if !in_order {
            return Err(WhyRefused::EndsBefore);
        }
        if ended_at.is_some_and(|ended_at| ended_at.0 - arrived_at.0 > SPAN_MS_MAX) {
            return Err(NotATime::SpanTooLong.into());
        }
        Ok(InteractionDraft {
            addresses: cells.addresses,
            own_id: cells.own_id,
            channel: cells.channel.or(self.channel).ok_or(WhyRefused::Channel)?,
            direction: cells.direction.or(self.direction).ok_or(WhyRefused::Direction)?,
            arrived_at,
            answered_at,
            ended_at,
            queue: cells.queue,
            agent: cells.agent,
            disposition: cells.disposition,
            satisfaction: cells.satisfaction,
            recording: cells.recording,
            transcript: cells.transcript,
            notes: cells.notes,
        })
    }
}

fn channel(cell: &str) -> Result<Channel, WhyRefused> {
    match cell.to_lowercase().as_str() {
        "voice" | "call" | "phone" | "telephone" | "telephony" | "tel" | "电话" | "语音" | "通话" => {
            Ok(Channel::Voice)
        }
        "callback" | "call back" | "回拨" | "回呼" => Ok(Channel::Callback),
        "chat" | "webchat" | "messaging" | "message" | "聊天" | "在线" | "在线客服" => Ok(Channel::Chat),
        "email" | "e-mail" | "mail" | "邮件" | "电子邮件" => Ok(Channel::Email),
        "task" | "ticket" | "case" | "任务" | "工单" => Ok(Channel::Task),
        _ => Err(WhyRefused::Channel),
    }
}

fn direction(cell: &str) -> Result<Direction, WhyRefused> {
    match cell.to_lowercase().as_str() {
        "inbound" | "in" | "incoming" | "呼入" | "入" => Ok(Direction::Inbound),
        "outbound" | "out" | "outgoing" | "呼出" | "出" => Ok(Direction::Outbound),
        "internal" | "内部" => Ok(Direction::Internal),
        _ => Err(WhyRefused::Direction),
    }
}

/// Spreadsheets write a whole number as `4` or `4.0`.
fn satisfaction(cell: &str) -> Result<Satisfaction, WhyRefused> {
    let whole = cell.strip_suffix(".0").unwrap_or(cell);
    let score = whole.parse().map_err(|_| WhyRefused::Satisfaction)?;
    Satisfaction::new(score).map_err(|_| WhyRefused::Satisfaction)
}
