//! One CEL condition: its text, compiled when read. The only module that names the `cel` crate;
//! it never sees a file, a clock or the router's state.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use cel::common::ast::{EntryExpr, Expr, LiteralValue};
use cel::{Context, Env, ExecutionError, Program};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::QueueId;

/// Longest text of one condition, in bytes.
pub const TEXT_BYTES_MAX: usize = 4 * 1024;
/// Most nodes of one condition's syntax tree.
pub const NODES_MAX: usize = 500;
/// How deep `all`, `exists`, `map` and `filter` may stand in each other: `cel` has no cost limit,
/// and six of them inside each other ran for 430 ms.
pub const COMPREHENSION_DEPTH_MAX: usize = 2;

/// A condition over named variables. Equal when its text is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expression {
    text: Arc<str>,
    program: Arc<Program>,
    queues: Arc<[QueueId]>,
    reads_of_contact: Option<Arc<ContactReads>>,
}

/// What `queue("name")` of a condition gives: figures of the present moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct QueueFigures {
    /// Visits that are not connecting.
    pub waiting: i64,
    /// Agents who meet the queue's own requirement and have nothing in hand.
    pub agents_idle: i64,
    /// The same, busy or idle: available, reached and responding.
    pub agents_available: i64,
    /// Whole seconds since the oldest of `waiting` began.
    pub longest_wait_s: i64,
    /// Percent of the last 15 minutes; 100 when nothing ended.
    /// For one who came last, in the middle: `Estimate::p50`; 0 when nothing is known yet.
    pub estimated_wait_s: i64,
    pub service_level: i64,
}

/// Why a text is not a condition, with the place when it is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidExpression {
    #[error("{message}")]
    Syntax {
        message: String,
        /// From 1, in lines and characters of the condition's own text.
        line: usize,
        column: usize,
    },
    #[error("expected at most {TEXT_BYTES_MAX} bytes, found {0}")]
    TooLong(usize),
    #[error("expected at most {NODES_MAX} operators and operands, found {0}")]
    TooManyNodes(usize),
    #[error("expected all(), exists(), map() and filter() nested at most {COMPREHENSION_DEPTH_MAX} deep, found {0}")]
    TooDeep(usize),
}

/// Why a condition neither holds nor does not: a missing attribute, a wrong type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    #[error("{0}")]
    Failed(String),
    #[error("expected true or false, found {0}")]
    NotABoolean(String),
}

impl Expression {
    /// # Errors
    /// When the text is not CEL, or larger than the limits of this module.
    pub fn new(text: &str) -> Result<Expression, InvalidExpression> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(InvalidExpression::TooLong(text.len()));
        }
        let program = Program::compile(text).map_err(|errors| syntax_error(&errors))?;
        let size = measure(&program.expression().expr);
        if size.nodes > NODES_MAX {
            return Err(InvalidExpression::TooManyNodes(size.nodes));
        }
        if size.comprehension_depth > COMPREHENSION_DEPTH_MAX {
            return Err(InvalidExpression::TooDeep(size.comprehension_depth));
        }
        let mut queues = Vec::new();
        collect_queues(&program.expression().expr, &mut queues);
        queues.sort();
        queues.dedup();
        let reads_of_contact = contact_reads(&program).map(Arc::new);
        Ok(Expression { text: Arc::from(text), program: Arc::new(program), queues: queues.into(), reads_of_contact })
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The queues that its `queue("name")` name, in order of name.
    #[must_use]
    pub fn queues(&self) -> &[QueueId] {
        &self.queues
    }

    /// What it reads of `contact`; None: nothing.
    #[must_use]
    pub fn reads_of_contact(&self) -> Option<&ContactReads> {
        self.reads_of_contact.as_deref()
    }

    /// The variables it names, in order of name.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        let mut names: Vec<String> = self.program.references().variables().into_iter().map(String::from).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The functions it calls that CEL itself does not define, in order of name.
    #[must_use]
    pub fn unknown_functions(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .program
            .references()
            .functions()
            .into_iter()
            .filter(|name| !is_known_function(name))
            .map(String::from)
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// # Errors
    /// When a name is missing, a type does not fit, or the result is not a boolean.
    pub fn holds(&self, scope: &Scope) -> Result<bool, EvaluationError> {
        match self.program.execute(&scope.context) {
            Ok(cel::Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(EvaluationError::NotABoolean(other.type_of().to_string())),
            Err(error) => Err(EvaluationError::Failed(error.to_string())),
        }
    }
}

/// What CEL's own macros and library define, operators (`_==_`, `@in`) included.
fn is_known_function(name: &str) -> bool {
    const LIBRARY: [&str; 25] = [
        "all",
        "bytes",
        "contains",
        "double",
        "dyn",
        "endsWith",
        "exists",
        "exists_one",
        "filter",
        "has",
        "int",
        "in",
        "map",
        "matches",
        "max",
        "min",
        "optional",
        "queue",
        "size",
        "startsWith",
        "string",
        "type",
        "uint",
        "bool",
        "none",
    ];
    !name.starts_with(|first: char| first.is_ascii_alphabetic()) || LIBRARY.contains(&name)
}

/// CEL's own functions, set up once: doing it for each scope took longer than any condition.
static STANDARD: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// The values a condition may name.
pub struct Scope {
    context: Context<'static, 'static>,
}

impl Scope {
    /// Each variable is one JSON value. A number that is whole becomes an integer.
    #[must_use]
    pub fn new<'a>(variables: impl IntoIterator<Item = (&'a str, &'a Value)>) -> Scope {
        let mut context = Context::with_env(Arc::clone(&STANDARD));
        for (name, value) in variables {
            context.add_variable_from_value(name, to_cel(value));
        }
        Scope { context }
    }

    /// The same with what `queue("name")` gives; any other name is an error.
    #[must_use]
    pub fn with_queues(mut self, figures: BTreeMap<QueueId, QueueFigures>) -> Scope {
        let of_queue = move |name: Arc<String>| {
            let found = QueueId::new(&name).ok().and_then(|queue| figures.get(&queue));
            let figures = found.ok_or_else(|| ExecutionError::function_error("queue", format!("no queue {name}")))?;
            Ok::<_, ExecutionError>(to_cel(&serde_json::to_value(figures).expect("integers are valid JSON")))
        };
        self.context.add_function("queue", of_queue).expect("CEL itself has no such function");
        self
    }
}

