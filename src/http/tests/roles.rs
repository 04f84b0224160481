//! Every route with every role, and with none.

use std::collections::BTreeMap;

use axum::http::Method as HttpMethod;

use super::super::route::{Method, Route, Who};
use super::super::router::table;
use super::*;
use crate::access::Role;

const USERS: [(Role, &str); 5] = [
    (Role::Agent, "ana"),
    (Role::Supervisor, "ben"),
    (Role::CampaignManager, "cyd"),
    (Role::Admin, "dan"),
    (Role::Crm, "eli"),
];

fn request(route: &Route, cookie: Option<&str>) -> Request<Body> {
    let path: Vec<&str> = route.path.split('/').map(|part| if part.starts_with('{') { "77" } else { part }).collect();
    let method = HttpMethod::from_bytes(route.method.word().to_uppercase().as_bytes()).unwrap();
    let request = Request::builder().method(method).uri(path.join("/")).header(header::ORIGIN, OWN);
    let request = cookie.iter().fold(request, |request, cookie| request.header(header::COOKIE, *cookie));
    request.header(header::CONTENT_TYPE, "application/json").header(header::IF_MATCH, "*").body("{}".into()).unwrap()
}

/// What the house says, beside the table: default deny.
fn may(route: &Route, role: Role) -> bool {
    let is_record = ["customers", "customer-fields", "interactions", "work", "merges"]
        .iter()
        .any(|group| route.path.starts_with(&format!("/api/v1/{group}")));
    let is_outbound = ["campaigns", "call-lists", "leads", "import-files", "imports"]
        .iter()
        .any(|group| route.path.starts_with(&format!("/api/v1/{group}")));
    if is_outbound {
        return matches!(role, Role::Admin | Role::Supervisor | Role::CampaignManager);
    }
    if route.path.starts_with("/api/v1/recordings") {
        return matches!(role, Role::Admin | Role::Supervisor);
    }
    let only_reads = route.method == Method::Get && !route.path.ends_with("/export");
    match (is_record, role) {
        (true, Role::Admin | Role::Supervisor | Role::Crm) => true,
        (true, Role::Agent) => only_reads || route.path.ends_with("/notes"),
        (true, Role::CampaignManager) => false,
        (false, Role::Crm) => !["/api/v1/ticket", "/api/v1/rules/reload"].contains(&route.path),
        (false, Role::Agent | Role::CampaignManager) => route.path != "/api/v1/rules/reload",
        (false, Role::Admin | Role::Supervisor) => true,
    }
}

#[tokio::test]
async fn each_route_answers_those_whom_it_names_and_nobody_else() {
    let site = site().await;
    let mut cookies: BTreeMap<&str, String> = BTreeMap::new();
    for route in table() {
        let name = format!("{} {}", route.method.word(), route.path);
        let answer = site.send(request(&route, None)).await;
        assert_eq!(answer.kind() == "not_logged_in", route.who != Who::Anybody, "{name}: {:?}", answer.body);
        for (role, user) in USERS {
            if !cookies.contains_key(user) {
                cookies.insert(user, site.cookie(user).await);
            }
            let answer = site.send(request(&route, cookies.get(user).map(String::as_str))).await;
            if route.path == "/api/v1/logout" {
                cookies.remove(user);
            }
            assert_eq!(answer.kind() != "not_permitted", may(&route, role), "{name} as {role}: {:?}", answer.body);
            assert_ne!(answer.kind(), "not_logged_in", "{name} as {role}");
        }
    }
    assert_eq!(Role::ALL.len(), USERS.len());
}

#[tokio::test]
async fn what_is_no_route_answers_nobody() {
    let site = site().await;
    let cookie = site.cookie("dan").await;
    for path in ["/api/v1/customers/1/nothing", "/api/v1/customer", "/api/v1/customers/1/addresses/2/3", "/api/v2/me"] {
        let request = Request::get(path).header(header::COOKIE, &cookie).body(Body::empty()).unwrap();
        assert_eq!(site.send(request).await.kind(), "unknown_path", "{path}");
    }
    let request = Request::delete("/api/v1/customers").header(header::COOKIE, &cookie).body(Body::empty()).unwrap();
    assert_eq!(site.send(request).await.kind(), "wrong_method");
}
