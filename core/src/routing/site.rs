//! What befalls the whole site: new rules, and the server's own return.

use std::sync::Arc;

use super::command::Presence;
use super::entry::Because;
use super::event::{AgentChange, Fact, OfferOutcome, QueuedBy, Reach, RevokedWhy};
use super::ids::{ContactId, OfferId};
use super::rule_set::{RuleSet, RulesVersion, WaitingContacts};
use super::table::AgentNo;
use super::time::Millis;
use super::turn::Turn;

impl Turn<'_> {
    /// Waiting visits keep their place, and what they ask unless the rules say otherwise; segments in
    /// hand are never touched.
    pub(super) fn replace_rules(&mut self, rules: Arc<RuleSet>) {
        let present = &self.state().rules;
        if self.state().rules_version != RulesVersion::default() && **present == *rules {
            return;
        }
        let dropped: Vec<AgentNo> = (0..self.state().agents.len())
            .map(AgentNo::from_position)
            .filter(|no| self.state().agent(*no).rules.is_some())
            .filter(|no| !rules.agents.contains_key(&self.state().agent_id(*no)))
            .collect();
        let version = RulesVersion(self.state().rules_version.0 + 1);
        self.record(Fact::RulesReplaced { version, rules });
        for no in dropped {
            self.drop_agent(no);
        }
        self.place_anew();
    }

    /// What the new rules say of those who wait: on from a queue that they do not have, and through
    /// the entry rules once more when they ask for that.
    fn place_anew(&mut self) {
        let rules = Arc::clone(&self.state().rules);
        let asks_again = rules.site.waiting_contacts == WaitingContacts::Requeue;
        if !asks_again && rules.moved.is_empty() {
            return;
        }
        let mut contacts: Vec<ContactId> = self.state().contacts.keys().copied().collect();
        contacts.sort_unstable();
        for contact in contacts {
            let visit = self.state().contacts[&contact].visit.as_ref();
            let Some(visit) = visit.filter(|visit| visit.connecting().is_none()) else { continue };
            let queue = self.state().queue_id(visit.queue);
            let is_dropped = visit.direct.is_none() && !self.state().queue(visit.queue).in_rules;
            match rules.moved.get(&queue).filter(|to| is_dropped && rules.queues.contains_key(*to)) {
                Some(to) => {
                    self.end_offers(contact, &OfferOutcome::Rescinded);
                    self.move_on(contact, to, QueuedBy::QueueDropped { queue });
                }
                None if asks_again => self.enter_anew(contact, Because::NewRules),
                None => {}
            }
        }
    }

    fn drop_agent(&mut self, no: AgentNo) {
        self.revoke_offers(no, RevokedWhy::DroppedFromRules);
        let agent = self.state().agent(no);
        let has_work = agent.has_work();
        let is_gone = !agent.is_logged_in() && agent.reach == Reach::Gone;
        let goes_already = has_work && agent.next == Some(Presence::Offline);
        if is_gone || goes_already {
            return;
        }
        self.change_agent(no, AgentChange::DroppedFromRules, |change| {
            if has_work {
                change.next = Some(Presence::Offline);
            } else {
                change.presence = Presence::Offline;
                change.next = None;
                change.reach = Reach::Gone;
            }
        });
    }

    pub(super) fn resume(&mut self, down_for: Millis) {
        let grace_until = self.at + self.state().rules.site.resume_grace;
        self.record(Fact::Resumed { down_for, grace_until });
        let mut offers: Vec<OfferId> = self.state().offers.keys().copied().collect();
        offers.sort_unstable();
        for offer in offers {
            self.end_offer(offer, OfferOutcome::Revoked { why: RevokedWhy::ServerRestarted });
        }
    }
}
