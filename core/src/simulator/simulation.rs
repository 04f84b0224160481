//! One simulation from texts to report. Reads no file and prints nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::arrivals::{self, Outcome, Record, RecordedCall, RecordedRow};
use super::asking;
use super::centre::{self, Caller};
use super::draws::{Dice, Draw, HandleTimes};
use super::first_come::first_come;
use super::patience::{PatienceCurve, Wait};
use super::people::{self, Asked, Shift};
use super::report::{Achieved, AgentDay, AgentTime, Compared, Figures, QueueDay, Report, Rows, Total};
use super::table::InvalidTable;
use crate::reporting::counts::Tally;
use crate::routing::ids::AgentId;
use crate::routing::rule_set::RuleSet;
use crate::routing::time::Millis;

/// Share of the calls to customers who asked to be called that reach them: recordings do not tell.
const REACHED: f64 = 0.8;
/// No queue tries more often.
const CALLED_IN_VAIN_MAX: u32 = 20;

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Inputs<'a> {
    /// The text of the file of recorded calls.
    pub calls: &'a str,
    /// The text of the table of shifts; None: as recorded.
    pub shifts: Option<&'a str>,
    pub rules: RuleSet,
}

#[derive(Clone, Debug)]
pub struct Options {
    /// In which the file's dates and times are.
    pub zone: TimeZone,
    pub seed: u64,
    /// After each contact, in every queue, whatever the rules say.
    pub wrap_up: Millis,
    pub patience: Patience,
    /// First and last day; None: all that the file has. Patience and handle times are estimated
    /// from the whole file all the same.
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// How long callers wait who were served in truth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Patience {
    /// As long as the recorded callers let one estimate.
    Recorded,
    /// For ever. Callers who hung up in truth leave as they did.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimulationError {
    #[error("the calls cannot be read\n{0}")]
    Calls(InvalidTable),
    #[error("the shifts cannot be read\n{0}")]
    Shifts(InvalidTable),
    #[error("the rules have no entry rule, so that no call could enter a queue")]
    NoEntryRule,
    #[error("no row has a service time, so that none can be drawn for the others")]
    NoServiceTime,
}

/// The report, and what each centre achieved on the same days.
#[derive(Clone, PartialEq, Debug)]
pub struct Simulation {
    pub report: Report,
    pub recorded: Achieved,
    pub simulated: Achieved,
    pub first_come: Option<Achieved>,
}

/// [`simulate`], and the same calls once more, first come first served.
///
/// # Errors
/// As [`simulate`].
pub fn simulate_against_first_come(
    inputs: &Inputs,
    options: &Options,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Simulation, SimulationError> {
    let mut simulation = simulate(inputs, options, &mut |arrived, of| progress(arrived, 2 * of))?;
    let plain = Inputs { rules: first_come(&inputs.rules), ..inputs.clone() };
    let beside = simulate(&plain, options, &mut |arrived, of| progress(of + arrived, 2 * of))?;
    simulation.report.compared.first_come = Some((&beside.simulated).into());
    simulation.report.first_come = Some(beside.report.total);
    simulation.first_come = Some(beside.simulated);
    Ok(simulation)
}

/// Runs the calls through the router. `progress` is told how many of how many calls have arrived.
///
/// # Errors
/// When a file has a mistake, or the rules and files do not suffice; then nothing was simulated.
pub fn simulate(
    inputs: &Inputs,
    options: &Options,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Simulation, SimulationError> {
    if inputs.rules.entry.is_empty() {
        return Err(SimulationError::NoEntryRule);
    }
    let rows = arrivals::read_calls(inputs.calls, &options.zone).map_err(SimulationError::Calls)?;
    let days = |day: Date| options.from.is_none_or(|from| from <= day) && options.to.is_none_or(|to| day <= to);
    let chosen: Vec<&RecordedRow> = rows.iter().filter(|row| days(row.date)).collect();
    let calls: Vec<&RecordedCall> = chosen.iter().filter_map(|row| call_of(row)).collect();
    let callers = callers(&rows, &calls, options)?;
    let shifts = shifts(inputs, &rows, &options.zone)?;
    let shifts: Vec<Shift> = shifts.into_iter().filter(|shift| days(shift.day)).collect();
    let rules = rules_for(inputs, &rows, options.wrap_up);
    let total = calls.len() as u64;
    let outcome = centre::run(rules, &callers, &shifts, &mut |arrived| progress(arrived, total));
    let counts = Rows::of(chosen.iter().copied());
    let days = chosen.iter().map(|row| row.date);
    let simulated = outcome.achieved.with_rows(&counts);
    let recorded = Achieved::recorded(chosen.iter().copied());
    let report = Report {
        from: options.from.or(days.clone().min()),
        to: options.to.or(days.max()),
        seed: options.seed,
        rules_version: outcome.rules_version.0,
        rows: Rows { drawn: outcome.drawn, nobody_on_duty: outcome.nobody_on_duty, ..counts },
        total: total_of(&outcome),
        compared: Compared { recorded: (&recorded).into(), simulated: (&simulated).into(), first_come: None },
        first_come: None,
        queues: outcome
            .queues
            .iter()
            .map(|((queue, day), tally)| QueueDay { queue: queue.clone(), day: *day, figures: tally.into() })
            .collect(),
        agents: outcome.agents.into_iter().map(|((agent, day), time)| AgentDay { agent, day, time }).collect(),
    };
    Ok(Simulation { report, recorded, simulated, first_come: None })
}

fn call_of(row: &RecordedRow) -> Option<&RecordedCall> {
    match &row.record {
        Record::Call(call) => Some(call),
        Record::LeftOut | Record::LeftBeforeQueue => None,
    }
}

/// Every caller with what chance decides about him.
fn callers<'a>(
    rows: &[RecordedRow],
    calls: &[&'a RecordedCall],
    options: &Options,
) -> Result<Vec<Caller<'a>>, SimulationError> {
    let all = || rows.iter().filter_map(call_of);
    let handle_times = HandleTimes::of(all());
    if handle_times.is_empty() && !calls.is_empty() {
        return Err(SimulationError::NoServiceTime);
    }
    let curve = PatienceCurve::estimate(
        all().map(|call| Wait { waited: call.queued, hung_up: call.outcome == Outcome::HungUp }),
    );
    let caller = |call: &'a RecordedCall| {
        let patience = match (&call.outcome, options.patience) {
            (Outcome::HungUp, Patience::Recorded | Patience::None) => Some(call.queued),
            (Outcome::Served { .. }, Patience::None) => None,
            (Outcome::Served { .. }, Patience::Recorded) => {
                curve.draw_above(call.queued, &mut Dice::new(options.seed, call.line, Draw::Patience))
            }
        };
        let recorded = match call.outcome {
            Outcome::Served { service, .. } => service,
            Outcome::HungUp => None,
        };
        let handle_time = recorded.unwrap_or_else(|| {
            handle_times.draw(&call.kind, &mut Dice::new(options.seed, call.line, Draw::HandleTime))
        });
        let calls_in_vain = calls_in_vain(&mut Dice::new(options.seed, call.line, Draw::CalledInVain));
        Caller { call, patience, handle_time, is_drawn: recorded.is_none(), calls_in_vain }
    };
    Ok(calls.iter().map(|call| caller(call)).collect())
}

