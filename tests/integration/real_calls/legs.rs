//! Agents' phones that cannot be had: the caller keeps his place, and the next agent gets him.

use serde_json::json;

use super::centre::{Centre, tells};
use super::sipp::{Customers, Phone};
use super::watch::about;

/// Ana accepts, her phone is as `refuse` makes it, and Ben gets the caller. What the story says of her leg.
async fn next_agent_has_him(centre: &mut Centre, refuse: impl AsyncFn(&Centre) -> Option<super::sipp::Sipp>) -> String {
    let desk_of_ana = refuse(centre).await;
    let mut ana = centre.server.agent("ana").await;
    ana.is_available().await;
    let (mut ben, phone) = centre.works("ben", "1002").await;
    let desk = phone.answers(0);
    let customer = Customers::of(&centre.switch).waits();
    assert_eq!(ana.accepts().await, ben.accepts().await);
    let connected = ben.wait_for("contact.connected").await;
    let contact = connected["contact"].as_str().unwrap().to_owned();
    ben.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    if let Some(desk) = desk_of_ana {
        desk.ends_well().await;
    }
    let story = centre.whole_story(&contact).await;
    tells(&story, &["connecting ana", "offered ben", "connected ben"]);
    centre.is_quiet().await;
    story.into_iter().find(|step| step.starts_with("not_connected")).unwrap_or_default()
}

async fn refused_with(status: &str) -> Option<String> {
    let mut centre = Centre::open().await?;
    let said = next_agent_has_him(&mut centre, async |centre| {
        Some(Phone::registered(&centre.switch, "1001").await.refuses(status))
    })
    .await;
    centre.watch.wait_for("Ana's leg is gone", about("ChannelDestroyed", "PJSIP/1001")).await;
    Some(said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_phone() {
    if let Some(said) = refused_with("486 Busy Here").await {
        assert_eq!(said, "not_connected ana busy");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_rejects() {
    if let Some(said) = refused_with("603 Decline").await {
        assert_eq!(said, "not_connected ana rejected");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_cannot_be_reached() {
    if let Some(said) = refused_with("404 Not Found").await {
        assert_eq!(said, "not_connected ana unregistered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_whose_network_fails() {
    if let Some(said) = refused_with("503 Service Unavailable").await {
        assert_eq!(said, "not_connected ana failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_phone_is_given_no_call() {
    let Some(mut centre) = Centre::open().await else { return };
    let mut ana = centre.server.agent("ana").await;
    ana.is_available().await;
    let customer = Customers::of(&centre.switch).waits();
    let contact = centre.first_waiting().await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(centre.waiting().await[0]["state"], "waiting", "her phone is not registered");
    let phone = Phone::registered(&centre.switch, "1001").await;
    let desk = phone.answers(0);
    assert_eq!(ana.accepts().await, contact, "now it is");
    ana.wait_for("contact.connected").await;
    ana.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    phone.unregister().await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_in_a_call_of_its_own_is_given_none() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, phone) = centre.works("ana", "1001").await;
    let desk = phone.answers(0);
    // Somebody dials her, past Usher.
    let path = "/channels?endpoint=PJSIP/1001&app=watch&channelId=private&timeout=10";
    centre.switch.ask("POST", path).await;
    centre
        .watch
        .wait_for("Ana's phone is in use", |event| {
            event["type"] == "DeviceStateChanged" && event["device_state"]["state"] == "INUSE"
        })
        .await;
    let customer = Customers::of(&centre.switch).waits();
    let contact = centre.first_waiting().await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(centre.waiting().await[0]["state"], "waiting", "her phone is in use");
    centre.switch.ask("DELETE", "/channels/private").await;
    desk.ends_well().await;
    let desk = phone.answers(0);
    assert_eq!(ana.accepts().await, contact);
    ana.wait_for("contact.connected").await;
    ana.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk.ends_well().await;
    centre.is_quiet().await;
}
