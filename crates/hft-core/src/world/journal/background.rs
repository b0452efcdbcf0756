//! A file written by a thread of its own, so that no node waits for the disk.
//!
//! Invariant: chunks reach the file in order, and the first failure is the last thing that is written: every later
//! call returns it.

use super::JournalError;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

/// How many chunks may wait for the disk. With the writer's chunks of 16 KiB that is 32 MiB.
const CHUNKS_MAX: usize = 2_048;

enum Order {
    Write(Vec<u8>),
    /// Answer when all before it stands in the file.
    Flush(SyncSender<()>),
}

/// See the module's documentation. [`Write::flush`] waits for the disk, [`Write::write`] never does.
#[derive(Debug)]
pub struct Background {
    orders: Option<SyncSender<Order>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Order::Write(_) => "Write",
            Order::Flush(_) => "Flush",
        })
    }
}

impl Background {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn new(file: impl Write + Send + 'static) -> Result<Self, JournalError> {
        let (orders, queue) = sync_channel(CHUNKS_MAX);
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(move || serve(file, &queue))?;
        Ok(Self { orders: Some(orders), thread: Some(thread) })
    }

    /// Why the thread has ended.
    fn failure(&mut self) -> io::Error {
        self.orders = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(Err(error))) => error,
            Some(Ok(Ok(())) | Err(_)) | None => io::Error::other("its writer has ended"),
        }
    }
}

fn serve(mut file: impl Write, orders: &Receiver<Order>) -> io::Result<()> {
    for order in orders {
        match order {
            Order::Write(chunk) => file.write_all(&chunk)?,
            Order::Flush(done) => {
                file.flush()?;
                let _ = done.send(()); // who asked may have gone
            }
        }
    }
    file.flush()
}

impl Write for Background {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        match self.orders.as_ref().map(|orders| orders.try_send(Order::Write(chunk.to_vec()))) {
            Some(Ok(())) => Ok(chunk.len()),
            Some(Err(TrySendError::Full(_))) => {
                Err(io::Error::other(JournalError::DiskTooSlow(CHUNKS_MAX * chunk.len()).to_string()))
            }
            Some(Err(TrySendError::Disconnected(_))) | None => Err(self.failure()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let (done, answer) = sync_channel(1);
        let asked = self.orders.as_ref().is_some_and(|orders| orders.send(Order::Flush(done)).is_ok());
        if asked && answer.recv().is_ok() { Ok(()) } else { Err(self.failure()) }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(Ok(Err(error))) = self.thread.take().map(JoinHandle::join) {
            tracing::warn!(%error, "the journal's last bytes could not be written");
        }
    }
}
