//! One lead on its way to the router: with its number, whose it is, and who may call it. Chooses no lead.

use std::sync::Arc;

use super::desk::CampaignDesk;
use super::feed::{CampaignFeed, GivenLead};
use crate::journal::Journal;
use crate::outbound::call_list::ListOwner;
use crate::outbound::lead::Lead;
use crate::outbound::lead_standing::LeadStanding;
use crate::router_handle::Rejection;
use crate::routing::command::{Action, Direction};
use crate::routing::ids::CampaignId;
use crate::routing::personal::{Address, Attributes};
use crate::routing::refusal::Refusal;
use crate::routing::rule_set::Channel;
use crate::routing::skill::{Level, Skills};
use crate::routing::time::Timestamp;
use crate::screen_pop::LookUp;
use crate::screen_pop::known::{Known, Stance};
use crate::screen_pop::sought::Caller;

impl<J: Journal> CampaignDesk<J> {
    /// Who promised it a call and is no agent any more is passed over.
    pub(super) async fn file(&self, mut filing: Action) -> Result<(), Rejection> {
        let told = self.router.tell(filing.clone()).await;
        match (told, &mut filing) {
            (
                Err(Rejection::Refused(Refusal::UnknownAgent { .. })),
                Action::FileLead { agent, alone_for: alone_for @ Some(_), .. },
            ) => {
                (*agent, *alone_for) = (None, None);
                self.router.tell(filing).await
            }
            (told, _) => told,
        }
    }

    /// None: it has no number any more.
    pub(super) async fn filing(
        &self,
        campaign: &CampaignId,
        feed: &CampaignFeed,
        given: &GivenLead,
        now: Timestamp,
    ) -> Option<Action> {
        let list = feed.list(given.lead.list)?;
        let to = number_to_call(&given.lead, &given.standing)?;
        let promised_by = given.standing.promised_by.clone();
        let alone_for = feed.campaign().settings.promised_alone_for;
        let (agent, alone_for, team) = match &list.settings.owner {
            Some(ListOwner::Agent(agent)) => (Some(agent.clone()), None, None),
            Some(ListOwner::Team(team)) => (promised_by.clone(), promised_by.map(|_| alone_for), Some(team.clone())),
            None => (promised_by.clone(), promised_by.map(|_| alone_for), None),
        };
        let attributes = self.with_customer(attributes_of(&given.lead), &to).await;
        let level = Level::new(1).expect("the lowest level");
        // The router's clock may stand elsewhere than the one on the wall.
        let closes_at = given.closes_at.map(|closes_at| self.clock.now() + closes_at.since(now));
        Some(Action::FileLead {
            campaign: campaign.clone(),
            list: list.name.clone(),
            lead: given.lead.id,
            to,
            attributes,
            skills: list.settings.skills.iter().map(|skill| (skill.clone(), level)).collect::<Skills>(),
            agent,
            alone_for,
            team,
            closes_at,
        })
    }

    /// Whose number it is, laid over what the list says of him. Not waited for longer than for a caller.
    async fn with_customer(&self, mut attributes: Attributes, number: &Address) -> Attributes {
        if let Some(known) = self.customer_at(number, &attributes).await {
            Stance::Known(known).lay_over(&mut attributes);
        }
        attributes
    }

    /// None: nobody's, or nobody knows in time.
    pub(super) async fn customer_at(&self, number: &Address, said: &Attributes) -> Option<Arc<Known>> {
        let caller = Caller {
            channel: Channel::Voice,
            direction: Direction::Outbound,
            from: None,
            to: Some(&number.0),
            attributes: said,
        };
        let known = match self.pop.look_up(caller) {
            LookUp::Kept(known) => Some(known),
            LookUp::Asked(mut answer) if answer.is_waited_for() => answer.in_time().await,
            LookUp::Asked(_) | LookUp::Nothing | LookUp::Dropped => None,
        };
        known.filter(|known| known.likeliest().is_some())
    }
}

/// In E.164; None: it has no such number any more.
pub(super) fn number_to_call(lead: &Lead, standing: &LeadStanding) -> Option<Address> {
    let number = lead.lead.numbers.get(standing.next_number)?;
    Some(Address(Arc::from(number.value.as_str())))
}

/// What an agent sees of a lead before he speaks with it.
fn attributes_of(lead: &Lead) -> Attributes {
    let name = lead.lead.name.as_str();
    let shown = serde_json::json!({ "name": name, "language": lead.lead.language, "fields": lead.lead.fields });
    let customer = (!name.is_empty()).then(|| ("customer".to_owned(), serde_json::json!({ "name": name })));
    Attributes(std::iter::once(("lead".to_owned(), shown)).chain(customer).collect())
}
