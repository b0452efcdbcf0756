//! Work on all cores whose result does not depend on how many there are: item `i` draws from a stream of its own, and results come back
//! in the order of the items.

use std::sync::atomic::{AtomicU64, Ordering};

/// `work(0)`, `work(1)`, .. `work(count - 1)`.
pub fn in_parallel<T: Send>(count: u64, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicU64::new(0);
    let share = || {
        let mut done = Vec::new();
        loop {
            let item = next.fetch_add(1, Ordering::Relaxed);
            if item >= count {
                return done;
            }
            done.push((item, work(item)));
        }
    };
    let mut parts: Vec<(u64, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(share)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("an item is done without panic")).collect()
    });
    parts.sort_by_key(|(item, _)| *item);
    parts.into_iter().map(|(_, result)| result).collect()
}
