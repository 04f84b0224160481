//! Calls to customers that the centre makes: whose phone rings first, and what comes of a number that cannot be had.

use serde_json::{Value, json};

use super::centre::{CUSTOMER, Centre, Wanted};
use super::sipp::Phone;
use super::talking::{hear_each_other, talking};
use crate::live_server::Peer;

const NUMBER: &str = "+33612000098";
/// Longer than Asterisk listens for a machine.
const TALKS_MS: u64 = 5_000;

/// Ana has promised to call, and has accepted to do it now. On a busy machine the gate may be too late, and she is
/// asked again.
async fn calls_back(centre: &mut Centre) -> (Peer, Phone) {
    let (mut ana, contact, customer, desk) = talking(centre).await;
    ana.ask("callback.schedule", json!({ "contact": contact, "to": NUMBER })).await.unwrap();
    ana.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    centre.whole_story(&contact).await;
    ana.wait_for("contact.ended").await;
    let phone = Phone::registered(&centre.switch, "1001").await;
    (ana, phone)
}

async fn accepts_until(ana: &mut Peer, method: &str) -> Value {
    loop {
        let offered = ana.wait_for("contact.offered").await;
        ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
        ana.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
        loop {
            let message = ana.read().await.expect("the session stays");
            if message["method"] == method && message["params"]["not_placed"] != "not_checked" {
                return message["params"].clone();
            }
            let is_put_off = message["params"]["not_placed"] == "not_checked";
            ana.hear(message).await;
            if is_put_off {
                break;
            }
        }
    }
}

async fn reached(first: &str, asterisk: &str) {
    let general = format!("callback = {{ first = \"{first}\", gap = \"1m\" }}\n");
    let wanted = Wanted { general: &general, asterisk, ..Wanted::default() };
    let Some(mut centre) = Centre::open_with(&wanted).await else { return };
    let outside = Phone::outside(&centre.switch).hangs_up(200, TALKS_MS);
    let (mut ana, phone) = calls_back(&mut centre).await;
    let desk = phone.answers(0);
    let connected = accepts_until(&mut ana, "contact.connected").await;
    centre
        .until("Ana and the customer are together", async || hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await)
        .await;
    assert!(outside.messages().contains(&format!("INVITE sip:{NUMBER}@")), "{}", outside.messages());
    assert_eq!(ana.wait_for("contact.ended").await["by"], "customer");
    outside.ends_well().await;
    desk.ends_well().await;
    centre.whole_story(connected["contact"].as_str().unwrap()).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_called_back_with_the_agents_phone_first() {
    reached("agent", "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_called_back_with_his_own_phone_first() {
    reached("customer", "").await;
}

/// Asterisk listens for two seconds, and cannot say.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_which_nobody_is_sure_has_a_person() {
    reached("customer", "machine_detection_context = \"usher-machine\"").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_whose_line_is_busy_is_not_reached() {
    let general = "callback = { first = \"customer\", gap = \"1m\" }\n";
    let Some(mut centre) = Centre::open_with(&Wanted { general, ..Wanted::default() }).await else { return };
    let outside = Phone::outside(&centre.switch).refuses("486 Busy Here");
    let (mut ana, _) = calls_back(&mut centre).await;
    let closed = accepts_until(&mut ana, "segment.closed").await;
    assert_eq!(closed["connected"], false);
    outside.ends_well().await;
    centre.is_quiet().await;
}
