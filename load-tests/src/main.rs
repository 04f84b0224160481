//! Usher's load tool: measures, compares within one run, and prints. Never fails by the clock.

mod core_decisions;
mod customers;
mod do_not_call;
mod leads;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures Usher; each figure comes with the command that makes it")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Routing decisions in the core, one thread: 1,000, 10,000 and 100,000 waiting.
    Core(core_decisions::Arguments),
    /// The records of a large centre: import, interactions, screen pops.
    Customers(customers::Arguments),
    /// Do-not-call entries by the ten millions: import, and whether a number is listed.
    DoNotCall(do_not_call::Arguments),
    /// The leads of a large call list: import, checked and de-duplicated.
    Leads(leads::Arguments),
}

fn main() {
    match Arguments::parse().what {
        What::Core(arguments) => core_decisions::run(&arguments),
        What::Customers(arguments) => customers::run(&arguments),
        What::DoNotCall(arguments) => do_not_call::run(&arguments),
        What::Leads(arguments) => leads::run(&arguments),
    }
}
