//! Imports that go on beside the server: begun and stopped, one at a time for each place that rows go to. Reads no file itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::check::{Check, CheckedRows};
use super::error::{StartRefused, StopRefused, UploadRefused};
use super::files::{ImportFiles, IncomingFile, UploadedFile};
use super::job::{Ended, Job};
use super::look::FileLook;
use crate::customer_import::error::ImportFailure;
use crate::customers::change::Stamp;
use crate::customers::ids::ImportId;
use crate::imports::import_batch::{ImportHalt, ImportState, ImportedRows};
use crate::outbound::ids::CallListId;
use crate::records::Records;
use crate::routing::ids::PersonId;
use crate::routing::time::Timestamp;

/// Each has a thread, and a transaction at a time.
const RUNNING_MAX: usize = 4;
/// Who asks for more of them at once waits.
const CHECKS_MAX: usize = 2;

/// An import that somebody asks for.
pub struct ImportToBegin {
    pub file: UploadedFile,
    /// Of a workbook; None: the first.
    pub sheet: Option<String>,
    pub rows: ImportedRows,
    pub by: PersonId,
    /// Although the same file was imported before.
    pub again: bool,
}

/// Where rows go: one import at a time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Target {
    Customers,
    Interactions,
    List(CallListId),
    DoNotCall,
}

#[derive(Clone)]
struct Running {
    /// None: it has no number yet.
    import: Option<ImportId>,
    file: Uuid,
    stop: CancellationToken,
    /// Who asked that it stops.
    stopped_by: Option<PersonId>,
    /// Cancelled when it has ended, and all that is to be said of it is written down.
    over: CancellationToken,
}

pub struct ImportDesk {
    pub(super) records: Records,
    pub(super) files: ImportFiles,
    pub(super) now: fn() -> Timestamp,
    running: Mutex<BTreeMap<Target, Running>>,
    checks: Semaphore,
    tasks: TaskTracker,
    ending: CancellationToken,
}

impl ImportDesk {
    /// Files are kept in the data directory, each of at most `file_bytes_max`.
    #[must_use]
    pub fn new(
        records: Records,
        data_directory: &Path,
        file_bytes_max: u64,
        now: fn() -> Timestamp,
    ) -> Arc<ImportDesk> {
        Arc::new(ImportDesk {
            records,
            files: ImportFiles::new(data_directory, file_bytes_max),
            now,
            running: Mutex::default(),
            checks: Semaphore::new(CHECKS_MAX),
            tasks: TaskTracker::new(),
            ending: CancellationToken::new(),
        })
    }

    /// A file that is about to come.
    ///
    /// # Errors
    /// When too many wait, or the disk cannot be written.
    pub async fn receive(&self, name: String, by: PersonId) -> Result<IncomingFile, UploadRefused> {
        self.files.begin(name, by, (self.now)()).await
    }

    /// Largest file that is taken.
    #[must_use]
    pub fn file_bytes_max(&self) -> u64 {
        self.files.bytes_max
    }

