//! SQLite's files cut and flipped: what was acknowledged is there, or opening refuses and says where.

use std::fs;
use std::ops::Range;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::support::faults::FaultMet;
use super::*;
use crate::journal::OpenError;

const BATCHES: u64 = 60;
/// Enough to hit every kind of page many times.
const PLACES: u64 = 240;
const PLACES_FOR_LONG: u64 = 1_000;

/// The files of a journal as `kill -9` leaves them: part in the database, part in the WAL.
struct Image {
    ground: Ground,
    /// Keeps the WAL from being folded in.
    _journal: SqlJournal,
}

const FILES: [&str; 3] = ["journal.db", "journal.db-wal", "journal.head"];

impl Image {
    async fn take() -> Image {
        let ground = Ground::sqlite();
        let (journal, epoch) = ground.owner().await;
        tell(&journal, epoch, 0, BATCHES / 2).await;
        journal.save_snapshot(EventNo(60), &[3; 5_000]).await.unwrap();
        sqlx::query("pragma wal_checkpoint(passive)").execute(&mut sqlite(ground.folder()).await).await.unwrap();
        tell(&journal, epoch, BATCHES / 2, BATCHES).await;
        Image { ground, _journal: journal }
    }

    fn copy(&self) -> Ground {
        let copy = Ground::sqlite();
        for file in FILES {
            fs::copy(self.ground.folder().join(file), copy.folder().join(file)).unwrap();
        }
        copy
    }
}

