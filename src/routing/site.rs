//! What befalls the whole site: new rules, and the server's own return.

use std::sync::Arc;

use super::command::Presence;
use super::event::{AgentChange, Fact, OfferOutcome, Reach, RevokedWhy};
use super::ids::OfferId;
use super::rule_set::{RuleSet, RulesVersion};
use super::table::AgentNo;
use super::time::Millis;
use super::turn::Turn;

impl Turn<'_> {
    /// Waiting visits keep what they ask and their place; segments in hand are never touched.
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
    }

    fn drop_agent(&mut self, no: AgentNo) {
        self.revoke_offers(no, RevokedWhy::DroppedFromRules);
        let agent = self.state().agent(no);
        let has_work = !agent.segments.is_empty();
        let is_out = !agent.is_logged_in() && agent.reach == Reach::Gone;
        let leaves_anyway = has_work && agent.next == Some(Presence::Offline);
        if is_out || leaves_anyway {
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
