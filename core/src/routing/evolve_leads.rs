//! How facts change campaigns, leads while they are here to be called, and the calls to customers. Part of `evolve`; decides
//! nothing.

use std::sync::Arc;

use super::campaign::CampaignRun;
use super::command::Direction;
use super::event::Fact;
use super::rule_set::Channel;
use super::segment::SegmentState;
use super::state::{Campaign, State};
use super::time::Timestamp;
use super::visit::{Attempt, Contact, LeadCall};

impl State {
    /// A campaign, and what becomes of one lead of it.
    pub(super) fn apply_to_lead(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::CampaignSet { campaign, rules } => {
                let rules = Arc::clone(rules);
                match self.campaigns.get_mut(campaign) {
                    Some(known) => known.rules = rules,
                    None => {
                        self.campaigns.insert(campaign.clone(), Campaign { rules, run: CampaignRun::Stopped });
                    }
                }
            }
            Fact::CampaignRunChanged { campaign, run } => {
                self.campaigns.get_mut(campaign).expect("events name campaigns that were set").run = *run;
            }
            Fact::LeadFiled { contact, gateway, reference, campaign, list, lead, agent, team, closes_at, details } => {
                let gateway = self.gateway_entry_no(gateway);
                self.references.arrived(gateway, reference.clone(), *contact, at);
                let (reference, details) = (reference.clone(), details.clone());
                let mut filed = Contact::new(gateway, reference, Channel::Voice, Direction::Outbound, details, at);
                filed.on_line = false;
                filed.lead = Some(LeadCall {
                    campaign: self.campaign_no(campaign).expect("events name campaigns that were set"),
                    list: list.clone(),
                    lead: *lead,
                    only: agent.as_ref().map(|agent| self.agent_no(agent).expect("a lead names an agent of the rules")),
                    team: team.clone(),
                    closes_at: *closes_at,
                    talked: false,
                });
                self.contacts.insert(*contact, filed);
                self.gave(contact.0);
            }
            Fact::AttemptProposed { attempt, contact, .. } | Fact::CallbackProposed { attempt, contact, .. } => {
                let called = self.contact_mut(*contact);
                called.attempt = Some(Attempt { id: *attempt, is_placed: false });
                called.call_order = None;
                self.gave(attempt.0);
            }
            Fact::AttemptCleared { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadPromised { .. }
            | Fact::LeadReturned { .. } => {}
            Fact::AttemptPlaced { attempt, contact, segment, connect_by, .. } => {
                let order = self.event_no;
                let called = self.contact_mut(*contact);
                called.attempt = Some(Attempt { id: *attempt, is_placed: true });
                called.call_order = Some(order);
                let segment = self.segment_mut(*segment);
                segment.order = order;
                segment.state = SegmentState::Connecting { connect_by: *connect_by };
            }
            other => unreachable!("{other:?} is about something else"),
        }
    }
}
