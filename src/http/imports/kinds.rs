//! What the rows of a file become, by what is asked: its mapping guessed, or read and checked. Opens no file.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::access::Role;
use crate::customers::import_columns::ColumnMapping;
use crate::customers::import_matching::IfKnown;
use crate::customers::interaction_columns::InteractionMapping;
use crate::customers::text::Tag;
use crate::imports::import_batch::ImportedRows;
use crate::outbound::call_list::CallList;
use crate::outbound::do_not_call::DoNotCallScope;
use crate::outbound::do_not_call_columns::DoNotCallMapping;
use crate::outbound::lead::SourceText;
use crate::outbound::lead_columns::LeadMapping;
use crate::routing::ids::CampaignId;

use super::super::caller::Caller;
use super::super::faults::fault_of;
use super::super::path::call_list_id;
use super::super::words::{text, text_if_any};
use super::super::{HttpError, Parts};

/// What the rows of a file are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum ImportKind {
    #[default]
    Leads,
    Customers,
    Interactions,
    DoNotCall,
}

/// What becomes of a row whose address or external id a customer has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "IfKnown")]
enum IfKnownAsked {
    Skip,
    Update,
    Add,
}

/// An import to be begun, or gone on with where it was interrupted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ImportAsked {
    /// The id of a file that was sent.
    pub(super) file: String,
    /// Of a workbook; the first if it is not said.
    #[serde(default)]
    pub(super) sheet: Option<String>,
    /// Although a file of this content was imported there before.
    #[serde(default)]
    pub(super) again: bool,
    /// What its rows are; leads if it is not said.
    #[serde(default)]
    kind: ImportKind,
    /// The id of the call list, of leads.
    #[serde(default)]
    list: Option<String>,
    /// What each heading is: `columns`, and `home`, `zone` and `dates`, as in a mapping file.
    mapping: Map<String, Value>,
    /// Of customers; skip if it is not said.
    #[serde(default)]
    if_known: Option<IfKnownAsked>,
    /// For whose calls do-not-call entries hold: the name of a campaign; everyone's if it is not said.
    #[serde(default)]
    campaign: Option<String>,
    /// Or those on behalf of one client of the centre.
    #[serde(default)]
    account: Option<String>,
    /// Who keeps the do-not-call list.
    #[serde(default)]
    source: Option<String>,
}

impl ImportKind {
    pub fn of(rows: &ImportedRows) -> ImportKind {
        match rows {
            ImportedRows::Customers { .. } => ImportKind::Customers,
            ImportedRows::Interactions { .. } => ImportKind::Interactions,
            ImportedRows::Leads { .. } => ImportKind::Leads,
            ImportedRows::DoNotCall { .. } => ImportKind::DoNotCall,
        }
    }

    /// Whoever runs campaigns may bring leads, and only who may change customers brings those.
    fn permitted(self, caller: &Caller) -> Result<(), HttpError> {
        let changes_customers = [Role::Admin, Role::Supervisor].into_iter().any(|role| caller.0.roles.contains(role));
        match self {
            ImportKind::Leads | ImportKind::DoNotCall => Ok(()),
            ImportKind::Customers | ImportKind::Interactions if changes_customers => Ok(()),
            ImportKind::Customers | ImportKind::Interactions => Err(HttpError::NotPermitted),
        }
    }
}

/// By what headings are usually called, and by the fields that are declared.
pub(super) async fn guessed(
    parts: &Parts,
    caller: &Caller,
    kind: ImportKind,
    list: Option<&str>,
    headings: &[String],
) -> Result<Map<String, Value>, HttpError> {
    kind.permitted(caller)?;
    let list = match list {
        Some(list) => Some(list_of(parts, list).await?),
        None => None,
    };
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let settings = parts.pop.settings();
    let home = list.as_ref().and_then(|list| list.settings.default_country).or(settings.home_region);
    let mapping = match kind {
        ImportKind::Leads => {
            let fields = list.map(|list| list.settings.fields).unwrap_or_default();
            serde_json::to_value(LeadMapping::guessed(&headings, &fields, home))
        }
        ImportKind::Customers => serde_json::to_value(ColumnMapping::guessed(&headings, &settings.fields, home)),
        ImportKind::Interactions => serde_json::to_value(InteractionMapping::guessed(&headings, home)),
        ImportKind::DoNotCall => serde_json::to_value(DoNotCallMapping::guessed(&headings, home)),
    };
    match mapping.expect("a mapping is of texts") {
        Value::Object(fields) => Ok(fields),
        other => unreachable!("a mapping is an object, not {other}"),
    }
}

