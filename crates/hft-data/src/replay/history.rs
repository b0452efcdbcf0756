//! The recording as a participant: a strategy that trades what was recorded, through an account of its own, in one book for each fill
//! model.
//!
//! It is gated and booked like everybody: positions and cash sum to zero over history and us. It is read once, whatever the number
//! of books.

use super::errands::Errands;
use super::exact::Exact;
use super::fill_model::FillModel;
use super::levels::Levels;
use super::playback::Playback;
use super::reduction::{Reduction, Told};
use super::survey::{Detail, ReplayError, Survey};
use super::tally::{Tallies, Tally};
use crate::event::Event as Recorded;
use hft_core::models::{BookId, ExecKind, ExecutionReport, Liquidity, Timestamp};
use hft_core::risk::RiskReject;
use hft_core::trader::{Desk, Event, Strategy};

/// See the module's documentation.
///
/// ```no_run
/// use hft_core::prelude::*;
/// use hft_data::{ReadOptions, replay::{FillModel, History, Survey}};
/// let survey = Survey::of(&["AAPL_message_50.csv.gz".into()], &ReadOptions::default(), None)?;
/// let mut world = World::<Replayed>::new(1);
/// let venue = world.venue("exact", VenueConfig::default())?;
/// let fees = FeeSchedule::default();
/// let aapl = Instrument::new(&survey.info.symbol, "USD", survey.tick, survey.lot, survey.info.multiplier, fees)?;
/// let book = world.list(venue, aapl, BookRules::default(), Price::new(58_500))?;
/// let account = world.account("history", Limits::default())?;
/// let history = History::new(&survey, &[(FillModel::Exact, book)])?;
/// let tallies = history.tallies();
/// let recording = world.trader("recording", account, history)?;
/// world.play(recording, book)?;
/// let ran = world.lockstep().run(Timestamp::START + survey.span);
/// println!("{:?}", tallies.read()[0]);
/// # Ok::<(), anyhow::Error>(())
/// ```
pub struct History {
    playback: Playback,
    next: Option<(Timestamp, Recorded)>,
    replicas: Vec<Replica>,
    reduction: Reduction,
    told: Told,
    tallies: Tallies,
    events: u64,
    /// For when a timer is set.
    timer: Option<Timestamp>,
    is_over: bool,
}

#[derive(Debug)]
enum Replica {
    Exact(Box<Exact>),
    Levels(Box<Levels>),
}

impl Replica {
    fn errands(&self) -> &Errands {
        match self {
            Self::Exact(exact) => &exact.errands,
            Self::Levels(levels) => &levels.errands,
        }
    }

    fn errands_mut(&mut self) -> &mut Errands {
        match self {
            Self::Exact(exact) => &mut exact.errands,
            Self::Levels(levels) => &mut levels.errands,
        }
    }

    fn settle(&mut self, desk: &mut Desk<'_>) {
        match self {
            Self::Exact(exact) => exact.settle(desk),
            Self::Levels(levels) => levels.settle(desk),
        }
    }
}

impl History {
    /// The recording in these books, each under its model.
    ///
    /// # Errors
    /// When a file cannot be opened again.
    ///
    /// # Panics
    /// When a book is to be exact and the recording does not tell single orders.
    pub fn new(survey: &Survey, books: &[(FillModel, BookId)]) -> Result<Self, ReplayError> {
        let replica = |&(model, book): &(FillModel, BookId)| {
            let errands = Errands::new(book);
            if model == FillModel::Exact {
                assert_eq!(survey.detail, Detail::Orders, "only orders with names stand in a queue");
                Replica::Exact(Box::new(Exact::new(errands, survey.opens)))
            } else {
                Replica::Levels(Box::new(Levels::new(errands, model, survey.opens)))
            }
        };
        Ok(Self {
            playback: Playback::of(survey)?,
            next: None,
            replicas: books.iter().map(replica).collect(),
            reduction: Reduction::new(survey.detail == Detail::Quotes),
            told: Told::default(),
            tallies: Tallies::of(books.len()),
            events: 0,
            timer: None,
            is_over: false,
        })
    }

    /// What is counted, to be read when the run is over.
    pub fn tallies(&self) -> Tallies {
        self.tallies.clone()
    }

    /// Goes on until something has to be waited for.
    fn advance(&mut self, desk: &mut Desk<'_>) {
        while !self.is_over && self.is_done() {
            // What settling sends has to be answered too.
            self.replicas.iter_mut().for_each(|replica| replica.settle(desk));
            if !self.is_done() {
                return;
            }
            self.publish();
            let Some((due, event)) = self.next else {
                self.is_over = true;
                return;
            };
            if due > desk.now() {
                if self.timer != Some(due) {
                    self.timer = Some(due);
                    desk.wake_at(due, 0);
                }
                return;
            }
            self.play(&event, desk);
            self.next = self.read();
        }
    }

    fn is_done(&self) -> bool {
        self.replicas.iter().all(|replica| replica.errands().is_done())
    }

    fn play(&mut self, event: &Recorded, desk: &mut Desk<'_>) {
        self.events += 1;
        let Self { replicas, reduction, told, .. } = self;
        if replicas.iter().any(|replica| matches!(replica, Replica::Levels(_))) {
            reduction.read(event, told);
        }
        for replica in replicas {
            match replica {
                Replica::Exact(exact) => exact.apply(event, desk),
                Replica::Levels(levels) => levels.apply(told, desk),
            }
        }
    }

    fn read(&mut self) -> Option<(Timestamp, Recorded)> {
        // The first pass has read all of it.
        self.playback.next().unwrap_or_else(|error| panic!("the recording changed while it was replayed: {error}"))
    }

    /// What was counted up to the last event that is over.
    fn publish(&self) {
        let (events, off_step) = (self.events, self.playback.off_step());
        let tallies = self.replicas.iter().map(|replica| Tally { events, off_step, ..replica.errands().tally });
        self.tallies.publish(tallies);
    }

    fn replica(&mut self, book: BookId) -> Option<&mut Replica> {
        self.replicas.iter_mut().find(|replica| replica.errands().book == book)
    }

    fn on_report(&mut self, report: &ExecutionReport) {
        match self.replica(report.book) {
            Some(Replica::Exact(exact)) => exact.on_report(report),
            Some(Replica::Levels(levels)) => levels.on_report(report),
            None => {}
        }
    }
}

impl Strategy for History {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {
                self.next = self.read();
                self.advance(desk);
            }
            Event::Wake(_) => self.advance(desk),
            Event::Report(report) => {
                self.on_report(report);
                // After a resting party's report comes that of the one who hit it, where that was history too.
                if !matches!(report.kind, ExecKind::Trade(fill) if fill.liquidity == Liquidity::Maker) {
                    self.advance(desk);
                }
            }
            Event::Refused(refusal) => {
                if let Some(replica) = self.replica(refusal.command.book()) {
                    replica.errands_mut().on_refused();
                }
                if refusal.reason == RiskReject::KillSwitch {
                    self.is_over = true; // the run is being stopped
                }
                self.advance(desk);
            }
            Event::Market(data) => {
                let update = data.update;
                match self.replica(data.book) {
                    Some(Replica::Exact(exact)) => exact.on_market(update),
                    Some(Replica::Levels(levels)) => levels.on_market(update, desk),
                    None => {}
                }
            }
            Event::News(_) => {}
        }
    }
}
