//! Many calls at once: each has its agent, none is lost, and nothing is left of them.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use super::centre::{CUSTOMER, Centre, Wanted};
use super::sipp::{Customers, Phone};
use super::watch::lifted;

const CALLS: u32 = 50;
const TALKS_MS: u64 = 12_000;

/// So many agents at mobile phones, which the trunk reaches.
pub fn mobiles(count: u32) -> String {
    (0..count).fold(String::new(), |mut text, nth| {
        let phone = format!("PJSIP/+336000000{nth:02}@trunk");
        writeln!(text, "[agent.mobile{nth}]\nphone = {{ mode = \"console\", endpoint = \"{phone}\" }}").unwrap();
        text
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_calls_at_once() {
    let agents = mobiles(CALLS);
    let Some(mut centre) = Centre::open_with(&Wanted { agents: &agents, ..Wanted::default() }).await else { return };
    let desks = Phone::outside(&centre.switch).answers_calls(CALLS, 50);
    let mut consoles = Vec::new();
    for nth in 0..CALLS {
        let agent = format!("mobile{nth}");
        centre.server.add_user(&[&agent, "--role", "agent", "--agent", &agent]);
        let mut console = centre.server.agent(&agent).await;
        console.is_available().await;
        consoles.push(console);
    }
    let customers = Customers::of(&centre.switch).many(CALLS, CALLS, TALKS_MS);
    let talks = consoles.into_iter().map(|mut console| {
        tokio::spawn(async move {
            let contact = console.accepts().await;
            let connected = console.wait_for("contact.connected").await;
            assert_eq!(connected["contact"], Value::from(contact.clone()));
            assert_eq!(console.wait_for("contact.ended").await["by"], "customer");
            contact
        })
    });
    let mut contacts = BTreeSet::new();
    for talk in talks.collect::<Vec<_>>() {
        contacts.insert(talk.await.unwrap());
    }
    assert_eq!(contacts.len(), CALLS as usize, "each call has an agent of its own");
    customers.ends_well().await;
    desks.ends_well().await;
    assert_eq!(centre.watch.count(lifted(CUSTOMER)), 2 * CALLS as usize, "customers and mobiles");
    assert!(centre.waiting().await.is_empty());
    centre.is_quiet().await;
}
