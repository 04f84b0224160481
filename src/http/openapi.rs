//! The routes as an OpenAPI 3.1 document, made of their table and the types that are read and shown. Describes no socket.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::route::{Content, Method, Route, Who};
use super::router::table;

const DESCRIPTION: &str = "What a host system reads and writes. Log in with POST /api/v1/login and send the cookie \
                           that it sets, or its value as a bearer token. Ids are text that nobody parses. What is \
                           changed is named by the etag that it was read with (If-Match); of two who change at once \
                           one is answered 412. A customer that is part of another one now answers 308.";

/// The document as it is committed and served.
#[must_use]
pub fn document() -> String {
    let mut value = whole();
    drop_null_defaults(&mut value["components"]["schemas"]);
    value.sort_all_objects();
    serde_json::to_string_pretty(&value).expect("JSON values serialise") + "\n"
}

/// What is not named stays, and null empties it: whoever filled in a default of null would empty everything.
fn drop_null_defaults(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("default") == Some(&Value::Null) {
                fields.remove("default");
            }
            fields.values_mut().for_each(drop_null_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_null_defaults),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The types that are read, and those that are shown.
struct Schemas {
    read: SchemaGenerator,
    shown: SchemaGenerator,
}

fn whole() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = Schemas {
        read: settings.clone().for_deserialize().into_generator(),
        shown: settings.for_serialize().into_generator(),
    };
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in table() {
        let operation = operation(&route, &mut schemas);
        paths.entry(route.path).or_default().insert(route.method.word().to_owned(), operation);
    }
    let mut components = schemas.read.take_definitions(true);
    for (name, schema) in schemas.shown.take_definitions(true) {
        let earlier = components.insert(name.clone(), schema.clone());
        assert!(earlier.is_none_or(|earlier| earlier == schema), "{name} is read and shown differently");
    }
    components.insert("Error".to_owned(), error_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Usher",
            "version": "1",
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": refusals(),
            "securitySchemes": {
                "cookie": { "type": "apiKey", "in": "cookie", "name": super::caller::COOKIE },
                "bearer": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

fn operation(route: &Route, schemas: &mut Schemas) -> Value {
    let mut responses: Map<String, Value> = Map::new();
    for answer in &route.answers {
        let mut response = json!({ "description": answer.purpose });
        match answer.content {
            Content::Nothing => {}
            Content::Json(shown) => {
                let schema = (shown.0)(&mut schemas.shown);
                response["content"] = json!({ "application/json": { "schema": schema } });
            }
            Content::AnyJson => response["content"] = json!({ "application/json": { "schema": { "type": "object" } } }),
            Content::Csv => response["content"] = json!({ "text/csv": { "schema": { "type": "string" } } }),
        }
        if route.has_etag {
            response["headers"] = json!({
                "ETag": { "description": "Which state this is.", "schema": { "type": "string" } },
            });
        }
        responses.insert(answer.status.as_str().to_owned(), response);
    }
    for status in refused_with(route) {
        let name = refusal(status).0;
        responses.insert(status.as_str().to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
    }
    let mut operation = json!({
        "operationId": operation_id(route),
        "summary": route.purpose,
        "tags": [tag(route.path)],
        "parameters": parameters(route, schemas),
        "responses": responses,
    });
    match route.who {
        Who::Anybody => operation["security"] = json!([]),
        Who::LoggedIn => operation["security"] = json!([{ "cookie": [] }, { "bearer": [] }]),
        Who::OneOf(roles) => {
            operation["security"] = json!([{ "cookie": [] }, { "bearer": [] }]);
            let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            operation["description"] = json!(format!("For users with a role of {}.", roles.join(", ")));
        }
    }
    if let Some(body) = route.body {
        let schema = (body.0)(&mut schemas.read);
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    if route.takes_file {
        let schema = json!({ "type": "string", "format": "binary" });
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/octet-stream": { "schema": schema } } });
    }
    operation
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix("/api/v1/").unwrap_or(path).split('/')
}

fn tag(path: &str) -> &str {
    segments(path).next().expect("a path has a segment")
}

fn operation_id(route: &Route) -> String {
    let words = segments(route.path).map(|segment| segment.trim_matches(['{', '}']).replace(['-', '.'], "_"));
    std::iter::once(route.method.word().to_owned()).chain(words).collect::<Vec<_>>().join("_")
}

fn parameters(route: &Route, schemas: &mut Schemas) -> Vec<Value> {
    let in_path = segments(route.path).filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = in_path
        .map(|name| {
            json!({
                "name": name, "in": "path", "required": true, "description": meaning(name),
                "schema": { "type": "string" },
            })
        })
        .collect();
    if let Some(query) = route.query {
        let schema = (query.0)(&mut schemas.read).to_value();
        let properties = schema["properties"].as_object().expect("a query is an object").clone();
        for (name, mut schema) in properties {
            let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            let mut parameter = json!({ "name": name, "in": "query", "schema": never_null(schema) });
            if let Some(description) = description {
                parameter["description"] = description;
            }
            parameters.push(parameter);
        }
    }
    let mut header = |name: &str, required: bool, description: &str| {
        parameters.push(json!({
            "name": name, "in": "header", "required": required, "description": description,
            "schema": { "type": "string" },
        }));
    };
    if route.is_guarded || route.is_conditional {
        header("If-Match", route.is_guarded, "The etag that it was read with.");
    }
    if route.is_conditional {
        header("If-None-Match", false, "With *: only add.");
    }
    if route.is_tagged {
        header("If-None-Match", false, "An etag: of this state nothing is shown again.");
    }
    parameters
}

/// A query holds no null: what is not there is not asked.
fn never_null(mut schema: Value) -> Value {
    if let Some(types) = schema.get_mut("type")
        && let Value::Array(words) = types
        && let [word, Value::String(null)] = words.as_slice()
        && null == "null"
    {
        *types = word.clone();
    }
    if let Some(Value::Array(choices)) = schema.get("anyOf")
        && let [choice, null] = choices.as_slice()
        && *null == json!({ "type": "null" })
    {
        schema = choice.clone();
    }
    if let Some(fields) = schema.as_object_mut()
        && fields.get("default") == Some(&Value::Null)
    {
        fields.remove("default");
    }
    schema
}

fn meaning(name: &str) -> &'static str {
    match name {
        "customer" => "The id of a customer.",
        "external_id" => "system:id, or an id of the system of the settings.",
        "address" => "The id of an address of the customer.",
        "name" => "The id of another name of the customer.",
        "tag" => "A tag.",
        "interaction" => "The id of a contact.",
        "recording" => "The id of a recording.",
        "work" => "The id of a piece of work.",
        "campaign" => "The id of a campaign.",
        "list" => "The id of a call list.",
        "lead" => "The id of a lead.",
        "file" => "The id of a file that was sent to be imported.",
        "import" => "The id of an import.",
        "merge" => "The id of a merge.",
        other => panic!("{other} stands in a path and means nothing"),
    }
}

fn refused_with(route: &Route) -> Vec<StatusCode> {
    let varies = route.path.contains('{');
    let changes = route.method != Method::Get;
    let is_of_customer = route.path.contains("{customer}");
    let asked: [(bool, &[StatusCode]); 11] = [
        (route.is_tagged, &[StatusCode::NOT_MODIFIED]),
        (is_of_customer, &[StatusCode::PERMANENT_REDIRECT]),
        (route.who != Who::Anybody || route.body.is_some(), &[StatusCode::UNAUTHORIZED]),
        (matches!(route.who, Who::OneOf(_)) || changes, &[StatusCode::FORBIDDEN]),
        (route.who == Who::Anybody && route.body.is_some(), &[StatusCode::TOO_MANY_REQUESTS]),
        (varies, &[StatusCode::NOT_FOUND]),
        (
            route.body.is_some(),
            &[StatusCode::BAD_REQUEST, StatusCode::PAYLOAD_TOO_LARGE, StatusCode::UNSUPPORTED_MEDIA_TYPE],
        ),
        (
            route.body.is_some() || route.query.is_some() || varies || route.reads_files,
            &[StatusCode::UNPROCESSABLE_ENTITY],
        ),
        (route.takes_file, &[StatusCode::BAD_REQUEST, StatusCode::PAYLOAD_TOO_LARGE]),
        (changes && varies || route.is_contested, &[StatusCode::CONFLICT]),
        (route.is_guarded || route.is_conditional, &[StatusCode::PRECONDITION_FAILED]),
    ];
    let mut refused: Vec<StatusCode> =
        asked.iter().filter(|(is_so, _)| *is_so).flat_map(|(_, statuses)| statuses.iter().copied()).collect();
    if route.is_guarded {
        refused.push(StatusCode::PRECONDITION_REQUIRED);
    }
    refused.push(StatusCode::SERVICE_UNAVAILABLE);
    refused
}

const REFUSALS: [StatusCode; 14] = [
    StatusCode::NOT_MODIFIED,
    StatusCode::PERMANENT_REDIRECT,
    StatusCode::BAD_REQUEST,
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::NOT_FOUND,
    StatusCode::CONFLICT,
    StatusCode::PRECONDITION_FAILED,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    StatusCode::UNPROCESSABLE_ENTITY,
    StatusCode::PRECONDITION_REQUIRED,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::SERVICE_UNAVAILABLE,
];

fn refusal(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_MODIFIED => ("NotModified", "The reader has this state."),
        StatusCode::PERMANENT_REDIRECT => ("Merged", "The customer is part of another one now: Location says which."),
        StatusCode::BAD_REQUEST => ("BadRequest", "The body is no JSON, or broke off."),
        StatusCode::UNAUTHORIZED => ("NotLoggedIn", "Nobody is logged in, or name or password is wrong."),
        StatusCode::FORBIDDEN => {
            ("NotPermitted", "None of the user's roles may do this, or a page of another origin asks.")
        }
        StatusCode::NOT_FOUND => ("NotFound", "There is nothing of this id."),
        StatusCode::CONFLICT => ("Conflict", "It cannot be as things are; error.with names what stands against it."),
        StatusCode::PRECONDITION_FAILED => ("Stale", "It was changed meanwhile; ETag is what it is now."),
        StatusCode::PAYLOAD_TOO_LARGE => ("TooBig", "The body is longer than the limit."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("NotJson", "The body is not called application/json."),
        StatusCode::UNPROCESSABLE_ENTITY => ("InvalidField", "error.field is not as error.expected."),
        StatusCode::PRECONDITION_REQUIRED => ("NoIfMatch", "If-Match is missing."),
        StatusCode::TOO_MANY_REQUESTS => {
            ("RateLimited", "Too many failed log-ins; Retry-After says when to try again.")
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            ("Unavailable", "The database does not answer; Retry-After says when to try.")
        }
        other => unreachable!("{other} is no refusal"),
    }
}

fn refusals() -> Map<String, Value> {
    let has_no_body = |status: StatusCode| status == StatusCode::NOT_MODIFIED;
    let mut refusals = Map::new();
    for status in REFUSALS {
        let (name, description) = refusal(status);
        let mut response = json!({ "description": description });
        if !has_no_body(status) {
            response["content"] = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } });
        }
        refusals.insert(name.to_owned(), response);
    }
    refusals
}

fn error_schema() -> Value {
    json!({
        "description": "Why a request was refused. It changed nothing.",
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "kind": { "type": "string", "description": "For programs." },
                    "message": { "type": "string", "description": "For people." },
                    "field": { "type": "string", "description": "Which field is wrong." },
                    "expected": { "type": "string", "description": "What the field should be." },
                    "etag": { "type": ["string", "null"], "description": "What it is now." },
                    "with": { "type": "array", "items": { "type": "string" } },
                    "retry_after_ms": { "type": "integer" },
                },
                "required": ["kind", "message"],
            },
        },
        "required": ["error"],
    })
}
