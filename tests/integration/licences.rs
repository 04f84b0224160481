//! Every crate that is linked carries a licence that deny.toml allows. It asks no network and installs nothing.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::support::surroundings::repository_root;

/// The licences of deny.toml: for every crate, and for named crates.
struct Allowed {
    everywhere: BTreeSet<String>,
    exceptions: Vec<(String, BTreeSet<String>)>,
}

impl Allowed {
    fn read(text: &str) -> Self {
        let table: toml::Table = text.parse().expect("deny.toml is TOML");
        let licenses = table["licenses"].as_table().expect("deny.toml has [licenses]");
        let exceptions = licenses["exceptions"].as_array().expect("exceptions is a list");
        Self {
            everywhere: words(&licenses["allow"]),
            exceptions: exceptions.iter().map(|one| (text_of(&one["crate"]), words(&one["allow"]))).collect(),
        }
    }

    fn allows(&self, name: &str, licence: &str) -> bool {
        self.everywhere.contains(licence)
            || self.exceptions.iter().any(|(of, licences)| of == name && licences.contains(licence))
    }

    /// An SPDX expression: OR asks for one side, AND for both. The old spelling `MIT/Apache-2.0` means OR.
    fn allows_expression(&self, name: &str, expression: &str) -> bool {
        let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        let tokens: Vec<&str> = expression.split_whitespace().collect();
        let mut rest = tokens.as_slice();
        let allowed = self.any_of(name, &mut rest);
        allowed && rest.is_empty()
    }

    fn any_of(&self, name: &str, rest: &mut &[&str]) -> bool {
        let mut allowed = self.all_of(name, rest);
        while take(rest, "OR") {
            allowed |= self.all_of(name, rest);
        }
        allowed
    }

    fn all_of(&self, name: &str, rest: &mut &[&str]) -> bool {
        let mut allowed = self.one(name, rest);
        while take(rest, "AND") {
            allowed &= self.one(name, rest);
        }
        allowed
    }

    fn one(&self, name: &str, rest: &mut &[&str]) -> bool {
        if take(rest, "(") {
            let allowed = self.any_of(name, rest);
            return take(rest, ")") && allowed;
        }
        let Some((licence, after)) = rest.split_first() else {
            return false;
        };
        *rest = after;
        if take(rest, "WITH") {
            let Some((exception, after)) = rest.split_first() else {
                return false;
            };
            *rest = after;
            return self.allows(name, &format!("{licence} WITH {exception}"));
        }
        self.allows(name, licence)
    }
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    let found = rest.first() == Some(&word);
    if found {
        *rest = &rest[1..];
    }
    found
}

fn text_of(value: &toml::Value) -> String {
    value.as_str().expect("a licence or a crate is text").to_owned()
}

fn words(value: &toml::Value) -> BTreeSet<String> {
    value.as_array().expect("allow is a list").iter().map(text_of).collect()
}

fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc runs: it built this test");
    let text = String::from_utf8(output.stdout).expect("rustc prints UTF-8");
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

#[test]
fn every_crate_has_a_licence_that_deny_toml_allows() {
    let allowed = Allowed::read(&fs::read_to_string(repository_root().join("deny.toml")).unwrap());
    // Of this platform only: what another platform links may not have been downloaded here.
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform"])
        .arg(host())
        .current_dir(repository_root())
        .output()
        .expect("cargo runs: it runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "only {} packages were read", packages.len());

    let refused: Vec<String> = packages
        .iter()
        .map(|package| (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or("none")))
        .filter(|(name, licence)| !allowed.allows_expression(name, licence))
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    assert_eq!(refused, [""; 0], "deny.toml does not allow these");
}

#[test]
fn expressions_are_weighed() {
    let allowed = Allowed::read(
        r#"
        [licenses]
        allow = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]
        exceptions = [{ crate = "queue", allow = ["MPL-2.0"] }]
        "#,
    );
    for licence in [
        "MIT",
        "GPL-3.0 OR MIT",
        "GPL-3.0/MIT",
        "MIT AND ISC",
        "(MIT OR GPL-3.0) AND ISC",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(allowed.allows_expression("any", licence), "{licence}");
    }
    for licence in ["none", "", "GPL-3.0", "MIT AND GPL-3.0", "(MIT", "MIT ISC", "MPL-2.0", "Apache-2.0"] {
        assert!(!allowed.allows_expression("any", licence), "{licence}");
    }
    assert!(allowed.allows_expression("queue", "LGPL-3.0-or-later OR MPL-2.0"));
}
