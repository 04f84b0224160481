//! What one decision costs in the core, as the centre grows: time, and operations (keys compared,
//! lanes and words looked at), which no other load on the machine can change.

use std::sync::Arc;
use std::time::Instant;

use hdrhistogram::Histogram;
use usher::routing::command::{Action, Destination, Direction, Presence, PresenceWhen};
use usher::routing::event::{Event, Fact, QueuedBy};
use usher::routing::ids::{AgentId, ContactId, ContactRef, GatewayId, OfferId, QueueId, SkillId, VisitId};
use usher::routing::personal::{Attributes, Details, Personal};
use usher::routing::router::ContactRouter;
use usher::routing::rule_set::{AgentRules, Channel, EntryRule, QueueRules, RuleSet, RulesVersion, WrapUpRules};
use usher::routing::skill::{Level, Skills};
use usher::routing::time::{Millis, Timestamp};

const QUEUES: usize = 200;
const SKILLS: usize = 200;
const SKILLS_OF_AGENT: usize = 4;
/// A decision longer than this counts as this long: 10 s.
const LONGEST_NS: u64 = 10_000_000_000;
/// A contact is transferred from a busy queue into a calm one, where agents are idle.
const CALM_FROM: usize = QUEUES / 2;

#[derive(clap::Args)]
pub struct Arguments {
    /// Decisions of each kind.
    #[arg(long, default_value_t = 20_000)]
    decisions: usize,
    /// Agents, half of them idle.
    #[arg(long, default_value_t = 5_000)]
    agents: usize,
    /// Waiting contacts, a run each.
    #[arg(long, value_delimiter = ',', default_value = "1000,10000,100000")]
    waiting: Vec<usize>,
}

struct Measured {
    waiting: usize,
    kind: &'static str,
    nanoseconds: Histogram<u64>,
    operations: f64,
}

pub fn run(arguments: &Arguments) {
    println!(
        "core decisions: {} agents x {QUEUES} queues x {SKILLS} skills, {} decisions a line, one thread",
        arguments.agents, arguments.decisions
    );
    println!(
        "{:>9}  {:<14} {:>9} {:>9} {:>9} {:>11} {:>13}",
        "waiting", "decision", "median µs", "p99 µs", "p99.9 µs", "operations", "a second"
    );
    let mut all = Vec::new();
    for waiting in &arguments.waiting {
        let mut centre = Centre::new(arguments.agents, *waiting);
        for measured in [centre.freed_agents(arguments.decisions), centre.entering(arguments.decisions)] {
            print_line(&measured);
            all.push(measured);
        }
    }
    for kind in ["freed agent", "entering"] {
        let of_kind: Vec<&Measured> = all.iter().filter(|measured| measured.kind == kind).collect();
        if let (Some(first), Some(last)) = (of_kind.first(), of_kind.last()) {
            println!(
                "growth {} -> {} waiting, {kind}: operations x {:.2}, median time x {:.2}",
                first.waiting,
                last.waiting,
                last.operations / first.operations,
                quantile(last, 0.5) / quantile(first, 0.5),
            );
        }
    }
}

fn quantile(measured: &Measured, quantile: f64) -> f64 {
    measured.nanoseconds.value_at_quantile(quantile) as f64 / 1_000.0
}

fn print_line(measured: &Measured) {
    println!(
        "{:>9}  {:<14} {:>9.2} {:>9.2} {:>9.2} {:>11.1} {:>13.0}",
        measured.waiting,
        measured.kind,
        quantile(measured, 0.5),
        quantile(measured, 0.99),
        quantile(measured, 0.999),
        measured.operations,
        1e9 / measured.nanoseconds.mean(),
    );
}

/// A centre at its fixed point: contacts wait in the busy queues, agents are idle for the calm ones.
struct Centre {
    router: ContactRouter,
    at: i64,
    talking: Vec<(AgentId, ContactId)>,
    next_reference: u64,
}

fn queue(no: usize) -> QueueId {
    QueueId::new(&format!("queue-{no:03}")).expect("a short name")
}

fn skill(no: usize) -> SkillId {
    SkillId::new(&format!("skill-{no:03}")).expect("a short name")
}

