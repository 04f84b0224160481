//! One agent as the router knows him. Decides nothing about contacts.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::busy_time::BusyTime;
use super::command::{DeviceState, Presence};
use super::event::Reach;
use super::hold::BackOff;
use super::ids::{ContactId, OfferId, SegmentId};
use super::rule_set::{AgentRules, Channel, ChannelGroup, PhoneMode, SiteRules, WhileNotReady};
use super::time::Timestamp;

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Agent {
    /// None: dropped from the rules; finishes what is in his hands.
    pub rules: Option<Arc<AgentRules>>,
    pub presence: Presence,
    /// Chosen for after the last wrap-up.
    pub next: Option<Presence>,
    pub reach: Reach,
    /// False after too many missed offers, until he says he is back.
    pub responding: bool,
    /// Offers missed in a row, by channel group.
    pub misses: [u32; ChannelGroup::COUNT],
    pub back_off: Option<BackOff>,
    pub device: DeviceState,
    /// End of the last segment or log-in, moved on and begun anew as the site's `idle_clock` says.
    pub idle_since: Timestamp,
    /// When the idle clock stopped: he is not available.
    pub idle_paused_at: Option<Timestamp>,
    /// Contacts connected since log-in.
    pub served: u32,
    pub busy: BusyTime,
    pub offers: SmallVec<[(OfferId, Channel); 2]>,
    pub segments: SmallVec<[(SegmentId, InHand); 2]>,
    /// The contact with which he asks a colleague.
    pub consulting: Option<ContactId>,
}

/// One segment as it weighs on its agent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InHand {
    pub channel: Channel,
    pub phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Phase {
    Connecting,
    WithCustomer,
    LegLost,
    SetAside,
    WrapUp,
}

/// Room for one more contact of a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Room {
    None,
    Free,
    /// Other contacts in hand would be set aside.
    ByInterruption,
}

impl Agent {
    #[must_use]
    pub fn new(rules: Arc<AgentRules>) -> Agent {
        Agent {
            rules: Some(rules),
            presence: Presence::Offline,
            next: None,
            reach: Reach::Gone,
            responding: true,
            misses: [0; ChannelGroup::COUNT],
            back_off: None,
            device: DeviceState::Idle,
            idle_since: Timestamp::default(),
            idle_paused_at: None,
            served: 0,
            busy: BusyTime::default(),
            offers: SmallVec::new(),
            segments: SmallVec::new(),
            consulting: None,
        }
    }

    #[must_use]
    pub fn is_logged_in(&self) -> bool {
        self.presence != Presence::Offline
    }

    /// Logged in and not unreachable, whatever he does.
    #[must_use]
    pub fn is_counted_on(&self) -> bool {
        self.rules.is_some() && self.is_logged_in() && matches!(self.reach, Reach::Here | Reach::Away { .. })
    }

    #[must_use]
    pub fn is_here(&self) -> bool {
        matches!(self.reach, Reach::Here)
    }

