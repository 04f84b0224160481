//! When something goes away: the server, the switch, the line between them. No call drops that need not, and none is
//! forgotten.

use std::time::Duration;

use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::centre::{CUSTOMER, Centre, Wanted, tells};
use super::sipp::{Customers, Phone};
use super::switch::Switch;
use super::talking::{hear_each_other, talking};
use super::watch::Watch;
use crate::support::surroundings::free_port;

const CUT_FOR: Duration = Duration::from_secs(20);

/// The line between server and switch, which can be cut and mended.
struct Line {
    here: String,
    is_whole: watch::Sender<bool>,
}

impl Line {
    async fn to(there: String) -> Line {
        let here = format!("127.0.0.1:{}", free_port());
        let listener = TcpListener::bind(&here).await.unwrap();
        let (is_whole, seen) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *seen.borrow() {
                    tokio::spawn(carry(near, there.clone(), seen.clone()));
                }
            }
        });
        Line { here, is_whole }
    }
}

async fn carry(mut near: TcpStream, there: String, mut is_whole: watch::Receiver<bool>) {
    let Ok(mut far) = TcpStream::connect(there).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        _ = is_whole.wait_for(|is_whole| !is_whole) => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_killed_and_no_call_drops_or_is_forgotten() {
    let Some(mut centre) = Centre::open().await else { return };
    let (ana, talk, talker, desk) = talking(&centre).await;
    let waiter = Customers { from: "+33612000001", ..Customers::of(&centre.switch) }.waits();
    let wait = centre.first_waiting().await;
    let leaver = Customers { from: "+33612000002", ..Customers::of(&centre.switch) }.talks(3_000);
    centre.until("two wait", async || centre.switch.channels().await.len() == 4).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let left = centre.waiting().await[1]["contact"].as_str().unwrap().to_owned();

    drop(ana);
    centre.server.stop();
    leaver.ends_well().await;
    assert!(hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await, "they talk on without the server");
    assert_eq!(centre.switch.channels().await.len(), 3);
    centre.server.kill_and_start_again();
    centre.eva = centre.server.sees("eva").await;
    centre.is_driven().await;

    let ended = centre.whole_story(&left).await;
    assert!(ended.iter().any(|step| step.starts_with("visit_ended")), "{ended:#?}");
    assert_eq!(centre.first_waiting().await, wait, "who waited waits on");
    let mut ana = centre.server.agent("ana").await;
    assert!(hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await, "and they still talk");
    ana.ask("contact.hold", json!({ "contact": talk })).await.unwrap();
    centre.until("held after all", async || !hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await).await;
    ana.ask("contact.end", json!({ "contact": talk })).await.unwrap();
    talker.ends_well().await;
    desk.ends_well().await;
    let (mut ben, phone) = centre.works("ben", "1002").await;
    let desk = phone.answers(0);
    assert_eq!(ben.accepts().await, wait);
    ben.wait_for("contact.connected").await;
    ben.ask("contact.end", json!({ "contact": wait })).await.unwrap();
    waiter.ends_well().await;
    desk.ends_well().await;
    tells(&centre.whole_story(&talk).await, &["connected ana", "held ana"]);
    tells(&centre.whole_story(&wait).await, &["arrived", "connected ben"]);
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_switch_starts_again_and_its_calls_are_over() {
    let Some(mut centre) = Centre::open().await else { return };
    let (mut ana, talk, talker, desk) = talking(&centre).await;
    let waiter = Customers::of(&centre.switch).waits();
    let wait = centre.first_waiting().await;
    centre.switch.kill_and_start_again();
    drop((talker, desk, waiter));
    centre.watch = Watch::open(&centre.switch).await;
    centre.is_driven().await;
    ana.wait_for("contact.ended").await;
    for contact in [&talk, &wait] {
        centre.whole_story(contact).await;
    }
    let phone = Phone::registered(&centre.switch, "1001").await;
    let desk = phone.answers(0);
    let customer = Customers::of(&centre.switch).talks(1_500);
    let contact = ana.accepts().await;
    ana.wait_for("contact.connected").await;
    customer.ends_well().await;
    desk.ends_well().await;
    tells(&centre.whole_story(&contact).await, &["arrived", "connected ana"]);
    centre.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_to_the_switch_is_cut_for_twenty_seconds() {
    let Some(switch) = Switch::start() else { return };
    let line = Line::to(switch.ari()).await;
    let mut centre = Centre::around(switch, &Wanted { ari: Some(&line.here), ..Wanted::default() }).await;
    let (mut ana, talk, talker, desk) = talking(&centre).await;
    let waiter = Customers::of(&centre.switch).waits();
    let wait = centre.first_waiting().await;
    let leaver = Customers::of(&centre.switch).talks(3_000);
    centre.until("two wait", async || centre.switch.channels().await.len() == 4).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let left = centre.waiting().await[1]["contact"].as_str().unwrap().to_owned();

    line.is_whole.send_replace(false);
    let cut = tokio::time::Instant::now();
    leaver.ends_well().await;
    let phone = Phone::registered(&centre.switch, "1002").await;
    let fallback = phone.answers(0);
    Customers::of(&centre.switch).talks(1_000).ends_well().await;
    fallback.ends_well().await;
    tokio::time::sleep_until(cut + CUT_FOR).await;
    assert!(hear_each_other(&centre, CUSTOMER, "PJSIP/1001").await, "they talk on");
    line.is_whole.send_replace(true);

    let ended = centre.whole_story(&left).await;
    assert!(ended.iter().any(|step| step.starts_with("visit_ended")), "{ended:#?}");
    assert_eq!(centre.first_waiting().await, wait);
    ana.ask("contact.end", json!({ "contact": talk })).await.unwrap();
    talker.ends_well().await;
    desk.ends_well().await;
    let mut ben = centre.server.agent("ben").await;
    ben.is_available().await;
    let desk = phone.answers(0);
    assert_eq!(ben.accepts().await, wait);
    ben.wait_for("contact.connected").await;
    ben.ask("contact.end", json!({ "contact": wait })).await.unwrap();
    waiter.ends_well().await;
    desk.ends_well().await;
    centre.is_quiet().await;
}
