//! What is wrong with rule files, where, and how it is shown. Finds nothing itself.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use serde::Serialize;

/// Problems told at once; a file of nonsense has as many as it has lines.
pub const PROBLEMS_MAX: usize = 100;
/// Problems kept until they are put in order; the rest are counted.
const FOUND_MAX: usize = 10_000;
/// Columns of a shown report.
const REPORT_WIDTH: usize = 120;
/// Longest line that is shown with its mark, in bytes; a longer one gets its place only.
const SHOWN_LINE_BYTES_MAX: usize = 1_000;

/// One thing that is wrong, at one place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RuleProblem {
    pub file: Arc<str>,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub message: String,
    pub expected: String,
    /// The marked bytes of the file.
    #[serde(skip)]
    pub span: Range<usize>,
    #[serde(skip)]
    text: Arc<str>,
}

/// Why a set of rule files was refused. Shows itself as a report with a mark under each place,
/// without colour; serialises as a list of `{file, line, column, message, expected}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct RuleErrors {
    problems: Vec<RuleProblem>,
    #[serde(skip)]
    left_out: usize,
}

/// What is odd in a set of rule files that was accepted. Shown like [`RuleErrors`].
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct RuleWarnings {
    problems: Vec<RuleProblem>,
    #[serde(skip)]
    left_out: usize,
}

impl RuleErrors {
    /// In order of file, then place; at most [`PROBLEMS_MAX`].
    #[must_use]
    pub fn problems(&self) -> &[RuleProblem] {
        &self.problems
    }

    /// How many more there are.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }
}

impl RuleWarnings {
    /// In order of file, then place; at most [`PROBLEMS_MAX`].
    #[must_use]
    pub fn problems(&self) -> &[RuleProblem] {
        &self.problems
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }
}

impl std::error::Error for RuleErrors {}

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, &self.problems, self.left_out, miette::Severity::Error)
    }
}

impl fmt::Display for RuleWarnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, &self.problems, self.left_out, miette::Severity::Warning)
    }
}

/// A file while it is read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) path: Arc<str>,
    pub(super) text: Arc<str>,
    /// Its place among the files given.
    pub(super) order: usize,
}

/// Gathers problems while files are read.
#[derive(Default)]
pub(super) struct Findings {
    errors: RefCell<Gathered>,
    warnings: RefCell<Gathered>,
}

/// Lines and columns are counted only for those that are told.
#[derive(Default)]
struct Gathered {
    found: Vec<Found>,
    left_out: usize,
}

struct Found {
    source: Source,
    span: Range<usize>,
    message: String,
    expected: String,
}

impl Findings {
    pub(super) fn error(
        &self,
        source: &Source,
        span: Range<usize>,
        message: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.errors.borrow_mut().add(source, span, message.into(), expected.into());
    }

    pub(super) fn warning(
        &self,
        source: &Source,
        span: Range<usize>,
        message: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.warnings.borrow_mut().add(source, span, message.into(), expected.into());
    }

    pub(super) fn error_count(&self) -> usize {
        let errors = self.errors.borrow();
        errors.found.len() + errors.left_out
    }

    /// Whether a further error would be counted only.
    pub(super) fn is_full(&self) -> bool {
        self.errors.borrow().found.len() >= FOUND_MAX
    }

    /// # Errors
    /// All errors found, if there are any.
    pub(super) fn into_result(self) -> Result<RuleWarnings, RuleErrors> {
        let (problems, left_out) = self.errors.into_inner().in_order();
        if !problems.is_empty() {
            return Err(RuleErrors { problems, left_out });
        }
        let (problems, left_out) = self.warnings.into_inner().in_order();
        Ok(RuleWarnings { problems, left_out })
    }
}

impl Gathered {
    fn add(&mut self, source: &Source, span: Range<usize>, message: String, expected: String) {
        if self.found.len() < FOUND_MAX {
            self.found.push(Found { source: source.clone(), span, message, expected });
        } else {
            self.left_out += 1;
        }
    }

    fn in_order(mut self) -> (Vec<RuleProblem>, usize) {
        let key = |found: &Found| (found.source.order, found.span.start, found.span.end);
        self.found.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)));
        self.found.dedup_by(|a, b| key(a) == key(b) && a.message == b.message);
        let left_out = self.left_out + self.found.len().saturating_sub(PROBLEMS_MAX);
        let problems = self.found.into_iter().take(PROBLEMS_MAX).map(RuleProblem::new).collect();
        (problems, left_out)
    }
}

impl RuleProblem {
    fn new(found: Found) -> RuleProblem {
        let Found { source, span, message, expected } = found;
        let text = &source.text;
        let start = char_boundary(text, span.start);
        let end = char_boundary(text, span.end.max(start));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        RuleProblem {
            file: source.path.clone(),
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            message,
            expected,
            span: start..end,
            text: text.clone(),
        }
    }

    fn line_is_shown(&self) -> bool {
        let start = self.text[..self.span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[self.span.end..].find('\n').map_or(self.text.len(), |newline| self.span.end + newline);
        end - start <= SHOWN_LINE_BYTES_MAX
    }

    fn plain(&self) -> String {
        let RuleProblem { file, line, column, message, expected, .. } = self;
        format!("{file}:{line}:{column}: {message}: expected {expected}\n")
    }
}

fn char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Shown {
    message: String,
    expected: String,
    span: Range<usize>,
    file: NamedSource<Arc<str>>,
    severity: miette::Severity,
}

impl miette::Diagnostic for Shown {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.file)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_with_span(Some(format!("expected {}", self.expected)), self.span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

fn show(
    f: &mut fmt::Formatter<'_>,
    problems: &[RuleProblem],
    left_out: usize,
    severity: miette::Severity,
) -> fmt::Result {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_width(REPORT_WIDTH)
        .with_links(false)
        .without_syntax_highlighting();
    for problem in problems {
        let shown = Shown {
            message: problem.message.clone(),
            expected: problem.expected.clone(),
            span: problem.span.clone(),
            file: NamedSource::new(&problem.file, problem.text.clone()),
            severity,
        };
        let mut report = String::new();
        if problem.line_is_shown() && handler.render_report(&mut report, &shown).is_ok() {
            f.write_str(&report)?;
        } else {
            f.write_str(&problem.plain())?;
        }
    }
    if left_out > 0 {
        writeln!(f, "and {left_out} more")?;
    }
    Ok(())
}
