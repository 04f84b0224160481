//! Reads the file, the environment and the flags, one over the other, and gathers all that is wrong with them.

mod switches;

use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::asterisk::SECTION;
use super::customer_fields;
use super::flags::ConfigFlags;
use super::keys::{Kind, SETTINGS, Setting};
use super::report::{ConfigErrors, ConfigProblem, Mark};
use super::settings::Config;
use super::value::Given;

/// Read when no other is named and it is there.
pub const FILE: &str = "usher.toml";
/// Names the file, as `--config` does.
const FILE_VARIABLE: &str = "USHER_CONFIG";
/// What all our variables begin with.
const VARIABLE_PREFIX: &str = "USHER_";
/// Larger is no file of settings.
const FILE_BYTES_MAX: u64 = 1_024 * 1_024;
/// Longest unknown key that gets a suggestion, in bytes.
const SUGGESTED_BYTES_MAX: usize = 64;

impl Config {
    /// The settings of this process: file, environment, flags.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn load(flags: &ConfigFlags) -> Result<Config, ConfigErrors> {
        Config::from_sources(std::env::vars_os(), flags)
    }

    /// As [`Config::load`], in this environment.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn from_sources(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        flags: &ConfigFlags,
    ) -> Result<Config, ConfigErrors> {
        let mut reading = Reading::default();
        let mut file = flags.file.clone();
        let mut variables = Vec::new();
        for (name, value) in environment {
            let Some(name) = name.to_str().filter(|name| name.starts_with(VARIABLE_PREFIX)) else {
                continue;
            };
            if name == FILE_VARIABLE {
                file = file.or_else(|| Some(value.into()));
            } else {
                variables.push((name.to_owned(), value));
            }
        }
        match &file {
            Some(file) => reading.read_file(file, true),
            None => reading.read_file(Path::new(FILE), false),
        }
        variables.sort();
        for (name, value) in &variables {
            reading.read_variable(name, value.to_str());
        }
        for (setting, value) in flags.given() {
            reading.set(setting, &format!("--{}", setting.flag()), &Given::AsText(value), None);
        }
        reading.finish()
    }

    /// The settings of this text, over the defaults. `file` is what errors call it.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn from_text(file: &str, text: &str) -> Result<Config, ConfigErrors> {
        let mut reading = Reading::default();
        reading.read_text(file, text);
        reading.finish()
    }
}

#[derive(Default)]
struct Reading {
    config: Config,
    errors: ConfigErrors,
}

impl Reading {
    fn finish(mut self) -> Result<Config, ConfigErrors> {
        if self.errors.problems.is_empty() {
            self.errors.problems = self.config.contradictions();
        }
        self.config.privacy.tell_not_personal(&self.config.customers.fields);
        if self.errors.problems.is_empty() { Ok(self.config) } else { Err(self.errors) }
    }

    fn read_file(&mut self, file: &Path, must_be_there: bool) {
        let name = file.display().to_string();
        match read_bounded(file) {
            Ok(Some(text)) => self.read_text(&name, &text),
            Ok(None) => self.problem(&name, "", "too long", &format!("at most {FILE_BYTES_MAX} bytes"), None),
            Err(error) if error.kind() == ErrorKind::NotFound && !must_be_there => {}
            Err(error) => self.problem(&name, "", &format!("cannot be read: {error}"), "a file of settings", None),
        }
    }

