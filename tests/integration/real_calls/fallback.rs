//! Calls that the server does not take, because it is gone, stands still, or has no room to write them down: the
//! dialplan takes them, and nobody else's call suffers.

use std::time::{Duration, Instant};

use super::centre::{CUSTOMER, Centre};
use super::sipp::{Customers, Phone};
use super::switch::Switch;
use super::talking::{hear_each_other, talking};
use super::watch::{Watch, about};
use crate::support::held::Held;

/// `fallback_after_ms`, what the dialplan adds, and a machine that is busy.
const TAKEN_BACK_WITHIN: Duration = Duration::from_secs(5);

/// Ana talks with one customer and another waits; Ben's phone is among those of the fallback.
struct Busy {
    centre: Centre,
    talk: String,
    wait: String,
    /// Its customers and Ana's desk hang up when they are dropped.
    _calls: Vec<super::sipp::Sipp>,
    _ana: crate::live_server::Peer,
    phone: Phone,
}

impl Busy {
    async fn open() -> Option<Busy> {
        let mut centre = Centre::open().await?;
        let (ana, talk, talker, desk) = talking(&centre).await;
        let waiter = Customers { from: "+33612000001", ..Customers::of(&centre.switch) }.waits();
        let wait = centre.first_waiting().await;
        let phone = Phone::registered(&centre.switch, "1002").await;
        Some(Busy { centre, talk, wait, _calls: vec![talker, desk, waiter], _ana: ana, phone })
    }

    /// A call comes in, and the dialplan's phone has it soon.
    async fn a_call_falls_back(&self) {
        let switch = &self.centre.switch;
        let desk = self.phone.answers(100);
        let began = Instant::now();
        let customer = Customers { from: "+33612000002", ..Customers::of(switch) }.talks(1_000);
        self.centre.watch.wait_for("the fallback's phone rings", about("ChannelCreated", "PJSIP/1002")).await;
        let took = began.elapsed();
        assert!(took < TAKEN_BACK_WITHIN, "the phone rang after {took:?}");
        customer.ends_well().await;
        desk.ends_well().await;
        assert!(hear_each_other(&self.centre, CUSTOMER, "PJSIP/1001").await, "the others talk on");
    }

    /// Once the server is itself again: who waited waits on, and nobody else does.
    async fn nobody_is_forgotten(mut self) {
        let wait = self.wait.clone();
        assert_eq!(self.centre.first_waiting().await, wait);
        let until = Instant::now() + Duration::from_secs(20);
        while self.centre.waiting().await.len() > 1 {
            assert!(Instant::now() < until, "a call that has gone is still waiting");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let story = self.centre.story(&self.talk).await;
        assert!(story.iter().all(|step| !step.starts_with("ended")), "{story:#?}");
        assert!(hear_each_other(&self.centre, CUSTOMER, "PJSIP/1001").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_the_dialplan_takes_calls() {
    let Some(switch) = Switch::start() else { return };
    let watch = Watch::open(&switch).await;
    let phone = Phone::registered(&switch, "1001").await;
    let desk = phone.answers(100);
    Customers::of(&switch).talks(1_000).ends_well().await;
    desk.ends_well().await;
    watch.wait_for("the fallback's phone has rung", about("ChannelDestroyed", "PJSIP/1001")).await;

    phone.unregister().await;
    // Long enough for the greeting, and for a word.
    let customer = Customers::of(&switch).talks(16_000);
    watch
        .wait_for("the caller is in the mailbox", |event| {
            event["channel"]["dialplan"]["context"] == "usher-voicemail"
                && event["channel"]["dialplan"]["app_name"] == "VoiceMail"
        })
        .await;
    customer.ends_well().await;
    let mailbox = switch.folder().join("spool/voicemail/default/general/INBOX");
    assert!(mailbox.join("msg0000.wav").exists(), "what he said is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_to_a_server_that_was_killed_falls_back() {
    let Some(mut busy) = Busy::open().await else { return };
    busy.centre.server.stop();
    busy.a_call_falls_back().await;
    busy.centre.server.kill_and_start_again();
    busy.centre.eva = busy.centre.server.sees("eva").await;
    busy.centre.is_driven().await;
    busy.nobody_is_forgotten().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_to_a_server_that_stands_still_falls_back() {
    let Some(busy) = Busy::open().await else { return };
    busy.centre.server.freeze();
    busy.a_call_falls_back().await;
    busy.centre.server.thaw();
    busy.centre.server.figure_is("usher_switch_fallbacks_total{switch=\"sip\"}", 1.0).await;
    busy.centre.server.figure_is("usher_contacts_ended_total{channel=\"voice\",by=\"gateway\"}", 1.0).await;
    busy.nobody_is_forgotten().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_the_server_cannot_write_down_falls_back() {
    let Some(busy) = Busy::open().await else { return };
    let journal = busy.centre.server.folder.path().join("data/journal.db");
    let held = Held::hold(&journal).await;
    busy.a_call_falls_back().await;
    held.let_go().await;
    busy.nobody_is_forgotten().await;
}
