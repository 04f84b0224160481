//! What new rules mean for those who wait already. Asks the entry rules; never touches what is in hand.

use std::sync::Arc;

use super::entry::Asked;
use super::model::Model;
use super::turn::Turn;
use crate::routing::event::QueuedBy;
use crate::routing::ids::ContactId;
use crate::routing::rule_set::{RuleSet, WaitingContacts};

impl Model {
    /// Who entered by the old rules is asked about before his next step; earlier marks stay.
    pub(super) fn mark_for_next_step(&mut self, rules: &RuleSet) {
        match rules.site.waiting_contacts {
            WaitingContacts::AtNextStep => {
                for visit in self.all_contacts_mut().filter_map(|contact| contact.visit.as_mut()) {
                    visit.anew_at_step |= visit.by_entry;
                }
            }
            WaitingContacts::Keep | WaitingContacts::Requeue => {}
        }
    }
}

impl Turn {
    /// One by one: on to another queue when its own is dropped, or through the entry rules again.
    pub(super) fn place_waiting(&mut self, rules: &Arc<RuleSet>) {
        let asks_again = match rules.site.waiting_contacts {
            WaitingContacts::Requeue => true,
            WaitingContacts::Keep | WaitingContacts::AtNextStep => false,
        };
        for contact in self.model.contacts.keys().copied().collect::<Vec<ContactId>>() {
            let Some(visit) = self.model.contacts[&contact].waiting().cloned() else { continue };
            let dropped = visit.direct.is_none() && !rules.queues.contains_key(&visit.queue);
            let to = rules.moved.get(&visit.queue).filter(|to| dropped && rules.queues.contains_key(*to));
            if let Some(to) = to {
                self.rescind_all(contact);
                let cause = QueuedBy::QueueDropped { queue: visit.queue.clone() };
                self.move_on(contact, &visit, to.clone(), cause);
            } else if asks_again {
                self.enter_again(contact, Asked::ByNewRules);
            }
        }
    }

    /// Whether the visit was marked; then the entry rules have placed it anew.
    pub(super) fn entered_anew_at_step(&mut self, contact: ContactId) -> bool {
        let visit = self.model.contacts[&contact].visit.as_ref();
        let marked = visit.is_some_and(|visit| visit.anew_at_step);
        if marked {
            self.enter_again(contact, Asked::BeforeAStep);
        }
        marked
    }
}
