//! The switches that the server drives itself: each is the gateway of its table's name. Decides nothing about calls.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use secrecy::SecretString;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::access::Access;
use crate::config::{AsteriskSettings, Config};
use crate::counters::SwitchFigures;
use crate::customers::phone::{PhoneNumber, Region};
use crate::gateways::asterisk;
use crate::gateways::asterisk::Happening;
use crate::gateways::asterisk::ari::access::Access as AriAccess;
use crate::routing::ids::GatewayId;
use crate::sessions::Sessions;
use crate::work::TASKS;

/// Longest file of a password that is read.
const PASSWORD_FILE_BYTES_MAX: u64 = 4_096;

/// Switches that are known and not driven yet.
pub(super) struct Switches(Vec<Switch>);

struct Switch {
    gateway: GatewayId,
    access: AriAccess,
    settings: asterisk::Settings,
}

/// Switches that are driven.
pub(super) struct DrivenSwitches {
    stop: CancellationToken,
    running: Vec<JoinHandle<()>>,
}

impl Switches {
    /// # Errors
    /// When a gateway outside has the name of a switch, or a password cannot be read.
    pub async fn known(config: &Config, access: &Access) -> anyhow::Result<Switches> {
        let mut switches = Vec::new();
        for (name, settings) in &config.asterisk {
            let known = switch(name, settings, config.customers.home_region, access).await;
            switches.push(known.with_context(|| format!("asterisk.{name}"))?);
        }
        Ok(Switches(switches))
    }

    /// A switch that is away is waited for; so is the server.
    pub fn drive(self, sessions: &Arc<Sessions>) -> DrivenSwitches {
        let stop = CancellationToken::new();
        let drive = |Switch { gateway, access, settings }: Switch| {
            let (sessions, name) = (Arc::clone(sessions), gateway.to_string());
            let new_line: asterisk::NewLine = Box::new(move || sessions.line_of(gateway.clone()));
            let watcher = watcher(&name);
            let parts = asterisk::Parts { name, access, settings, new_line, watcher, stop: stop.clone() };
            tokio::spawn(asterisk::run(parts))
        };
        let running = self.0.into_iter().map(drive).collect();
        DrivenSwitches { stop, running }
    }
}

impl DrivenSwitches {
    /// Calls live on.
    pub async fn leave(self) {
        self.stop.cancel();
        for running in self.running {
            if let Err(error) = running.await {
                tracing::error!(%error, "a switch was driven by a task that panicked");
            }
        }
    }
}

/// What happens at a switch, in its figures.
fn watcher(switch: &str) -> asterisk::Watcher {
    let figures = SwitchFigures::of(switch);
    Arc::new(move |happening| match happening {
        Happening::Connected => figures.connected(),
        Happening::Lost => figures.lost(),
        Happening::CallCame => figures.calls.increment(1),
        Happening::CallFellBack => figures.fallbacks.increment(1),
        Happening::RequestRefused => figures.requests_refused.increment(1),
        Happening::RequestUnanswered => figures.requests_unanswered.increment(1),
        Happening::NotUnderstood => figures.not_understood.increment(1),
    })
}

async fn switch(
    name: &str,
    settings: &AsteriskSettings,
    home_region: Option<Region>,
    access: &Access,
) -> anyhow::Result<Switch> {
    let gateway = GatewayId::new(name)?;
    if name == TASKS {
        bail!("expected another name: {TASKS} is the gateway of tasks, inside the server");
    }
    let keys = access.gateway_keys().await?;
    if keys.iter().any(|key| key.gateway == gateway && key.revoked_at.is_none()) {
        bail!("expected a name that no other gateway has: {name} has keys, which `usher key revoke {name}` takes away");
    }
    let password = match (&settings.password, &settings.password_file) {
        (Some(password), _) => password.clone(),
        (None, Some(file)) => password_in(file).with_context(|| format!("password_file {}", file.display()))?,
        (None, None) => bail!("expected a password or a password_file"),
    };
    let access = AriAccess::new(&settings.url, &settings.user, &password, &settings.application).context("url")?;
    Ok(Switch { gateway, access, settings: settings_of(settings, home_region) })
}

/// Its first line.
fn password_in(file: &Path) -> anyhow::Result<SecretString> {
    if std::fs::metadata(file)?.len() > PASSWORD_FILE_BYTES_MAX {
        bail!("expected at most {PASSWORD_FILE_BYTES_MAX} bytes");
    }
    let text = std::fs::read_to_string(file)?;
    match text.lines().next().map(str::trim_end) {
        Some(password) if !password.is_empty() => Ok(SecretString::from(password)),
        Some(_) | None => bail!("expected a password in its first line, found none"),
    }
}

fn settings_of(settings: &AsteriskSettings, home_region: Option<Region>) -> asterisk::Settings {
    let asked = settings.clone();
    asterisk::Settings {
        application: asked.application,
        trunk: asked.trunk,
        caller_id: asked.caller_id.as_ref().map(|number| PhoneNumber::e164(number).to_owned()),
        home_region,
        music_class: asked.music_class,
        announce_every: Some(asked.announce_every).filter(|every| *every > Duration::ZERO),
        fallback_after: asked.fallback_after,
        fallback_context: asked.fallback_context,
        voicemail_context: asked.voicemail_context,
        machine_detection_context: asked.machine_detection_context,
        calls_max: asked.calls_max,
        calls_per_second_max: asked.calls_per_second_max,
        kept_for_inbound: u32::try_from(asked.kept_for_inbound).unwrap_or(u32::MAX),
        recording_format: asked.recording_format,
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_password_is_the_first_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        password_in(&file).unwrap_err();
        for (text, password) in [("hunter2\n", Some("hunter2")), ("a b \r\nc", Some("a b")), ("\nc", None), ("", None)]
        {
            std::fs::write(&file, text).unwrap();
            let read = password_in(&file).ok();
            assert_eq!(read.as_ref().map(|read| read.expose_secret()), password, "{text:?}");
        }
        std::fs::write(&file, "x".repeat(5_000)).unwrap();
        assert!(password_in(&file).unwrap_err().to_string().contains("4096 bytes"));
    }
}