/// Of leads: fields, duplicates and the country of numbers are the list's, as they are now.
pub(super) async fn rows_of(parts: &Parts, caller: &Caller, asked: ImportAsked) -> Result<ImportedRows, HttpError> {
    asked.kind.permitted(caller)?;
    asked.only_of_its_kind()?;
    let ImportAsked { kind, list, mapping, if_known, campaign, account, source, .. } = asked;
    let settings = parts.pop.settings();
    Ok(match kind {
        ImportKind::Leads => {
            let mut mapping: LeadMapping = read(mapping)?;
            let list = list.ok_or_else(|| HttpError::field("list", "the id of the call list that leads are for"))?;
            let list = list_of(parts, &list).await?;
            mapping.home = mapping.home.or(list.settings.default_country);
            let (fields, duplicates) = (list.settings.fields, list.settings.duplicates);
            ImportedRows::Leads { list: list.id, mapping, fields, duplicates }
        }
        ImportKind::Customers => {
            let if_known = match if_known {
                None | Some(IfKnownAsked::Skip) => IfKnown::Skip,
                Some(IfKnownAsked::Update) => IfKnown::Update,
                Some(IfKnownAsked::Add) => IfKnown::Add,
            };
            ImportedRows::Customers { mapping: read(mapping)?, fields: settings.fields.clone(), if_known }
        }
        ImportKind::Interactions => ImportedRows::Interactions { mapping: read(mapping)? },
        ImportKind::DoNotCall => {
            let mapping: DoNotCallMapping = read(mapping)?;
            let source: Option<SourceText> = text_if_any("source", source)?;
            ImportedRows::DoNotCall { mapping, scope: scope_of(parts, campaign, account).await?, source }
        }
    })
}

/// A call list that somebody names.
pub(super) async fn list_of(parts: &Parts, asked: &str) -> Result<CallList, HttpError> {
    let expected = || HttpError::field("list", "the id of a call list that is there");
    let id = call_list_id(asked).map_err(|_| expected())?;
    parts.pop.records().call_list(id).await?.ok_or_else(expected)
}

impl ImportAsked {
    /// What is said of other rows is a mistake.
    fn only_of_its_kind(&self) -> Result<(), HttpError> {
        let said = [
            ("list", self.list.is_some(), ImportKind::Leads, "leads"),
            ("if_known", self.if_known.is_some(), ImportKind::Customers, "customers"),
            ("campaign", self.campaign.is_some(), ImportKind::DoNotCall, "do_not_call"),
            ("account", self.account.is_some(), ImportKind::DoNotCall, "do_not_call"),
            ("source", self.source.is_some(), ImportKind::DoNotCall, "do_not_call"),
        ];
        let wrong = said.into_iter().find(|(_, is_said, kind, _)| *is_said && *kind != self.kind);
        wrong.map_or(Ok(()), |(field, _, _, kind)| Err(HttpError::field(field, format!("it only with kind {kind}"))))
    }
}

async fn scope_of(
    parts: &Parts,
    campaign: Option<String>,
    account: Option<String>,
) -> Result<DoNotCallScope, HttpError> {
    match (campaign, account) {
        (None, None) => Ok(DoNotCallScope::Everyone),
        (Some(_), Some(_)) => Err(HttpError::field("account", "a campaign or an account, not both")),
        (None, Some(account)) => {
            let account: Tag = text("account", account)?;
            Ok(DoNotCallScope::Account(account.as_str().into()))
        }
        (Some(campaign), None) => {
            let name: CampaignId = text("campaign", campaign)?;
            let is_there = parts.pop.records().campaign_named(&name).await?.is_some();
            let expected = || HttpError::field("campaign", "the name of a campaign that is there");
            if is_there { Ok(DoNotCallScope::Campaign(name.as_str().into())) } else { Err(expected()) }
        }
    }
}

fn read<M: DeserializeOwned>(mapping: Map<String, Value>) -> Result<M, HttpError> {
    serde_path_to_error::deserialize(Value::Object(mapping)).map_err(|error| {
        let path = match error.path().to_string() {
            path if path == "." => "mapping".to_owned(),
            path => format!("mapping.{path}"),
        };
        fault_of("mapping", &path, &error.into_inner().to_string())
    })
}
