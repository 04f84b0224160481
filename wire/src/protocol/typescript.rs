//! The wire types as one TypeScript file for the consoles. It never writes a file.

use std::collections::BTreeMap;
use std::fmt::Write;

use ts_rs::{Config, TS, TypeVisitor};

use super::envelope::RequestId;
use super::error::ErrorKind;
use super::methods::{self, Method, TypeOf, Way};

/// TypeScript declarations by name, each with what it depends on.
pub(super) struct Declarations {
    config: Config,
    by_name: BTreeMap<String, String>,
}

impl Declarations {
    fn new() -> Self {
        // Every number on the wire is below 2⁵³, so that JSON readers keep it whole.
        Declarations { config: Config::new().with_large_int("number"), by_name: BTreeMap::new() }
    }

    /// Declares `T` and all that it names; its name in TypeScript.
    pub fn add<T: TS + 'static + ?Sized>(&mut self) -> String {
        self.visit::<T>();
        T::name(&self.config)
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            return;
        }
        let text = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(&self.config));
        let text = tidy(&text);
        match self.by_name.insert(T::ident(&self.config), text.clone()) {
            Some(earlier) => {
                assert!(earlier == text, "two wire types have the name {}", T::ident(&self.config));
            }
            None => {
                T::visit_dependencies(self);
                T::visit_generics(self);
            }
        }
    }
}

/// ts-rs opens a comment of its own line for each field and leaves spaces at line ends.
fn tidy(declaration: &str) -> String {
    let short = declaration.replace("/**\n * ", "/** ").replace("\n */", " */");
    short.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// A doc comment of TypeScript as plain text.
pub(super) fn plain(docs: &str) -> String {
    docs.lines()
        .map(|line| line.trim().trim_start_matches("/**").trim_end_matches("*/"))
        .map(|line| line.trim().trim_start_matches('*').trim())
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

const HEADER: &str = "\
// Made from wire/src/protocol by `USHER_WRITE_GENERATED=1 cargo test --package usher-wire`; edit it there.

/** What the server numbers within a session: `seq` rises by 1 with each. */
export type Numbered<T> = T & { seq: number };
";

/// The whole file.
pub(super) fn document() -> String {
    let mut declarations = Declarations::new();
    let error = declarations.add::<ErrorKind>();
    let id = declarations.add::<RequestId>();
    let maps: String = maps().iter().map(|map| map.text(&mut declarations)).collect();

    let mut text = HEADER.to_owned();
    for declaration in declarations.by_name.values() {
        text.push('\n');
        text.push_str(declaration);
    }
    text.push_str(&maps);
    let _ = write!(
        text,
        "\n/** An answer that refuses: `data.kind` says why. */\n\
         export type Refusal = {{ jsonrpc: \"2.0\", id: {id} | null, error: {{ code: number, message: string, data: {error} }} }};\n"
    );
    text
}

/// The messages of one group in one direction.
struct Map {
    name: String,
    docs: &'static str,
    rows: Vec<&'static Method>,
}

fn maps() -> Vec<Map> {
    let mut by_name: BTreeMap<String, Map> = BTreeMap::new();
    for method in methods::all() {
        let (suffix, docs) = match method.way {
            Way::Ask => ("Asks", "Requests of the client: params and result by method."),
            Way::Tell => ("Tells", "Notifications of the client: params by method."),
            Way::Event | Way::Push => ("Hears", "Notifications of the server: params by method."),
            Way::Order => ("Orders", "Requests of the server: params and result by method."),
        };
        let name = format!("{}{suffix}", capitalised(method.group()));
        by_name.entry(name.clone()).or_insert_with(|| Map { name, docs, rows: Vec::new() }).rows.push(method);
    }
    by_name.into_values().collect()
}

fn capitalised(group: &str) -> String {
    group.split('_').fold(String::new(), |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

impl Map {
    fn text(&self, declarations: &mut Declarations) -> String {
        let mut text = format!("\n/** {} */\nexport interface {} {{\n", self.docs, self.name);
        for method in &self.rows {
            let mut name_of = |of: TypeOf| (of.typescript)(declarations);
            let params = name_of(method.params);
            let entry = match (method.way, method.result) {
                (Way::Ask | Way::Order, Some(result)) => {
                    format!("{{ params: {params}, result: {} }}", name_of(result))
                }
                (Way::Event, _) => format!("Numbered<{params}>"),
                (Way::Ask | Way::Order | Way::Tell | Way::Push, _) => params,
            };
            let _ = writeln!(text, "  /** {} */\n  \"{}\": {entry},", method.purpose, method.name);
        }
        text.push_str("}\n");
        text
    }
}
