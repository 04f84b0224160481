//! What a call and a leg are. They decide nothing.

use crate::gateways::asterisk::ari::event::{BridgeId, ChannelId};
use crate::protocol::{
    Address, AgentName, Attributes, CallPlaceOrder, Channel, Endpoint, GatewayConsultation, HungUpBy, MonitorId,
    OrderId, RecordingId, Ref,
};

/// How far a call is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Phase {
    /// In our application, and the server has not said yet that it has it.
    Entering,
    /// Hears music.
    Waiting,
    /// Its customer is being called.
    Placing(Box<CallPlaceOrder>),
    /// An agent's leg is up for it. `is_told`: the server has been told that they are connected.
    Talking { is_told: bool },
    /// Hears a message. `order`: done when it is over.
    Announcing { order: OrderId },
    /// Speaks to a mailbox, in the dialplan.
    Voicemail,
    /// On its way to a number outside, or there. `order`: done when it is; None once it was.
    Outside { order: Option<OrderId> },
}

/// A contact at this switch.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub carried: Channel,
    /// None: a consultation, or one whose customer is not called yet.
    pub customer: Option<ChannelId>,
    pub from: Option<Address>,
    pub to: Option<Address>,
    pub attributes: Attributes,
    /// What an agent's phone shows.
    pub shown_as: Option<String>,
    pub phase: Phase,
    pub is_held: bool,
    /// The server has acknowledged that it is there.
    pub is_known: bool,
    /// Set when it is a question of one agent to another.
    pub asks: Option<GatewayConsultation>,
    /// The customer hears them both.
    pub is_conference: bool,
    /// Pressed while it waits.
    pub digits: String,
    /// What is being played to it.
    pub playback: Option<String>,
    /// Who ends it, when it is not the customer.
    pub ended_by: Option<HungUpBy>,
    /// The order by which its customer was called.
    pub placed_by: Option<OrderId>,
    /// Its customer's line is listened to for a machine.
    pub is_listened_to: bool,
}

impl Call {
    pub fn new(carried: Channel, phase: Phase) -> Self {
        Call {
            carried,
            customer: None,
            from: None,
            to: None,
            attributes: Attributes::default(),
            shown_as: None,
            phase,
            is_held: false,
            is_known: false,
            asks: None,
            is_conference: false,
            digits: String::new(),
            playback: None,
            ended_by: None,
            placed_by: None,
            is_listened_to: false,
        }
    }

    pub fn is_talking(&self) -> bool {
        matches!(self.phase, Phase::Talking { .. })
    }

    pub fn is_connected(&self) -> bool {
        self.phase == Phase::Talking { is_told: true }
    }
}

/// Whose leg it is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Role {
    Customer {
        of: Ref,
    },
    Agent {
        agent: AgentName,
        endpoint: Endpoint,
        /// None: it stays up between contacts.
        of: Option<Ref>,
        /// The order to connect that is not told done yet.
        order: Option<OrderId>,
    },
    Outside {
        of: Ref,
    },
    Supervisor {
        monitor: MonitorId,
    },
    /// Hears, and speaks to, a channel for a supervisor.
    Spy {
        monitor: MonitorId,
    },
    /// Hears a customer's channel for a recording.
    Listener {
        recording: RecordingId,
    },
}

/// Where a leg may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Place {
    Bridge(BridgeId),
    /// In our application and in no bridge.
    Alone,
    /// Wherever it is: not ours to say.
    Anywhere,
}

/// One channel.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Leg {
    pub role: Role,
    pub began_at: i64,
    /// Lifted, and in our application.
    pub is_up: bool,
    pub has_rung: bool,
    /// A caller whose channel was not answered yet.
    pub is_unanswered: bool,
    /// A caller whom the dialplan may still take back by its own clock.
    pub is_limited: bool,
    /// By the switch's events and replies.
    pub is_in: Option<BridgeId>,
    /// Where it was asked to go last.
    pub sent_to: Place,
    /// Moves that the switch refused in a row.
    pub refused: u32,
    /// It was asked to hang up.
    pub leaves: bool,
    /// Why its device has hung up, before it is gone: a Q.850 number.
    pub hung_up_with: Option<i64>,
    /// Lists of the switch in a row in which it was missing.
    pub missed: u32,
}

impl Leg {
    pub fn new(role: Role, now: i64) -> Self {
        Leg {
            role,
            began_at: now,
            is_up: false,
            has_rung: false,
            is_unanswered: false,
            is_limited: false,
            is_in: None,
            sent_to: Place::Alone,
            refused: 0,
            leaves: false,
            hung_up_with: None,
            missed: 0,
        }
    }

    /// The contact it serves.
    pub fn of(&self) -> Option<&Ref> {
        match &self.role {
            Role::Customer { of } | Role::Outside { of } => Some(of),
            Role::Agent { of, .. } => of.as_ref(),
            Role::Supervisor { .. } | Role::Spy { .. } | Role::Listener { .. } => None,
        }
    }

    /// Up, and not told to go.
    pub fn is_there(&self) -> bool {
        self.is_up && !self.leaves
    }

    pub fn endpoint(&self) -> Option<&Endpoint> {
        match &self.role {
            Role::Agent { endpoint, .. } => Some(endpoint),
            Role::Customer { .. }
            | Role::Outside { .. }
            | Role::Supervisor { .. }
            | Role::Spy { .. }
            | Role::Listener { .. } => None,
        }
    }

    pub fn is_of_agent(&self) -> bool {
        matches!(self.role, Role::Agent { .. })
    }
}