    fn read_text(&mut self, file: &str, text: &str) {
        let source: Arc<str> = text.into();
        let mark = |span: Range<usize>| Some(Mark { text: Arc::clone(&source), span });
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let place = error.span().and_then(mark);
                return self.problem(file, "", error.message(), "a TOML file", place);
            }
        };
        for (name, value) in table.get_ref() {
            let (name_span, name) = (name.span(), name.get_ref().as_ref());
            let DeValue::Table(section) = value.get_ref() else {
                self.read_key(file, name, value.get_ref(), mark(name_span), mark(value.span()));
                continue;
            };
            if name == SECTION {
                self.read_switches(file, section, &mark);
                continue;
            }
            let is_section = SETTINGS.iter().any(|setting| section_of(setting.key) == Some(name));
            if !is_section {
                let sections = SETTINGS.iter().filter_map(|one| section_of(one.key)).chain([SECTION]);
                self.unknown(file, name, mark(name_span), sections);
                continue;
            }
            for (key, value) in section {
                let full = format!("{name}.{}", key.get_ref());
                self.read_key(file, &full, value.get_ref(), mark(key.span()), mark(value.span()));
            }
        }
    }

    fn read_key(&mut self, file: &str, key: &str, value: &DeValue<'_>, at_key: Option<Mark>, at_value: Option<Mark>) {
        match SETTINGS.iter().find(|setting| setting.key == key) {
            Some(setting) => self.set(setting, file, &Given::InFile(value), at_value),
            None => self.unknown(file, key, at_key, SETTINGS.iter().map(|setting| setting.key)),
        }
    }

    fn read_variable(&mut self, name: &str, value: Option<&str>) {
        if self.read_variable_of_switch(name, value).is_some() {
            return;
        }
        let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == name) else {
            let variables: Vec<String> =
                SETTINGS.iter().map(Setting::variable).chain(self.variables_of_switches()).collect();
            return self.unknown(name, name, None, variables.iter().map(String::as_str));
        };
        match value {
            Some(value) => self.set(setting, name, &Given::AsText(value), None),
            None => self.problem(name, setting.key, "not UTF-8", &setting.kind.expected(), None),
        }
    }

    fn set(&mut self, setting: &Setting, source: &str, given: &Given<'_>, mark: Option<Mark>) {
        if let Kind::Fields(_) = setting.kind
            && let Err(bad) = customer_fields::read(given)
        {
            for field in bad {
                let place = mark.as_ref().map(|mark| Mark {
                    text: Arc::clone(&mark.text),
                    span: field.span.unwrap_or_else(|| mark.span.clone()),
                });
                self.problem(source, setting.key, &field.message, &field.expected, place);
            }
            return;
        }
        if setting.kind.set(&mut self.config, given).is_none() {
            let message = format!("{} has a value that it cannot have", setting.key);
            self.problem(source, setting.key, &message, &setting.kind.expected(), mark);
        }
    }

    fn unknown<'k>(&mut self, source: &str, key: &str, mark: Option<Mark>, known: impl Iterator<Item = &'k str>) {
        let expected = match nearest(key, known) {
            Some(right) => format!("{right}?"),
            None => "a key of the reference, which `usher config` prints".to_owned(),
        };
        let shown = shown(key);
        self.problem(source, &shown, &format!("there is no setting {shown}"), &expected, mark);
    }

    fn problem(&mut self, source: &str, key: &str, message: &str, expected: &str, mark: Option<Mark>) {
        self.errors.problems.push(ConfigProblem {
            source: source.to_owned(),
            key: key.to_owned(),
            message: message.to_owned(),
            expected: expected.to_owned(),
            mark,
        });
    }
}

fn shown(key: &str) -> String {
    key.chars().take(SUGGESTED_BYTES_MAX).collect()
}

/// Nothing when it is too long.
fn read_bounded(file: &Path) -> std::io::Result<Option<String>> {
    let mut text = String::new();
    std::fs::File::open(file)?.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
    Ok((text.len() as u64 <= FILE_BYTES_MAX).then_some(text))
}

fn section_of(key: &str) -> Option<&str> {
    key.split_once('.').map(|(section, _)| section)
}

/// The key that was probably meant: the fewest letters apart, whole or without its section.
fn nearest<'k>(key: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if key.len() > SUGGESTED_BYTES_MAX {
        return None;
    }
    let bare = |key: &str| key.rsplit('.').next().unwrap_or(key).to_lowercase();
    let given = (key.to_lowercase(), bare(key));
    known
        .map(|right| {
            let whole = strsim::osa_distance(&given.0, &right.to_lowercase());
            // A key without its unit, or in another section, is meant all the same.
            let (given, right_bare) = (&given.1, bare(right));
            let begins =
                given.len() >= 4 && (right_bare.starts_with(given.as_str()) || right_bare.ends_with(given.as_str()));
            let distance = if begins { 1 } else { whole.min(1 + strsim::osa_distance(given, &right_bare)) };
            (distance, whole, right)
        })
        .filter(|(distance, _, right)| *distance <= (right.len() / 4).max(2))
        .min()
        .map(|(_, _, right)| right)
}
