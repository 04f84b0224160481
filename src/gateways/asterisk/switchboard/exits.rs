//! Callers on their way out of a queue: messages, the mailbox, numbers outside; and what is played to them. It chooses
//! no exit.

use std::collections::BTreeMap;

use super::calls::{Phase, Role};
use super::core::{Asked, Switchboard};
use super::legs::seconds_until;
use super::names;
use crate::gateways::asterisk::ari::event::{ChannelId, Playback};
use crate::gateways::asterisk::ari::request::{Action, Originate};
use crate::protocol::{ContactOrder, Name, OrderFailure, OrderId, PlayOrder, Ref, TransferOrder};

/// The mailbox of those for whom no other is named.
const OWN_MAILBOX: &str = "s";
/// How the switch names the end of what could not be played.
const FAILED: &str = "failed";

impl Switchboard {
    pub(super) fn announce(&mut self, asked: &PlayOrder, now: i64) {
        self.play_message(&asked.order, &asked.r#ref, &asked.message, now);
    }

    /// The switch has it as a sound of that name, in its folder `usher`.
    pub(super) fn play_message(&mut self, order: &OrderId, of: &Ref, message: &Name, now: i64) {
        let Some(channel) = self.customer_of(of) else {
            return self.fail(order, of, OrderFailure::Failed, now);
        };
        self.answer(of);
        self.stop_playing(of);
        self.set_phase(of, Phase::Announcing { order: order.clone() });
        let media = vec![format!("sound:usher/{}", message.as_str())];
        self.play(of, channel, media, Some(order));
    }

    /// `order`: done when it is over.
    pub(super) fn play(&mut self, of: &Ref, channel: ChannelId, media: Vec<String>, order: Option<&OrderId>) {
        self.last_playback += 1;
        let playback = format!("{}playback-{}-{}", names::OURS, of.as_str(), self.last_playback);
        let asked = order.map(|order| {
            self.messages.insert(playback.clone(), (order.clone(), of.clone()));
            Asked::Message { order: order.clone(), of: of.clone() }
        });
        if let Some(call) = self.calls.get_mut(of) {
            call.playback = Some(playback.clone());
        }
        self.request(of.as_str(), Action::Play { channel, playback, media }, asked);
    }

    pub(super) fn stop_playing(&mut self, of: &Ref) {
        if let Some(playback) = self.calls.get_mut(of).and_then(|call| call.playback.take()) {
            self.messages.remove(&playback);
            self.request(of.as_str(), Action::StopPlay { playback }, None);
        }
    }

    /// A sound that the switch does not have fails at once.
    pub(super) fn message_over(&mut self, playback: &Playback, now: i64) {
        for call in self.calls.values_mut().filter(|call| call.playback.as_ref() == Some(&playback.id)) {
            call.playback = None;
        }
        match self.messages.remove(&playback.id) {
            Some((order, of)) if playback.state == FAILED => self.fail(&order, &of, OrderFailure::Failed, now),
            Some((order, of)) => self.done(&order, &of, now),
            None => {}
        }
    }

    /// The server wants the caller back in his queue.
    pub(super) fn back_to_queue(&mut self, asked: &ContactOrder, now: i64) {
        let of = &asked.r#ref;
        match self.calls.get(of).map(|call| call.phase.clone()) {
            Some(Phase::Announcing { .. }) => {
                self.stop_playing(of);
                self.begin_wait(of, now);
            }
            Some(Phase::Outside { order: Some(_) }) => {
                self.hang_up_outside(of);
                self.begin_wait(of, now);
            }
            Some(_) | None => {}
        }
        self.done(&asked.order, of, now);
    }

    /// `order`: done when he is there; None: the server knows that he is.
    pub(super) fn send_to_voicemail(&mut self, order: Option<&OrderId>, of: &Ref, mailbox: Option<&Name>, now: i64) {
        let Some(channel) = self.customer_of(of) else {
            if let Some(order) = order {
                self.fail(order, of, OrderFailure::Failed, now);
            }
            return;
        };
        self.stop_playing(of);
        self.answer(of);
        self.set_phase(of, Phase::Voicemail);
        // Out of our application its end would not be heard.
        let sources = vec![format!("channel:{channel}")];
        self.request(of.as_str(), Action::Subscribe { sources }, None);
        let context = self.settings.voicemail_context.clone();
        let extension = mailbox.map_or(OWN_MAILBOX, Name::as_str).to_owned();
        let asked = order.map(|order| Asked::ForOrder { order: order.clone(), of: of.clone() });
        self.request(of.as_str(), Action::Continue { channel, context, extension }, asked);
    }

    pub(super) fn transfer_outside(&mut self, asked: &TransferOrder, now: i64) {
        let of = &asked.r#ref;
        if self.customer_of(of).is_none() {
            return self.fail(&asked.order, of, OrderFailure::Failed, now);
        }
        // His agent is done with him.
        self.take_agents_off(of);
        self.answer(of);
        self.stop_playing(of);
        let order = asked.order.clone();
        self.set_phase(of, Phase::Outside { order: Some(order.clone()) });
        let variables = BTreeMap::from([
            (names::ROLE.to_owned(), "outside".to_owned()),
            (names::REF.to_owned(), of.as_str().to_owned()),
            (names::ORDER.to_owned(), order.as_str().to_owned()),
        ]);
        let originate = Originate {
            channel: names::outside_leg(&order),
            endpoint: self.trunk_to(asked.to.as_str()),
            caller_id: self.settings.caller_id.clone(),
            rings_for: seconds_until(asked.not_after.as_ms(), now),
            variables,
            originator: self.customer_of(of),
        };
        self.originate(originate, Role::Outside { of: of.clone() }, now);
        self.when_in_place(&order, of, asked.not_after);
    }

    pub(super) fn outside_is_up(&self, of: &Ref) -> bool {
        self.outside_legs(of).into_iter().any(|leg| self.legs[&leg].is_there())
    }

    fn outside_legs(&self, of: &Ref) -> Vec<ChannelId> {
        let is_his = |role: &Role| matches!(role, Role::Outside { of: other } if other == of);
        self.legs.iter().filter(|(_, leg)| is_his(&leg.role)).map(|(id, _)| id.clone()).collect()
    }

    pub(super) fn hang_up_outside(&mut self, of: &Ref) {
        for leg in self.outside_legs(of) {
            self.hang_up(&leg);
        }
    }

    /// The number outside was not reached, or its owner has hung up.
    pub(super) fn outside_gone(&mut self, of: &Ref, now: i64) {
        match self.calls.get(of).map(|call| call.phase.clone()) {
            Some(Phase::Outside { order: Some(order) }) => {
                self.awaited.retain(|awaited| awaited.order != order);
                self.fail(&order, of, OrderFailure::Failed, now);
                self.begin_wait(of, now);
            }
            Some(Phase::Outside { order: None }) => {
                if let Some(customer) = self.customer_of(of) {
                    self.hang_up(&customer);
                }
            }
            Some(_) | None => {}
        }
    }
}
