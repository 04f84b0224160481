//! The field's words that several messages share, as closed lists. It never holds a message.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident,)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema, TS,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$word_doc])* $word,)+ }
    };
}
pub(super) use words;

words! {
    /// What a session is for.
    Role {
        /// A person who serves contacts.
        Agent,
        /// A person who watches live figures and may act on what is in scope.
        Supervisor,
        /// Reserved: a person who runs outbound campaigns.
        CampaignManager,
        /// Reserved: a person who administers the site.
        Admin,
        /// What speaks for a telephony or chat system.
        Gateway,
    }
}
words! {
    /// How a contact is carried.
    Channel {
        /// A telephone call.
        Voice,
        /// A written conversation, live.
        Chat,
        /// A mail.
        Email,
        /// A call that we owe someone.
        Callback,
        /// Work without a customer on the line.
        Task,
    }
}
words! {
    /// Which side began the contact.
    #[derive(Default)]
    Direction {
        /// The customer.
        #[default]
        Inbound,
        /// We.
        Outbound,
        /// Between two agents.
        Internal,
    }
}
words! {
    /// What the agent or a supervisor chose.
    Presence {
        /// Not at work.
        Offline,
        /// Ready for contacts.
        Available,
        /// At work, but not for contacts; with a reason.
        NotReady,
    }
}
words! {
    /// What the engine derives from what the agent has in hand.
    Activity {
        /// Nothing in hand.
        Idle,
        /// An offer is open.
        Offered,
        /// A contact is in hand.
        Busy,
        /// Finishing up after a contact.
        WrapUp,
        /// Missed too many offers; comes back with `presence.set`.
        NotResponding,
        /// The console has gone.
        Unreachable,
    }
}
words! {
    /// Why a match waits.
    HoldReason {
        /// The preferred agent is waited for.
        Preferred,
        /// Kept free for inbound contacts.
        ReservedForInbound,
        /// Held by a campaign.
        Leased,
        /// The agent's device just failed.
        BackOff,
        /// The agent declined or missed this contact.
        AlreadyDeclined,
        /// The agent missed too many offers.
        NotResponding,
        /// A supervisor paused the queue.
        QueuePaused,
        /// The lead's campaign is paused.
        CampaignPaused,
        /// The lead waits until an agent asks for it.
        ByHand,
        /// The lead's number is in another call.
        NumberInCall,
        /// The contact's gateway carries as many calls as it may.
        NoLine,
        /// The contact was offered too often in a row.
        OfferLimit,
        /// The next try of a callback is not yet due.
        CallbackGap,
        /// The contact's gateway is away.
        GatewayAway,
        /// The agent's device is in a call that is not ours.
        DeviceInUse,
    }
}
words! {
    /// Whether a disposition must be given before wrap-up can be finished.
    DispositionRule {
        /// `wrap_up.finish` without one is refused.
        Required,
        /// It may be left out.
        Optional,
    }
}
words! {
    /// How far a segment is.
    SegmentState {
        /// The agent's leg is being connected.
        Connecting,
        /// Agent and customer are connected.
        Talking,
        /// The customer is on hold.
        Held,
        /// The agent serves a more urgent contact first.
        SetAside,
        /// The conversation is over; the agent finishes up.
        WrapUp,
    }
}
words! {
    /// What a device at a gateway is doing.
    DeviceState {
        /// Not reachable.
        Unregistered,
        /// Free.
        Idle,
        /// In a call.
        InUse,
        /// Ringing.
        Ringing,
    }
}

/// Nothing more to say: an empty object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, TS)]
pub struct Nothing {}

/// How long a contact may have to wait, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct EstimatedWait {
    /// Half of the contacts wait no longer, in milliseconds.
    pub p50_ms: u64,
    /// Nine of ten contacts wait no longer, in milliseconds.
    pub p90_ms: u64,
}