    /// The file of this number, if it is still here.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn file(&self, file: Uuid) -> std::io::Result<Option<UploadedFile>> {
        self.files.find(file)
    }

    /// # Errors
    /// When the file cannot be read, or is none that can be imported.
    pub async fn look(&self, file: Uuid, sheet: Option<String>) -> Result<FileLook, ImportFailure> {
        let content = self.files.content(file);
        let looked = tokio::task::spawn_blocking(move || FileLook::at(&content, sheet.as_deref())).await;
        looked.expect("a look at a file does not panic")
    }

    /// What an import would come to, by the first rows of the file.
    ///
    /// # Errors
    /// When the file or the mapping is wrong, or the database does not answer.
    pub async fn check(&self, asked: ImportToBegin) -> Result<CheckedRows, ImportFailure> {
        let _turn = self.checks.acquire().await;
        let ImportToBegin { file, sheet, rows, by, .. } = asked;
        let (records, content, now) = (self.records.clone(), self.files.content(file.file), self.now);
        let checked = self.tasks.spawn_blocking(move || {
            let check = Check { records: &records, content: &content, sheet: sheet.as_deref(), rows, by, now };
            Handle::current().block_on(check.run())
        });
        checked.await.expect("a check of a file does not panic")
    }

    /// Whether it went: one that is being imported stays.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub fn throw_away(&self, file: Uuid) -> std::io::Result<bool> {
        if self.is_in_use(file) {
            return Ok(false);
        }
        self.files.remove(file)?;
        Ok(true)
    }

    /// Whether the server goes on with it.
    #[must_use]
    pub fn is_running(&self, import: ImportId) -> bool {
        self.running().values().any(|running| running.import == Some(import))
    }

    /// Begins an import, or goes on with the one of this file that was interrupted: its number.
    ///
    /// # Errors
    /// When another goes on into the same place, the file or the mapping is wrong, or the database does not answer;
    /// nothing was begun.
    pub async fn begin(self: &Arc<Self>, asked: ImportToBegin) -> Result<ImportId, StartRefused> {
        let target = target_of(&asked.rows);
        let stop = self.reserve(&target, asked.file.file)?;
        let ImportToBegin { file, sheet, rows, by, again } = asked;
        let content = self.files.content(file.file);
        let job = Job { records: self.records.clone(), file, content, sheet, rows, by, again, now: self.now, stop };
        let (begun, told) = oneshot::channel();
        let desk = Arc::clone(self);
        // A thread of its own: files and workbooks are read without a pause.
        self.tasks.spawn_blocking(move || Handle::current().block_on(desk.carry_out(target, job, begun)));
        Ok(told.await.map_err(|_| StartRefused::Ending)??)
    }

    /// Stops one that goes on, behind the rows that it is at; of one that stands still, that nobody goes on by himself.
    ///
    /// # Errors
    /// When there is none, it is over or not the server's, or the database does not answer.
    pub async fn stop(&self, import: ImportId, by: &PersonId) -> Result<(), StopRefused> {
        let over = self.running().values_mut().find(|running| running.import == Some(import)).map(|running| {
            running.stopped_by.get_or_insert_with(|| by.clone());
            running.stop.cancel();
            running.over.clone()
        });
        if let Some(over) = over {
            over.cancelled().await;
        }
        let batch = self.records.import(import).await?.ok_or(StopRefused::Unknown(import))?;
        match (&batch.halt, &batch.upload) {
            _ if batch.state != ImportState::Running => Err(StopRefused::Over { import, state: batch.state }),
            (_, None) => Err(StopRefused::NotOurs(import)),
            (Some(_), Some(_)) => Ok(()),
            (None, Some(_)) => {
                let stamp = Stamp { at: (self.now)(), by: by.clone() };
                Ok(self.records.halt_import(&batch, &ImportHalt::Stopped, &stamp).await?)
            }
        }
    }

    /// Imports rest where they are, and go on at the next start.
    pub async fn end(&self) {
        self.ending.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// When this is dropped, the same, without waiting until they have.
    #[must_use]
    pub fn rests_with_this(&self) -> DropGuard {
        self.ending.clone().drop_guard()
    }

    async fn carry_out(&self, target: Target, job: Job, begun: oneshot::Sender<Result<ImportId, ImportFailure>>) {
        let _slot = Slot { desk: self, target: target.clone() };
        let tell = |told: Result<ImportId, ImportFailure>| {
            if let (Ok(import), Some(running)) = (&told, self.running().get_mut(&target)) {
                running.import = Some(*import);
            }
            // Whoever asked may have gone.
            let _ = begun.send(told);
        };
        match job.run(tell).await {
            Ended::Done => self.forget(&job.file),
            Ended::Stopped(import) => {
                let by = self.running().get(&target).and_then(|running| running.stopped_by.clone());
                if let Some(by) = by {
                    job.halt(import, ImportHalt::Stopped, &by).await;
                }
            }
            Ended::Failed => {}
        }
    }

    fn forget(&self, file: &UploadedFile) {
        let others = self.running().values().filter(|running| running.file == file.file).count();
        if others > 1 {
            return;
        }
        if let Err(error) = self.files.remove(file.file) {
            tracing::warn!(kind = %error.kind(), "a file that was imported is still there");
        }
    }

    fn reserve(&self, target: &Target, file: Uuid) -> Result<CancellationToken, StartRefused> {
        let mut running = self.running();
        if self.ending.is_cancelled() {
            return Err(StartRefused::Ending);
        }
        if let Some(other) = running.get(target) {
            return Err(StartRefused::Running(other.import));
        }
        if running.len() >= RUNNING_MAX {
            return Err(StartRefused::TooMany);
        }
        let (stop, over) = (self.ending.child_token(), CancellationToken::new());
        let new = Running { import: None, file, stop: stop.clone(), stopped_by: None, over };
        running.insert(target.clone(), new);
        Ok(stop)
    }

    pub(super) fn is_in_use(&self, file: Uuid) -> bool {
        self.running().values().any(|running| running.file == file)
    }

    fn running(&self) -> std::sync::MutexGuard<'_, BTreeMap<Target, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Free again when it is dropped, whatever ended the import.
struct Slot<'d> {
    desk: &'d ImportDesk,
    target: Target,
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        if let Some(running) = self.desk.running().remove(&self.target) {
            running.over.cancel();
        }
    }
}

fn target_of(rows: &ImportedRows) -> Target {
    match rows {
        ImportedRows::Customers { .. } => Target::Customers,
        ImportedRows::Interactions { .. } => Target::Interactions,
        ImportedRows::Leads { list, .. } => Target::List(*list),
        ImportedRows::DoNotCall { .. } => Target::DoNotCall,
    }
}
