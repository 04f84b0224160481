//! A server that drops its oldest events, as a process under load: it begins where it was told, dies and comes back
//! with the same state, and whatever asks for more of the past is told so.

use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use usher::journal::{Fold, LiveState, Place, SqlJournal, recover};
use usher::routing::ids::EventNo;

use crate::crashes::centre::Centre;
use crate::crashes::kept::{Fact, Journal};
use crate::live_server::usher;

/// The least that may be asked for; the rest is kept until two snapshots come after it.
const KEPT_EVENTS: &str = "1000";
const CALLS: u32 = 600;
const CALLS_PER_SECOND: u32 = 40;
const WITHIN: Duration = Duration::from_secs(90);

async fn begins_after(centre: &Centre) -> u64 {
    let journal = SqlJournal::open_to_read(&Place::Sqlite { folder: centre.data() }).await.unwrap();
    let begins_after = journal.begins_after().await.unwrap();
    journal.close().await.unwrap();
    begins_after.0
}

/// The state, folded from where the journal begins: no snapshot helps.
async fn folded(centre: &Centre) -> (EventNo, Vec<u8>) {
    let mut database = database(centre, "journal.db").await;
    sqlx::query("delete from journal_snapshot").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    recovered(centre).await
}

async fn recovered(centre: &Centre) -> (EventNo, Vec<u8>) {
    let journal = SqlJournal::open(&Place::Sqlite { folder: centre.data() }).await.unwrap();
    let recovered = recover::<LiveState>(&journal).await.unwrap();
    journal.close().await.unwrap();
    (recovered.event_no, serde_json::to_vec(&recovered.state.snapshot()).unwrap())
}

async fn database(centre: &Centre, file: &str) -> SqliteConnection {
    SqliteConnectOptions::new().filename(centre.data().join(file)).connect().await.unwrap()
}

async fn interactions(centre: &Centre) -> i64 {
    let mut database = database(centre, "usher.db").await;
    sqlx::query_scalar("select count(*) from interaction").fetch_one(&mut database).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_drops_its_oldest_events_stays_the_same_server() {
    let mut centre = Centre::start_with(24, &[("USHER_JOURNAL_KEEP_EVENTS", KEPT_EVENTS)]).await;
    let mut switch = centre.people(&centre.host, 1, centre.gateway(0, CALLS, CALLS_PER_SECOND));
    let mut agents = centre.people(&centre.host, 2, centre.agents(false));
    let until = Instant::now() + WITHIN;
    while begins_after(&centre).await == 0 {
        assert!(Instant::now() < until, "nothing is dropped\n{}", centre.log());
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    centre.kill_unseen();
    let begun = begins_after(&centre).await;
    let rest = Journal::read(&centre.data()).await;
    assert!(rest.facts[0].no <= begun + 1, "more is gone than was dropped");
    assert_eq!(rest.last_no() + 1, rest.facts[0].no + rest.facts.len() as u64, "a gap");
    assert_eq!(recovered(&centre).await, folded(&centre).await);

    let arrived = |fact: &&Fact| fact.no > begun && fact.kind == "contact_arrived";
    let first = rest.facts.iter().find(arrived).and_then(Fact::contact);
    let first = first.expect("somebody came later");
    let why =
        |contact: u64| usher(centre.folder.path()).args(["why", "contact", &contact.to_string()]).output().unwrap();
    let told = why(first);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told = String::from_utf8(why(1).stderr).unwrap();
    assert!(told.contains(&format!("the events up to {begun} are dropped")), "{told}");

    centre.start_again();
    centre.is_ready().await;
    let until = Instant::now() + WITHIN;
    while Journal::read(&centre.data()).await.facts[0].no <= begun {
        assert!(Instant::now() < until, "what was begun to be dropped stays\n{}", centre.log());
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    centre.drained(WITHIN).await;
    centre.dismiss([&mut switch, &mut agents]);
    centre.stop();
    assert_eq!(interactions(&centre).await, i64::from(CALLS), "the history is whole");
    assert_eq!(recovered(&centre).await, folded(&centre).await, "by the snapshot of its end, and by the base");
}
