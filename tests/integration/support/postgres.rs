//! A real PostgreSQL of the tests' own, gone when they are. It never touches a server that was there before.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::surroundings::{free_port, skip};

/// A port may be taken between being found free and being bound.
const START_TRIES: u32 = 3;

/// Starts the server, says `ready`, does what it is told (`stop`, `start`, `freeze`, `thaw`) and says `ready` each
/// time, until our end of its standard input closes, by `Drop` or because the
/// test process is gone however it ended; then the server and its folder go.
/// Reads BIN, PORT and PASSWORD from the environment, which other users cannot see.
const WATCHDOG: &str = r#"
set -eu
base=$(mktemp -d "${TMPDIR:-/tmp}/usher-postgres.XXXXXX")
processes() {
  postmaster=$(head -n 1 "$base/data/postmaster.pid")
  echo "$postmaster" $(ps -o pid= --ppid "$postmaster")
}
gone() {
  trap - EXIT
  kill -CONT $(processes) 2>/dev/null || true
  "$BIN/pg_ctl" -D "$base/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$base"
}
trap gone EXIT
trap 'exit 1' HUP INT PIPE TERM
cd "$base"
(umask 077; printf '%s' "$PASSWORD" >password)
"$BIN/initdb" -D data -U postgres --auth=scram-sha-256 --pwfile=password \
  --encoding=UTF8 --locale=C --no-sync >log 2>&1 || { cat log; exit 1; }
cat >>data/postgresql.conf <<SETTINGS
listen_addresses = '127.0.0.1'
port = $PORT
unix_socket_directories = '$base'
max_connections = 100
fsync = on
SETTINGS
"$BIN/pg_ctl" -D data -l log -w -t 60 start >/dev/null 2>&1 || { cat log; exit 1; }
echo ready
while read -r order; do
  case $order in
    stop) "$BIN/pg_ctl" -D data -m fast -w stop >/dev/null 2>&1 </dev/null || exit 1 ;;
    start) "$BIN/pg_ctl" -D data -l log -w -t 60 start >/dev/null 2>&1 </dev/null || exit 1 ;;
    freeze) kill -STOP $(processes) ;;
    thaw) kill -CONT $(processes) ;;
  esac
  echo ready
done
"#;

pub struct PostgresServer {
    watchdog: Child,
    /// Closing it ends the watchdog.
    alive: Option<ChildStdin>,
    says: BufReader<ChildStdout>,
    port: u16,
    password: String,
    databases: AtomicU32,
}

impl PostgresServer {
    /// The one server of this test binary; skips aloud when PostgreSQL is not installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<PostgresServer>> = OnceLock::new();
        let server = SHARED.get_or_init(Self::start);
        if server.is_none() {
            skip("PostgreSQL's server is not installed: scripts/setup-tests.sh");
        }
        server.as_ref()
    }

    /// A server of the test's own, for tests that stop it; nothing when PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let bin = binaries()?;
        let mut said = String::new();
        for _ in 0..START_TRIES {
            match Self::start_on(&bin, free_port()) {
                Ok(server) => return Some(server),
                Err(log) => said = log,
            }
        }
        panic!("PostgreSQL did not start in {START_TRIES} tries; it said:\n{said}");
    }

    fn start_on(bin: &PathBuf, port: u16) -> Result<Self, String> {
        let password = random_password();
        let mut watchdog = as_ordinary_user("sh")
            .args(["-c", WATCHDOG])
            .env("BIN", bin)
            .env("PORT", port.to_string())
            .env("PASSWORD", &password)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C reaches the tests only; the watchdog follows when their pipe closes.
            .process_group(0)
            .spawn()
            .expect("a shell runs");
        let alive = watchdog.stdin.take();
        let mut output = BufReader::new(watchdog.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("the watchdog speaks UTF-8");
        if line.trim() == "ready" {
            return Ok(Self { watchdog, alive, says: output, port, password, databases: AtomicU32::new(0) });
        }
        output.read_to_string(&mut line).expect("the watchdog speaks UTF-8");
        watchdog.wait().expect("the watchdog ends after a failed start");
        Err(line)
    }

    /// Ends it in order: connections are closed.
    pub fn stop(&mut self) {
        self.order("stop");
    }

    /// The same again with its data.
    pub fn start_again(&mut self) {
        self.order("start");
    }

    /// Its processes stand still: connections stay open and nothing answers.
    pub fn freeze(&mut self) {
        self.order("freeze");
    }

    pub fn thaw(&mut self) {
        self.order("thaw");
    }

    fn order(&mut self, word: &str) {
        writeln!(self.alive.as_mut().expect("open until the drop"), "{word}").expect("the watchdog listens");
        let mut line = String::new();
        self.says.read_line(&mut line).expect("the watchdog speaks UTF-8");
        assert_eq!(line.trim(), "ready", "{word}");
    }

    /// Makes an empty database for one test and says how to reach it.
    pub async fn new_database(&self) -> PgConnectOptions {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection = self.connect("postgres").await;
        // A name made above, of letters and digits; CREATE DATABASE takes no parameters.
        connection.execute(AssertSqlSafe(format!("create database {name}"))).await.expect("the server makes databases");
        connection.close().await.expect("the server closes connections");
        self.options(&name)
    }

    /// The same address as text, for `DATABASE_URL` and settings.
    pub fn url(&self, database: &PgConnectOptions) -> String {
        let name = database.get_database().expect("new_database names it");
        let Self { password, port, .. } = self;
        format!("postgres://postgres:{password}@127.0.0.1:{port}/{name}")
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    async fn connect(&self, database: &str) -> PgConnection {
        self.options(database).connect().await.expect("the server was ready")
    }

    fn options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(self.port)
            .username("postgres")
            .password(&self.password)
            .database(database)
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        drop(self.alive.take());
        // Nobody to tell in a drop: a watchdog that is gone already is what was wanted.
        let _ = self.watchdog.wait();
    }
}

/// The folder that holds initdb and pg_ctl: the newest of Debian's, or the first in PATH.
fn binaries() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = debian
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").exists())
        .max();
    if let Some((_, bin)) = newest {
        return Some(bin);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|bin| bin.join("initdb").exists() && bin.join("pg_ctl").exists())
}

/// PostgreSQL refuses to run as root: then it runs as the user that its package made.
fn as_ordinary_user(program: &str) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("id runs");
    output.stdout.trim_ascii() == b"0"
}

fn random_password() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn a_query_runs_in_a_database_of_its_own() {
        let Some(server) = PostgresServer::shared() else {
            return;
        };
        let (one, other) = (server.new_database().await, server.new_database().await);
        let mut connection = one.connect().await.unwrap();
        connection.execute("create table seen (number bigint)").await.unwrap();
        connection.execute("insert into seen values (41), (1)").await.unwrap();
        let sum: i64 =
            sqlx::query_scalar("select sum(number)::bigint from seen").fetch_one(&mut connection).await.unwrap();
        assert_eq!(sum, 42);

        let mut connection = PgConnection::connect(&server.url(&other)).await.unwrap();
        assert!(connection.execute("select * from seen").await.is_err());
        let fsync: String = sqlx::query_scalar("show fsync").fetch_one(&mut connection).await.unwrap();
        assert_eq!(fsync, "on");
    }

    #[test]
    fn a_dropped_server_is_gone() {
        let Some(server) = PostgresServer::start() else {
            return skip("PostgreSQL's server is not installed: scripts/setup-tests.sh");
        };
        let port = server.port();
        TcpStream::connect(("127.0.0.1", port)).unwrap();
        drop(server);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
