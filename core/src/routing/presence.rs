//! An agent's own choices and his console's coming and going. Touches no contact but through offers.

use super::agent::Phase;
use super::command::{DeviceState, Presence, PresenceWhen};
use super::event::{AgentChange, Fact, OfferOutcome, QueuedBy, Reach, RevokedWhy};
use super::hold::BackOffCause;
use super::ids::{AgentId, Endpoint, GatewayId, OfferId, SegmentId};
use super::refusal::Refusal;
use super::rule_set::AgentLostRule;
use super::table::AgentNo;
use super::turn::Turn;

/// What of an agent an `AgentChanged` sets; the rest stays as it is.
pub(super) struct Change {
    pub presence: Presence,
    pub next: Option<Presence>,
    pub reach: Reach,
    pub responding: bool,
}

impl Turn<'_> {
    pub(super) fn change_agent(&mut self, no: AgentNo, cause: AgentChange, edit: impl FnOnce(&mut Change)) {
        let agent = self.state().agent(no);
        let mut change = Change {
            presence: agent.presence.clone(),
            next: agent.next.clone(),
            reach: agent.reach,
            responding: agent.responding,
        };
        edit(&mut change);
        let Change { presence, next, reach, responding } = change;
        let agent = self.state().agent_id(no);
        self.record(Fact::AgentChanged { agent, presence, next, reach, responding, cause });
    }

    /// An accepted command of a console thought lost shows that it is there.
    pub(super) fn hear(&mut self, no: AgentNo) {
        if !self.state().agent(no).is_here() {
            self.change_agent(no, AgentChange::HeardFrom, |change| change.reach = Reach::Here);
        }
    }

    pub(super) fn open_console(&mut self, agent: &AgentId) -> Result<(), Refusal> {
        let no = self.agent_in_rules(agent)?;
        if !self.state().agent(no).is_here() {
            self.change_agent(no, AgentChange::ConsoleOpened, |change| change.reach = Reach::Here);
        }
        Ok(())
    }

    pub(super) fn close_console(&mut self, agent: &AgentId) -> Result<(), Refusal> {
        let no = self.agent(agent)?;
        let agent = self.state().agent(no);
        if !agent.is_logged_in() {
            if agent.reach != Reach::Gone {
                self.change_agent(no, AgentChange::ConsoleClosed, |change| change.reach = Reach::Gone);
            }
        } else if agent.is_here() {
            self.lose_console(no, RevokedWhy::ConsoleClosed, AgentChange::ConsoleClosed);
        }
        Ok(())
    }

    /// Open offers go on at once; what is in hand stays for a grace.
    pub(super) fn lose_console(&mut self, no: AgentNo, why: RevokedWhy, cause: AgentChange) {
        self.revoke_offers(no, why);
        let until = self.at + self.state().rules.site.console_grace;
        self.change_agent(no, cause, |change| change.reach = Reach::Away { until });
    }

    pub(super) fn set_presence(
        &mut self,
        agent: &AgentId,
        presence: Presence,
        when: PresenceWhen,
    ) -> Result<(), Refusal> {
        let no = self.agent_in_rules(agent)?;
        self.choose_presence(no, presence, when, AgentChange::Chosen);
        Ok(())
    }

    /// Who chooses it himself is there.
    pub(super) fn choose_presence(&mut self, no: AgentNo, presence: Presence, when: PresenceWhen, cause: AgentChange) {
        let is_own = cause == AgentChange::Chosen;
        let agent = self.state().agent(no);
        let waits = agent.has_work() && (when == PresenceWhen::AfterContact || presence == Presence::Offline);
        let unchanged = if waits {
            agent.next.as_ref() == Some(&presence)
        } else {
            agent.presence == presence && agent.next.is_none() && agent.responding
        };
        if unchanged && (agent.is_here() || !is_own) {
            return;
        }
        if presence != Presence::Available {
            self.revoke_offers(no, RevokedWhy::NotAvailable);
        }
        self.change_agent(no, cause, |change| {
            if is_own {
                change.reach = Reach::Here;
            }
            if waits {
                change.next = Some(presence);
            } else {
                change.presence = presence;
                change.next = None;
                change.responding = true;
            }
        });
    }

    pub(super) fn revoke_offers(&mut self, no: AgentNo, why: RevokedWhy) {
        let mut offers: Vec<OfferId> = self.state().agent(no).offers.iter().map(|(offer, _)| *offer).collect();
        offers.sort_unstable();
        for offer in offers {
            self.end_offer(offer, OfferOutcome::Revoked { why });
        }
    }

    /// The pending choice applies once nothing is left in his hands.
    pub(super) fn apply_next(&mut self, no: AgentNo) {
        let agent = self.state().agent(no);
        if let (false, Some(next)) = (agent.has_work(), agent.next.clone()) {
            self.change_agent(no, AgentChange::AfterContact, |change| {
                change.presence = next;
                change.next = None;
            });
        }
    }

    pub(super) fn back_off(&mut self, no: AgentNo, cause: BackOffCause) {
        let span = self.state().rules.site.back_off.of(cause);
        let until = self.at + span;
        let is_later = self.state().agent(no).back_off.is_none_or(|present| present.until < until);
        if span.0 > 0 && is_later {
            let agent = self.state().agent_id(no);
            self.record(Fact::AgentBackedOff { agent, until, cause });
        }
    }

    /// The grace of a lost console, or the time an agent may stay unreachable, is over.
    pub(super) fn reach_is_over(&mut self, no: AgentNo) {
        let unreachable_until = self.at + self.state().rules.site.lost_after;
        let with_customer = self.segments_with_customer(no);
        match self.state().agent(no).reach {
            Reach::Away { .. } => {
                self.change_agent(no, AgentChange::GraceOver, |change| {
                    change.reach = Reach::Unreachable { until: unreachable_until };
                });
                for segment in with_customer {
                    self.rescue(segment);
                }
            }
            Reach::Unreachable { .. } if self.has_open_segments(no) => {
                self.change_agent(no, AgentChange::GraceOver, |change| {
                    change.reach = Reach::Unreachable { until: unreachable_until };
                });
            }
            Reach::Unreachable { .. } => self.change_agent(no, AgentChange::Lost, |change| {
                *change = Change {
                    presence: Presence::Offline,
                    next: None,
                    reach: Reach::Gone,
                    responding: change.responding,
                };
            }),
            Reach::Here | Reach::Gone => unreachable!("only a lost console has this deadline"),
        }
    }

    /// In the order of their contacts.
    pub(super) fn segments_with_customer(&self, no: AgentNo) -> Vec<SegmentId> {
        let segments = self.state().agent(no).segments.iter().map(|(segment, _)| *segment);
        let mut with: Vec<SegmentId> =
            segments.filter(|segment| self.state().segments[segment].is_with_customer()).collect();
        with.sort_unstable_by_key(|segment| self.state().segments[segment].contact);
        with
    }

    /// Somebody is on his line, or about to be.
    fn has_open_segments(&self, no: AgentNo) -> bool {
        let agent = self.state().agent(no);
        agent.consulting.is_some() || agent.segments.iter().any(|(_, in_hand)| in_hand.phase != Phase::WrapUp)
    }

    /// What becomes of a contact whose agent is unreachable: voice stays while its legs live.
    fn rescue(&mut self, segment: SegmentId) {
        use super::rule_set::Channel;
        let in_hand = &self.state().segments[&segment];
        let lost = self.state().queue(in_hand.from.queue).rules.agent_lost;
        match (in_hand.channel, lost) {
            (Channel::Voice | Channel::Callback, _) | (Channel::Chat, AgentLostRule::Keep) => {}
            (Channel::Chat, AgentLostRule::Close) => self.close_contact_of(segment),
            (Channel::Chat, AgentLostRule::Requeue) | (Channel::Email | Channel::Task, _) => {
                let agent = self.state().agent_id(in_hand.agent);
                self.hand_back(segment, false, QueuedBy::AgentLost { agent });
            }
        }
    }

    pub(super) fn change_device(&mut self, gateway: &GatewayId, endpoint: &Endpoint, device: DeviceState) {
        let agents = self.router.index.endpoints.get(endpoint).cloned().unwrap_or_default();
        for no in agents {
            if self.state().agent(no).device == device {
                continue;
            }
            self.attach_gateway(gateway);
            let agent = self.state().agent_id(no);
            self.record(Fact::DeviceChanged { agent, endpoint: endpoint.clone(), state: device });
            match device {
                DeviceState::InUse | DeviceState::Unregistered => self.revoke_phone_offers(no),
                DeviceState::Idle | DeviceState::Ringing => {}
            }
        }
    }

    fn revoke_phone_offers(&mut self, no: AgentNo) {
        let of_phone = self.state().agent(no).offers.iter().filter(|(_, channel)| channel.needs_phone());
        let mut offers: Vec<OfferId> = of_phone.map(|(offer, _)| *offer).collect();
        offers.sort_unstable();
        for offer in offers {
            self.end_offer(offer, OfferOutcome::Revoked { why: RevokedWhy::DeviceInUse });
        }
    }
}
