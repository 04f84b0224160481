//! A customer goes to somebody else: at once, or after a word with a colleague, whose leg or whose customer may drop
//! meanwhile.

use serde_json::{Value, json};

use super::centre::{CUSTOMER, Centre, tells};
use super::sipp::{Customers, Phone, Sipp};
use super::talking::{hear_each_other, talking};
use crate::live_server::Peer;

const ANA: &str = "PJSIP/1001";
const BEN: &str = "PJSIP/1002";

async fn blind(ana: &mut Peer, contact: &str, to: Value) {
    ana.ask("contact.transfer", json!({ "contact": contact, "to": to, "kind": "blind" })).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_handed_to_an_agent_at_once() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, contact, customer, desk) = talking(&centre).await;
    let (mut ben, phone) = centre.works("ben", "1002").await;
    let desk_of_ben = phone.answers(0);
    blind(&mut ana, &contact, json!({ "agent": "ben" })).await;
    assert_eq!(ben.accepts().await, contact);
    ben.wait_for("contact.connected").await;
    desk.ends_well().await;
    centre.until("Ben has the customer", async || hear_each_other(&centre, CUSTOMER, BEN).await).await;
    ben.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk_of_ben.ends_well().await;
    tells(&centre.whole_story(&contact).await, &["connected ana", "offered ben", "connected ben"]);
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_handed_back_to_the_queue() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, contact, customer, desk) = talking(&centre).await;
    blind(&mut ana, &contact, json!({ "queue": "general" })).await;
    desk.ends_well().await;
    let (mut ben, phone) = centre.works("ben", "1002").await;
    let desk_of_ben = phone.answers(0);
    assert_eq!(ben.accepts().await, contact);
    ben.wait_for("contact.connected").await;
    ben.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk_of_ben.ends_well().await;
    centre.whole_story(&contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_goes_to_a_number_outside_and_stays_there_without_us() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, contact, customer, desk) = talking(&centre).await;
    let branch = Phone::outside(&centre.switch).hangs_up(300, 2_000);
    blind(&mut ana, &contact, json!({ "number": "+33123456789" })).await;
    desk.ends_well().await;
    tells(&centre.whole_story(&contact).await, &["connected ana", "transferred_outside ana"]);
    assert!(branch.messages().contains("INVITE sip:+33123456789@"), "{}", branch.messages());
    branch.ends_well().await;
    customer.ends_well().await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_outside_that_is_busy_gives_the_customer_back() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, contact, customer, desk) = talking(&centre).await;
    let branch = Phone::outside(&centre.switch).refuses("486 Busy Here");
    blind(&mut ana, &contact, json!({ "number": "+33123456789" })).await;
    desk.ends_well().await;
    branch.ends_well().await;
    let (mut ben, phone) = centre.works("ben", "1002").await;
    let desk_of_ben = phone.answers(0);
    assert_eq!(ben.accepts().await, contact);
    ben.wait_for("contact.connected").await;
    ben.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk_of_ben.ends_well().await;
    tells(&centre.whole_story(&contact).await, &["connected ana", "offered ben", "connected ben"]);
    centre.is_quiet().await;
}

/// Ana asks Ben, whose phone is as `answers` makes it, about the customer she holds.
struct Asking {
    ana: Peer,
    ben: Peer,
    contact: String,
    customer: Sipp,
    desk: Sipp,
    desk_of_ben: Sipp,
}

async fn asking(centre: &Centre, customer: Option<Sipp>, answers: impl Fn(&Phone) -> Sipp) -> Asking {
    let (mut ana, phone) = centre.works("ana", "1001").await;
    let desk = phone.answers(0);
    let customer = customer.unwrap_or_else(|| Customers::of(&centre.switch).waits());
    let contact = ana.accepts().await;
    ana.wait_for("contact.connected").await;
    let (mut ben, phone) = centre.works("ben", "1002").await;
    let desk_of_ben = answers(&phone);
    let asks = json!({ "contact": contact, "to": { "agent": "ben" }, "kind": "consult" });
    ana.ask("contact.transfer", asks).await.unwrap();
    ben.accepts().await;
    Asking { ana, ben, contact, customer, desk, desk_of_ben }
}

/// Ben is on the line: Ana hears him, and the customer neither.
async fn consulting(centre: &Centre, customer: Option<Sipp>, answers: impl Fn(&Phone) -> Sipp) -> Asking {
    let mut asking = asking(centre, customer, answers).await;
    asking.ana.wait_for("party.joined").await;
    centre.until("Ana hears Ben", async || hear_each_other(centre, ANA, BEN).await).await;
    assert!(!hear_each_other(centre, CUSTOMER, ANA).await && !hear_each_other(centre, CUSTOMER, BEN).await);
    asking
}

