//! What of a run a sweep keeps: a row, and the figures in it that are averaged.

use crate::output::{Money, Summary};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A figure of a run that is averaged over seeds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// Change of equity, currency.
    Net,
    /// Earned by trading away from the midpoint, currency.
    Spread,
    /// What the midpoint did right after our fills, currency.
    Adverse,
    /// What positions brought beyond that, currency.
    Inventory,
    /// Fees, as cash flow, currency.
    Fees,
    /// Fills.
    Fills,
    /// The deepest fall of equity, currency.
    MaxDrawdown,
    /// The largest position, contracts.
    InventoryMax,
    /// Share of the time with a quote on both sides.
    QuoteUptime,
}

/// One value for every measure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Measures<T>([T; Measure::ALL.len()]);

/// One run: a line of `runs.csv`.
#[derive(Clone, PartialEq, Debug)]
pub struct RunRow {
    /// Which point.
    pub point: usize,
    /// Its seed.
    pub seed: u64,
    /// Where the money came from: net, spread, adverse selection, inventory, fees; exact.
    pub money: [Money; 5],
    /// Fills.
    pub fills: u64,
    /// The deepest fall of equity.
    pub max_drawdown: Money,
    /// The largest position, contracts.
    pub inventory_max: f64,
    /// Share of the time with a quote on both sides.
    pub quote_uptime: f64,
    /// Why it ended: `duration`, `risk halt`.
    pub ended_by: String,
    /// The digest of every delivery.
    pub digest: String,
}

impl Measure {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 9] = [
        Self::Net,
        Self::Spread,
        Self::Adverse,
        Self::Inventory,
        Self::Fees,
        Self::Fills,
        Self::MaxDrawdown,
        Self::InventoryMax,
        Self::QuoteUptime,
    ];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Net => "net",
            Self::Spread => "spread",
            Self::Adverse => "adverse",
            Self::Inventory => "inventory",
            Self::Fees => "fees",
            Self::Fills => "fills",
            Self::MaxDrawdown => "max_drawdown",
            Self::InventoryMax => "inventory_max",
            Self::QuoteUptime => "quote_uptime",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Adverse => "adverse selection",
            Self::MaxDrawdown => "max drawdown",
            Self::InventoryMax => "max inventory",
            Self::QuoteUptime => "quote uptime",
            Self::Net | Self::Spread | Self::Inventory | Self::Fees | Self::Fills => self.name(),
        }
    }

    /// True for the money that adds up: the net and its parts.
    pub const fn is_signed(self) -> bool {
        match self {
            Self::Net | Self::Spread | Self::Adverse | Self::Inventory | Self::Fees => true,
            Self::Fills | Self::MaxDrawdown | Self::InventoryMax | Self::QuoteUptime => false,
        }
    }

    /// Between which ends it lies, whatever a run does.
    pub const fn bounds(self) -> [f64; 2] {
        match self {
            Self::Net | Self::Spread | Self::Adverse | Self::Inventory | Self::Fees => {
                [f64::NEG_INFINITY, f64::INFINITY]
            }
            Self::Fills | Self::MaxDrawdown | Self::InventoryMax => [0.0, f64::INFINITY],
            Self::QuoteUptime => [0.0, 1.0],
        }
    }

    /// A value of it, for people.
    pub fn shown(self, value: f64) -> String {
        let text = match self {
            Self::Net | Self::Spread | Self::Adverse | Self::Inventory | Self::Fees => format!("{value:+.2}"),
            Self::Fills => format!("{value:.1}"),
            Self::MaxDrawdown | Self::InventoryMax => format!("{value:.2}"),
            Self::QuoteUptime => return format!("{:.1} %", 100.0 * value),
        };
        if text == "-0.00" { "+0.00".to_owned() } else { text }
    }
}

impl<T> Measures<T> {
    /// One value for each.
    pub fn each(of: impl FnMut(Measure) -> T) -> Self {
        Self(Measure::ALL.map(of))
    }

    /// That of one of them.
    pub fn of(&self, measure: Measure) -> &T {
        let place = Measure::ALL.iter().position(|known| *known == measure).expect("ALL has all of them");
        &self.0[place]
    }
}

impl<T: Serialize> Serialize for Measures<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Measure::ALL.len()))?;
        for (measure, value) in Measure::ALL.iter().zip(&self.0) {
            map.serialize_entry(measure.name(), value)?;
        }
        map.end()
    }
}

impl RunRow {
    /// What a sweep keeps of a summary.
    pub fn new(point: usize, summary: &Summary) -> Self {
        let parts = &summary.attribution;
        Self {
            point,
            seed: summary.run.seed,
            money: [parts.net, parts.spread, parts.adverse_selection, parts.inventory, parts.fees],
            fills: summary.execution.fills,
            max_drawdown: summary.risk.max_drawdown,
            inventory_max: summary.risk.inventory_max,
            quote_uptime: summary.execution.quote_uptime,
            ended_by: summary.run.ended_by.clone(),
            digest: summary.run.digest.clone(),
        }
    }

    /// One of its figures.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    pub fn value(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Net => self.money[0].to_f64(),
            Measure::Spread => self.money[1].to_f64(),
            Measure::Adverse => self.money[2].to_f64(),
            Measure::Inventory => self.money[3].to_f64(),
            Measure::Fees => self.money[4].to_f64(),
            Measure::Fills => self.fills as f64,
            Measure::MaxDrawdown => self.max_drawdown.to_f64(),
            Measure::InventoryMax => self.inventory_max,
            Measure::QuoteUptime => self.quote_uptime,
        }
    }
}
