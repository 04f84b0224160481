//! What other languages need of the protocol, made from its types. It never reads or writes a
//! file: the test of staleness does.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::asyncapi;
use super::error::ErrorKind;
use super::methods::{self, Method, Way};
use super::typescript;

/// A file that is committed and must be what the types say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Below the root of the repository.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// Where the JSON Schemas stand, below the root of the repository.
pub(super) const SCHEMA_FOLDER: &str = "docs/protocol/schemas";

/// A JSON Schema for each message, the AsyncAPI document, and the consoles' TypeScript.
#[must_use]
pub fn generated_files() -> Vec<GeneratedFile> {
    let mut files: Vec<GeneratedFile> = methods::all()
        .map(|method| GeneratedFile {
            path: format!("{SCHEMA_FOLDER}/{}/{}.json", method.group(), method.name_in_group()),
            text: pretty(&message_schema(method)),
        })
        .collect();
    files.push(GeneratedFile { path: format!("{SCHEMA_FOLDER}/error.json"), text: pretty(&error_schema()) });
    files.push(GeneratedFile { path: "docs/protocol/asyncapi.json".to_owned(), text: pretty(&asyncapi::document()) });
    files.push(GeneratedFile { path: "web/src/protocol.ts".to_owned(), text: typescript::document() });
    files
}

/// Keys are sorted by us, as a crate elsewhere in the build may switch serde_json to another order.
fn pretty(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    serde_json::to_string_pretty(&value).expect("JSON values serialise") + "\n"
}

/// What the client sends is described as we read it, what the server sends as we write it.
fn generator_for(settings: SchemaSettings, is_read_by_us: bool) -> SchemaGenerator {
    let settings = if is_read_by_us { settings.for_deserialize() } else { settings.for_serialize() };
    settings.with(|settings| settings.meta_schema = None).into_generator()
}

/// The generators of both directions: of what we read, and of what we write.
pub(super) struct BothWays {
    read: SchemaGenerator,
    written: SchemaGenerator,
}

impl BothWays {
    pub fn new(settings: &SchemaSettings) -> Self {
        BothWays { read: generator_for(settings.clone(), true), written: generator_for(settings.clone(), false) }
    }

    pub fn error(&mut self) -> Value {
        self.written.subschema_for::<ErrorKind>().to_value()
    }

    pub fn params(&mut self, method: &Method) -> Value {
        let generator = if method.way.is_from_client() { &mut self.read } else { &mut self.written };
        let params = (method.params.schema)(generator).to_value();
        match method.way {
            Way::Event => json!({ "allOf": [params, seq_schema()] }),
            Way::Ask | Way::Tell | Way::Push | Way::Order => params,
        }
    }

    pub fn result(&mut self, method: &Method) -> Option<Value> {
        let generator = if method.way.is_from_client() { &mut self.written } else { &mut self.read };
        method.result.map(|result| (result.schema)(generator).to_value())
    }

    /// All types named so far.
    pub fn definitions(mut self) -> Map<String, Value> {
        let mut definitions = self.read.take_definitions(true);
        for (name, schema) in self.written.take_definitions(true) {
            let earlier = definitions.insert(name.clone(), schema.clone());
            assert!(earlier.is_none_or(|earlier| earlier == schema), "{name} is read and written differently");
        }
        definitions
    }
}

fn seq_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "seq": {
                "description": "The number of this event within the session: one more than the last.",
                "type": "integer",
                "minimum": 1,
            },
        },
        "required": ["seq"],
    })
}

/// A schema of `{"params": …}` and `{"result": …}`, either of which may be left out.
fn message_schema(method: &Method) -> Value {
    let mut both = BothWays::new(&SchemaSettings::draft2020_12());
    let mut properties = Map::new();
    properties.insert("params".to_owned(), both.params(method));
    if let Some(result) = both.result(method) {
        properties.insert("result".to_owned(), result);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": method.name,
        "description": format!("{} {}", direction(method.way), method.purpose),
        "type": "object",
        "properties": properties,
        "$defs": both.definitions(),
    })
}

fn error_schema() -> Value {
    let mut both = BothWays::new(&SchemaSettings::draft2020_12());
    let data = both.error();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "error",
        "description": "The error of an answer that refuses.",
        "type": "object",
        "properties": {
            "code": { "enum": [-32700, -32600, -32601, -32602, -32603, -32000] },
            "message": { "type": "string" },
            "data": data,
        },
        "required": ["code", "message", "data"],
        "$defs": both.definitions(),
    })
}

fn direction(way: Way) -> &'static str {
    match way {
        Way::Ask => "Request of the client.",
        Way::Tell => "Notification of the client.",
        Way::Event => "Numbered notification of the server.",
        Way::Push => "Notification of the server, without a number.",
        Way::Order => "Request of the server.",
    }
}
