//! What happens while an agent talks with his customer: hold, who hangs up, whose line drops.

use serde_json::{Value, json};

use super::centre::{CUSTOMER, Centre, tells};
use super::sipp::{Customers, Sipp};
use super::watch::about;
use crate::live_server::Peer;

/// Ana talks with a customer who waits until he is hung up on.
pub async fn talking(centre: &Centre) -> (Peer, String, Sipp, Sipp) {
    let (mut ana, phone) = centre.works("ana", "1001").await;
    let desk = phone.answers(0);
    let customer = Customers::of(&centre.switch).waits();
    let contact = ana.accepts().await;
    ana.wait_for("contact.connected").await;
    (ana, contact, customer, desk)
}

/// Whether it is a channel of this device, as `PJSIP/1001`, or of this technology.
pub fn is_of(channel: &Value, device: &str) -> bool {
    let name = channel["name"].as_str().unwrap_or_default();
    name.strip_prefix(device).is_some_and(|rest| rest.starts_with(['-', '/']))
}

/// Whether channels of both devices are in one bridge now.
pub async fn hear_each_other(centre: &Centre, one: &str, other: &str) -> bool {
    let channels = centre.switch.channels().await;
    let of = |device: &str| -> Vec<Value> {
        channels.iter().filter(|channel| is_of(channel, device)).map(|channel| channel["id"].clone()).collect()
    };
    let (one, other) = (of(one), of(other));
    let bridges = centre.switch.ask("GET", "/bridges").await;
    let mixing = bridges.as_array().unwrap().iter().filter(|bridge| bridge["bridge_type"] == "mixing");
    mixing.filter_map(|bridge| bridge["channels"].as_array()).any(|both| {
        one.iter().any(|channel| both.contains(channel)) && other.iter().any(|channel| both.contains(channel))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_held_and_hears_music() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, contact, customer, desk) = talking(&centre).await;
    assert!(hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await);
    for _ in 0..3 {
        ana.ask("contact.hold", json!({ "contact": contact })).await.unwrap();
        ana.wait_for("contact.held").await;
        centre.until("they are apart", async || !hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await).await;
        ana.ask("contact.unhold", json!({ "contact": contact })).await.unwrap();
        ana.wait_for("contact.unheld").await;
        centre.until("they are together", async || hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await).await;
    }
    ana.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    tells(&centre.whole_story(&contact).await, &["connected ana", "held ana", "unheld ana", "held ana", "unheld ana"]);
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_customer_hangs_up() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, phone) = centre.works("ana", "1001").await;
    let desk = phone.answers(0);
    let customer = Customers::of(&centre.switch).talks(2_500);
    let contact = ana.accepts().await;
    ana.wait_for("contact.connected").await;
    ana.ask("contact.hold", json!({ "contact": contact })).await.unwrap();
    assert_eq!(ana.wait_for("contact.ended").await["by"], "customer");
    customer.ends_well().await;
    desk.ends_well().await;
    centre.whole_story(&contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_hangs_up_has_ended_the_call() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, phone) = centre.works("ana", "1001").await;
    let desk = phone.hangs_up(0, 1_500);
    let customer = Customers::of(&centre.switch).waits();
    let contact = ana.accepts().await;
    ana.wait_for("contact.connected").await;
    assert_eq!(ana.wait_for("contact.ended").await["by"], "agent");
    customer.ends_well().await;
    desk.ends_well().await;
    centre.whole_story(&contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_drops_is_rung_again() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, phone) = centre.works("ana", "1001").await;
    let desk = phone.answers(0);
    let customer = Customers::of(&centre.switch).waits();
    let contact = ana.accepts().await;
    ana.wait_for("contact.connected").await;
    // As Asterisk does with a phone whose sound has stopped: cause 44.
    let channels = centre.switch.channels().await;
    let hers = channels.iter().find(|channel| is_of(channel, "PJSIP/1001")).unwrap();
    let path = format!("/channels/{}?reason_code=44", hers["id"].as_str().unwrap());
    centre.switch.ask("DELETE", &path).await;
    desk.ends_well().await;
    let desk = phone.answers(0);
    ana.wait_for("contact.leg_lost").await;
    ana.wait_for("contact.leg_back").await;
    centre.until("they are together", async || hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await).await;
    ana.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    tells(&centre.whole_story(&contact).await, &["connected ana", "leg_lost ana", "leg_back ana"]);
    assert_eq!(centre.watch.count(about("ChannelDestroyed", "PJSIP/1001")), 2);
    centre.is_quiet().await;
}