fn agent(no: usize) -> AgentId {
    AgentId::new(&format!("agent-{no:05}")).expect("a short name")
}

fn gateway() -> GatewayId {
    GatewayId::new("g").expect("a short name")
}

fn rules(agents: usize) -> RuleSet {
    let asked = |no: usize| Skills::from([(skill(no), Level::new(3).expect("from 1 to 10"))]);
    let queues = (0..QUEUES).map(|no| {
        let wrap_up = WrapUpRules { max: Millis::ZERO, ..Default::default() };
        (queue(no), Arc::new(QueueRules { skills: asked(no % SKILLS), wrap_up, ..QueueRules::default() }))
    });
    let agents = (0..agents).map(|no| {
        // The first half knows skills of busy queues, the second half of calm ones.
        let (first, span) = if no < agents / 2 { (0, CALM_FROM) } else { (CALM_FROM, SKILLS - CALM_FROM) };
        let skills = (0..SKILLS_OF_AGENT)
            .map(|i| (skill(first + (no * 7 + i * 31) % span), Level::new(5).expect("from 1 to 10")));
        (agent(no), Arc::new(AgentRules { skills: skills.collect(), ..AgentRules::default() }))
    });
    let entry = EntryRule {
        name: Arc::from("all"),
        when: None,
        queue: queue(0),
        agent: None,
        skills: Skills::new(),
        priority: 0,
    };
    RuleSet {
        moved: Default::default(),
        calendars: Default::default(),
        site: Default::default(),
        entry: vec![entry],
        queues: queues.collect(),
        agents: agents.collect(),
    }
}

impl Centre {
    fn new(agents: usize, waiting: usize) -> Centre {
        let mut centre = Centre { router: ContactRouter::new(), at: 1_000, talking: Vec::new(), next_reference: 0 };
        centre.tell(Action::ReplaceRules { rules: Arc::new(rules(agents)) });
        for no in 0..agents {
            let presence = Presence::Available;
            centre.tell(Action::SetPresence { agent: agent(no), presence, when: PresenceWhen::Now });
        }
        for no in 0..agents / 2 {
            centre.put_to_work(no);
        }
        for no in 0..waiting {
            centre.wait_in(no % CALM_FROM);
        }
        centre
    }

    fn tell(&mut self, action: Action) -> Vec<Event> {
        self.at += 1;
        self.router.advance_to(Timestamp(self.at));
        self.router.handle(action.into(), Timestamp(self.at)).expect("a valid command")
    }

    /// A contact that waits in the queue, without asking the entry rules.
    fn wait_in(&mut self, queue_no: usize) -> ContactId {
        self.at += 1;
        self.next_reference += 1;
        let at = Timestamp(self.at);
        let contact = ContactId(self.router.state().next_id);
        let asked = self.router.state().rules.queues[&queue(queue_no)].skills.clone();
        let arrived = Fact::ContactArrived {
            contact,
            gateway: gateway(),
            reference: ContactRef::new(&self.next_reference.to_string()).expect("a short name"),
            channel: Channel::Voice,
            direction: Direction::Inbound,
            to: None,
            details: Personal::Plain(Arc::new(Details::default())),
            gateway_event: 0,
        };
        let queued = Fact::ContactQueued {
            contact,
            visit: VisitId(contact.0 + 1),
            queue: queue(queue_no),
            cause: QueuedBy::Entry { rule: Arc::from("all") },
            skills: asked,
            priority: 0,
            ordered_since: at,
            entered_at: at,
            direct: None,
            preferred: None,
            never: Vec::new(),
            estimate: None,
            failed: Vec::new(),
            rules: RulesVersion(1),
        };
        if self.router.state().gateways.is_empty() {
            self.router.evolve(&Event {
                at,
                request: None,
                by: None,
                fact: Fact::GatewayAttached { gateway: gateway() },
            });
        }
        for fact in [arrived, queued] {
            self.router.evolve(&Event { at, request: None, by: None, fact });
        }
        contact
    }

