//! The chapter of a run, in the order in which it should be read: verdict, victims, market, and last the account under test.

use super::{Accused, Evaluation, Judgement, SurveillanceLedger};
use crate::surveillance::{Alert, Ratio, Typology};
use hft_app::chapter::{Chapter, ChapterTable};
use hft_core::models::{AccountId, Timestamp};
use hft_core::world::Directory;
use serde::Serialize;
use std::fmt::Write as _;

/// A day of trading, s: six and a half hours.
const DAY_S: f64 = 23_400.0;

/// What was fined for each unit gained in the published case of 2011: 903,176 on 279,920 (FCA, 2013).
const FINE_MULTIPLE: f64 = 903_176.0 / 279_920.0;

/// What share of the episodes a detector should catch.
const RECALL: f64 = 0.95;

/// How many messages per fill are free where there is a fee.
const FREE_PER_FILL: u64 = 20;

/// How many alerts are told on the screen; all are in the file.
const TOLD: usize = 5;

/// An alert as a line of `alerts.jsonl`.
#[derive(Serialize)]
struct Line<'a> {
    simulated: bool,
    acknowledgement: Option<&'a str>,
    account: Option<&'a str>,
    why: String,
    #[serde(flatten)]
    alert: &'a Alert,
}

impl SurveillanceLedger {
    pub(super) fn tell(&mut self, who: &Directory, ended: Timestamp) -> Chapter {
        let accused = self.parts.accused.clone();
        let account = accused.as_ref().map(|accused| accused.account);
        let threshold = self.parts.config.surveillance.alert_score;
        if let Some(cut) = self.truth.cut(ended) {
            self.found.retain(|alert| alert.who != account.map(|account| account.0) || alert.began_ns < cut.nanos());
        }
        let judgements: Vec<Judgement> = self.found.iter().map(Judgement::of).collect();
        let evaluation = Evaluation::new(&judgements, self.truth.episodes(ended), account, threshold);
        let tick = self.parts.tick_size;
        let control = account.and_then(|account| self.order_to_trade_alone(account, ended));
        let mut tables = vec![self.verdict(&evaluation, control, ended)];
        tables.push(self.harm.victims(who, account, tick));
        tables.push(self.harm.market(ended, account.is_some()));
        let mut notes = self.told_alerts(who, account);
        if let Some(accused) = &accused {
            tables.push(self.account_under_test(&evaluation, accused.account));
            notes.push(format!("SIMULATED. Acknowledged: {}", accused.acknowledgement));
            notes.push(
                "Sizes and times are fixed to this toy crowd and calibrated to no venue; every participant and every order exists in this program alone."
                    .to_owned(),
            );
        }
        notes.push(
            "Gained: what fills were worth ten seconds later, all classes together nothing; before fees.".to_owned(),
        );
        Chapter { title: "Surveillance".to_owned(), tables, notes, files: self.files(who, ended, accused.as_ref()) }
    }

    fn is_alert(&self, alert: &Alert) -> bool {
        alert.score >= self.parts.config.surveillance.alert_score
    }

    /// False alarms a day of the rule that knows messages per fill alone, where it catches as many episodes as is asked of a detector;
    /// none where it never does.
    fn order_to_trade_alone(&mut self, account: AccountId, ended: Timestamp) -> Option<f64> {
        let ratios = std::mem::take(&mut self.control).finish();
        let judge = |ratio: &Ratio| {
            let Ratio { began, ended, who, messages_per_fill } = *ratio;
            Judgement { began, made: ended, who: Some(who), score: messages_per_fill }
        };
        let judgements: Vec<Judgement> = ratios.iter().map(judge).collect();
        let mut thresholds: Vec<f64> = judgements.iter().map(|judgement| judgement.score).collect();
        thresholds.sort_by(|a, b| b.total_cmp(a));
        let at = |threshold: f64| Evaluation::new(&judgements, self.truth.episodes(ended), Some(account), threshold);
        // The lower the threshold, the more is caught.
        let place =
            thresholds.partition_point(|&threshold| at(threshold).recall().is_some_and(|recall| recall < RECALL));
        let told = thresholds.get(place).map(|&threshold| at(threshold))?;
        Some(told.false_alerts() as f64 * DAY_S / ended.to_secs_f64().max(1e-9))
    }

