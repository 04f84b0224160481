//! Files of recordings that are to go: their gateways are asked, again and again, until they say that they have them no
//! more. Which files those are, the records say.

use std::sync::Arc;
use std::time::Duration;

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::registry::Registry;
use super::requests::Line;
use super::to_protocol::{self, time};
use super::upgrade::Sessions;
use crate::clock::Clock;
use crate::customers::recording::CallRecording;
use crate::protocol as wire;
use crate::protocol::{ErrorKind, GatewayOrder, RequestId, answer_text, request_text};
use crate::records::{Records, RecordsError};
use crate::routing::ids::{GatewayId, RecordingId};
use crate::routing::time::Millis;
use crate::sessions::from_protocol::WireIds;

/// How soon a gateway is asked first, and how soon again.
const ASKED_EVERY: Duration = Duration::from_secs(10);
/// How long an order may still be carried out: the next has another name.
const ORDER_LIFE: Millis = Millis::seconds(60);
/// Read, and ordered, at a time.
const ORDERED_MAX: u32 = 500;
/// What an order's id begins with: those of the router begin with `o-`.
const ID_PREFIX: &str = "e-";
const RETRY_AFTER_MS: u64 = 1_000;

/// For as long as the server runs.
pub async fn order_erasures(sessions: Arc<Sessions>) {
    let records = sessions.screen_pop.records().clone();
    let (registry, ids, clock) = (Arc::clone(&sessions.registry), sessions.ids.clone(), sessions.clock);
    loop {
        tokio::time::sleep(ASKED_EVERY).await;
        if let Err(error) = order_all(&records, &registry, &ids, clock).await {
            tracing::warn!(%error, "recordings that are to be erased cannot be looked for");
        }
    }
}

async fn order_all(records: &Records, registry: &Registry, ids: &WireIds, clock: Clock) -> Result<(), RecordsError> {
    let mut after = RecordingId(0);
    loop {
        let to_erase = records.recordings_to_erase(after, clock.now(), ORDERED_MAX).await?;
        let Some(last) = to_erase.last() else { return Ok(()) };
        after = last.id;
        for recording in &to_erase {
            order(registry, ids, clock, recording);
        }
    }
}

/// A gateway that is away is asked when it is back.
fn order(registry: &Registry, ids: &WireIds, clock: Clock, recording: &CallRecording) {
    let now = clock.now();
    let name = format!("{ID_PREFIX}{}-{}", recording.id.0, now.0);
    let order = GatewayOrder::RecordingErase(wire::RecordingEraseOrder {
        order: wire::OrderId::clipped(&name),
        not_after: time(now + ORDER_LIFE),
        recording: to_protocol::recording_id(ids, recording.id),
        file: recording.file.as_ref().map(|file| wire::RecordingFile::clipped(&file.0)),
    });
    let text = request_text(&RequestId::Text(name), &order);
    registry.mention_to_gateway(&recording.gateway, Utf8Bytes::from(text));
}

fn recording_of(order: &wire::OrderId) -> Option<RecordingId> {
    let (recording, _) = order.as_str().strip_prefix(ID_PREFIX)?.split_once('-')?;
    recording.parse().ok().map(RecordingId)
}

/// Whether the gateway tells of an order to erase. What could not be done is asked for again by itself.
pub(super) fn take_outcome(
    sessions: &Sessions,
    line: &Line,
    gateway: &GatewayId,
    (id, tells): (&RequestId, &wire::GatewayTells),
) -> bool {
    let (order, is_done) = match tells {
        wire::GatewayTells::OrderDone(told) => (&told.order, true),
        wire::GatewayTells::OrderFailed(told) => (&told.order, false),
        _ => return false,
    };
    let Some(recording) = recording_of(order) else { return false };
    let (id, line, gateway) = (id.clone(), line.clone(), gateway.clone());
    let records = sessions.screen_pop.records().clone();
    tokio::spawn(async move {
        let noted = match is_done {
            true => records.recording_erased(recording, &gateway, line.clock.now()).await.map(drop),
            false => Ok(()),
        };
        let answer = noted.map(|()| answer_text(&id, &wire::Nothing {})).map_err(|error| {
            tracing::warn!(%error, "that a recording is erased cannot be written");
            ErrorKind::Unavailable { retry_after_ms: RETRY_AFTER_MS }
        });
        line.give(&id, answer);
    });
    true
}
