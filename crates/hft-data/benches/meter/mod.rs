//! What a benchmark of this crate measures: the thread's time, and the process's memory.

use std::fs;

/// Most memory that the process had at once, where the system tells.
pub(crate) fn peak_kb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|text| text.trim().strip_suffix(" kB")).and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

/// The thread's own processor time in nanoseconds: others who run here do not count.
#[allow(clippy::cast_precision_loss, reason = "a benchmark")]
pub(crate) fn nanos_passed() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}