    fn verdict(&self, evaluation: &Evaluation, control: Option<f64>, ended: Timestamp) -> ChapterTable {
        let days = (ended.to_secs_f64() / DAY_S).max(1e-12);
        let mut table = ChapterTable::new("the detector's verdict", &["figure"]);
        table.row("observations", vec![Some(self.observations as f64)]);
        for typology in Typology::ALL {
            let looks = self.found.iter().filter(|alert| alert.typology == typology);
            let alerts = looks.filter(|alert| self.is_alert(alert)).count();
            table.row(format!("alerts: {}", typology.name()), vec![Some(alerts as f64)]);
        }
        table.row("looked at, and let go", vec![Some((self.found.len() - evaluation.alerts) as f64)]);
        table.row("false alarms", vec![Some(evaluation.false_alerts() as f64)]);
        table.row("false alarms a day of 6.5 h", vec![Some(evaluation.false_alerts() as f64 / days)]);
        if self.parts.accused.is_some() {
            table.row("episodes", vec![Some(evaluation.episodes as f64)]);
            table.row("episodes caught, share", vec![evaluation.recall()]);
            table.row("alerts that were right, share", vec![evaluation.precision()]);
            table.row("area under precision over recall", vec![evaluation.pr_auc]);
            table.row("time to detect, s: median", vec![evaluation.median_delay_s()]);
            table.row("order-to-trade alone, at 95 % caught: false alarms a day", vec![control]);
        }
        table
    }

    fn told_alerts(&self, who: &Directory, accused: Option<AccountId>) -> Vec<String> {
        let mut alerts: Vec<&Alert> = self.found.iter().filter(|alert| self.is_alert(alert)).collect();
        let count = alerts.len();
        alerts.truncate(TOLD);
        let mut told: Vec<String> = alerts
            .iter()
            .map(|alert| {
                let name = alert.who.map_or("somebody", |account| who.account(AccountId(account)));
                format!(
                    "{:.3} s: {} by {name}, score {:.2}: {}",
                    alert.raised_ns as f64 / 1e9,
                    alert.typology.name(),
                    alert.score,
                    alert.why()
                )
            })
            .collect();
        match (count, accused) {
            (0, None) => told.push("No alert: honest flow, however fast and large, looks like honest flow.".to_owned()),
            (0, Some(_)) => told.push("No alert: whatever was done was not noticed.".to_owned()),
            _ if count > TOLD => told.push(format!("{} more alerts are in alerts.jsonl.", count - TOLD)),
            _ => {}
        }
        told
    }

    /// Last, and least.
    fn account_under_test(&self, evaluation: &Evaluation, account: AccountId) -> ChapterTable {
        let gained = self.harm.gained_within(account, self.parts.tick_size);
        let (messages, fills) = self.truth.counts();
        let fee = self.parts.config.venue.message_fee * messages.saturating_sub(FREE_PER_FILL * fills) as f64;
        let caught = evaluation.recall().unwrap_or(0.0);
        // Caught, it pays back what it gained, and is fined a multiple of it.
        let penalty = caught * gained.max(0.0) * (1.0 + FINE_MULTIPLE);
        let mut table = ChapterTable::new("the account under test, last", &["price units"]);
        table.row("gained from the others in 10 s", vec![Some(gained)]);
        table.row("message fees", vec![Some(-fee)]);
        table.row("expected penalty", vec![Some(-penalty)]);
        table.row("expected in all", vec![Some(gained - fee - penalty)]);
        table
    }

    fn files(&self, who: &Directory, ended: Timestamp, accused: Option<&Accused>) -> Vec<(String, String)> {
        let mut alerts = String::new();
        for alert in self.found.iter().filter(|alert| self.is_alert(alert)) {
            let line = Line {
                simulated: true,
                acknowledgement: accused.map(|accused| accused.acknowledgement.as_str()),
                account: alert.who.map(|account| who.account(AccountId(account))),
                why: alert.why(),
                alert,
            };
            writeln!(alerts, "{}", serde_json::to_string(&line).expect("plain data"))
                .expect("a String takes everything");
        }
        let mut files = Vec::new();
        if !alerts.is_empty() {
            files.push(("alerts.jsonl".to_owned(), alerts));
        }
        if let Some(accused) = accused {
            let mut truth = "watermark,episode,began_ns,ended_ns,account,acknowledgement\n".to_owned();
            for (number, episode) in self.truth.episodes(ended).iter().enumerate() {
                let (began, ended) = (episode.began.nanos(), episode.ended.nanos());
                let (account, typed) = (who.account(accused.account), &accused.acknowledgement);
                writeln!(truth, "SIMULATED,{},{began},{ended},{account},{typed}", number + 1)
                    .expect("a String takes everything");
            }
            files.push(("episodes.simulated.csv".to_owned(), truth));
        }
        files
    }
}