#[tokio::test]
async fn an_undamaged_image_is_whole() {
    let image = Image::take().await;
    for file in FILES {
        assert!(fs::metadata(image.ground.folder().join(file)).unwrap().len() > 0, "{file}");
    }
    assert_eq!(read(&image.copy().open().await, EventNo::ZERO).await.unwrap(), story(BATCHES));
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_in_silence() {
    damaged_at(0..PLACES).await;
}

#[tokio::test]
#[ignore = "damages a thousand places"]
async fn nothing_acknowledged_is_lost_in_silence_at_a_thousand_places() {
    damaged_at(PLACES..PLACES + PLACES_FOR_LONG).await;
}

async fn damaged_at(places: Range<u64>) {
    let image = Image::take().await;
    let (mut whole, mut refused, mut gone_on) = (0, 0, 0);
    for seed in places.clone() {
        let ground = image.copy();
        let what = damage(ground.folder(), seed);
        match SqlJournal::open(&ground.place).await {
            Ok(journal) => match read(&journal, EventNo::ZERO).await {
                Ok(events) => {
                    assert!(events == story(BATCHES), "seed {seed}, {what}: {} events", events.len());
                    let (epoch, last) = journal.acquire().await.unwrap();
                    journal.append(epoch, last, &batch(BATCHES)).await.unwrap();
                    whole += 1;
                }
                Err(ReadError::Sealed { .. }) => refused += 1,
                Err(error) => panic!("seed {seed}, {what}: met only while reading: {error}"),
            },
            Err(error) => {
                refused += 1;
                let again = SqlJournal::open(&ground.place).await.map(drop);
                assert!(again.is_err(), "seed {seed}, {what}: refused once only: {error}");
                let Some(kept) = good_before(&error) else { continue };
                match SqlJournal::accept_loss(&ground.place, kept).await {
                    Ok(_) => {
                        let (journal, epoch) = ground.owner().await;
                        assert_eq!(last_of(&journal).await, kept, "seed {seed}, {what}");
                        journal.append(epoch, kept, &[agent_changed(0, "ana")]).await.unwrap();
                        let events = read(&journal, EventNo::ZERO).await.unwrap();
                        let count = usize::try_from(kept.0).unwrap();
                        assert!(events[..count] == story(BATCHES)[..count], "seed {seed}, {what}");
                        gone_on += 1;
                    }
                    Err(error) => {
                        assert!(matches!(error, OpenError::Database(_)), "seed {seed}, {what}: {error:?}");
                    }
                }
            }
        }
    }
    let met = places.end - places.start;
    println!("{met} places: {whole} whole, {refused} refused, {gone_on} of them gone on without the loss");
    // What was acknowledged is all there, or nothing is served.
    let (times, acknowledged) = (usize::try_from(met).unwrap(), (whole * story(BATCHES).len()) as u64);
    FaultMet::harmless("journal cut or flipped: whole, or refused to start", times, acknowledged, None).tell();
    assert!(whole > 10 && refused > 30 && gone_on > 20, "{whole} {refused} {gone_on}");
}

#[tokio::test]
async fn an_unacknowledged_tail_may_be_dropped() {
    let image = Image::take().await;
    let before = image.copy();
    let last = EventNo(story(BATCHES).len() as u64);
    let journal = before.open().await;
    let (epoch, _) = journal.acquire().await.unwrap();
    let acknowledged = fs::read(before.folder().join("journal.head")).unwrap();
    let old = fs::read(before.folder().join("journal.db-wal")).unwrap();
    journal.append(epoch, last, &batch(BATCHES)).await.unwrap();
    let wal = fs::read(before.folder().join("journal.db-wal")).unwrap();
    // Behind what was written last lie frames of an earlier round.
    let end = (0..wal.len()).rfind(|place| old.get(*place) != Some(&wal[*place])).unwrap() + 1;
    // Killed after the commit and before the head; the WAL's last bytes never reached the disk.
    for (lost, kept) in [(0, BATCHES + 1), (1, BATCHES), (100, BATCHES), (4_000, BATCHES)] {
        let ground = Ground::sqlite();
        fs::copy(before.folder().join("journal.db"), ground.folder().join("journal.db")).unwrap();
        fs::write(ground.folder().join("journal.db-wal"), &wal[..end - lost]).unwrap();
        fs::write(ground.folder().join("journal.head"), &acknowledged).unwrap();
        let events = read(&ground.open().await, EventNo::ZERO).await.unwrap();
        assert!(events == story(kept), "{lost} bytes lost, {} events left", events.len());
    }
}

#[tokio::test]
async fn a_head_that_does_not_fit_refuses() {
    let image = Image::take().await;
    let last = EventNo(story(BATCHES).len() as u64);
    let head = |ground: &Ground| ground.folder().join("journal.head");

    let ground = image.copy();
    fs::remove_file(ground.folder().join("journal.db-wal")).unwrap();
    let refused = SqlJournal::open(&ground.place).await.map(drop);
    let Err(OpenError::Lost { last: there, known, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(known, last);
    assert!(there < last && there > EventNo::ZERO);

    let ground = image.copy();
    fs::remove_file(head(&ground)).unwrap();
    let refused = SqlJournal::open(&ground.place).await.map(drop);
    assert!(matches!(refused, Err(OpenError::Head { state: "missing", .. })), "{refused:?}");
    SqlJournal::accept_loss(&ground.place, last).await.unwrap();
    assert_eq!(read(&ground.open().await, EventNo::ZERO).await.unwrap(), story(BATCHES));

    let ground = image.copy();
    fs::remove_file(ground.folder().join("journal.db")).unwrap();
    for _ in 0..2 {
        let refused = SqlJournal::open(&ground.place).await.map(drop);
        assert!(matches!(refused, Err(OpenError::Lost { last: EventNo::ZERO, .. })), "{refused:?}");
        assert!(ground.folder().join("journal.db-wal").exists(), "what is left stays for who looks into it");
    }
    SqlJournal::accept_loss(&ground.place, EventNo::ZERO).await.unwrap();
    assert_eq!(read(&ground.open().await, EventNo::ZERO).await.unwrap(), []);

    // Another journal's files under this head.
    let ground = image.copy();
    let other = Ground::sqlite();
    let (journal, epoch) = other.owner().await;
    journal.append(epoch, EventNo::ZERO, &story(BATCHES)).await.unwrap();
    drop(journal);
    fs::copy(head(&ground), head(&other)).unwrap();
    let refused = SqlJournal::open(&other.place).await.map(drop);
    assert!(matches!(refused, Err(OpenError::Differs { at: EventNo(1) })), "{refused:?}");
}

/// Flips one bit or cuts the file, in the database, its WAL or the head.
fn damage(folder: &Path, seed: u64) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let file = FILES[match random.random_range(0..20) {
        0..10 => 0,
        10..19 => 1,
        _ => 2,
    }];
    let path = folder.join(file);
    let mut bytes = fs::read(&path).unwrap();
    let place = random.random_range(0..bytes.len());
    let what = if random.random_range(0..4) == 0 {
        bytes.truncate(place);
        format!("{file} cut at {place}")
    } else {
        bytes[place] ^= 1 << random.random_range(0..8);
        format!("{file} flipped at {place}")
    };
    fs::write(path, bytes).unwrap();
    what
}

/// What the refusal says is still good.
fn good_before(error: &OpenError) -> Option<EventNo> {
    match error {
        OpenError::Damaged(damage) => Some(EventNo(damage.event.0 - 1)),
        OpenError::Lost { last, .. } | OpenError::Head { last, .. } => Some(*last),
        OpenError::Differs { at } => Some(EventNo(at.0 - 1)),
        OpenError::Unreadable { after, .. } => Some(*after),
        OpenError::Database(_) | OpenError::Migration(_) => None,
        // It begins with event 1.
        OpenError::Base { .. } | OpenError::Dropped { .. } => panic!("{error:?}"),
        OpenError::File { .. } | OpenError::NotABatchEnd { .. } => panic!("{error:?}"),
    }
}
