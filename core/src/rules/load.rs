//! All files of a rules folder to one rule set, or all that is wrong with them. Keeps nothing between two calls.

use std::sync::Arc;

use toml::de::DeTable;

use super::report::{Findings, RuleErrors, RuleWarnings, Source};
use super::rule_file::{FILE_BYTES_MAX, FileKind, RULE_FILES_MAX, RuleFile};
use super::table::{Table, shortened};
use super::whole_set::{self, Drafts, QueuesByName};
use super::{agents, calendars, entry, keys, queues, serving, site};
use crate::routing::rule_set::{RuleSet, SiteRules};

/// TOML errors told of one file: past the first few they follow from each other.
const SYNTAX_ERRORS_MAX: usize = 5;

/// A checked rule set and what is odd in it.
#[derive(Clone, PartialEq, Debug)]
pub struct LoadedRules {
    pub rules: RuleSet,
    pub warnings: RuleWarnings,
}

/// Reads and checks a whole set; the order of the files does not matter.
///
/// # Errors
/// Everything that is wrong in any of the files, and between them. While a file is no TOML, what
/// stands between the files is not looked at: half of it would be missing.
pub fn load(files: &[RuleFile]) -> Result<LoadedRules, RuleErrors> {
    let found = Findings::default();
    let sources = sources(files);
    let kinds = check_files(&found, &sources);
    let parsed: Vec<Option<(toml::Spanned<DeTable<'_>>, FileKind)>> = sources
        .iter()
        .zip(&kinds)
        .map(|(source, kind)| kind.and_then(|kind| Some((parse(&found, source)?, kind))))
        .collect();
    let readable = found.error_count() == 0;

    let mut drafts = Drafts::default();
    let mut site = SiteRules::default();
    for (source, parsed) in sources.iter().zip(&parsed) {
        let Some((table, kind)) = parsed else { continue };
        let file = |keys| Table::new(&found, source, table.get_ref(), 0..0, keys);
        match kind {
            FileKind::Entry => drafts.entry.extend(entry::read(&found, &file(&keys::ENTRY_FILE))),
            FileKind::Queues => drafts.queues.extend(queues::read(&found, &file(&keys::QUEUES_FILE))),
            FileKind::Agents => drafts.agents.extend(agents::read(&found, &file(&keys::AGENTS_FILE))),
            FileKind::Calendars => drafts.calendars.extend(calendars::read(&found, &file(&keys::CALENDARS_FILE))),
            FileKind::Site => {
                let file = file(&keys::SITE);
                site = site::read(&file);
                drafts.moved = site::read_moved(&file);
            }
        }
    }
    let missing = Source { path: Arc::from("entry.toml"), text: Arc::from(""), order: sources.len() };
    if !sources.iter().any(|source| &*source.path == "entry.toml") {
        found.error(&missing, 0..0, "entry.toml is missing", "a file that says which queue a contact enters");
    }
    let rules = if readable { whole(&found, &drafts, site) } else { RuleSet::default() };
    found.into_result().map(|warnings| LoadedRules { rules, warnings })
}

/// In order of path, each with its place among them.
pub(super) fn sources(files: &[RuleFile]) -> Vec<Source> {
    let mut sorted: Vec<&RuleFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let source = |(order, file): (usize, &RuleFile)| {
        let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
        Source { path: Arc::from(file.path.as_str()), text: Arc::from(text), order }
    };
    sorted.into_iter().enumerate().map(source).collect()
}

/// What each file holds; none for one that is not read.
fn check_files(found: &Findings, sources: &[Source]) -> Vec<Option<FileKind>> {
    let mut kinds = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let kind = FileKind::of(&source.path);
        let bytes = source.text.len();
        if let Err(expected) = &kind {
            found.error(source, 0..0, format!("{} is no rule file", shortened(&source.path)), expected.clone());
        } else if bytes > FILE_BYTES_MAX {
            found.error(source, 0..0, format!("{bytes} bytes"), format!("at most {FILE_BYTES_MAX}"));
        } else if at > 0 && sources[at - 1].path == source.path {
            found.error(source, 0..0, "the file is given twice", "each file once");
        } else if at >= RULE_FILES_MAX {
            found.error(source, 0..0, format!("{} rule files", sources.len()), format!("at most {RULE_FILES_MAX}"));
        } else {
            kinds.push(kind.ok());
            continue;
        }
        kinds.push(None);
    }
    kinds
}

/// None when it is no TOML.
pub(super) fn parse<'t>(found: &Findings, source: &'t Source) -> Option<toml::Spanned<DeTable<'t>>> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors.iter().take(SYNTAX_ERRORS_MAX) {
        let message = error.message();
        let (message, expected) = message.split_once(", expected ").unwrap_or((message, "valid TOML"));
        found.error(source, error.span().unwrap_or(0..0), message, expected);
    }
    errors.is_empty().then_some(table)
}

fn whole(found: &Findings, drafts: &Drafts<'_>, site: SiteRules) -> RuleSet {
    let queues: QueuesByName<'_, '_> = whole_set::check(found, drafts);
    if found.error_count() > 0 {
        return RuleSet::default();
    }
    serving::warn(found, drafts, &queues, &site);
    RuleSet {
        site,
        entry: drafts.entry.iter().filter_map(entry::EntryDraft::rule).collect(),
        queues: queues.iter().map(|(id, draft)| ((*id).clone(), Arc::new(draft.rules.clone()))).collect(),
        moved: drafts.moved.iter().map(|moved| (moved.old.clone(), moved.to.clone())).collect(),
        calendars: drafts
            .calendars
            .iter()
            .filter_map(|draft| Some((draft.name.clone()?, Arc::new(draft.calendar.clone()))))
            .collect(),
        agents: drafts
            .agents
            .iter()
            .filter_map(|agent| Some((agent.id.clone()?, Arc::new(agent.rules.clone()))))
            .collect(),
    }
}
