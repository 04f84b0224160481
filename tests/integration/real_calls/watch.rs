//! Everything that a switch says, heard beside the server by an application of our own. It asks for nothing.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::switch::Switch;
use super::talking::is_of;

const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(10);

pub struct Watch {
    heard: Arc<Mutex<Vec<Value>>>,
    listening: tokio::task::JoinHandle<()>,
}

impl Watch {
    pub async fn open(switch: &Switch) -> Watch {
        let url = format!("ws://{}/ari/events?app=watch&subscribeAll=true", switch.ari());
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("Authorization", super::switch::AUTHORIZATION.parse().unwrap());
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let listening = tokio::spawn({
            let heard = Arc::clone(&heard);
            async move {
                while let Some(Ok(message)) = socket.next().await {
                    if let Ok(event) = serde_json::from_str(message.to_text().unwrap_or_default()) {
                        heard.lock().unwrap().push(event);
                    }
                }
            }
        });
        Watch { heard, listening }
    }

    pub fn events(&self) -> Vec<Value> {
        self.heard.lock().unwrap().clone()
    }

    /// The first event that is so, from the beginning on.
    pub async fn wait_for(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let until = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < until {
            if let Some(event) = self.heard.lock().unwrap().iter().find(|event| is_so(event)) {
                return event.clone();
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("the switch never said: {what}");
    }

    /// How often the switch has said so.
    pub fn count(&self, is_so: impl Fn(&Value) -> bool) -> usize {
        self.heard.lock().unwrap().iter().filter(|event| is_so(event)).count()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.listening.abort();
        if std::thread::panicking() {
            let said: Vec<String> = self.events().iter().map(short).collect();
            eprintln!("the switch said:\n{}", said.join("\n"));
        }
    }
}

/// `ChannelDestroyed PJSIP/1001-00000003 17`
fn short(event: &Value) -> String {
    let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!(
        "{} {} {} {}",
        of(&event["type"]),
        of(&event["channel"]["name"]),
        of(&event["bridge"]["id"]),
        event["cause"]
    )
}

/// A device that was lifted, as `about`.
pub fn lifted<'a>(device: &'a str) -> impl Fn(&Value) -> bool + 'a {
    move |event| about("ChannelStateChange", device)(event) && event["channel"]["state"] == "Up"
}

/// Whether it is an event of this type about a channel of this device, as `PJSIP/1001`.
pub fn about<'a>(kind: &'a str, device: &'a str) -> impl Fn(&Value) -> bool + 'a {
    move |event| event["type"] == kind && is_of(&event["channel"], device)
}
