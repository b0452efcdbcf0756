//! `report.html` of a sweep.

use super::{Plan, Results, RunRow};

pub(super) struct SweepReport<'a> {
    pub(super) plan: &'a Plan,
    pub(super) results: &'a Results,
    pub(super) rows: &'a [RunRow],
    pub(super) command: &'a str,
}

impl SweepReport<'_> {
    pub(super) fn html(&self) -> String {
        format!("{} {} {} {}", self.plan.seeds, self.results.trials, self.rows.len(), self.command)
    }
}
