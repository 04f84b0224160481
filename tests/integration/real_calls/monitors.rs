//! Supervisors on the line of a call, as the switch has it.

use serde_json::json;

use super::centre::{CUSTOMER, Centre};
use super::sipp::Phone;
use super::talking::{hear_each_other, talking};

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_listens_whispers_and_joins() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, contact, customer, desk) = talking(&centre).await;
    let phone = Phone::registered(&centre.switch, "1004").await;
    let desk_of_eva = phone.answers(0);
    let start = json!({ "contact": contact, "mode": "listen", "endpoint": "PJSIP/1004" });
    centre.eva.ask("monitor.start", start).await.unwrap();
    while centre.eva.wait_for("monitor.changed").await["state"] != "on" {}
    centre.until("she is with the spy", async || hear_each_other(&centre, "Snoop", "PJSIP/1004").await).await;
    assert!(!hear_each_other(&centre, CUSTOMER, "PJSIP/1004").await);
    centre.until("she hears", async || centre.hears_and_is_heard("PJSIP/1004").await).await;
    for mode in ["whisper", "barge"] {
        centre.eva.ask("monitor.mode", json!({ "contact": contact, "mode": mode })).await.unwrap();
        while centre.eva.wait_for("monitor.changed").await["mode"] != mode {}
        let is_heard_by_all = mode == "barge";
        centre.until(mode, async || hear_each_other(&centre, CUSTOMER, "PJSIP/1004").await == is_heard_by_all).await;
    }
    centre.eva.ask("monitor.stop", json!({ "contact": contact })).await.unwrap();
    desk_of_eva.ends_well().await;
    assert!(hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await, "the talk goes on");
    ana.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    centre.whole_story(&contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisors_leg_ends_with_the_call() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, contact, customer, desk) = talking(&centre).await;
    let phone = Phone::registered(&centre.switch, "1004").await;
    let desk_of_eva = phone.answers(0);
    let start = json!({ "contact": contact, "mode": "listen", "endpoint": "PJSIP/1004" });
    centre.eva.ask("monitor.start", start).await.unwrap();
    while centre.eva.wait_for("monitor.changed").await["state"] != "on" {}
    ana.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    desk_of_eva.ends_well().await;
    assert_eq!(centre.eva.wait_for("monitor.changed").await["state"], "over");
    centre.is_quiet().await;
}
