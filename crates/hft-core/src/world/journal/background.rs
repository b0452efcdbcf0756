//! A file written by a thread of its own, so that no node waits for the disk.
//!
//! Invariant: bytes reach the file in order, and nothing after the first failure: every later call returns it.
//!
//! The thread looks for bytes every [`LOOK`], instead of being woken for each chunk: waking a thread costs a node many
//! times what handing over its bytes does, and what a killed process loses is bounded by the time.

use super::JournalError;
use std::io::{self, Write};
use std::mem::take;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

/// How many bytes may wait for the disk.
const WAITING_MAX: usize = 32 << 20;

/// How often the thread looks for bytes.
const LOOK: Duration = Duration::from_millis(5);

/// See the module's documentation. [`Write::flush`] waits for the disk, [`Write::write`] never does.
///
/// Example: [`replay`](crate::world::replay()).
#[derive(Debug)]
pub struct Background {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

/// What the two threads share.
#[derive(Debug, Default)]
struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    /// How often a flush was asked for, and how often it was done.
    asked: u64,
    done: u64,
    closed: bool,
    failure: Option<io::Error>,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while holding it")
    }
}

impl State {
    /// The failure, as often as it is asked for.
    fn check(&self) -> io::Result<()> {
        match &self.failure {
            Some(error) => Err(io::Error::new(error.kind(), error.to_string())),
            None => Ok(()),
        }
    }
}

impl Background {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn new(file: impl Write + Send + 'static) -> Result<Self, JournalError> {
        let desk = Arc::new(Desk::default());
        let its = Arc::clone(&desk);
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(move || serve(file, &its))?;
        Ok(Self { desk, thread: Some(thread) })
    }
}

/// Writes what waits until the desk is closed, or until the file fails.
fn serve(mut file: impl Write, desk: &Desk) {
    let mut chunk = Vec::new();
    let mut state = desk.lock();
    loop {
        let (asked, closed) = (state.asked, state.closed);
        std::mem::swap(&mut chunk, &mut state.waiting);
        let flush = asked > state.done || closed;
        drop(state);
        let wrote = file.write_all(&chunk).and_then(|()| if flush { file.flush() } else { Ok(()) });
        chunk.clear();
        state = desk.lock();
        if wrote.is_ok() {
            state.done = asked;
        } else {
            state.failure = wrote.err();
        }
        desk.changed.notify_all();
        if closed || state.failure.is_some() {
            return;
        }
        if state.asked == state.done && !state.closed {
            (state, _) = desk.changed.wait_timeout(state, LOOK).expect("nobody panics while holding it");
        }
    }
}

impl Write for Background {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let mut state = self.desk.lock();
        state.check()?;
        if state.waiting.len() + chunk.len() > WAITING_MAX {
            return Err(io::Error::other(JournalError::DiskTooSlow(state.waiting.len()).to_string()));
        }
        state.waiting.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut state = self.desk.lock();
        state.asked += 1;
        let mine = state.asked;
        self.desk.changed.notify_all();
        while state.done < mine {
            state.check()?;
            state = self.desk.changed.wait(state).expect("nobody panics while holding it");
        }
        Ok(())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let failed = {
            let mut state = self.desk.lock();
            state.closed = true;
            self.desk.changed.notify_all();
            state.failure.is_some()
        };
        let joined = take(&mut self.thread).map(JoinHandle::join);
        if !failed && (matches!(joined, Some(Err(_))) || self.desk.lock().failure.is_some()) {
            tracing::warn!("the journal's last bytes could not be written");
        }
    }
}
