//! The contract of the records, the same on SQLite and on a real PostgreSQL. It decides nothing that `access` decides.

use secrecy::SecretString;
use usher::records::{
    AddUserError, Cut, CutNo, LogInId, NewLogIn, NewUser, Records, RecordsPlace, Role, Roles, SecretHash,
};
use usher::routing::ids::{AgentId, GatewayId, PersonId};
use usher::routing::time::Timestamp;
use uuid::Uuid;

use crate::support::postgres::PostgresServer;
use crate::support::surroundings::temp_dir;

#[tokio::test]
async fn sqlite_holds_the_contract() {
    let folder = temp_dir();
    check(&RecordsPlace::Sqlite(folder.path().join("usher.db"))).await;
}

#[tokio::test]
async fn postgres_holds_the_contract() {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let database = server.new_database().await;
    check(&RecordsPlace::Postgres(SecretString::from(server.url(&database)))).await;
}

async fn check(place: &RecordsPlace) {
    let records = Records::open(place).await.unwrap();
    users(&records).await;
    log_ins(&records).await;
    gateway_keys(&records).await;
    cuts_of_other_processes(&records, place).await;
    records.close().await;
    assert!(records.users().await.is_err(), "closed is closed");
    let again = Records::open(place).await.unwrap();
    assert_eq!(again.users().await.unwrap().len(), 3, "what was stored is there, and the tables are up to date");
    again.close().await;
}

fn named(name: &str) -> PersonId {
    PersonId::new(name).unwrap()
}

fn new_user(name: &str, roles: &str, agent: Option<&str>) -> NewUser {
    NewUser {
        name: named(name),
        password_hash: format!("hash of {name}"),
        roles: roles.parse().unwrap(),
        agent: agent.map(|agent| AgentId::new(agent).unwrap()),
        created_at: Timestamp(1),
    }
}

async fn users(records: &Records) {
    assert!(records.user(&named("ana")).await.unwrap().is_none());
    records.add_user(&new_user("ana", "agent supervisor", Some("a1"))).await.unwrap();
    records.add_user(&new_user("ben", "admin", None)).await.unwrap();
    let again = records.add_user(&new_user("ana", "admin", None)).await;
    assert!(matches!(again, Err(AddUserError::NameTaken(name)) if name == named("ana")));
    let same_agent = records.add_user(&new_user("ann", "agent", Some("a1"))).await;
    assert!(matches!(same_agent, Err(AddUserError::AgentTaken(agent)) if agent.as_str() == "a1"));
    let ana = records.user(&named("ana")).await.unwrap().unwrap();
    assert_eq!(ana.roles, [Role::Agent, Role::Supervisor].into_iter().collect::<Roles>());
    assert_eq!((ana.agent.unwrap().as_str(), ana.disabled_at), ("a1", None));
    let names: Vec<String> = records.users().await.unwrap().iter().map(|user| user.name.to_string()).collect();
    assert_eq!(names, ["ana", "ben"]);
}

fn new_log_in<'n>(user: &'n PersonId, password_hash: &'n str, secret: u8) -> NewLogIn<'n> {
    NewLogIn {
        id: LogInId(Uuid::now_v7()),
        token_hash: SecretHash([secret; 32]),
        user,
        password_hash,
        created_at: Timestamp(100),
        expires_at: Timestamp(200),
    }
}

