//! What must hold of consultations, lost legs and handle times: books of their own, kept from events alone.

use super::{Ledger, Stage, ensure};
use crate::routing::event::Fact;
use crate::routing::ids::{AgentId, ContactId, SegmentId};
use crate::routing::rule_set::Channel;
use crate::routing::time::{Millis, Timestamp};

/// A consultation whose end was not told.
pub(super) struct Consulted {
    agent: AgentId,
    /// None: its customer is gone, or is the consultee's.
    parent: Option<ContactId>,
}

/// How long a segment has been talked to, on hold and wrapped up before `since`.
#[derive(Clone, Copy)]
pub(super) struct HandleTime {
    since: Timestamp,
    talk: Millis,
    hold: Millis,
    wrap_up: Millis,
}

impl HandleTime {
    pub(super) fn from(since: Timestamp) -> HandleTime {
        HandleTime { since, talk: Millis::ZERO, hold: Millis::ZERO, wrap_up: Millis::ZERO }
    }

    /// It was in this stage until `at`.
    pub(super) fn add(&mut self, stage: Stage, at: Timestamp) {
        let span = at.since(self.since);
        self.since = at;
        match stage {
            Stage::Talking => self.talk = self.talk + span,
            Stage::Held | Stage::LegLost => self.hold = self.hold + span,
            Stage::WrapUp => self.wrap_up = self.wrap_up + span,
            Stage::Connecting | Stage::SetAside { .. } | Stage::HandedOver => {}
        }
    }
}

impl Ledger {
    pub(super) fn enter_consultation(&mut self, fact: &Fact) -> Result<(), String> {
        if let Fact::ConsultationBegun { contact, parent, agent, .. } = fact {
            self.number(contact.0)?;
            self.channels.insert(*contact, Channel::Voice);
            self.live.insert(*contact);
            ensure(self.consulting(agent).is_none(), "an agent consults twice at once")?;
            let asked = self.consulted.values().any(|other| other.parent == Some(*parent));
            ensure(!asked, "two consultations are about one customer")?;
            let held = self.segments.values().any(|known| *known == (*parent, agent.clone(), Stage::Held));
            ensure(held, "an agent consults who has not put the customer on hold")?;
            self.consulted.insert(*contact, Consulted { agent: agent.clone(), parent: Some(*parent) });
        }
        if let Fact::ConsultationJoined { contact, parent, agent } = fact {
            let known = self.consulted.get(contact).ok_or("a conference began that nobody consults in")?;
            ensure(known.agent == *agent && known.parent == Some(*parent), "a conference of others")?;
            ensure(self.in_hand(*contact).any(|stage| stage != Stage::Connecting), "a conference without consultee")?;
        }
        if let Fact::ConsultationEnded { contact, agent, .. } = fact {
            let known = self.consulted.remove(contact).ok_or("a consultation ended twice")?;
            ensure(known.agent == *agent, "a consultation ended that another agent began")?;
        }
        if let Fact::ContactHandedOver { contact, segment, agent, to, to_segment, consultation } = fact {
            self.hand_over((*contact, *segment, agent), (to, *to_segment), *consultation)?;
        }
        if let Fact::LegLost { segment, .. } = fact {
            self.stage(*segment, &[Stage::Talking, Stage::Held], Stage::LegLost)?;
        }
        if let Fact::LegBack { segment, .. } = fact {
            self.stage(*segment, &[Stage::LegLost], Stage::Talking)?;
        }
        if let Fact::ContactEnded { contact, .. } = fact {
            ensure(!self.consulted.contains_key(contact), "a consultation is over and its end was not told")?;
            self.without_customer(*contact);
        }
        Ok(())
    }

    fn without_customer(&mut self, gone: ContactId) {
        for known in self.consulted.values_mut().filter(|known| known.parent == Some(gone)) {
            known.parent = None;
        }
    }

    fn hand_over(
        &mut self,
        (contact, segment, agent): (ContactId, SegmentId, &AgentId),
        (to, to_segment): (&AgentId, SegmentId),
        consultation: ContactId,
    ) -> Result<(), String> {
        self.number(to_segment.0)?;
        let known = self.consulted.get(&consultation).ok_or("a customer was handed over by nobody")?;
        ensure(known.agent == *agent && known.parent == Some(contact), "another customer was handed over")?;
        let mut own = self.segments.iter().filter(|(_, (of, whose, _))| *of == consultation && whose == to);
        let with_him = own.find(|(_, (_, _, stage))| !matches!(stage, Stage::Connecting | Stage::WrapUp));
        let (instead, (_, _, stage)) = with_him.ok_or("a customer was handed to who was not there")?;
        let (instead, stage) = (*instead, *stage);
        let now = match stage {
            Stage::SetAside { .. } => stage,
            Stage::Connecting | Stage::Talking | Stage::Held | Stage::LegLost | Stage::HandedOver | Stage::WrapUp => {
                Stage::Talking
            }
        };
        self.stage(segment, &[Stage::Talking, Stage::Held], Stage::HandedOver)?;
        self.segments.insert(to_segment, (contact, to.clone(), now));
        self.times.insert(to_segment, HandleTime::from(self.last_at));
        for (_, _, stage) in self.segments.values_mut() {
            if *stage == (Stage::SetAside { by: instead }) {
                *stage = Stage::SetAside { by: to_segment };
            }
        }
        self.without_customer(contact);
        Ok(())
    }

    pub(super) fn consulting(&self, agent: &AgentId) -> Option<ContactId> {
        self.consulted.iter().find(|(_, known)| known.agent == *agent).map(|(contact, _)| *contact)
    }

    /// The three spans must be those of the stages it was in.
    pub(super) fn check_handle_time(
        &mut self,
        segment: SegmentId,
        stage: Stage,
        told: (Millis, Millis, Millis),
    ) -> Result<(), String> {
        let mut time = self.times.remove(&segment).ok_or("a segment closed that had not begun")?;
        time.add(stage, self.last_at);
        ensure((time.talk, time.hold, time.wrap_up) == told, "handle times do not add up")
    }

    /// Between two commands: the customer of each consultation is on hold or in it, with who began it.
    pub(super) fn check_consultations(&self) -> Result<(), String> {
        for (contact, known) in &self.consulted {
            ensure(self.live.contains(contact), "a consultation is not over, but its contact")?;
            let talking = self.in_hand(*contact).any(|stage| stage != Stage::Connecting);
            match known.parent {
                None => ensure(talking, "a consultation waits without a customer")?,
                Some(parent) => {
                    let mut of_him =
                        self.segments.values().filter(|(of, whose, _)| *of == parent && *whose == known.agent);
                    let at_hand = of_him.any(|(_, _, stage)| matches!(stage, Stage::Talking | Stage::Held));
                    ensure(at_hand, "a consultation is about a customer whom its agent does not have")?;
                }
            }
        }
        Ok(())
    }
}
