//! Whoever calls in or is called is shown with the leads at his numbers, and who gets through himself is called no more.

use serde_json::{Value, json};

use crate::campaign_calls::{CAMPAIGN, asked, run, starts};
use crate::live_server::{Peer, Server};

const LIST: &str = "campaign = \"winback\"\ndefault_country = \"FR\"\norder = \"oldest\"\n\
                    [[field]]\nname = \"amount\"\ntype = \"integer\"\nlabel = \"Amount due\"\n";
const LEADS: &str = "Phone,Name,Time zone,amount\n+33199000001,Ann,Europe/Paris,300\n+33199000002,Bo,Europe/Paris,7\n";

fn with_two_leads(server: &Server) {
    let write = |name: &str, text: &str| std::fs::write(server.folder.path().join(name), text).unwrap();
    write("campaign.toml", CAMPAIGN);
    write("list.toml", LIST);
    write("leads.csv", LEADS);
    run(server, &["campaign", "create", "winback", "--settings", "campaign.toml", "--by", "eva"]);
    run(server, &["list", "create", "spring", "--settings", "list.toml", "--by", "eva"]);
    run(server, &["import", "leads", "spring", "leads.csv", "--accept-guess", "--by", "eva"]);
}

/// Until the records answer so.
async fn until(server: &Server, question: &str, answer: &str) {
    for _ in 0..100 {
        if asked(server, question) == [answer] {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{question}: {:?}", asked(server, question));
}

/// What the agent is shown of the next contact; its offer too.
async fn shown(agent: &mut Peer) -> (Value, Value) {
    let offered = agent.wait_for("contact.offered").await;
    loop {
        let updated = agent.wait_for("contact.updated").await;
        if let Some(leads) = updated.get("leads").filter(|_| updated["contact"] == offered["contact"]["id"]) {
            return (offered, leads.clone());
        }
    }
}

async fn calls(gateway: &mut Peer, reference: &str, from: &str) {
    let arrived = json!({ "ref": reference, "channel": "voice", "from": from });
    gateway.tell("contact.arrived", arrived).await.unwrap();
}

async fn talks(agent: &mut Peer, gateway: &mut Peer, offered: &Value) -> Value {
    agent.ask("offer.received", json!({ "offer": offered["offer"] })).await.unwrap();
    agent.ask("offer.accept", json!({ "offer": offered["offer"] })).await.unwrap();
    let connect = gateway.wait_for("contact.connect").await;
    let connected = json!({ "ref": connect["ref"], "order": connect["order"] });
    gateway.tell("contact.connected", connected).await.unwrap();
    connect
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_pop_with_their_customers_and_who_gets_through_is_called_no_more() {
    let server = Server::start();
    with_two_leads(&server);
    let mut eva = server.supervisor("eva").await;
    let mut gateway = server.gateway().await;
    let mut ana = server.agent("ana").await;
    starts(&mut eva).await;
    until(&server, "select count(*) from lead where contact is not null", "2").await;
    eva.ask("campaign.pause", json!({ "campaign": "winback" })).await.unwrap();

    // He calls himself: he is shown, and his lead is withdrawn once he has got through.
    calls(&mut gateway, "a", "+33199000001").await;
    ana.is_available().await;
    let (offered, leads) = shown(&mut ana).await;
    let expected = json!([{ "campaign": "winback", "list": "spring", "lead": "1", "state": "waiting", "attempts": 0,
        "fields": [{ "name": "amount", "label": "Amount due", "value": "300" }] }]);
    assert_eq!(leads, expected);
    assert_eq!(asked(&server, "select count(*) from lead where ended is not null"), ["0"], "he only rings");
    talks(&mut ana, &mut gateway, &offered).await;
    until(&server, "select ended from lead where id = 1", "withdrawn").await;
    gateway.tell("contact.ended", json!({ "ref": "a", "by": "customer" })).await.unwrap();

    // The other is called, and shown with the call.
    eva.ask("campaign.start", json!({ "campaign": "winback" })).await.unwrap();
    let placed = gateway.wait_for("call.place").await;
    assert_eq!(placed["to"], "+33199000002");
    let (offered, leads) = shown(&mut ana).await;
    assert_eq!((&offered["contact"]["lead"]["lead"], &leads[0]["lead"]), (&json!("2"), &json!("2")));
    assert_eq!(leads[0]["fields"][0]["value"], "7");
    gateway.tell("call.progress", json!({ "order": placed["order"], "progress": "busy" })).await.unwrap();
    until(&server, "select ended from lead where id = 2", "attempts_used_up").await;

    // Over, and called a moment ago: he is shown when he calls back.
    calls(&mut gateway, "b", "+33199000002").await;
    let (_, leads) = shown(&mut ana).await;
    let [lead] = &leads.as_array().unwrap()[..] else { panic!("{leads}") };
    assert_eq!((&lead["state"], &lead["attempts"], lead.get("due")), (&json!("over"), &json!(1), None));
    assert_eq!((&lead["last"]["outcome"], &lead["last"]["agent"]), (&json!("busy"), &json!("ana")));
}
