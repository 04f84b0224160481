//! Campaigns made, changed by their version, found and taken back, and campaigns that cannot be.

use usher::customers::ids::Version;
use usher::outbound::campaign::CampaignSettings;
use usher::outbound::ids::CampaignNo;
use usher::routing::campaign::CampaignRun;
use usher::routing::ids::CampaignId;
use usher::routing::time::Timestamp;

use super::standings::note_run;
use crate::call_lists::{campaign_settings, stamp};
use crate::customers::audited;
use crate::privacy::Ground;

fn name(name: &str) -> CampaignId {
    CampaignId::new(name).unwrap()
}

pub async fn made_changed_and_taken_back(ground: Ground) {
    let records = &ground.records;
    let first = campaign_settings();
    let made = records.create_campaign(&name("winback"), &first, &stamp(1)).await.unwrap();
    records.create_campaign(&name("surveys"), &first, &stamp(1)).await.unwrap();
    assert_eq!((made.version, &made.settings, &made.created), (Version(1), &first, &stamp(1)));
    assert_eq!(records.campaign_named(&name("winback")).await.unwrap().as_ref(), Some(&made));
    assert_eq!(records.campaign(made.no).await.unwrap().as_ref(), Some(&made));
    let names: Vec<String> = records.campaigns().await.unwrap().iter().map(|held| held.name.to_string()).collect();
    assert_eq!(names, ["surveys", "winback"], "by name");

    let second = CampaignSettings { leads_ahead: 7, ..first.clone() };
    let changed = records.change_campaign(made.no, Version(1), &second, &stamp(2)).await.unwrap();
    assert_eq!((changed.version, &changed.changed, &changed.created), (Version(2), &stamp(2), &stamp(1)));
    assert_eq!(records.campaign(made.no).await.unwrap().unwrap(), changed);
    let before = records.campaign_version(made.no, Version(1)).await.unwrap().unwrap();
    assert_eq!((&before.settings, &before.changed), (&first, &stamp(1)));
    let back = records.change_campaign(made.no, Version(2), &before.settings, &stamp(3)).await.unwrap();
    assert_eq!((back.version, &back.settings), (Version(3), &first));
    let versions = records.campaign_versions(made.no, None, 10).await.unwrap();
    assert_eq!(versions.iter().map(|one| one.version.0).collect::<Vec<_>>(), [3, 2, 1]);
    let versions = records.campaign_versions(made.no, Some(Version(3)), 1).await.unwrap();
    assert_eq!((versions.len(), &versions[0].settings), (1, &second));

    assert_eq!(audited(records, "campaign_created").await.len(), 2);
    let rows = audited(records, "campaign_changed").await;
    assert_eq!(rows, [2, 3].map(|version| format!(r#"{{"campaign":{},"version":{version}}}"#, made.no)));

    assert_eq!(records.campaign_run(&made.name).await.unwrap(), CampaignRun::Stopped);
    note_run(records, &made.name, CampaignRun::Draining, Timestamp(1)).await;
    note_run(records, &name("nowhere"), CampaignRun::Running, Timestamp(1)).await;
    assert_eq!(records.campaign_run(&made.name).await.unwrap(), CampaignRun::Draining);
    assert_eq!(records.campaign_run_since(&made.name).await.unwrap(), (CampaignRun::Draining, Some(Timestamp(1))));
    assert_eq!(records.campaign_run_since(&name("surveys")).await.unwrap(), (CampaignRun::Stopped, None));
}

pub async fn asked_to_start_and_stop(ground: Ground) {
    let records = &ground.records;
    let unknown = records.wish_campaign_run(&name("winback"), CampaignRun::Running, &stamp(1)).await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no campaign \"winback\"");
    let made = records.create_campaign(&name("winback"), &campaign_settings(), &stamp(1)).await.unwrap();
    records.create_campaign(&name("surveys"), &campaign_settings(), &stamp(1)).await.unwrap();
    let start = records.wish_campaign_run(&made.name, CampaignRun::Running, &stamp(2)).await.unwrap();
    let other = records.wish_campaign_run(&name("surveys"), CampaignRun::Stopped, &stamp(3)).await.unwrap();
    assert_eq!(records.campaign_wishes().await.unwrap(), [start.clone(), other.clone()]);
    let pause = records.wish_campaign_run(&made.name, CampaignRun::Paused, &stamp(4)).await.unwrap();
    records.drop_campaign_wish(&start).await.unwrap();
    assert_eq!(records.campaign_wishes().await.unwrap(), [other, pause.clone()], "the later one stays, and counts");
    records.drop_campaign_wish(&pause).await.unwrap();
    assert_eq!(records.campaign_wish(&made.name).await.unwrap(), None);
    let rows = audited(records, "campaign_run_asked").await;
    let row = |run| format!(r#"{{"campaign":{},"run":"{run}"}}"#, made.no);
    assert_eq!((rows.len(), &rows[0], &rows[2]), (3, &row("running"), &row("paused")));
}

pub async fn refused(ground: Ground) {
    let records = &ground.records;
    let good = campaign_settings();
    let made = records.create_campaign(&name("winback"), &good, &stamp(1)).await.unwrap();
    let taken = records.create_campaign(&name("winback"), &good, &stamp(2)).await.unwrap_err();
    assert_eq!(taken.to_string(), "there is a campaign \"winback\" already");
    let wrong = CampaignSettings { leads_ahead: 0, ..good.clone() };
    let told = "leads_ahead: expected 1 to 1000, found 0";
    let refused = records.create_campaign(&name("surveys"), &wrong, &stamp(2)).await.unwrap_err();
    assert_eq!(refused.to_string(), told);
    let refused = records.change_campaign(made.no, Version(1), &wrong, &stamp(2)).await.unwrap_err();
    assert_eq!(refused.to_string(), told);
    let stale = records.change_campaign(made.no, Version(7), &good, &stamp(2)).await.unwrap_err();
    assert_eq!(stale.to_string(), "campaign \"winback\" was changed meanwhile: expected version 7, found 1");
    let unknown = records.change_campaign(CampaignNo(99), Version(1), &good, &stamp(2)).await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no campaign 99");
    let held = records.campaigns().await.unwrap();
    assert_eq!((held.len(), held[0].version), (1, Version(1)), "nothing was changed");
    assert_eq!(records.campaign_versions(made.no, None, 10).await.unwrap().len(), 1);
}