    /// Whether a contact he does not take now could still be his: there, willing, busy or idle.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.is_willing() && self.is_here()
    }

    /// Whether a contact that prefers him goes on waiting for him: there, or gone for a moment.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.is_willing() && matches!(self.reach, Reach::Here | Reach::Away { .. })
    }

    fn is_willing(&self) -> bool {
        let stays = matches!(self.next, None | Some(Presence::Available));
        self.rules.is_some() && self.presence == Presence::Available && stays && self.responding
    }

    /// There, with nothing in hand and nothing that holds him back.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.is_present() && self.back_off.is_none() && self.offers.is_empty() && !self.has_work()
    }

    /// Contacts in hand, wrap-up included, or a colleague on the line.
    #[must_use]
    pub fn has_work(&self) -> bool {
        !self.segments.is_empty() || self.consulting.is_some()
    }

    /// Units of his capacity in use × 1,000 ÷ all of them.
    #[must_use]
    pub fn load_per_mille(&self, site: &SiteRules) -> u32 {
        let total = self.rules.as_ref().map_or(0, |rules| rules.capacity.total);
        self.used(site) * 1_000 / total.max(1)
    }

    /// Units of his capacity in use: every offer, and every segment that is not set aside.
    #[must_use]
    pub fn used(&self, site: &SiteRules) -> u32 {
        let offered = self.offers.iter().map(|(_, channel)| *channel);
        let in_hand = self.segments.iter().filter(|(_, in_hand)| in_hand.phase != Phase::SetAside);
        offered.chain(in_hand.map(|(_, in_hand)| in_hand.channel)).map(|channel| site.channel_cost.of(channel)).sum()
    }

    /// Segments that he would set aside for a contact of the channel, the latest first.
    pub(super) fn interruptible(&self, channel: Channel, site: &SiteRules) -> Vec<(SegmentId, Channel)> {
        let with_customer = self.segments.iter().filter(|(_, in_hand)| in_hand.phase == Phase::WithCustomer);
        let all = with_customer.map(|(segment, in_hand)| (*segment, in_hand.channel));
        let mut interruptible: Vec<_> = all.filter(|(_, in_hand)| site.may_interrupt(channel, *in_hand)).collect();
        interruptible.sort_unstable_by_key(|(segment, _)| std::cmp::Reverse(*segment));
        interruptible
    }

    /// Whether the rules let him serve the channel at all.
    #[must_use]
    pub fn may_serve(&self, channel: Channel, site: &SiteRules) -> bool {
        self.rules.as_ref().is_some_and(|rules| {
            rules.capacity.channel_max.of(channel) > 0
                && site.channel_cost.of(channel) <= rules.capacity.total
                && (!channel.needs_phone() || rules.phone.mode != PhoneMode::None)
        })
    }

    /// Whether one more contact of the channel can be offered to him now, and at what price.
    #[must_use]
    pub fn room(&self, channel: Channel, site: &SiteRules) -> Room {
        let is_free =
            self.is_present() && self.back_off.is_none() && self.consulting.is_none() && self.phone_is_free(channel);
        let Some(rules) = self.rules.as_ref().filter(|_| is_free) else { return Room::None };
        let in_hand = self.segments.iter().map(|(_, in_hand)| in_hand.channel);
        let all = self.offers.iter().map(|(_, offered)| *offered).chain(in_hand);
        if all.filter(|other| *other == channel).count() >= rules.capacity.channel_max.of(channel) as usize {
            return Room::None;
        }
        let (used, cost) = (self.used(site), site.channel_cost.of(channel));
        if used + cost <= rules.capacity.total {
            return Room::Free;
        }
        if !site.interrupts.contains_key(&channel) {
            return Room::None;
        }
        let freed: u32 =
            self.interruptible(channel, site).iter().map(|(_, in_hand)| site.channel_cost.of(*in_hand)).sum();
        if used - freed + cost <= rules.capacity.total { Room::ByInterruption } else { Room::None }
    }

    /// Whether one more contact of the channel can be offered to him now.
    #[must_use]
    pub fn is_routable(&self, channel: Channel, site: &SiteRules) -> bool {
        self.room(channel, site) != Room::None
    }

    /// Whether his phone rings with an offer of the channel, so that lifting it is the accept. Not with
    /// a callback: its customer is called once it is accepted.
    #[must_use]
    pub fn rings(&self, channel: Channel) -> bool {
        channel == Channel::Voice && self.rules.as_ref().is_some_and(|rules| rules.phone.mode == PhoneMode::Phone)
    }

    fn phone_is_free(&self, channel: Channel) -> bool {
        let has_phone = self.rules.as_ref().is_some_and(|rules| rules.phone.mode != PhoneMode::None);
        !channel.needs_phone() || (has_phone && !self.is_device_taken())
    }

    /// His phone is in a call that is not ours, or is not there.
    #[must_use]
    pub fn is_device_taken(&self) -> bool {
        match self.device {
            DeviceState::InUse | DeviceState::Unregistered => true,
            DeviceState::Idle | DeviceState::Ringing => false,
        }
    }

    pub(super) fn drop_offer(&mut self, offer: OfferId) {
        self.offers.retain(|(other, _)| *other != offer);
    }

    pub(super) fn take_segment(&mut self, segment: SegmentId, channel: Channel, at: Timestamp) {
        self.segments.push((segment, InHand { channel, phase: Phase::Connecting }));
        self.busy.begin(at);
    }

    pub(super) fn set_phase(&mut self, segment: SegmentId, phase: Phase) {
        let mut of_segment = self.segments.iter_mut().filter(|(other, _)| *other == segment);
        of_segment.next().expect("the agent of a segment has it in hand").1.phase = phase;
    }

    pub(super) fn drop_segment(&mut self, segment: SegmentId, at: Timestamp) {
        self.segments.retain(|(other, _)| *other != segment);
        if self.segments.is_empty() {
            self.busy.end(at);
        }
    }

    /// Starts the idle clock anew; it stays stopped while he is not available.
    pub(super) fn restart_idle(&mut self, at: Timestamp) {
        self.idle_since = at;
        if self.idle_paused_at.is_some() {
            self.idle_paused_at = Some(at);
        }
    }

    pub(super) fn set_presence(&mut self, presence: Presence, while_not_ready: WhileNotReady, at: Timestamp) {
        if !self.is_logged_in() && presence != Presence::Offline {
            self.idle_since = at;
            self.idle_paused_at = Some(at);
            self.served = 0;
        }
        if presence == Presence::Available {
            if let Some(paused_at) = self.idle_paused_at.take() {
                self.idle_since = match while_not_ready {
                    WhileNotReady::Pauses => self.idle_since + at.since(paused_at),
                    WhileNotReady::Runs => self.idle_since,
                    WhileNotReady::Resets => at,
                };
            }
        } else if self.idle_paused_at.is_none() {
            self.idle_paused_at = Some(at);
        }
        if presence == Presence::Offline {
            self.misses = [0; ChannelGroup::COUNT];
        }
        self.presence = presence;
    }
}