async fn log_ins(records: &Records) {
    let ana = named("ana");
    let log_in = new_log_in(&ana, "hash of ana", 1);
    assert!(records.add_log_in(&log_in).await.unwrap());
    let person = records.person_by_token(SecretHash([1; 32]), Timestamp(199)).await.unwrap().unwrap();
    assert_eq!((&person.user, person.log_in, person.expires_at), (&ana, log_in.id, Timestamp(200)));
    assert_eq!(records.person_by_log_in(log_in.id, Timestamp(199)).await.unwrap(), Some(person));
    assert_eq!(records.person_by_token(SecretHash([1; 32]), Timestamp(200)).await.unwrap(), None, "expired");
    assert_eq!(records.person_by_token(SecretHash([2; 32]), Timestamp(100)).await.unwrap(), None);

    let raced = new_log_in(&ana, "hash of an older password", 3);
    assert!(!records.add_log_in(&raced).await.unwrap(), "the password was changed while it was checked");

    records.end_log_in(log_in.id).await.unwrap();
    assert_eq!(records.person_by_log_in(log_in.id, Timestamp(100)).await.unwrap(), None);

    assert!(records.add_log_in(&new_log_in(&ana, "hash of ana", 4)).await.unwrap());
    assert!(records.set_password_hash(&ana, "hash of another").await.unwrap());
    assert_eq!(records.person_by_token(SecretHash([4; 32]), Timestamp(100)).await.unwrap(), None, "cut");
    assert!(records.add_log_in(&new_log_in(&ana, "hash of another", 5)).await.unwrap());
    assert!(records.person_by_token(SecretHash([5; 32]), Timestamp(100)).await.unwrap().is_some());

    assert!(records.disable_user(&ana, Timestamp(150)).await.unwrap());
    assert!(!records.disable_user(&ana, Timestamp(151)).await.unwrap(), "disabled already");
    assert!(!records.set_password_hash(&named("nobody"), "x").await.unwrap());
    assert_eq!(records.person_by_token(SecretHash([5; 32]), Timestamp(150)).await.unwrap(), None);
    assert!(!records.add_log_in(&new_log_in(&ana, "hash of another", 6)).await.unwrap());
    records.add_user(&new_user("ann", "agent", Some("a1"))).await.unwrap();
}

async fn gateway_keys(records: &Records) {
    let (pbx, other) = (GatewayId::new("pbx-1").unwrap(), GatewayId::new("pbx-2").unwrap());
    for (gateway, key) in [(&pbx, 1), (&pbx, 2), (&other, 3)] {
        records.add_gateway_key(gateway, SecretHash([key; 32]), Timestamp(i64::from(key))).await.unwrap();
    }
    assert_eq!(records.gateway_of_key(SecretHash([2; 32])).await.unwrap(), Some(pbx.clone()));
    assert_eq!(records.revoke_gateway_keys(&pbx, Timestamp(9)).await.unwrap(), 2);
    assert_eq!(records.revoke_gateway_keys(&pbx, Timestamp(9)).await.unwrap(), 0);
    assert_eq!(records.gateway_of_key(SecretHash([2; 32])).await.unwrap(), None);
    assert_eq!(records.gateway_of_key(SecretHash([3; 32])).await.unwrap(), Some(other));
    let revoked: Vec<bool> = records.gateway_keys().await.unwrap().iter().map(|key| key.revoked_at.is_some()).collect();
    assert_eq!(revoked, [true, true, false]);
    assert!(records.add_gateway_key(&pbx, SecretHash([1; 32]), Timestamp(9)).await.is_err(), "a key is one gateway's");
}

async fn cuts_of_other_processes(records: &Records, place: &RecordsPlace) {
    let (all, seen) = records.cuts_after(CutNo(0)).await.unwrap();
    let pbx = GatewayId::new("pbx-1").unwrap();
    assert_eq!(all, [Cut::User(named("ana")), Cut::Gateway(pbx)], "in order, each at its last");
    assert_eq!(records.last_cut().await.unwrap(), seen);
    assert_eq!(records.cuts_after(seen).await.unwrap(), (vec![], seen));

    let other = Records::open(place).await.unwrap();
    let cutting = (0..8).map(|no| {
        let other = other.clone();
        tokio::spawn(async move { other.set_password_hash(&named("ben"), &format!("hash {no}")).await.unwrap() })
    });
    for cut in cutting.collect::<Vec<_>>() {
        assert!(cut.await.unwrap());
    }
    let (cuts, last) = records.cuts_after(seen).await.unwrap();
    assert_eq!((cuts, last), (vec![Cut::User(named("ben"))], CutNo(seen.0 + 8)), "no number twice, none left out");
    other.close().await;
}
