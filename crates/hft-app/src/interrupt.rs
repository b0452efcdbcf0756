//! Ctrl-C: the first asks a run to stop, the second to leave at once.
//!
//! Invariant: a signal handler does nothing but count; both drivers look at the count and end the run themselves. Only who does not
//! leave within `GRACE` of the second time, because it waits for somebody to read or to write, is ended by the handler.

use crate::exit::Exit;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a program that was asked twice may take to close its folder and leave by itself.
const GRACE: Duration = Duration::from_secs(5);

/// How often the user has asked to stop. Clones share the count.
#[derive(Clone, Debug)]
pub struct Interrupt(Arc<watch::Sender<u32>>);

impl Default for Interrupt {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl Interrupt {
    /// One that SIGINT, SIGTERM and SIGHUP raise. A process can have one; a second is never raised by a signal.
    pub fn of_signals() -> Self {
        let interrupt = Self::default();
        let raised = interrupt.clone();
        // Not the count, which a risk halt raises as well.
        let mut signals = 0_u32;
        let handler = move || {
            raised.raise();
            signals = signals.saturating_add(1);
            if signals == 2 {
                std::thread::spawn(leave);
            }
        };
        if let Err(error) = ctrlc::set_handler(handler) {
            tracing::warn!(%error, "Ctrl-C will end the program without a summary");
        }
        interrupt
    }

    /// Asks once more.
    pub fn raise(&self) {
        self.0.send_modify(|count| *count = count.saturating_add(1));
    }

    /// How often it was asked.
    pub fn count(&self) -> u32 {
        *self.0.borrow()
    }

    /// Waits until it has been asked `times` times.
    pub async fn raised(&self, times: u32) {
        let mut receiver = self.0.subscribe();
        // The sender lives as long as `self`, so this cannot fail.
        let _ = receiver.wait_for(|count| *count >= times).await;
    }
}

/// Ends the program, whatever its other threads wait for. Without a word: stderr may be what they wait for.
#[allow(clippy::disallowed_methods, reason = "the program is being left, and no run sees it")]
fn leave() {
    std::thread::sleep(GRACE);
    std::process::exit(Exit::Runtime as i32);
}
