//! Call lists and their leads, the same contract on SQLite and on a real PostgreSQL. It calls nobody.

mod duplicates;
pub mod imports;
mod killed;
mod lists;

use serde_json::{Value, json};
use usher::customers::change::Stamp;
use usher::outbound::call_list::CallListSettings;
use usher::outbound::campaign::CampaignSettings;
use usher::outbound::ids::CallListId;
use usher::records::Records;
use usher::routing::ids::{CallListName, CampaignId, PersonId};
use usher::routing::time::Timestamp;

use crate::both_databases::on_both;
use crate::privacy::{on_postgres, on_sqlite};

on_both! {
    lists::made_changed_and_shown as sqlite_keeps_call_lists and postgres_keeps_call_lists;
    lists::refused as sqlite_refuses_wrong_lists and postgres_refuses_wrong_lists;
    imports::taken_over as sqlite_imports_leads and postgres_imports_leads;
    imports::undone as sqlite_undoes_imported_leads and postgres_undoes_imported_leads;
    imports::several_lists as sqlite_imports_one_file_into_two_lists and postgres_imports_one_file_into_two_lists;
    imports::wrong_files as sqlite_refuses_wrong_leads and postgres_refuses_wrong_leads;
    imports::of_a_workbook as sqlite_imports_leads_of_a_workbook and postgres_imports_leads_of_a_workbook;
    duplicates::in_every_scope as sqlite_finds_duplicates_in_every_scope and postgres_finds_duplicates_in_every_scope;
    duplicates::two_imports_at_once as sqlite_lets_one_of_two_imports_win and postgres_lets_one_of_two_imports_win;
}

pub fn stamp(at_ms: i64) -> Stamp {
    Stamp { at: Timestamp(at_ms), by: PersonId::new("ana").unwrap() }
}

fn name(name: &str) -> CallListName {
    CallListName::new(name).unwrap()
}

fn settings(more: &Value) -> CallListSettings {
    let mut text = json!({ "campaign": "winback", "default_country": "FR" });
    text.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(text).unwrap()
}

/// As little as may be said of a campaign.
pub fn campaign_settings() -> CampaignSettings {
    let flags = json!({ "reached": "right_party", "final": "contact", "is_live_answer": true });
    let text = json!({
        "queue": "outbound", "gateway": "switch", "mode": "progressive", "purpose": "sales",
        "disposition": { "refused": flags }, "hours": { "week": { "mon-sun": ["09:00-18:00"] } },
    });
    serde_json::from_value(text).unwrap()
}

/// It is there then, however often it is asked for.
pub async fn campaign(records: &Records, called: &CampaignId) {
    if records.campaign_named(called).await.unwrap().is_none() {
        records.create_campaign(called, &campaign_settings(), &stamp(1)).await.unwrap();
    }
}

/// Of a campaign that is made for it.
pub async fn list_of(records: &Records, called: &str, settings: &CallListSettings, stamp: &Stamp) -> CallListId {
    campaign(records, &settings.campaign).await;
    records.create_call_list(&name(called), settings, stamp).await.unwrap()
}

pub async fn list(records: &Records, called: &str, more: Value) -> CallListId {
    list_of(records, called, &settings(&more), &stamp(1)).await
}
