//! A TCP proxy of the tests' own: what passes is late, or nothing passes while both ends stay open. It reads no byte.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

const CHUNK_BYTES: usize = 16 * 1_024;
/// Chunks that are on their way at once.
const UNDER_WAY: usize = 64;

#[derive(Clone, PartialEq, Debug)]
pub struct Weather {
    /// By how much a chunk comes late; none overtakes another.
    pub late_ms: RangeInclusive<u64>,
    pub passes: bool,
}

impl Weather {
    pub fn fair() -> Weather {
        Weather { late_ms: 0..=0, passes: true }
    }

    pub fn late(late_ms: RangeInclusive<u64>) -> Weather {
        Weather { late_ms, passes: true }
    }

    /// Nothing passes, and nobody is told.
    pub fn silent() -> Weather {
        Weather { passes: false, ..Weather::fair() }
    }
}

#[derive(Clone)]
pub struct Road {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    cuts: watch::Sender<()>,
}

impl Road {
    /// Leads to `host`, through all its deaths. `seed` decides what comes how late.
    pub async fn to(host: &str, seed: u64) -> Road {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let road = Road { address, weather: watch::Sender::new(Weather::fair()), cuts: watch::Sender::default() };
        let (host, leads) = (host.to_owned(), road.clone());
        tokio::spawn(async move {
            let mut seeds = ChaCha8Rng::seed_from_u64(seed);
            while let Ok((near, _)) = listener.accept().await {
                let (host, road, seed) = (host.clone(), leads.clone(), seeds.random());
                tokio::spawn(async move { road.lead(near, &host, seed).await });
            }
        });
        road
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn has(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Every connection ends, whatever is on its way.
    pub fn cut(&self) {
        self.cuts.send_replace(());
    }

    async fn lead(&self, near: TcpStream, host: &str, seed: u64) {
        let mut cut = self.cuts.subscribe();
        let Ok(far) = TcpStream::connect(host).await else { return };
        let _ = (near.set_nodelay(true), far.set_nodelay(true));
        let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
        let there = pass(near_in, far_out, self.weather.subscribe(), seed);
        let back = pass(far_in, near_out, self.weather.subscribe(), seed ^ 1);
        tokio::select! {
            _ = cut.changed() => {}
            _ = async { tokio::join!(there, back) } => {}
        }
    }
}

/// Until one side ends; that too is told the other side in its turn.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, weather: watch::Receiver<Weather>, seed: u64) {
    let (under_way, mut due) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY);
    let mut outside = weather.clone();
    let take = async move {
        let (mut random, mut last) = (ChaCha8Rng::seed_from_u64(seed), Instant::now());
        loop {
            let mut chunk = vec![0; CHUNK_BYTES];
            let bytes = from.read(&mut chunk).await.unwrap_or(0);
            if bytes == 0 {
                return;
            }
            chunk.truncate(bytes);
            let late = random.random_range(weather.borrow().late_ms.clone());
            last = last.max(Instant::now() + Duration::from_millis(late));
            if under_way.send((last, chunk)).await.is_err() {
                return;
            }
        }
    };
    let give = async move {
        while let Some((at, chunk)) = due.recv().await {
            tokio::time::sleep_until(at).await;
            let passes = outside.wait_for(|weather| weather.passes).await.is_ok();
            if !passes || to.write_all(&chunk).await.is_err() {
                return;
            }
        }
        // An end is silent too while nothing passes.
        if outside.wait_for(|weather| weather.passes).await.is_ok() {
            let _ = to.shutdown().await;
        }
    };
    tokio::join!(take, give);
}
