//! The table of the house as data: who may name whom, and which crates. It never decides anything.

/// What of our own a folder (or a file directly in src/) may name.
#[derive(Debug, Clone, Copy)]
pub enum Ours {
    /// These; `folder::Contract` means only the types and traits that the folder's mod.rs holds, none of its modules.
    Some(&'static [&'static str]),
    /// Everything: the place where the parts are joined.
    All,
}

#[derive(Debug)]
pub struct Floor {
    pub name: &'static str,
    /// Its package's folder. Others than the root's are pure: no clock, no IO, no task, no map without order; crates from
    /// `PURE_CRATES` only.
    pub package: &'static str,
    pub ours: Ours,
}

impl Floor {
    pub fn is_pure(&self) -> bool {
        !self.package.is_empty()
    }
}

const fn pure(name: &'static str, ours: &'static [&'static str]) -> Floor {
    Floor { name, package: "core/", ours: Ours::Some(ours) }
}

const fn floor(name: &'static str, ours: &'static [&'static str]) -> Floor {
    Floor { name, package: "", ours: Ours::Some(ours) }
}

/// A new folder is added here deliberately, with the fewest arrows that it can live with.
pub const FLOORS: &[Floor] = &[
    pure("routing", &[]),
    Floor { name: "protocol", package: "wire/", ours: Ours::Some(&[]) },
    // Hours and instants are the router's; whose number it is, the customers' reading of it.
    pure("outbound", &["routing", "customers"]),
    // Packs of jurisdictions are rule files too: their types are outbound's, and their test vectors are run on them.
    pure("rules", &["routing", "outbound"]),
    pure("reporting", &["routing"]),
    pure("explanation", &["routing"]),
    pure("customers", &["routing"]),
    // What a file's rows may be of: customers, what happened with them, leads.
    pure("imports", &["routing", "customers", "outbound"]),
    // Its random histories hold the explanations to what was decided.
    pure("simulator", &["routing", "rules", "reporting", "explanation"]),
    floor("clock", &["routing"]),
    // A setting may be a country.
    floor("config", &["routing", "customers"]),
    // A reader of committed events and of the board. Whoever does work tells it in passing; it tells nobody.
    floor("counters", &["routing", "reporting"]),
    // Installs what the counters count with: their buckets and what they mean.
    floor("telemetry", &["config", "counters"]),
    floor("journal", &["routing", "reporting"]),
    // Reads the journal for those who ask about the past; the owner of the router never waits for it.
    floor("hindsight", &["routing", "reporting", "journal", "explanation"]),
    floor("fan_out", &["routing", "reporting", "journal", "router_handle"]),
    // It alone knows of arrivals that an inbox had no room for.
    floor("router_handle", &["routing", "reporting", "journal", "counters"]),
    // It alone knows commands, what was refused, and how long a commit took.
    floor("main_loop", &["routing", "reporting", "journal", "fan_out", "router_handle", "clock", "counters"]),
    floor("records", &["routing", "reporting", "customers", "outbound", "imports", "journal::Contract", "clock"]),
    // Who is calling: asked for sessions, within a time, so that a slow database delays no contact.
    floor("screen_pop", &["routing", "customers", "outbound", "records", "clock", "counters"]),
    // Reads the journal and writes rows; nobody asks it anything.
    floor("interactions", &["routing", "customers", "journal", "records"]),
    // Reads a file and has its rows written.
    floor("customer_import", &["routing", "customers", "outbound", "imports", "records"]),
    // Files that came over HTTP, and imports of them beside the server.
    floor("import_desk", &["routing", "customers", "outbound", "imports", "customer_import", "records"]),
    // All stores of a site at once, as files; what is in them it leaves to them.
    floor("backup", &["routing", "journal", "records", "privacy", "clock"]),
    // A person's data wherever it lies: both stores, and what the screen pop keeps.
    floor("privacy", &["routing", "customers", "journal", "records", "interactions", "screen_pop", "config", "clock"]),
    // Writes what is said before the router is told of it, and orders again what no gateway has said anything of.
    floor("messages", &["routing", "customers", "records", "router_handle", "clock"]),
    // Changes work, and is the gateway of the tasks that it becomes.
    floor("work", &["routing", "customers", "records", "screen_pop", "router_handle", "clock"]),
    floor("rule_files", &["rules", "outbound", "clock"]),
    // Its rows are the records'; it gathers what many ask it to write.
    floor("audit", &["routing", "customers", "records"]),
    // What each role sees of customers is part of who may do what.
    floor("access", &["routing", "customers", "records", "clock"]),
    floor(
        "sessions",
        &[
            "customers",
            "outbound",
            "routing",
            "reporting",
            "explanation",
            "customers",
            "hindsight",
            "router_handle",
            "access",
            "audit",
            "screen_pop",
            "messages",
            "work",
            "protocol",
            "records",
            "clock",
            "counters",
        ],
    ),
    // Switches that are driven from inside: they speak our own wire and know the server no other way, so that a gateway
    // outside can do all that they do. Numbers are read as everywhere.
    floor("gateways", &["protocol", "wire_client", "customers"]),
    // Joins what is written down of a call with the pure judgment of it.
    floor(
        "campaigns",
        &["routing", "customers", "outbound", "journal", "records", "screen_pop", "router_handle", "clock"],
    ),
    floor(
        "http",
        &[
            "work",
            "protocol",
            "routing",
            "customers",
            // Settings of campaigns and call lists.
            "outbound",
            "sessions",
            "records",
            // The records of customers, and who keeps what was read of them.
            "screen_pop",
            "export",
            // What the rows of a file are, and what can be wrong with it.
            "imports",
            "customer_import",
            "import_desk",
            "campaigns",
            "rules",
            "reporting",
            "rule_files",
            "router_handle",
            "access",
            "audit",
            "clock",
        ],
    ),
    // Tables to take away, for whoever writes them: times are written as on the wire.
    floor("export", &["routing", "customers", "outbound", "records", "protocol"]),
    // What every client of the wire needs: a stranger to the server.
    floor("wire_client", &["protocol"]),
    // Virtual callers and agents: strangers to the server, so that they prove the wire.
    floor("demo", &["protocol", "wire_client"]),
    Floor { name: "server", package: "", ours: Ours::All },
    Floor { name: "cli", package: "", ours: Ours::All },
    floor("main", &["cli"]),
    // The maps of the packages: they declare the modules and name nothing in them.
    floor("lib", &[]),
    floor("core", &[]),
    floor("wire", &[]),
];

/// A crate that a pure folder may name.
pub struct PureCrate {
    pub name: &'static str,
    /// Empty: every pure folder.
    pub folders: &'static [&'static str],
    pub tests_only: bool,
    /// Why it is needed, and why it cannot make two runs differ.
    #[expect(dead_code, reason = "read by people: no entry without a reason")]
    pub why: &'static str,
}

const fn pure_crate(name: &'static str, folders: &'static [&'static str], why: &'static str) -> PureCrate {
    PureCrate { name, folders, tests_only: false, why }
}

const fn in_tests(name: &'static str, folders: &'static [&'static str], why: &'static str) -> PureCrate {
    PureCrate { name, folders, tests_only: true, why }
}

pub const PURE_CRATES: &[PureCrate] = &[
    pure_crate("serde", &[], "types to data and back, in declared order"),
    pure_crate("serde_json", &[], "values and text in memory; maps keep the order of keys"),
    pure_crate("thiserror", &[], "error enums"),
    pure_crate("indexmap", &[], "maps that iterate in the order of insertion"),
    pure_crate("smallvec", &[], "short lists without an allocation"),
    pure_crate("jiff", &[], "calendars and zones; its zone data is bundled, its clock is banned by clippy"),
    pure_crate("postcard", &["routing", "reporting", "simulator"], "snapshots as bytes"),
    pure_crate("crc32fast", &["routing", "reporting"], "checksums and state hashes"),
    pure_crate("sha2", &["routing", "reporting", "rules"], "keyed hashes of numbers, versions of rule sets"),
    pure_crate("uuid", &["routing", "protocol", "simulator"], "request ids as received"),
    pure_crate("priority_queue", &["routing"], "deadlines, by total keys and never iterated"),
    pure_crate("rand", &["routing", "simulator"], "traits of generators; unseeded ones are banned by clippy"),
    pure_crate(
        "rand_chacha",
        &["routing", "reporting", "simulator"],
        "the same draws from the same seed on every machine",
    ),
    pure_crate("fixedbitset", &["routing"], "sets of small numbers, walked in their order"),
    pure_crate("rustc_hash", &["routing"], "look-ups by key with a fixed hash; such a map is never iterated"),
    pure_crate("cel", &["routing"], "conditions of rules; `HOMES` keeps it in one file"),
    pure_crate("toml", &["rules", "simulator"], "rule files and scenarios, with the place of every value"),
    pure_crate("miette", &["rules"], "errors with a mark under the place"),
    pure_crate("strsim", &["rules", "customers"], "how far a mistyped key is from a right one, a name from a name"),
    pure_crate("rlibphonenumber", &["customers"], "numbering plans, bundled; `HOMES` keeps it in one file"),
    pure_crate("unicode_normalization", &["customers"], "tables of the Unicode standard"),
    pure_crate("schemars", &["protocol"], "schemas of the wire types"),
    pure_crate("serde_path_to_error", &["protocol"], "errors that name the field"),
    pure_crate("ts_rs", &["protocol"], "TypeScript of the wire types"),
    pure_crate("csv", &["simulator"], "recorded calls from text in memory"),
    in_tests("proptest", &[], "random histories; it prints the seed that fails"),
    in_tests("rand", &["rules"], "damage to rule files, from a seed"),
    in_tests("rand_chacha", &["rules"], "the same damage from the same seed"),
    in_tests("toml", &["outbound"], "settings as people write them in files"),
    in_tests("jsonschema", &["protocol"], "examples against the generated schemas"),
];

/// A crate or a name of the standard library that has one home, so that it can be changed in one place.
pub struct Home {
    /// The path, or the beginning of it.
    pub name: &'static [&'static str],
    /// Files (without `.rs`) and folders under any package's src/.
    pub only: &'static [&'static str],
    pub why: &'static str,
}

pub const HOMES: &[Home] = &[
    Home {
        name: &["cel"],
        only: &["routing/expression"],
        why: "an expression is text everywhere else, and compiled where it is read",
    },
    Home {
        name: &["rlibphonenumber"],
        only: &["customers/phone"],
        why: "a phone number is our own type everywhere else, and read in one way",
    },
    Home {
        name: &["sqlx"],
        only: &["journal", "records", "server", "cli", "lib"],
        why: "the journal has its SQL, records has all other; the load tests take it from the map of the package",
    },
    Home {
        name: &["dashmap"],
        only: &["sessions"],
        why: "only the registry of sessions is shared, behind a small type",
    },
    Home { name: &["std", "time", "SystemTime"], only: &["clock"], why: "only clock.rs reads the wall clock" },
    Home { name: &["jiff", "Zoned", "now"], only: &["clock"], why: "only clock.rs reads the wall clock" },
    Home { name: &["jiff", "Timestamp", "now"], only: &["clock"], why: "only clock.rs reads the wall clock" },
];

/// Modules of the standard library that a pure folder may not name, but for its tests. Types and calls are clippy.toml's, where
/// `#[expect(…, reason = "…")]` can make an exception.
pub const IMPURE_STD: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "io"],
    &["std", "net"],
    &["std", "env"],
    &["std", "os"],
    &["std", "process"],
    &["std", "thread"],
];
