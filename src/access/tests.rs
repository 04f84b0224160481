//! The door on a real SQLite file, with a clock of the tests' own.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

use crate::records::{Records, RecordsPlace};
use crate::routing::ids::{AgentId, GatewayId, PersonId};
use crate::routing::time::{Millis, Timestamp};

use super::*;

const HOME: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PASSWORD: &str = "correct horse battery";

struct House {
    access: Arc<Access>,
    time: Arc<AtomicI64>,
    folder: TempDir,
}

fn limits() -> AccessLimits {
    AccessLimits {
        failed_per_account_max: 5,
        failed_per_address_max: 20,
        log_in_life: Millis::minutes(12 * 60),
        ticket_life: Millis::seconds(30),
    }
}

/// A door for other parts' tests: real, with this clock.
pub(crate) async fn open_for_tests(folder: &std::path::Path, time: Arc<AtomicI64>) -> Arc<Access> {
    let records = Records::open(&RecordsPlace::Sqlite(folder.join("usher.db"))).await.unwrap();
    Access::open(records, limits(), Arc::new(move || Timestamp(time.load(Ordering::Relaxed)))).await.unwrap()
}

pub(crate) async fn add_for_tests(access: &Access, name: &str, password: &str, roles: &str, agent: Option<&str>) {
    let agent = agent.map(|agent| AgentId::new(agent).unwrap());
    let account = NewAccount { name: named(name), password: password.into(), roles: roles.parse().unwrap(), agent };
    access.add_user(account).await.unwrap();
}

fn named(name: &str) -> PersonId {
    PersonId::new(name).unwrap()
}

impl House {
    async fn with_ana() -> House {
        let folder = tempfile::tempdir().unwrap();
        let time = Arc::new(AtomicI64::new(1_000_000));
        let access = House::open(&folder, &time).await;
        let house = House { access, time, folder };
        house.add("ana", "agent", Some("ana")).await.unwrap();
        house
    }

    /// As another process would: the same file, nothing else in common.
    async fn open(folder: &TempDir, time: &Arc<AtomicI64>) -> Arc<Access> {
        open_for_tests(folder.path(), Arc::clone(time)).await
    }

    async fn add(&self, name: &str, roles: &str, agent: Option<&str>) -> Result<(), UserError> {
        let agent = agent.map(|agent| AgentId::new(agent).unwrap());
        let account = NewAccount { name: named(name), password: PASSWORD.into(), roles: roles.parse().unwrap(), agent };
        self.access.add_user(account).await
    }

    async fn log_in(&self, name: &str, password: &str) -> Result<LoggedIn, LogInError> {
        self.access.log_in(name, password.into(), HOME).await
    }

    async fn person(&self, token: &SecretString) -> Option<Person> {
        self.access.check_token(token.expose_secret()).await.unwrap()
    }

