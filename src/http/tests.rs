//! The routes on a real SQLite file, and the listener on a real port.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Request, StatusCode, header};
use axum::routing::get;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::access::tests::{add_for_tests, open_for_tests};
use crate::access::{Origins, Person};
use crate::campaigns::gate::Gate;
use crate::clock::Clock;
use crate::customers::redaction::Sight;
use crate::records::{Records, RecordsPlace};
use crate::router_handle::inboxes;
use crate::routing::time::Timestamp;
use crate::screen_pop;

use super::*;

mod openapi;
mod roles;

const PASSWORD: &str = "correct horse battery";
const OWN: &str = "http://127.0.0.1:7700";

struct Site {
    routes: Router,
    readiness: watch::Sender<Readiness>,
    time: Arc<AtomicI64>,
    _folder: TempDir,
}

/// Good for `version`, bad when there is none.
struct Reloading(Option<u64>);

impl ReloadRules for Reloading {
    fn reload<'a>(&'a self, _by: &'a Person) -> BoxFuture<'a, Result<RulesReloaded, ReloadRefused>> {
        let fault = RuleFault {
            file: "entry.toml".into(),
            line: 3,
            column: 1,
            message: "unknown key".into(),
            expected: "queue?".into(),
        };
        let version = self.0;
        Box::pin(async move {
            version.map(|version| RulesReloaded { version }).ok_or_else(|| ReloadRefused::Bad(vec![fault]))
        })
    }
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: Value,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn kind(&self) -> &str {
        self.body["error"]["kind"].as_str().unwrap_or_default()
    }
}

async fn site_with(rules: Option<u64>) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let time = Arc::new(AtomicI64::new(0));
    let access = open_for_tests(folder.path(), Arc::clone(&time)).await;
    for (name, roles, agent) in [
        ("ana", "agent", Some("a1")),
        ("ben", "supervisor", None),
        ("cyd", "campaign_manager", None),
        ("dan", "admin", None),
        ("eli", "crm", None),
    ] {
        add_for_tests(&access, name, PASSWORD, roles, agent).await;
    }
    let (readiness, watched) = watch::channel(Readiness::Starting { why: "recovering".into() });
    let records = Records::open(&RecordsPlace::Sqlite(folder.path().join("usher.db"))).await.unwrap();
    let clock = Clock::starting_at(Timestamp(1_800_000_000_000), None, 1.0);
    let audit = Audit::start(records.clone());
    let pop = ScreenPop::new(records, clock, pop_settings());
    let (router, _unheard) = inboxes();
    let everything = Sight::of_everything;
    let parts = Parts {
        gate: Arc::new(Gate::new(pop.records().clone(), Vec::new())),
        imports: ImportDesk::new(pop.records().clone(), folder.path(), 1_024, || Timestamp(1_800_000_000_000)),
        work: WorkDesk::new(Arc::clone(&pop), router.clone()),
        router,
        audit,
        sights: Arc::new(Sights {
            agent: everything(),
            supervisor: everything(),
            campaign_manager: Sight::of_nothing(),
            admin: everything(),
            crm: everything(),
        }),
        pop,
        site: "site".into(),
        openapi: openapi_document().into(),
        access,
        origins: Arc::new(Origins::new([], "127.0.0.1:7700".parse().unwrap()).unwrap()),
        readiness: watched,
        reload_rules: Arc::new(Reloading(rules)),
        web_socket: get(|| async { StatusCode::UPGRADE_REQUIRED }),
        asyncapi: "{}",
        is_behind_tls: false,
        request_within: Duration::from_secs(5),
        body_bytes_max: 1_024,
    };
    let peer: SocketAddr = "127.0.0.1:50000".parse().unwrap();
    Site { routes: routes(parts).layer(MockConnectInfo(peer)), readiness, time, _folder: folder }
}

fn pop_settings() -> screen_pop::Settings {
    screen_pop::Settings {
        home_region: None,
        external_id_attribute: "external_id".to_owned(),
        external_system: "crm".to_owned(),
        digits_attribute: "digits".to_owned(),
        look_up_within: Duration::from_millis(50),
        late_look_ups_max: 4,
        card_within: Duration::from_millis(300),
        cache_life: Duration::from_secs(60),
        fields: crate::customers::custom_fields::FieldDeclarations::default(),
    }
}

async fn site() -> Site {
    site_with(Some(7)).await
}

fn post(path: &str) -> axum::http::request::Builder {
    Request::post(path).header(header::CONTENT_TYPE, "application/json").header(header::ORIGIN, OWN)
}