/// What a condition reads of `contact`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ContactReads {
    /// These fields; of the attributes those of these names.
    Some { fields: Vec<Arc<str>>, attributes: Vec<Arc<str>> },
    /// It cannot be told.
    All,
}

fn contact_reads(program: &Program) -> Option<ContactReads> {
    if !program.references().variables().contains(&"contact") {
        return None;
    }
    let (mut fields, mut attributes) = (Vec::new(), Vec::new());
    if !collect_contact_reads(&program.expression().expr, &mut fields, &mut attributes) {
        return Some(ContactReads::All);
    }
    for names in [&mut fields, &mut attributes] {
        names.sort();
        names.dedup();
    }
    Some(ContactReads::Some { fields, attributes })
}

/// Whether all that is read of `contact` is read by name.
fn collect_contact_reads(expr: &Expr, fields: &mut Vec<Arc<str>>, attributes: &mut Vec<Arc<str>>) -> bool {
    let is_contact = |expr: &Expr| matches!(expr, Expr::Ident(name) if name == "contact");
    if is_contact(expr) {
        return false;
    }
    if let Expr::Select(outer) = expr {
        if let Expr::Select(inner) = &outer.operand.expr
            && is_contact(&inner.operand.expr)
            && inner.field == "attributes"
        {
            attributes.push(Arc::from(outer.field.as_str()));
            return true;
        }
        if is_contact(&outer.operand.expr) {
            fields.push(Arc::from(outer.field.as_str()));
            return outer.field != "attributes";
        }
    }
    let mut is_by_name = true;
    each_part(expr, &mut |part| is_by_name &= collect_contact_reads(part, fields, attributes));
    is_by_name
}

fn collect_queues(expr: &Expr, found: &mut Vec<QueueId>) {
    if let Expr::Call(call) = expr
        && call.func_name == "queue"
        && let [argument] = &call.args[..]
        && let Expr::Literal(LiteralValue::String(name)) = &argument.expr
    {
        found.extend(QueueId::new(name.inner()));
    }
    each_part(expr, &mut |part| collect_queues(part, found));
}

fn to_cel(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(flag) => cel::Value::Bool(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => cel::Value::Int(whole),
            None => cel::Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => cel::Value::String(Arc::new(text.clone())),
        Value::Array(items) => cel::Value::List(Arc::new(items.iter().map(to_cel).collect())),
        Value::Object(fields) => {
            #[expect(clippy::disallowed_types, reason = "cel takes no other map; conditions look keys up by name")]
            let fields: std::collections::HashMap<&str, cel::Value> =
                fields.iter().map(|(name, value)| (name.as_str(), to_cel(value))).collect();
            cel::Value::Map(fields.into())
        }
    }
}

