//! The protocol as an AsyncAPI 3.0 document, seen from the server. It never describes what HTTP
//! offers.

use std::fmt::Write;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::close::CloseCode;
use super::generate::BothWays;
use super::methods::{self, Method, Way};

const CHANNEL: &str = "socket";
const ERROR_MESSAGE: &str = "error";

/// The whole document.
pub(super) fn document() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut both = BothWays::new(&settings);
    let mut messages = Map::new();
    let mut operations = Map::new();
    messages.insert(ERROR_MESSAGE.to_owned(), error_message(both.error()));
    for method in methods::all() {
        let name = key(method);
        messages.insert(name.clone(), call_message(method, both.params(method)));
        if let Some(result) = both.result(method) {
            messages.insert(format!("{name}.result"), result_message(method, &result));
        }
        operations.insert(name, operation(method));
    }
    let in_channel: Map<String, Value> =
        messages.keys().map(|name| (name.clone(), reference(&format!("components/messages/{name}")))).collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Usher",
            "version": "1",
            "description": description(),
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "channels": {
            CHANNEL: {
                "address": "/ws",
                "description": "WebSocket, subprotocol usher.v1, one JSON-RPC 2.0 message in each text frame.",
                "messages": in_channel,
                "bindings": { "ws": { "method": "GET" } },
            },
        },
        "operations": operations,
        "components": { "messages": messages, "schemas": both.definitions() },
    })
}

fn key(method: &Method) -> String {
    let (group, name) = (method.group(), method.name_in_group());
    match name.strip_prefix("session.") {
        Some(_) => name,
        None => format!("{group}.{name}"),
    }
}

fn reference(path: &str) -> Value {
    json!({ "$ref": format!("#/{path}") })
}

fn channel_message(name: &str) -> Value {
    reference(&format!("channels/{CHANNEL}/messages/{name}"))
}

fn id_schema() -> Value {
    json!({ "oneOf": [{ "type": "integer" }, { "type": "string", "minLength": 1, "maxLength": 128 }] })
}

fn call_message(method: &Method, params: Value) -> Value {
    let mut properties = Map::new();
    let mut required = vec!["jsonrpc", "method", "params"];
    properties.insert("jsonrpc".to_owned(), json!({ "const": "2.0" }));
    properties.insert("method".to_owned(), json!({ "const": method.name }));
    properties.insert("params".to_owned(), params);
    if method.way.has_id() {
        properties.insert("id".to_owned(), id_schema());
        required.push("id");
    }
    json!({
        "name": method.name,
        "summary": method.purpose,
        "payload": { "type": "object", "properties": properties, "required": required },
    })
}

fn result_message(method: &Method, result: &Value) -> Value {
    json!({
        "name": format!("{}.result", method.name),
        "summary": format!("The answer to {}.", method.name),
        "payload": {
            "type": "object",
            "properties": { "jsonrpc": { "const": "2.0" }, "id": id_schema(), "result": result },
            "required": ["jsonrpc", "id", "result"],
        },
    })
}

fn error_message(data: Value) -> Value {
    json!({
        "name": ERROR_MESSAGE,
        "summary": "A request was refused: data.kind says why.",
        "payload": {
            "type": "object",
            "properties": {
                "jsonrpc": { "const": "2.0" },
                "id": { "oneOf": [id_schema(), { "type": "null" }] },
                "error": {
                    "type": "object",
                    "properties": {
                        "code": { "type": "integer" },
                        "message": { "type": "string" },
                        "data": data,
                    },
                    "required": ["code", "message", "data"],
                },
            },
            "required": ["jsonrpc", "id", "error"],
        },
    })
}

fn operation(method: &Method) -> Value {
    let action = if method.way.is_from_client() { "receive" } else { "send" };
    let name = key(method);
    let mut operation = json!({
        "action": action,
        "channel": reference(&format!("channels/{CHANNEL}")),
        "summary": method.purpose,
        "tags": method.roles.iter().map(|role| json!({ "name": role })).collect::<Vec<_>>(),
        "messages": [channel_message(&name)],
    });
    let is_numbered = match method.way {
        Way::Event => true,
        Way::Ask | Way::Tell | Way::Push | Way::Order => false,
    };
    if is_numbered {
        operation["description"] = json!("Numbered: a resumed session hears what it missed.");
    }
    if method.result.is_some() {
        operation["reply"] = json!({
            "channel": reference(&format!("channels/{CHANNEL}")),
            "messages": [channel_message(&format!("{name}.result")), channel_message(ERROR_MESSAGE)],
        });
    }
    operation
}

fn description() -> String {
    let mut text = String::from(
        "Agents' consoles, supervisors' dashboards and gateways talk to Usher over one WebSocket each, \
         in JSON-RPC 2.0. The first message is session.open. Fields and notifications that a client \
         does not know are to be ignored: usher.v1 only grows. Times are RFC 3339 in UTC, durations \
         integers in milliseconds, ids text that nobody parses. Batches are refused.\n\n\
         Come back after min(30 s, 0.5 s × 2ⁿ) × random(0, 1), or after retry_after_ms where it was given.\n\n\
         | close code | reason | connect again |\n| --- | --- | --- |\n",
    );
    for code in CloseCode::ALL {
        let again = if code.retry() { "yes" } else { "no" };
        let _ = writeln!(text, "| {} | {} | {again} |", code.number(), code.reason());
    }
    text
}
