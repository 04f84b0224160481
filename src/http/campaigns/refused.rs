//! Why the store refused a change of a campaign or a call list, as an answer. Decides no refusal.

use crate::customers::ids::Version;
use crate::outbound::call_list::WrongSetting;
use crate::records::{AddLeadError, CallListError, CampaignError};
use crate::routing::ids::CampaignId;

use super::super::HttpError;
use super::super::error::Thing;
use super::super::etag::Etag;

fn stale(found: Version) -> HttpError {
    HttpError::Stale { etag: Some(Etag::of_version(found).into_text()) }
}

/// The first of them: an answer has one field.
fn wrong(settings: Vec<WrongSetting>) -> HttpError {
    settings.into_iter().next().map_or_else(
        || HttpError::field("settings", "settings that go together"),
        |WrongSetting { setting, expected, .. }| HttpError::field(format!("settings.{setting}"), expected),
    )
}

fn taken() -> HttpError {
    HttpError::field("name", "a name that is not taken")
}

impl From<CampaignError> for HttpError {
    fn from(error: CampaignError) -> HttpError {
        match error {
            CampaignError::Unknown(_) | CampaignError::UnknownName(_) | CampaignError::UnknownVersion { .. } => {
                HttpError::NotThere { thing: Thing::Campaign }
            }
            CampaignError::NameTaken(_) => taken(),
            CampaignError::Conflict { found, .. } => stale(found),
            CampaignError::Settings(settings) => wrong(settings),
            CampaignError::Records(error) => error.into(),
        }
    }
}

impl From<CallListError> for HttpError {
    fn from(error: CallListError) -> HttpError {
        match error {
            CallListError::Unknown(_) | CallListError::UnknownName(_) => HttpError::NotThere { thing: Thing::CallList },
            CallListError::NameTaken(_) => taken(),
            CallListError::Conflict { found, .. } => stale(found),
            CallListError::Settings(settings) => wrong(settings),
            CallListError::UnknownNext(_) => HttpError::field("settings.next_list", "a call list that is there"),
            CallListError::UnknownCampaign { there, .. } => {
                let there = there.iter().map(CampaignId::as_str).collect::<Vec<_>>().join(", ");
                HttpError::field("settings.campaign", format!("a campaign that is there: {there}"))
            }
            CallListError::CampaignRuns { campaign, .. } => {
                HttpError::Conflict { why: "its campaign is not stopped", with: vec![campaign.to_string()] }
            }
            CallListError::IsNext { of, .. } => {
                HttpError::Conflict { why: "it follows another list", with: vec![of.to_string()] }
            }
            CallListError::NotByHand(name) => {
                HttpError::Conflict { why: "its leads are not released by hand", with: vec![name.to_string()] }
            }
            CallListError::Records(error) => error.into(),
        }
    }
}

impl From<AddLeadError> for HttpError {
    fn from(error: AddLeadError) -> HttpError {
        match error {
            AddLeadError::UnknownList(_) => HttpError::NotThere { thing: Thing::CallList },
            AddLeadError::Expired(name) => {
                HttpError::Conflict { why: "the list has expired", with: vec![name.to_string()] }
            }
            AddLeadError::Duplicate { lead } => {
                let with = lead.iter().map(ToString::to_string).collect();
                HttpError::Conflict { why: "a lead has a number of it already", with }
            }
            AddLeadError::Erased { number } => {
                HttpError::field(format!("numbers[{number}].number"), "nobody who was erased")
            }
            AddLeadError::Records(error) => error.into(),
        }
    }
}
