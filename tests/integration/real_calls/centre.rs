//! A switch, a server that drives it, and a supervisor who looks at both. It judges nothing.

use std::time::Duration;

use serde_json::{Value, json};

use super::sipp::Phone;
use super::switch::{PASSWORD, Switch};
use super::watch::Watch;
use crate::live_server::{Peer, Server};

const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);
pub const CUSTOMER: &str = "PJSIP/trunk";
const ENTRY: &str = "[[entry]]\nname = \"all\"\nqueue = \"general\"\n";
const SITE: &str = "outside_prefixes = [\"+33\"]\n";
const GENERAL: &str = "[queue.general]\noffer_timeout = \"4s\"\nshort_abandon = \"0s\"\nwrap_up = { max = \"1s\" }\n";
/// A phone of `docs/asterisk/pjsip.conf` each; Chloé lifts hers, David's stays up.
const AGENTS: &str = r#"
[agent.ana]
phone = { mode = "console", endpoint = "PJSIP/1001" }
may_transfer_outside = true
[agent.ben]
phone = { mode = "console", endpoint = "PJSIP/1002" }
[agent.chloe]
phone = { mode = "phone", endpoint = "PJSIP/1003" }
[agent.david]
phone = { mode = "persistent", endpoint = "PJSIP/1004" }
"#;

pub struct Centre {
    // Dropped first: the server's farewell needs no switch.
    pub server: Server,
    pub switch: Switch,
    pub watch: Watch,
    pub eva: Peer,
}

/// What a test wants otherwise.
#[derive(Default)]
pub struct Wanted<'a> {
    /// Lines of `[asterisk.sip]`.
    pub asterisk: &'a str,
    /// Added to the queue.
    pub general: &'a str,
    /// Instead of the queue.
    pub queue: Option<&'a str>,
    /// Added to the agents.
    pub agents: &'a str,
    /// Where the server reaches the switch, if not directly: `host:port`.
    pub ari: Option<&'a str>,
}

impl Centre {
    /// None, said aloud: there is no Asterisk here.
    pub async fn open() -> Option<Centre> {
        Centre::open_with(&Wanted::default()).await
    }

    pub async fn open_with(wanted: &Wanted<'_>) -> Option<Centre> {
        let switch = Switch::start()?;
        Some(Centre::around(switch, wanted).await)
    }

    pub async fn around(switch: Switch, wanted: &Wanted<'_>) -> Centre {
        let watch = Watch::open(&switch).await;
        let ari = wanted.ari.map_or_else(|| switch.ari(), str::to_owned);
        let settings = format!(
            "[asterisk.sip]\nurl = \"http://{ari}/ari\"\npassword = \"{PASSWORD}\"\n{}\n[customers]\nhome_region = \"FR\"\n",
            wanted.asterisk
        );
        let server = Server::start_prepared(&[], |folder| {
            let write = |file: &str, text: &str| std::fs::write(folder.join(file), text).unwrap();
            write("usher.toml", &settings);
            write("rules/site.toml", SITE);
            write("rules/entry.toml", ENTRY);
            write("rules/queues/general.toml", &format!("{}{}", wanted.queue.unwrap_or(GENERAL), wanted.general));
            write("rules/agents.toml", &format!("{AGENTS}{}", wanted.agents));
        });
        for agent in ["chloe", "david"] {
            server.add_user(&[agent, "--role", "agent", "--agent", agent]);
        }
        let eva = server.supervisor("eva").await;
        let centre = Centre { server, switch, watch, eva };
        centre.is_driven().await;
        centre
    }

    /// The switch has an application that takes calls, and the server has seen what there is: while a switch starts, its
    /// first connection may not last.
    pub async fn is_driven(&self) {
        self.until("the server drives the switch", async || {
            self.switch.ask("GET", "/applications/usher").await["name"] == "usher"
                && self.server.figure("usher_switch_connected{switch=\"sip\"}").await == Some(1.0)
        })
        .await;
    }

    pub async fn until(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        let until = tokio::time::Instant::now() + PATIENCE;
        while !is_so().await {
            assert!(tokio::time::Instant::now() < until, "{what}: never");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Logged in, with a phone that is registered, and available.
    pub async fn works(&self, agent: &str, phone: &str) -> (Peer, Phone) {
        let phone = Phone::registered(&self.switch, phone).await;
        let mut peer = self.server.agent(agent).await;
        peer.is_available().await;
        (peer, phone)
    }

    /// The contacts of the queue, in order.
    pub async fn waiting(&mut self) -> Vec<Value> {
        let shown = self.eva.ask("queue.show", json!({ "queue": "general" })).await.unwrap();
        shown["contacts"].as_array().unwrap().clone()
    }

    /// The one contact that waits, once it does.
    pub async fn first_waiting(&mut self) -> String {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(first) = self.waiting().await.first() {
                return first["contact"].as_str().unwrap().to_owned();
            }
            assert!(tokio::time::Instant::now() < until, "nobody waits");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// What happened to a contact by the journal: each step's name, with its agent and why.
    pub async fn story(&mut self, contact: &str) -> Vec<String> {
        let shown = self.eva.ask("contact.show", json!({ "contact": contact })).await.unwrap();
        let word = |step: &Value, key: &str| step[key].as_str().map(|word| format!(" {word}")).unwrap_or_default();
        let steps = shown["path"].as_array().unwrap().iter();
        steps
            .map(|step| format!("{}{}{}", step["what"].as_str().unwrap(), word(step, "agent"), word(step, "why")))
            .collect()
    }

    /// The same, once it is over.
    pub async fn whole_story(&mut self, contact: &str) -> Vec<String> {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            let story = self.story(contact).await;
            if story.iter().any(|step| step.starts_with("ended")) {
                return story;
            }
            assert!(tokio::time::Instant::now() < until, "{contact} does not end: {story:#?}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Nothing is left of any call: no channel at the switch, and no bridge but the one in which all wait.
    pub async fn is_quiet(&self) {
        self.until("every channel is gone", async || self.switch.channels().await.is_empty()).await;
        self.until("every bridge of a call is gone", async || {
            let bridges = self.switch.ask("GET", "/bridges").await;
            bridges.as_array().unwrap().iter().all(|bridge| bridge["bridge_type"] == "holding")
        })
        .await;
    }

    /// How much sound has gone both ways on the channels of a device.
    pub async fn hears_and_is_heard(&self, device: &str) -> bool {
        for channel in self.switch.channels().await {
            if channel["name"].as_str().unwrap().starts_with(device) {
                let id = channel["id"].as_str().unwrap();
                let sound = self.switch.ask("GET", &format!("/channels/{id}/rtp_statistics")).await;
                return sound["rxcount"].as_u64() > Some(10) && sound["txcount"].as_u64() > Some(10);
            }
        }
        false
    }
}

/// Whether these steps are in the story in this order, whatever stands between.
#[track_caller]
pub fn tells(story: &[String], wanted: &[&str]) {
    let mut steps = story.iter();
    for step in wanted {
        assert!(steps.any(|told| told == step), "{step:?} is not told, or not in this place, in {story:#?}");
    }
}
