//! Who the customer is, said after the contact came: digits typed in the queue, an id that a gateway found.

use std::time::Duration;

use serde_json::json;

use super::{NUMBER, add_customer, card, centre, until};

#[tokio::test(flavor = "multi_thread")]
async fn digits_typed_in_the_queue_bring_the_customer() {
    let (server, records) = centre().await;
    let zoe = add_customer(&records, "Zoé", "gold", NUMBER).await;
    let mut gateway = server.gateway().await;
    let mut eva = server.supervisor("eva").await;
    for reference in ["1", "2"] {
        let withheld = json!({ "ref": reference, "channel": "voice" });
        assert_eq!(gateway.tell("contact.arrived", withheld).await.unwrap()["queue"], "general");
    }
    let nobodys = json!({ "ref": "2", "attributes": { "digits": "0699999999" } });
    gateway.tell("contact.updated", nobodys).await.unwrap();
    let hers = json!({ "ref": "1", "attributes": { "digits": "0612345678" } });
    gateway.tell("contact.updated", hers).await.unwrap();
    until("she waits in the gold queue", async || {
        let board = eva.ask("board.watch", json!({ "queues": ["gold", "general"] })).await.unwrap();
        let waiting = |queue: &str| {
            let queues = board["queues"].as_array().unwrap();
            queues.iter().find(|one| one["queue"] == queue).map(|one| one["waiting"].clone())
        };
        waiting("gold") == Some(json!(1)) && waiting("general") == Some(json!(1))
    })
    .await;
    // What is nobody's stays where it is.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut ana = server.agent("ana").await;
    ana.is_available().await;
    let offered = ana.wait_for("contact.offered").await;
    assert_eq!((&offered["contact"]["queue"], &offered["customer"]["id"]), (&json!("gold"), &json!(zoe.to_string())));
    assert_eq!(card(&mut ana, &offered).await["name"], "Zoé");
}