fn syntax_error(errors: &cel::ParseErrors) -> InvalidExpression {
    let first = errors.errors.first();
    let (line, column) = first.map_or((1, 1), |error| error.pos);
    InvalidExpression::Syntax {
        message: first.map_or_else(|| "not an expression".to_owned(), |error| error.msg.clone()),
        line: usize::try_from(line).unwrap_or(1).max(1),
        column: usize::try_from(column).unwrap_or(1).max(1),
    }
}

#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    comprehension_depth: usize,
}

impl Size {
    fn add(&mut self, part: Size) {
        self.nodes += part.nodes;
        self.comprehension_depth = self.comprehension_depth.max(part.comprehension_depth);
    }
}

fn measure(expr: &Expr) -> Size {
    let mut size = Size { nodes: 1, comprehension_depth: 0 };
    each_part(expr, &mut |part| size.add(measure(part)));
    if let Expr::Comprehension(_) = expr {
        size.comprehension_depth += 1;
    }
    size
}

/// The expressions that one is made of.
fn each_part(expr: &Expr, look_at: &mut dyn FnMut(&Expr)) {
    match expr {
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => {}
        Expr::Call(call) => {
            call.target.iter().for_each(|target| look_at(&target.expr));
            call.args.iter().for_each(|argument| look_at(&argument.expr));
        }
        Expr::List(list) => list.elements.iter().for_each(|element| look_at(&element.expr)),
        Expr::Select(select) => look_at(&select.operand.expr),
        Expr::Map(map) => map.entries.iter().for_each(|entry| each_part_of_entry(&entry.expr, look_at)),
        Expr::Struct(structure) => {
            structure.entries.iter().for_each(|entry| each_part_of_entry(&entry.expr, look_at));
        }
        Expr::Comprehension(comprehension) => {
            for part in [
                &comprehension.iter_range,
                &comprehension.accu_init,
                &comprehension.loop_cond,
                &comprehension.loop_step,
                &comprehension.result,
            ] {
                look_at(&part.expr);
            }
        }
    }
}

fn each_part_of_entry(entry: &EntryExpr, look_at: &mut dyn FnMut(&Expr)) {
    match entry {
        EntryExpr::StructField(field) => look_at(&field.value.expr),
        EntryExpr::MapEntry(entry) => {
            look_at(&entry.key.expr);
            look_at(&entry.value.expr);
        }
    }
}

impl TryFrom<String> for Expression {
    type Error = InvalidExpression;
    fn try_from(text: String) -> Result<Self, InvalidExpression> {
        Expression::new(&text)
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> String {
        expression.text.to_string()
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(text: &str) -> Result<bool, EvaluationError> {
        let contact = json!({"channel": "voice", "attributes": {"intent": "billing", "n": 3}});
        let customer = json!({"tier": "gold"});
        Expression::new(text).unwrap().holds(&Scope::new([("contact", &contact), ("customer", &customer)]))
    }

    #[test]
    fn conditions_over_contact_and_customer() {
        assert_eq!(holds(r#"customer.tier == "gold" && contact.channel == "voice""#), Ok(true));
        assert_eq!(holds("contact.attributes.n > 3"), Ok(false));
        assert_eq!(holds(r#"contact.attributes.intent in ["billing", "sales"]"#), Ok(true));
        assert_eq!(holds("has(contact.attributes.missing)"), Ok(false));
    }

    #[test]
    fn what_cannot_be_evaluated_is_an_error_not_a_panic() {
        assert!(matches!(holds("contact.attributes.missing == 1"), Err(EvaluationError::Failed(_))));
        assert!(matches!(holds(r#"contact.attributes.intent > 3"#), Err(EvaluationError::Failed(_))));
        assert!(matches!(holds("contact.attributes.n"), Err(EvaluationError::NotABoolean(_))));
    }

    #[test]
    fn what_is_too_large_or_no_expression_is_refused() {
        assert!(matches!(Expression::new("a =="), Err(InvalidExpression::Syntax { line: 1, .. })));
        assert!(matches!(Expression::new(&"x".repeat(5_000)), Err(InvalidExpression::TooLong(5_000))));
        let nested = "[1].all(a, [1].all(b, [1].all(c, true)))";
        assert_eq!(Expression::new(nested), Err(InvalidExpression::TooDeep(3)));
        let long = vec!["1"; 600].join("+") + " == 1";
        assert!(matches!(
            Expression::new(&long),
            Err(InvalidExpression::TooManyNodes(_) | InvalidExpression::Syntax { .. })
        ));
    }

    #[test]
    fn names_it_uses_are_told() {
        let expression = Expression::new(r#"agent.site == "Lyon" && foo(agent) && size(agent.teams) > 0"#).unwrap();
        assert_eq!(expression.variables(), ["agent"]);
        assert_eq!(expression.unknown_functions(), ["foo"]);
    }
}
