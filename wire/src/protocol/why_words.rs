//! The words of an explanation, as closed lists. It never holds a message.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::words::words;

words! {
    /// Where a contact stands.
    WhyStanding {
        /// In a queue, held out to somebody or not.
        Waiting,
        /// In an agent's hands, or on its way there.
        InHand,
        /// Laid down by an agent.
        Suspended,
        /// On its way out by an exit, in its gateway's hands.
        Leaving,
        /// On its way to a number outside.
        Transferring,
        /// A callback that is not yet due.
        Promised,
        /// It has just come, or is about to end.
        Between,
    }
}
words! {
    /// What stands between an agent and a contact: the first thing found.
    WhyBetween {
        /// Nothing: it could be offered to him at once.
        Nothing,
        /// It is held out to him.
        Offered,
        /// He lacks something that is asked.
        Missing,
        /// He is not there.
        Away,
        /// Another contact is held out to him.
        OfferedAnother,
        /// He has a contact in hand and no room for one more.
        Busy,
        /// He asks a colleague.
        Consulting,
        /// He finishes up, and has no room for one more.
        WrapUp,
        /// A hold.
        Held,
        /// It is held out to as many others as its queue allows.
        OffersOut,
    }
}
words! {
    /// What an agent lacks.
    WhyMissing {
        /// The rules no longer name him.
        NotInRules,
        /// The customer may never get him.
        NeverOffered,
        /// His capacity has no place for the channel.
        ChannelNotServed,
        /// He has no phone.
        NoPhone,
        /// The contact waits for another agent alone.
        NotTheOne,
        /// The lead is for agents of one team.
        NotInTeam,
        /// A skill, or its level.
        Skill,
        /// The `agents` condition of a queue does not hold of him.
        Condition,
    }
}
words! {
    /// Why an agent is not there.
    WhyAway {
        /// Offline.
        NotLoggedIn,
        /// At work, but not for contacts.
        NotReady,
        /// He has chosen something else for after his contacts.
        AboutToLeave,
        /// His console is gone or silent.
        ConsoleLost,
        /// For longer than its grace.
        Unreachable,
    }
}
words! {
    /// How a contact came to wait in its queue.
    WhyQueuedBy {
        /// An entry rule.
        Entry,
        /// A transfer.
        Transfer,
        /// The agent it waited for did not take it in time.
        DirectExpired,
        /// The agent who had it went away.
        AgentLost,
        /// A step of another queue.
        Step,
        /// An exit of another queue.
        Exit,
        /// An exit of this queue that could not be carried out.
        ExitFailed,
        /// New rules no longer have its queue.
        QueueDropped,
        /// It had been suspended.
        TakenUp,
        /// Its customer asked to be called back.
        Callback,
        /// The time of a callback had come.
        CallbackDue,
        /// A supervisor moved it.
        Moved,
        /// A supervisor gave it to one agent.
        Assigned,
        /// It is a piece of work that names the queue.
        Work,
        /// A campaign is to call it.
        Campaign,
        /// An agent who logged out gave it back.
        HandedBack,
        /// An agent asks a colleague.
        Consultation,
        /// An agent wants somebody with more authority to take it.
        Escalated,
        /// Its agent was cut off.
        LegLost,
        /// It could not be transferred to a number outside.
        TransferFailed,
    }
}
words! {
    /// Why no step and no exit of the queue is looked at.
    WhyPaused {
        /// It is held out to somebody.
        Offered,
        /// It waits for one agent alone.
        Direct,
        /// Its gateway is away.
        GatewayAway,
    }
}
words! {
    /// Where an exit leads.
    WhyAction {
        /// To another queue.
        Queue,
        /// The contact ends.
        HangUp,
        /// The caller leaves a message.
        Voicemail,
        /// The caller hears a message.
        Announce,
        /// He is called back.
        Callback,
    }
}
words! {
    /// What a decision was about.
    WhyDecided {
        /// Which agent is offered the contact.
        Offered,
        /// Which queue it enters.
        Entered,
        /// What the entry rules said once more.
        EnteredAnew,
        /// A step of its queue was taken.
        StepTaken,
        /// It left its queue by an exit.
        ExitTaken,
    }
}
words! {
    /// What an entry rule said.
    WhySaid {
        /// It holds.
        Holds,
        /// It does not.
        DoesNotHold,
        /// Its queue does not serve the contact's channel.
        OtherChannel,
        /// Its condition could not be evaluated, which counts as not holding.
        Failed,
    }
}
