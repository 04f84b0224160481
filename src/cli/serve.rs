//! `usher serve`: settings read, signals turned into a stop. Starts no part itself.

use std::io::Read;

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Config, ConfigFlags};
use crate::{server, telemetry};

#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    config: ConfigFlags,
    /// Stop when standard input is closed: for a parent that must not leave a server behind.
    #[arg(long)]
    stop_with_stdin: bool,
}

/// # Errors
/// When a setting is wrong, a part cannot start, or the journal fails.
pub async fn run(arguments: ServeArgs) -> anyhow::Result<()> {
    let config = Config::load(&arguments.config)?;
    telemetry::start_logs(&config.log)?;
    let stop = stop_asked(arguments.stop_with_stdin)?;
    server::serve(config, stop, |address, administration| {
        println!("listening on http://{address}");
        println!("administration on http://{administration}");
    })
    .await
}

fn stop_asked(with_stdin: bool) -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("signals")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("told to stop"),
            _ = tokio::signal::ctrl_c() => tracing::info!("interrupted"),
            () = stdin_closed(), if with_stdin => tracing::info!("standard input was closed"),
        }
    })
}

async fn stdin_closed() {
    let (closed, heard) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut rest = [0; 64];
        while std::io::stdin().read(&mut rest).is_ok_and(|read| read > 0) {}
        // The server may be gone already.
        let _: Result<(), ()> = closed.send(());
    });
    let _ = heard.await;
}
