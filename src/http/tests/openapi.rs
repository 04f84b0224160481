//! The OpenAPI document: committed, up to date, sound, and of all routes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::super::router::table;
use super::*;

const FILE: &str = "docs/openapi.json";
const REWRITE: &str = "USHER_WRITE_GENERATED=1 cargo test --lib openapi";

fn document() -> Value {
    serde_json::from_str(&openapi_document()).unwrap()
}

#[test]
fn the_committed_document_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("USHER_WRITE_GENERATED").is_some() {
        fs::write(&file, openapi_document()).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == openapi_document(), "{FILE} is not up to date: run `{REWRITE}`");
}

#[tokio::test]
async fn it_is_served() {
    let answer = site().await.get("/api/v1/openapi.json").await;
    assert_eq!((answer.status, answer.body), (StatusCode::OK, document()));
}

#[test]
fn every_route_is_in_it_once() {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let described: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(|method| (path.clone(), method.clone())))
        .collect();
    let routed: Vec<(String, String)> =
        table().iter().map(|route| (route.path.to_owned(), route.method.word().to_owned())).collect();
    assert_eq!(described, routed.iter().cloned().collect());
    assert_eq!(described.len(), routed.len(), "a route stands in the table twice");
    let operations = || paths.values().flat_map(|methods| methods.as_object().unwrap().values());
    let ids: BTreeSet<&str> = operations().map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), routed.len());
    for operation in operations() {
        let names: Vec<&Value> = operation["parameters"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        let in_path = operation["operationId"].to_string();
        assert!(names.iter().all(|name| name.is_string()), "{in_path}");
        assert!(operation["responses"].as_object().unwrap().keys().any(|status| status.starts_with('2')), "{in_path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut count = 0;
    for reference in openapi_document().lines().filter_map(|line| line.trim().strip_prefix("\"$ref\": \"#")) {
        let pointer = reference.trim_end_matches(',').trim_end_matches('"');
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        count += 1;
    }
    assert!(count > 100, "{count} references");
}

/// OpenAPI 3.1 says of its schemas that they are JSON Schema 2020-12.
#[test]
fn every_schema_is_one() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let wrong = json!({ "type": "objekt" });
    assert!(jsonschema::draft202012::meta::validate(&wrong).is_err());
}
