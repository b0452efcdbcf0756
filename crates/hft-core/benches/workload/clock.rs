//! The clock of the comparisons: the processor time of the thread, which other work on the machine disturbs least.

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of processor time that this thread has used.
pub fn processor_time() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec.cast_unsigned() * 1_000_000_000 + time.tv_nsec.cast_unsigned()
}