    /// The agent talks to a contact of his own.
    fn put_to_work(&mut self, no: usize) {
        let rules = Arc::clone(&self.router.state().rules);
        let known = rules.agents[&agent(no)].skills.keys().next().expect("agents have skills").clone();
        let queue_no: usize = known.as_str()["skill-".len()..].parse().expect("skills are numbered");
        let contact = self.wait_in(queue_no);
        // Any command runs the fixed point; this one changes nothing else.
        let away = Presence::NotReady { reason: Arc::from("bench") };
        self.tell(Action::SetPresence { agent: agent(no), presence: away, when: PresenceWhen::Now });
        let back = Action::SetPresence { agent: agent(no), presence: Presence::Available, when: PresenceWhen::Now };
        let events = self.tell(back);
        self.answer(&events);
        let _ = contact;
    }

    /// Whoever was offered something takes it and talks.
    fn answer(&mut self, events: &[Event]) {
        let offered: Vec<(AgentId, OfferId, ContactId)> = events
            .iter()
            .filter_map(|event| match &event.fact {
                Fact::ContactOffered { agent, offer, contact, .. } => Some((agent.clone(), *offer, *contact)),
                _ => None,
            })
            .collect();
        for (agent, offer, contact) in offered {
            self.tell(Action::AcceptOffer { agent: agent.clone(), offer });
            let reference = self.router.state().contacts[&contact].reference.clone();
            self.tell(Action::ContactConnected { gateway: gateway(), reference, order: None, event: 0 });
            self.talking.push((agent, contact));
        }
    }

    /// An agent ends his contact and gets the next; another begins to wait in its stead.
    fn freed_agents(&mut self, decisions: usize) -> Measured {
        self.measure("freed agent", decisions, |centre, turn| {
            let slot = (turn * 7_919) % centre.talking.len();
            let (agent, contact) = centre.talking.swap_remove(slot);
            centre.wait_in(turn % CALM_FROM);
            Action::EndContact { agent, contact }
        })
    }

    /// A contact enters a calm queue, by transfer, and is offered at once; the agent who gave it
    /// away gets one who waits.
    fn entering(&mut self, decisions: usize) -> Measured {
        self.measure("entering", decisions, |centre, turn| {
            let busy = |(agent, _): &(AgentId, ContactId)| agent.as_str() < "agent-02500";
            let start = (turn * 7_919) % centre.talking.len();
            let slot = (0..centre.talking.len())
                .map(|i| (start + i) % centre.talking.len())
                .find(|slot| busy(&centre.talking[*slot]))
                .unwrap_or(start);
            let (agent, contact) = centre.talking.swap_remove(slot);
            centre.wait_in(turn % CALM_FROM);
            let to = Destination::Queue(queue(CALM_FROM + turn % (QUEUES - CALM_FROM)));
            Action::TransferContact { agent, contact, to, note: None, attributes: Attributes::default() }
        })
    }

    fn measure(
        &mut self,
        kind: &'static str,
        decisions: usize,
        mut next: impl FnMut(&mut Centre, usize) -> Action,
    ) -> Measured {
        let waiting = self.router.state().contacts.len() - self.talking.len();
        let mut nanoseconds = Histogram::new_with_max(LONGEST_NS, 3).expect("3 digits are a valid precision");
        let mut operations = 0;
        for turn in 0..decisions {
            let action = next(self, turn);
            self.at += 1;
            let at = Timestamp(self.at);
            self.router.advance_to(at);
            let work = self.router.work();
            let begun = Instant::now();
            let events = self.router.handle(action.into(), at).expect("a valid command");
            nanoseconds.saturating_record(u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX));
            operations += self.router.work() - work;
            self.answer(&events);
            self.hang_up_calm();
        }
        Measured { waiting, kind, nanoseconds, operations: operations as f64 / decisions as f64 }
    }

    /// Contacts that reached an agent of a calm queue end, so that he is idle again.
    fn hang_up_calm(&mut self) {
        let half = agent(self.router.state().agents.len() / 2);
        while let Some(slot) = self.talking.iter().rposition(|(agent, _)| *agent >= half) {
            let (agent, contact) = self.talking.swap_remove(slot);
            self.tell(Action::EndContact { agent, contact });
        }
    }
}