/// How many calls to a customer reach nobody before one reaches him.
fn calls_in_vain(dice: &mut Dice) -> u32 {
    let mut count = 0;
    while dice.fraction() >= REACHED && count < CALLED_IN_VAIN_MAX {
        count += 1;
    }
    count
}

fn shifts(inputs: &Inputs, rows: &[RecordedRow], zone: &TimeZone) -> Result<Vec<Shift>, SimulationError> {
    let calls = || rows.iter().filter_map(call_of);
    let Some(text) = inputs.shifts else {
        return Ok(people::recorded_shifts(calls()));
    };
    let served = calls().filter_map(|call| agent_of(call).cloned());
    let known: BTreeSet<AgentId> = inputs.rules.agents.keys().cloned().chain(served).collect();
    people::read_shifts(text, zone, &known).map_err(SimulationError::Shifts)
}

fn agent_of(call: &RecordedCall) -> Option<&AgentId> {
    match &call.outcome {
        Outcome::Served { agent, .. } => agent.as_ref(),
        Outcome::HungUp => None,
    }
}

/// The rules with the recorded agents, and with the wrap-up of this simulation in every queue.
fn rules_for(inputs: &Inputs, rows: &[RecordedRow], wrap_up: Millis) -> RuleSet {
    let unnamed: Vec<(&AgentId, &RecordedCall)> = rows
        .iter()
        .filter_map(call_of)
        .filter_map(|call| agent_of(call).map(|agent| (agent, call)))
        .filter(|(agent, _)| !inputs.rules.agents.contains_key(*agent))
        .collect();
    let mut served: BTreeMap<AgentId, BTreeSet<Asked>> = BTreeMap::new();
    let asked = asking::ask(&inputs.rules, unnamed.iter().map(|(_, call)| *call));
    for ((agent, _), asked) in unnamed.into_iter().zip(asked) {
        served.entry(agent.clone()).or_default().insert(asked);
    }
    let mut rules = people::with_recorded_agents(&inputs.rules, &served);
    for queue in rules.queues.values_mut() {
        Arc::make_mut(queue).wrap_up.max = wrap_up;
    }
    rules
}

fn total_of(outcome: &centre::Outcome) -> Total {
    let mut sum = Tally::default();
    for tally in outcome.queues.values() {
        assert!(tally.visits.balances(), "every visit has one end or still waits");
        sum += *tally;
    }
    let contacts = outcome.board.centre().rates.visits;
    assert!(contacts.balances() && contacts.waiting == sum.visits.waiting, "the board counted the same visits");
    let time = outcome.agents.values().fold(AgentTime::default(), |sum, time| sum.plus(*time));
    Total { figures: Figures::from(&sum), time }
}

#[cfg(test)]
mod tests;
