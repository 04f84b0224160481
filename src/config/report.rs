//! What is wrong with the settings, where, and how it is shown. Finds nothing itself.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

/// Problems told at once; a file of nonsense has as many as it has lines.
const PROBLEMS_MAX: usize = 100;
/// Columns of a shown report.
const REPORT_WIDTH: usize = 120;

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigProblem {
    /// The file, `USHER_…` or `--…`.
    pub source: String,
    /// The key as given; empty when the file cannot be read at all.
    pub key: String,
    pub message: String,
    pub expected: String,
    /// The marked bytes of a file.
    pub(super) mark: Option<Mark>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    pub text: Arc<str>,
    pub span: Range<usize>,
}

/// Why the settings were refused: all that is wrong. Shows a mark under each place of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConfigErrors {
    pub(super) problems: Vec<ConfigProblem>,
}

impl ConfigErrors {
    /// In the order in which the sources were read.
    #[must_use]
    pub fn problems(&self) -> &[ConfigProblem] {
        &self.problems
    }
}

impl std::error::Error for ConfigErrors {}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self.problems.iter().take(PROBLEMS_MAX) {
            problem.fmt(f)?;
        }
        match self.problems.len().saturating_sub(PROBLEMS_MAX) {
            0 => Ok(()),
            more => writeln!(f, "and {more} more"),
        }
    }
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(mark) = &self.mark else {
            return writeln!(f, "{}: {}: expected {}", self.source, self.message, self.expected);
        };
        let shown = Marked { problem: self, source: NamedSource::new(&self.source, Arc::clone(&mark.text)), mark };
        GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
            .with_width(REPORT_WIDTH)
            .with_links(false)
            .without_syntax_highlighting()
            .render_report(f, &shown)
    }
}

struct Marked<'p> {
    problem: &'p ConfigProblem,
    source: NamedSource<Arc<str>>,
    mark: &'p Mark,
}

impl fmt::Debug for Marked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl fmt::Display for Marked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for Marked<'_> {}

impl miette::Diagnostic for Marked<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = format!("expected {}", self.problem.expected);
        let label = LabeledSpan::new_with_span(Some(label), self.mark.span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}
