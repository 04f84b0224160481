//! Callers from their first ring until an agent has them, or until they leave. It looks at no transfer.

use serde_json::json;

use super::centre::{CUSTOMER, Centre, Wanted, tells};
use super::sipp::{Customers, Phone};
use super::watch::{about, lifted};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_answered_and_both_are_heard() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, phone) = centre.works("ana", "1001").await;
    let mut desk = phone.answers(100);
    let customer = Customers::of(&centre.switch).talks(2_500);
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!(
        (&offered["contact"]["from"], &offered["contact"]["to"]),
        (&json!("+33612345678"), &json!("+33180000000"))
    );
    ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    ana.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
    let contact = offered["contact"]["id"].as_str().unwrap().to_owned();
    assert_eq!(ana.wait_for("contact.connected").await["contact"], json!(contact));
    assert!(!desk.is_over());
    centre.until("the customer hears and is heard", async || centre.hears_and_is_heard(CUSTOMER).await).await;
    centre.until("the agent hears and is heard", async || centre.hears_and_is_heard("PJSIP/1001").await).await;
    assert!(desk.messages().contains("answer-after=0"), "a phone of mode console answers by itself");

    assert_eq!(ana.wait_for("contact.ended").await["by"], "customer");
    customer.ends_well().await;
    desk.ends_well().await;
    let story = centre.whole_story(&contact).await;
    tells(&story, &["arrived", "offered ana", "connecting ana", "connected ana"]);
    assert_eq!(centre.watch.count(about("ChannelDestroyed", "PJSIP/1001")), 1);
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_hears_music_and_may_leave() {
    let Some(mut centre) = Centre::open().await else { return };
    let customer = Customers::of(&centre.switch).talks(1_500);
    let contact = centre.first_waiting().await;
    centre.until("the caller hears music", async || centre.hears_and_is_heard(CUSTOMER).await).await;
    customer.ends_well().await;
    let story = centre.whole_story(&contact).await;
    assert!(story.iter().any(|step| step == "visit_ended abandoned"), "{story:#?}");
    assert!(centre.waiting().await.is_empty());
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_leaves_while_the_agents_phone_rings() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, phone) = centre.works("ana", "1001").await;
    let desk = phone.rings();
    let customer = Customers::of(&centre.switch).talks(1_500);
    let contact = ana.accepts().await;
    customer.ends_well().await;
    desk.ends_well().await;
    let story = centre.whole_story(&contact).await;
    tells(&story, &["connecting ana", "visit_ended abandoned"]);
    assert!(!story.iter().any(|step| step.starts_with("connected")), "{story:#?}");

    let desk = phone.answers(0);
    let customer = Customers::of(&centre.switch).talks(500);
    ana.accepts().await;
    ana.wait_for("contact.connected").await;
    customer.ends_well().await;
    desk.ends_well().await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_offer_goes_to_the_next_agent() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, _) = centre.works("ana", "1001").await;
    let (mut ben, phone) = centre.works("ben", "1002").await;
    let desk = phone.answers(0);
    let customer = Customers::of(&centre.switch).talks(7_000);
    let offered = ana.wait_for("contact.offered").await;
    ana.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    let contact = ben.accepts().await;
    ben.wait_for("contact.connected").await;
    customer.ends_well().await;
    desk.ends_well().await;
    let story = centre.whole_story(&contact).await;
    tells(&story, &["offered ana", "offer_ended ana expired", "offered ben", "connected ben"]);
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lifting_a_ringing_phone_is_the_accept() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut chloe, phone) = centre.works("chloe", "1003").await;
    let desk = phone.answers(500);
    let customer = Customers::of(&centre.switch).talks(2_000);
    chloe.wait_for("contact.offered").await;
    let connected = chloe.wait_for("contact.connected").await;
    assert!(!desk.messages().contains("answer-after"), "this phone is lifted by hand");
    customer.ends_well().await;
    desk.ends_well().await;
    let story = centre.whole_story(connected["contact"].as_str().unwrap()).await;
    tells(&story, &["offered chloe", "connected chloe"]);
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leg_that_stays_up_is_connected_without_ringing() {
    let Some(mut centre) = Centre::open().await else { return };
    let phone = Phone::registered(&centre.switch, "1004").await;
    let desk = phone.answers(0);
    let mut david = centre.server.agent("david").await;
    david.is_available().await;
    centre.watch.wait_for("David's leg is up", lifted("PJSIP/1004")).await;
    for _ in 0..2 {
        let customer = Customers::of(&centre.switch).talks(3_000);
        let contact = david.accepts().await;
        david.wait_for("contact.connected").await;
        customer.ends_well().await;
        centre.whole_story(&contact).await;
    }
    assert_eq!(centre.watch.count(lifted("PJSIP/1004")), 1, "rung once for both");
    david.ask("presence.log_out", json!({ "how": "finish" })).await.unwrap();
    desk.ends_well().await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_leads_out_of_the_queue() {
    let general = "[queue.general.exit]\nkey_4 = { action = \"hang_up\" }\n";
    let Some(mut centre) = Centre::open_with(&Wanted { general, ..Wanted::default() }).await else { return };
    let customer = Customers::of(&centre.switch).presses("4", 500);
    let contact = centre.first_waiting().await;
    customer.ends_well().await;
    let story = centre.whole_story(&contact).await;
    assert!(story.iter().any(|step| step.starts_with("exit_key")), "{story:#?}");
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_withheld_or_malformed_are_left_out() {
    let Some(mut centre) = Centre::open().await else { return };
    for from in ["anonymous", "12", "0612345678"] {
        let customer = Customers { from, ..Customers::of(&centre.switch) }.talks(600);
        centre.first_waiting().await;
        let shown = centre.waiting().await[0]["from"].clone();
        // Supervisors see the end of a number.
        let national = (from == "0612345678").then_some("…78");
        assert_eq!(shown.as_str(), national, "{from}");
        customer.ends_well().await;
        centre.until("it is over", async || centre.switch.channels().await.is_empty()).await;
        while !centre.waiting().await.is_empty() {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_leads_to_the_mailbox() {
    let general = "[queue.general.exit]\nkey_1 = { action = \"voicemail\", mailbox = \"general\" }\n";
    let Some(mut centre) = Centre::open_with(&Wanted { general, ..Wanted::default() }).await else { return };
    let customer = Customers::of(&centre.switch).presses("1", 500);
    let contact = centre.first_waiting().await;
    let caller = centre
        .watch
        .wait_for("he is in the mailbox", |event| {
            let dialplan = &event["channel"]["dialplan"];
            dialplan["context"] == "usher-voicemail"
                && dialplan["exten"] == "general"
                && dialplan["app_name"] == "VoiceMail"
        })
        .await;
    while centre.eva.ask("contact.show", json!({ "contact": contact })).await.unwrap()["state"] != "leaving" {}
    let path = format!("/channels/{}", caller["channel"]["id"].as_str().unwrap());
    centre.switch.ask("DELETE", &path).await;
    customer.ends_well().await;
    tells(&centre.whole_story(&contact).await, &["arrived", "voicemail"]);
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_leads_to_a_message_and_the_end() {
    let general = "[queue.general.exit]\nkey_3 = { action = \"announce\", message = \"closed\" }\n";
    let Some(mut centre) = Centre::open_with(&Wanted { general, ..Wanted::default() }).await else { return };
    centre.switch.has_message("closed");
    let customer = Customers::of(&centre.switch).presses("3", 500);
    let contact = centre.first_waiting().await;
    let played = centre.watch.wait_for("the message is over", |event| event["type"] == "PlaybackFinished").await;
    assert_eq!(
        (&played["playback"]["media_uri"], &played["playback"]["state"]),
        (&json!("sound:usher/closed"), &json!("done"))
    );
    customer.ends_well().await;
    centre.whole_story(&contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_told_his_place() {
    let wanted = Wanted { asterisk: "announce_every_ms = 1000", ..Wanted::default() };
    let Some(mut centre) = Centre::open_with(&wanted).await else { return };
    let first = Customers::of(&centre.switch).talks(9_000);
    centre.first_waiting().await;
    let second = Customers::of(&centre.switch).talks(9_000);
    for sound in ["sound:queue-youarenext", "sound:queue-thereare"] {
        centre.watch.wait_for(sound, |event| event["playback"]["media_uri"] == sound).await;
    }
    for customer in [first, second] {
        customer.ends_well().await;
    }
    centre.is_quiet().await;
}