impl Site {
    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, 1_000_000).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: head.status, headers: head.headers, body }
    }

    async fn log_in(&self, user: &str, password: &str) -> Answer {
        let body = json!({ "user": user, "password": password, "unknown": 1 }).to_string();
        self.send(post("/api/v1/login").body(body.into()).unwrap()).await
    }

    /// The cookie as a browser sends it back.
    async fn cookie(&self, user: &str) -> String {
        let answer = self.log_in(user, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.header(header::SET_COOKIE).split(';').next().unwrap().to_owned()
    }

    async fn post_as(&self, path: &str, cookie: &str) -> Answer {
        self.send(post(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    async fn me(&self, cookie: &str) -> Answer {
        self.send(Request::get("/api/v1/me").header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn logging_in_sets_a_cookie_out_of_reach_of_scripts() {
    let site = site().await;
    let answer = site.log_in("ana", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, json!({ "user": "ana", "roles": ["agent"], "agent": "a1" }));
    let cookie = answer.header(header::SET_COOKIE);
    assert!(cookie.starts_with("usher_session=") && cookie.ends_with("; Max-Age=43200; HttpOnly; SameSite=Strict"));
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(site.me(cookie).await.body, answer.body);

    let out = site.post_as("/api/v1/logout", cookie).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.header(header::SET_COOKIE).contains("usher_session=; Path=/; Max-Age=0"));
    assert_eq!(site.me(cookie).await.kind(), "not_logged_in");
}

#[tokio::test]
async fn wrong_passwords_are_refused_and_then_limited() {
    let site = site().await;
    for _ in 0..5 {
        let answer = site.log_in("ana", "wrong password").await;
        assert_eq!((answer.status, answer.kind()), (StatusCode::UNAUTHORIZED, "wrong_log_in"));
        assert_eq!(answer.header(header::SET_COOKIE), "");
    }
    site.time.fetch_add(1_500, Ordering::Relaxed);
    let answer = site.log_in("ana", PASSWORD).await;
    assert_eq!((answer.status, answer.kind()), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
    assert_eq!(answer.body["error"]["retry_after_ms"], 58_500);
    assert_eq!(answer.header(header::RETRY_AFTER), "59");
}

#[tokio::test]
async fn bad_bodies_name_the_field() {
    let site = site().await;
    let long = "x".repeat(2_000);
    let cases: [(&str, StatusCode, &str, Value); 7] = [
        ("{", StatusCode::BAD_REQUEST, "parse_error", Value::Null),
        ("[]", StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", json!("body")),
        ("{}", StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", json!("user")),
        (r#"{"user": "ana"}"#, StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", json!("password")),
        (r#"{"user": "ana", "password": 1}"#, StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", json!("password")),
        (r#"{"user": "", "password": "x"}"#, StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", json!("user")),
        (&long, StatusCode::PAYLOAD_TOO_LARGE, "too_big", Value::Null),
    ];
    for (body, status, kind, field) in cases {
        let answer = site.send(post("/api/v1/login").body(body.to_owned().into()).unwrap()).await;
        assert_eq!((answer.status, answer.kind()), (status, kind), "{body}");
        assert_eq!(answer.body["error"]["field"], field, "{body}");
    }
    let form = Request::post("/api/v1/login").header(header::ORIGIN, OWN).body("user=ana".into()).unwrap();
    assert_eq!(site.send(form).await.kind(), "not_json");
}

#[tokio::test]
async fn pages_of_other_origins_change_nothing() {
    let site = site().await;
    let cookie = site.cookie("ana").await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1:7701"] {
        let request = Request::post("/api/v1/logout").header(header::ORIGIN, origin).header(header::COOKIE, &cookie);
        let answer = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.kind()), (StatusCode::FORBIDDEN, "bad_origin"), "{origin}");
    }
    let without =
        Request::post("/api/v1/logout").header("sec-fetch-site", "cross-site").header(header::COOKIE, &cookie);
    assert_eq!(site.send(without.body(Body::empty()).unwrap()).await.kind(), "bad_origin");
    assert_eq!(site.me(&cookie).await.status, StatusCode::OK, "the log-in still counts");
    let program = Request::post("/api/v1/ticket").header(header::COOKIE, &cookie).body(Body::empty()).unwrap();
    assert_eq!(site.send(program).await.status, StatusCode::OK, "a program names no origin");
}

#[tokio::test]
async fn a_ticket_needs_a_log_in() {
    let site = site().await;
    assert_eq!(site.post_as("/api/v1/ticket", "usher_session=0").await.kind(), "not_logged_in");
    let cookie = site.cookie("ana").await;
    let answer = site.post_as("/api/v1/ticket", &cookie).await;
    assert_eq!(answer.body["expires_in_ms"], 30_000);
    assert!(answer.body["ticket"].as_str().is_some_and(|ticket| ticket.len() > 64));
    site.time.fetch_add(12 * 3_600_000, Ordering::Relaxed);
    assert_eq!(site.post_as("/api/v1/ticket", &cookie).await.kind(), "not_logged_in", "its life has ended");
}

#[tokio::test]
async fn rules_are_reloaded_by_those_who_may() {
    let good = site().await;
    let ana = good.cookie("ana").await;
    assert_eq!(good.post_as("/api/v1/rules/reload", &ana).await.kind(), "not_permitted");
    let ben = good.cookie("ben").await;
    let answer = good.post_as("/api/v1/rules/reload", &ben).await;
    assert_eq!((answer.status, answer.body), (StatusCode::ACCEPTED, json!({ "version": 7 })));

    let bad = site_with(None).await;
    let ben = bad.cookie("ben").await;
    let answer = bad.post_as("/api/v1/rules/reload", &ben).await;
    assert_eq!((answer.status, answer.kind()), (StatusCode::UNPROCESSABLE_ENTITY, "bad_rules"));
    let fault =
        json!([{ "file": "entry.toml", "line": 3, "column": 1, "message": "unknown key", "expected": "queue?" }]);
    assert_eq!(answer.body["error"]["faults"], fault);
}

#[tokio::test]
async fn ready_is_more_than_alive() {
    let site = site().await;
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
    let answer = site.get("/readyz").await;
    assert_eq!((answer.status, &answer.body["error"]["why"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("recovering")));
    site.readiness.send_replace(Readiness::Ready);
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
    site.readiness.send_replace(Readiness::Stopping);
    assert_eq!(site.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn every_answer_has_the_headers_that_keep_pages_apart() {
    let site = site().await;
    let routes = super::router::table().into_iter().map(|route| route.path);
    for path in ["/", "/healthz", "/asyncapi.json", "/api/v2", "/missing.js", "/ws"].into_iter().chain(routes) {
        let answer = site.get(path).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        assert_eq!(answer.header(header::REFERRER_POLICY), "same-origin", "{path}");
    }
    assert_eq!(site.get("/ws").await.status, StatusCode::UPGRADE_REQUIRED, "it was handed in");
    assert_eq!(site.get("/api/v2").await.kind(), "unknown_path");
    assert_eq!(site.get("/api/v1/login").await.kind(), "wrong_method");
    assert_eq!(site.get("/metrics").await.body["error"]["kind"], Value::Null, "not here");
}

#[tokio::test]
async fn counters_are_the_administrations() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    ::metrics::with_local_recorder(&recorder, || ::metrics::counter!("log_ins_total").increment(3));
    let (_sender, readiness) = watch::channel(Readiness::Ready);
    let routes = administration(readiness, recorder.handle());
    let request = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let response = routes.clone().oneshot(request("/metrics")).await.unwrap();
    assert!(response.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/plain"));
    let body = to_bytes(response.into_body(), 1_000_000).await.unwrap();
    assert!(std::str::from_utf8(&body).unwrap().contains("log_ins_total 3"));
    assert_eq!(routes.clone().oneshot(request("/readyz")).await.unwrap().status(), StatusCode::OK);
    assert_eq!(routes.oneshot(request("/api/v1/me")).await.unwrap().status(), StatusCode::NOT_FOUND);
}

struct Listening {
    address: SocketAddr,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

async fn listening(connections_max: usize, header_read_ms: u64) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let who = |axum::extract::ConnectInfo(peer): axum::extract::ConnectInfo<SocketAddr>| async move {
        format!("you are {peer}")
    };
    let routes = Router::new().route("/who", get(who));
    let limits = ListenLimits { connections_max, header_read_within: Duration::from_millis(header_read_ms) };
    let task = tokio::spawn(listen(listener, routes, limits, stop.clone()));
    Listening { address, stop, task }
}

async fn ask(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_listener_tells_who_is_there_and_stops() {
    let Listening { address, stop, task } = listening(10, 5_000).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let own = stream.local_addr().unwrap();
    assert!(ask(&mut stream).await.ends_with(&format!("you are {own}")));
    let mut idle = TcpStream::connect(address).await.unwrap();
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(3), task).await.unwrap().unwrap();
    assert_eq!(idle.read(&mut [0; 8]).await.unwrap_or(0), 0, "it was closed");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_silent_client_is_cut_and_gives_its_place_back() {
    let Listening { address, stop, task } = listening(1, 200).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    silent.write_all(b"GET /who HT").await.unwrap();
    let mut next = TcpStream::connect(address).await.unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(5), ask(&mut next)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let mut rest = Vec::new();
    silent.read_to_end(&mut rest).await.unwrap();
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn headers_have_an_end() {
    let Listening { address, stop, task } = listening(10, 5_000).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let long = format!("GET /who HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n", "a".repeat(20_000));
    stream.write_all(long.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 431");
    stop.cancel();
    task.await.unwrap();
}
