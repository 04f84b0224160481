//! A lead as whoever speaks with the person sees it: of which campaign and list it is, how often it was called and what came of
//! that. Holds neither name nor number, and decides nothing.

use crate::customers::custom_fields::FieldDeclarations;
use crate::customers::customer::CustomFields;
use crate::customers::redaction::Sight;
use crate::routing::attempt::Outcome;
use crate::routing::command::Disposition;
use crate::routing::ids::{AgentId, CallListName, CampaignId, LeadId};
use crate::routing::time::{Millis, Timestamp};

/// A lead that is over is shown so long after it was called.
pub const SHOWN_AFTER_CALL: Millis = Millis::days(90);

#[derive(Clone, PartialEq, Debug)]
pub struct ShownLead {
    pub lead: LeadId,
    pub campaign: CampaignId,
    pub list: CallListName,
    pub fields: CustomFields,
    /// As its list declares them.
    pub declared: FieldDeclarations,
    pub attempts: u64,
    pub last: Option<LastCall>,
    pub state: ShownState,
    /// When it is called next, at the earliest; None: it was never tried, or is over.
    pub due: Option<Timestamp>,
    /// The agent who promised the next call.
    pub promised_by: Option<AgentId>,
}

/// The last call that was placed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastCall {
    pub at: Timestamp,
    /// None: it is not over.
    pub outcome: Option<Outcome>,
    pub agent: Option<AgentId>,
    pub disposition: Option<Disposition>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShownState {
    Open,
    /// It waits for an agent, or is in a call.
    WithRouter,
    Over,
}

impl ShownLead {
    /// The lead that somebody with this sight may see. Which fields are not personal, its list says.
    #[must_use]
    pub fn seen_with(&self, sight: &Sight) -> ShownLead {
        let sight = sight.clone().where_not_personal(self.declared.not_personal());
        ShownLead { fields: sight.custom(&self.fields), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::customers::redaction::Hidable;

    #[test]
    fn who_does_not_see_custom_fields_sees_those_that_are_not_personal() {
        let declared =
            json!([{ "name": "plan", "type": "text", "personal": false }, { "name": "debt", "type": "integer" }]);
        let lead = ShownLead {
            lead: LeadId(1),
            campaign: CampaignId::new("winback").unwrap(),
            list: CallListName::new("spring").unwrap(),
            fields: CustomFields([("plan".to_owned(), json!("basic")), ("debt".to_owned(), json!(300))].into()),
            declared: serde_json::from_value(declared).unwrap(),
            attempts: 0,
            last: None,
            state: ShownState::Open,
            due: None,
            promised_by: None,
        };
        assert_eq!(lead.seen_with(&Sight::of_everything()), lead);
        let seen = lead.seen_with(&Sight::without([Hidable::Custom]));
        assert_eq!(seen.fields.0.keys().collect::<Vec<_>>(), ["plan"]);
        assert_eq!(ShownLead { fields: lead.fields.clone(), ..seen }, lead, "nothing else is taken away");
    }
}