    fn pass(&self, ms: i64) {
        self.time.fetch_add(ms, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn the_right_password_gives_a_token_until_its_life_ends() {
    let house = House::with_ana().await;
    let LoggedIn { token, person } = house.log_in("ana", PASSWORD).await.unwrap();
    assert_eq!(person.agent, Some(AgentId::new("ana").unwrap()));
    assert!(person.roles.contains(Role::Agent) && !person.roles.contains(Role::Supervisor));
    assert_eq!(house.person(&token).await, Some(person.clone()));
    let left = || house.access.log_in_left(&person).as_millis();
    assert_eq!(left(), 12 * 3_600_000);
    house.pass(12 * 3_600_000 - 1);
    assert!(house.person(&token).await.is_some());
    assert_eq!(left(), 1);
    house.pass(1);
    assert_eq!(left(), 0);
    assert_eq!(house.person(&token).await, None);
    assert_eq!(house.access.check_token("").await.unwrap(), None);
}

#[tokio::test]
async fn wrong_passwords_lock_the_account_for_a_while() {
    let house = House::with_ana().await;
    for _ in 0..5 {
        assert!(matches!(house.log_in("ana", "wrong password").await, Err(LogInError::Wrong)));
    }
    let refused = house.log_in("ana", PASSWORD).await;
    assert!(matches!(refused, Err(LogInError::TooMany { retry_after: Millis(60_000) })));
    house.pass(60_000);
    assert!(house.log_in("ana", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn successes_lock_nobody_and_unknown_names_are_like_wrong_passwords() {
    let house = House::with_ana().await;
    for _ in 0..6 {
        house.log_in("ana", PASSWORD).await.unwrap();
    }
    for _ in 0..5 {
        assert!(matches!(house.log_in("nobody", PASSWORD).await, Err(LogInError::Wrong)));
    }
    assert!(matches!(house.log_in("nobody", PASSWORD).await, Err(LogInError::TooMany { .. })));
}

#[tokio::test]
async fn a_ticket_opens_one_socket_while_the_log_in_counts() {
    let house = House::with_ana().await;
    let person = house.log_in("ana", PASSWORD).await.unwrap().person;
    let Ticket { ticket, expires_in } = house.access.issue_ticket(&person);
    assert_eq!(expires_in, Millis(30_000));
    let redeem = |ticket: SecretString| {
        let access = Arc::clone(&house.access);
        async move { access.redeem_ticket(ticket.expose_secret()).await.unwrap() }
    };
    assert_eq!(redeem(ticket.clone()).await, Some(person.clone()));
    assert_eq!(redeem(ticket).await, None, "used");
    let late = house.access.issue_ticket(&person).ticket;
    house.pass(30_000);
    assert_eq!(redeem(late).await, None, "too late");
    let cut = house.access.issue_ticket(&person).ticket;
    house.access.disable_user(&person.user).await.unwrap();
    assert_eq!(redeem(cut).await, None, "disabled meanwhile");
}

#[tokio::test]
async fn logging_out_ends_one_log_in() {
    let house = House::with_ana().await;
    let (one, other) = (house.log_in("ana", PASSWORD).await.unwrap(), house.log_in("ana", PASSWORD).await.unwrap());
    let ticket = house.access.issue_ticket(&one.person).ticket;
    let mut revoked = house.access.revocations();
    house.access.log_out(&one.person).await.unwrap();
    assert_eq!(revoked.try_recv(), Ok(Revoked::LogIn(one.person.log_in)));
    assert_eq!(house.person(&one.token).await, None);
    assert_eq!(house.access.redeem_ticket(ticket.expose_secret()).await.unwrap(), None);
    assert!(!house.access.is_current(&one.person).await.unwrap());
    assert!(house.access.is_current(&other.person).await.unwrap());
    assert_eq!(house.person(&other.token).await, Some(other.person));
}

#[tokio::test]
async fn another_process_cuts_at_once() {
    let house = House::with_ana().await;
    house.add("ben", "supervisor", None).await.unwrap();
    let (ana, ben) = (house.log_in("ana", PASSWORD).await.unwrap(), house.log_in("ben", PASSWORD).await.unwrap());
    let mut revoked = house.access.revocations();
    let other = House::open(&house.folder, &house.time).await;

    other.set_password(&named("ana"), "another long password".into()).await.unwrap();
    assert_eq!(house.person(&ana.token).await, None);
    assert_eq!(house.person(&ben.token).await, Some(ben.person.clone()), "others are not concerned");
    assert!(matches!(house.log_in("ana", PASSWORD).await, Err(LogInError::Wrong)));
    house.log_in("ana", "another long password").await.unwrap();

    other.disable_user(&named("ben")).await.unwrap();
    assert_eq!(house.person(&ben.token).await, None);
    assert!(matches!(house.log_in("ben", PASSWORD).await, Err(LogInError::Wrong)));
    assert!(matches!(other.disable_user(&named("ben")).await, Err(UserError::UnknownUser(_))));

    house.access.tell_cuts().await.unwrap();
    assert_eq!(revoked.try_recv(), Ok(Revoked::User(named("ana"))));
    assert_eq!(revoked.try_recv(), Ok(Revoked::User(named("ben"))));
    house.access.tell_cuts().await.unwrap();
    assert!(revoked.try_recv().is_err(), "told once");
}

#[tokio::test]
async fn whoever_follows_the_cuts_hears_of_them_unasked() {
    let house = House::with_ana().await;
    let (mut revoked, stop) = (house.access.revocations(), tokio_util::sync::CancellationToken::new());
    let following = {
        let (access, stop) = (Arc::clone(&house.access), stop.clone());
        tokio::spawn(async move { access.follow_cuts(stop).await })
    };
    let other = House::open(&house.folder, &house.time).await;
    other.disable_user(&named("ana")).await.unwrap();
    let heard = tokio::time::timeout(CUTS_PERIOD * 20, revoked.recv()).await.unwrap();
    assert_eq!(heard, Ok(Revoked::User(named("ana"))));
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test]
async fn a_user_has_one_agent_and_an_agent_one_user() {
    let house = House::with_ana().await;
    assert!(matches!(house.add("ana", "supervisor", None).await, Err(UserError::NameTaken(_))));
    assert!(matches!(house.add("ann", "agent", Some("ana")).await, Err(UserError::AgentTaken(_))));
    assert!(matches!(house.add("ben", "agent", None).await, Err(UserError::NoAgent)));
    assert!(matches!(house.add("ben", "admin", Some("ben")).await, Err(UserError::AgentWithoutRole)));
    assert!(matches!(house.add("ben", "", None).await, Err(UserError::NoRole)));
    assert_eq!(house.access.users().await.unwrap().len(), 1, "nothing was changed");
    house.access.disable_user(&named("ana")).await.unwrap();
    house.add("ann", "agent supervisor", Some("ana")).await.unwrap();
}

#[tokio::test]
async fn a_short_password_is_refused() {
    let house = House::with_ana().await;
    let short = house.access.set_password(&named("ana"), "eleven char".into()).await;
    assert!(matches!(short, Err(UserError::PasswordLength)));
    house.log_in("ana", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_gateway_has_keys_until_they_are_revoked() {
    let house = House::with_ana().await;
    let gateway = GatewayId::new("pbx-1").unwrap();
    let one = house.access.add_gateway_key(gateway.clone()).await.unwrap();
    let other = house.access.add_gateway_key(gateway.clone()).await.unwrap();
    for key in [&one.key, &other.key] {
        let found = house.access.check_gateway_key(key.expose_secret()).await.unwrap();
        assert_eq!(found.map(|holder| holder.gateway), Some(gateway.clone()));
        assert_eq!(house.person(key).await, None, "a key is no token");
    }
    assert_eq!(house.access.check_gateway_key("pbx-1").await.unwrap(), None);
    let holder = house.access.check_gateway_key(one.key.expose_secret()).await.unwrap().unwrap();
    assert!(house.access.is_key_current(&holder).await.unwrap());
    let mut revoked = house.access.revocations();
    assert_eq!(house.access.revoke_gateway_keys(&gateway).await.unwrap(), 2);
    assert_eq!(revoked.try_recv(), Ok(Revoked::Gateway(gateway)));
    assert!(revoked.try_recv().is_err(), "told once");
    assert_eq!(house.access.check_gateway_key(one.key.expose_secret()).await.unwrap(), None);
    house.access.add_gateway_key(holder.gateway.clone()).await.unwrap();
    assert!(!house.access.is_key_current(&holder).await.unwrap(), "a new key does not mend an old one");
}

#[tokio::test]
async fn no_secret_is_stored() {
    let house = House::with_ana().await;
    let token = house.log_in("ana", PASSWORD).await.unwrap().token;
    let key = house.access.add_gateway_key(GatewayId::new("pbx-1").unwrap()).await.unwrap().key;
    let mut stored = Vec::new();
    for file in std::fs::read_dir(house.folder.path()).unwrap() {
        stored.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| stored.windows(text.len()).any(|bytes| bytes == text.as_bytes());
    assert!(holds("ana"), "the files were read");
    assert!(!holds(PASSWORD) && !holds(token.expose_secret()) && !holds(key.expose_secret()));
}
