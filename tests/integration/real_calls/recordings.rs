//! Calls that are recorded: what the switch writes, when it does not, and what becomes of the file.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::centre::{CUSTOMER, Centre, Wanted};
use super::talking::talking;
use crate::live_server::Peer;
use crate::support::http;

/// Of 16 bits at 8000 a second.
const BYTES_A_SECOND: u64 = 16_000;

fn files(centre: &Centre) -> Vec<PathBuf> {
    let folder = centre.switch.folder().join("spool/recording/usher");
    fs::read_dir(folder).into_iter().flatten().map(|file| file.unwrap().path()).collect()
}

async fn recording_is(agent: &mut Peer, wanted: &str) {
    while agent.wait_for("contact.recording").await["recording"]["is"] != wanted {}
}

/// The interaction's recording, once it is so.
async fn kept(centre: &Centre, token: &str, contact: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let bearer = format!("Bearer {token}");
    let path = format!("/api/v1/interactions/{contact}");
    let mut found = Value::Null;
    centre
        .until("the recording is kept so", async || {
            let headers = [("authorization", bearer.as_str())];
            let shown = http::send(&centre.server.host, "GET", &path, &headers, None).await.json();
            found = shown["recordings"][0].clone();
            is_so(&found)
        })
        .await;
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_recorded_paused_kept_and_erased() {
    let Some(mut centre) = Centre::open_with(&Wanted { general: "record = true\n", ..Wanted::default() }).await else {
        return;
    };
    let (mut ana, contact, customer, desk) = talking(&centre).await;
    recording_is(&mut ana, "recording").await;
    centre.until("the customer is heard", async || centre.hears_and_is_heard(CUSTOMER).await).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    ana.ask("recording.pause", json!({ "contact": contact })).await.unwrap();
    recording_is(&mut ana, "paused").await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    ana.ask("recording.resume", json!({ "contact": contact })).await.unwrap();
    recording_is(&mut ana, "recording").await;
    ana.ask("contact.hold", json!({ "contact": contact })).await.unwrap();
    ana.wait_for("contact.held").await;
    ana.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    centre.whole_story(&contact).await;
    centre.is_quiet().await;

    let token = centre.server.token("eva").await;
    let shown = kept(&centre, &token, &contact, |shown| shown["state"] == "finished").await;
    assert_eq!(shown["gateway"], "sip");
    let files = files(&centre);
    assert_eq!(files.len(), 1);
    assert!(files[0].ends_with(shown["file"].as_str().unwrap()), "{files:?} {shown}");
    let bytes = fs::metadata(&files[0]).unwrap().len();
    assert!((BYTES_A_SECOND..4 * BYTES_A_SECOND).contains(&bytes), "{bytes} bytes: three seconds were paused");

    let path = format!("/api/v1/recordings/{}", shown["id"].as_str().unwrap());
    let bearer = format!("Bearer {token}");
    let erased = http::send(&centre.server.host, "DELETE", &path, &[("authorization", &bearer)], None).await;
    assert_eq!(erased.status, 204);
    kept(&centre, &token, &contact, |shown| !shown["erased_at"].is_null()).await;
    assert!(!files[0].exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_cannot_be_recorded_goes_on() {
    let wanted =
        Wanted { general: "record = true\n", asterisk: "recording_format = \"nonsense\"", ..Wanted::default() };
    let Some(mut centre) = Centre::open_with(&wanted).await else { return };
    let (mut ana, contact, customer, desk) = talking(&centre).await;
    let told = loop {
        let told = ana.wait_for("contact.recording").await;
        if told["recording"]["is"].is_string() || told["why"].is_string() {
            break told;
        }
    };
    assert!(told["recording"]["is"] == "failed" || told["why"].is_string(), "{told}");
    let alert = centre.eva.wait_for("alert.raised").await["alert"].clone();
    assert_eq!((&alert["measure"], &alert["queue"]), (&json!("not_recorded"), &json!("general")));
    centre.until("they talk on", async || centre.hears_and_is_heard(CUSTOMER).await).await;
    ana.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    centre.whole_story(&contact).await;
    centre.is_quiet().await;
}