fn stays(phone: &Phone) -> Sipp {
    phone.answers(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_who_was_asked_takes_the_customer() {
    let Some(mut centre) = Centre::open().await else { return };
    let mut all = consulting(&centre, None, stays).await;
    all.ana.ask("transfer.complete", json!({ "contact": all.contact })).await.unwrap();
    all.ben.wait_for("contact.taken_over").await;
    all.desk.ends_well().await;
    centre.until("Ben has the customer", async || hear_each_other(&centre, CUSTOMER, BEN).await).await;
    all.ben.ask("contact.end", json!({ "contact": all.contact })).await.unwrap();
    all.customer.ends_well().await;
    all.desk_of_ben.ends_well().await;
    centre.whole_story(&all.contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_given_up() {
    let Some(mut centre) = Centre::open().await else { return };
    let mut all = consulting(&centre, None, stays).await;
    all.ana.ask("transfer.cancel", json!({ "contact": all.contact })).await.unwrap();
    all.desk_of_ben.ends_well().await;
    centre.until("Ana has the customer", async || hear_each_other(&centre, CUSTOMER, ANA).await).await;
    all.ana.ask("contact.end", json!({ "contact": all.contact })).await.unwrap();
    all.customer.ends_well().await;
    all.desk.ends_well().await;
    centre.whole_story(&all.contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_three_hear_each_other() {
    let Some(mut centre) = Centre::open().await else { return };
    let mut all = consulting(&centre, None, stays).await;
    all.ana.ask("conference.add", json!({ "contact": all.contact })).await.unwrap();
    centre
        .until("all three are together", async || {
            hear_each_other(&centre, CUSTOMER, ANA).await
                && hear_each_other(&centre, CUSTOMER, BEN).await
                && hear_each_other(&centre, ANA, BEN).await
        })
        .await;
    all.ana.ask("contact.leave", json!({ "contact": all.contact })).await.unwrap();
    all.desk.ends_well().await;
    all.ben.wait_for("contact.taken_over").await;
    all.ben.ask("contact.end", json!({ "contact": all.contact })).await.unwrap();
    all.customer.ends_well().await;
    all.desk_of_ben.ends_well().await;
    centre.whole_story(&all.contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_whose_phone_is_busy() {
    let Some(mut centre) = Centre::open().await else { return };
    let mut all = asking(&centre, None, |phone| phone.refuses("486 Busy Here")).await;
    all.ana.wait_for("party.left").await;
    centre
        .until("Ana has the customer", async || {
            let held = hear_each_other(&centre, CUSTOMER, ANA).await;
            held || all.ana.ask("contact.unhold", json!({ "contact": all.contact })).await.is_ok()
        })
        .await;
    all.ana.ask("contact.end", json!({ "contact": all.contact })).await.unwrap();
    all.customer.ends_well().await;
    all.desk.ends_well().await;
    all.desk_of_ben.ends_well().await;
    centre.whole_story(&all.contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_hangs_up_while_he_is_asked() {
    let Some(mut centre) = Centre::open().await else { return };
    let mut all = consulting(&centre, None, |phone| phone.hangs_up(0, 1_500)).await;
    all.ana.wait_for("party.left").await;
    all.desk_of_ben.ends_well().await;
    all.ana.ask("contact.end", json!({ "contact": all.contact })).await.unwrap();
    all.customer.ends_well().await;
    all.desk.ends_well().await;
    centre.whole_story(&all.contact).await;
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_hangs_up_while_two_speak_about_him() {
    let Some(mut centre) = Centre::open().await else { return };
    let customer = Customers::of(&centre.switch).talks(4_000);
    let mut all = consulting(&centre, Some(customer), stays).await;
    all.customer.ends_well().await;
    centre.whole_story(&all.contact).await;
    assert!(hear_each_other(&centre, ANA, BEN).await, "the two speak on");
    all.ana.ask("contact.leave", json!({ "contact": all.contact })).await.ok();
    centre.switch.ask("GET", "/channels").await;
    drop((all.ana, all.ben));
    drop((all.desk, all.desk_of_ben));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_drops_and_the_colleague_has_the_customer() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, phone) = centre.works("ana", "1001").await;
    let desk = phone.hangs_up(0, 4_000);
    let customer = Customers::of(&centre.switch).waits();
    let contact = ana.accepts().await;
    ana.wait_for("contact.connected").await;
    let (mut ben, phone) = centre.works("ben", "1002").await;
    let desk_of_ben = phone.answers(0);
    let asks = json!({ "contact": contact, "to": { "agent": "ben" }, "kind": "consult" });
    ana.ask("contact.transfer", asks).await.unwrap();
    ben.accepts().await;
    ana.wait_for("party.joined").await;
    desk.ends_well().await;
    ben.wait_for("contact.taken_over").await;
    centre.until("Ben has the customer", async || hear_each_other(&centre, CUSTOMER, BEN).await).await;
    ben.ask("contact.end", json!({ "contact": contact })).await.unwrap();
    customer.ends_well().await;
    desk_of_ben.ends_well().await;
    centre.whole_story(&contact).await;
    centre.is_quiet().await;
}
