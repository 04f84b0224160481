//! The tables of the switches that the server drives itself, and the environment over them. Reads no other setting.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Reading, shown};
use crate::config::asterisk::{self, AsteriskSettings, SECTION, SWITCH_SETTINGS, SWITCHES_MAX};
use crate::config::keys::Setting;
use crate::config::report::Mark;
use crate::config::value::{Given, is_site};

impl Reading {
    pub(super) fn read_switches(
        &mut self,
        file: &str,
        switches: &DeTable<'_>,
        mark: &dyn Fn(Range<usize>) -> Option<Mark>,
    ) {
        for (name, value) in switches {
            let (at_name, name) = (mark(name.span()), name.get_ref().as_ref());
            let DeValue::Table(keys) = value.get_ref() else {
                let message = format!("{SECTION}.{} is no table", shown(name));
                self.problem(
                    file,
                    SECTION,
                    &message,
                    &format!("a table for each switch, like [{SECTION}.main]"),
                    at_name,
                );
                continue;
            };
            if !is_site(name) || self.config.asterisk.len() == SWITCHES_MAX {
                let message = format!("{SECTION}.{} cannot be", shown(name));
                let expected = format!(
                    "at most {SWITCHES_MAX} switches, each named by 1 to 32 letters a to z, digits or dashes, beginning with a letter"
                );
                self.problem(file, SECTION, &message, &expected, at_name);
                continue;
            }
            let mut switch = AsteriskSettings::default();
            for (key, value) in keys {
                let found = SWITCH_SETTINGS.iter().find(|setting| setting.key == key.get_ref().as_ref());
                match found {
                    Some(setting) => {
                        let given = Given::InFile(value.get_ref());
                        self.set_of_switch(name, &mut switch, setting, file, &given, mark(value.span()));
                    }
                    None => {
                        let full = format!("{SECTION}.{name}.{}", key.get_ref());
                        let known: Vec<String> =
                            SWITCH_SETTINGS.iter().map(|setting| asterisk::full_key(name, setting)).collect();
                        self.unknown(file, &full, mark(key.span()), known.iter().map(String::as_str));
                    }
                }
            }
            self.config.asterisk.insert(name.to_owned(), switch);
        }
    }

    fn set_of_switch(
        &mut self,
        name: &str,
        switch: &mut AsteriskSettings,
        setting: &Setting<AsteriskSettings>,
        source: &str,
        given: &Given<'_>,
        mark: Option<Mark>,
    ) {
        if setting.kind.set(switch, given).is_none() {
            let key = asterisk::full_key(name, setting);
            let message = format!("{key} has a value that it cannot have");
            self.problem(source, &key, &message, &setting.kind.expected(), mark);
        }
    }

    /// Of the switches that the file has. None: it is of none of them.
    pub(super) fn read_variable_of_switch(&mut self, variable: &str, value: Option<&str>) -> Option<()> {
        let of = |name: &str| SWITCH_SETTINGS.iter().find(|setting| asterisk::variable(name, setting) == variable);
        let (name, setting) = self.config.asterisk.keys().find_map(|name| Some((name.clone(), of(name)?)))?;
        let mut switch = self.config.asterisk.remove(&name)?;
        match value {
            Some(value) => {
                self.set_of_switch(&name, &mut switch, setting, variable, &Given::AsText(value), None);
            }
            None => {
                let key = asterisk::full_key(&name, setting);
                self.problem(variable, &key, "not UTF-8", &setting.kind.expected(), None);
            }
        }
        self.config.asterisk.insert(name, switch);
        Some(())
    }

    pub(super) fn variables_of_switches(&self) -> impl Iterator<Item = String> {
        let names = self.config.asterisk.keys();
        names.flat_map(|name| SWITCH_SETTINGS.iter().map(move |setting| asterisk::variable(name, setting)))
    }
}
