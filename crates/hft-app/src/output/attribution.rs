//! Where the money came from: spread + adverse selection + inventory + fees = net, to the last unit.
//!
//! For fills i with sign s, quantity q, price p and midpoint m at the fill, and one horizon h:
//!
//! ```text
//! spread    = sum s q (m - p)                what was earned by trading away from the midpoint
//! adverse   = sum s q (m(t + h) - m)         what the midpoint then did to us, on average against
//! inventory = the rest of the marked change  what holding a position longer than h brought
//! fees      = cash flow of fees              negative is paid, positive is a rebate
//! ```

use super::{Money, Style};
use serde::{Deserialize, Serialize};

/// The four parts, and the net that they sum to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Attribution {
    /// The horizon that separates adverse selection from inventory, in seconds.
    pub horizon_s: f64,
    /// Earned by trading away from the midpoint.
    pub spread: Money,
    /// What the midpoint did within the horizon after our fills: negative is paid to those who knew more.
    pub adverse_selection: Money,
    /// What our positions brought beyond the horizon.
    pub inventory: Money,
    /// Fees: negative is paid, positive is a rebate.
    pub fees: Money,
    /// Change of equity over the run.
    pub net: Money,
}

/// One part of an attribution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Spread earned.
    Spread,
    /// Adverse selection.
    AdverseSelection,
    /// Inventory.
    Inventory,
    /// Fees.
    Fees,
}

impl Part {
    /// All parts, in the order of the sum.
    pub const ALL: [Part; 4] = [Part::Spread, Part::AdverseSelection, Part::Inventory, Part::Fees];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Spread => "spread",
            Part::AdverseSelection => "adverse selection",
            Part::Inventory => "inventory",
            Part::Fees => "fees",
        }
    }

    /// What it did to us, after "earned" or "lost".
    const fn story(self, gain: Gain) -> &'static str {
        match (self, gain) {
            (Part::Spread, Gain::Earned) => "spread earned by resting orders",
            (Part::Spread, Gain::Paid) => "spread paid to cross the book",
            (Part::AdverseSelection, Gain::Earned) => "prices moving our way right after our fills",
            (Part::AdverseSelection, Gain::Paid) => {
                "adverse selection (prices moving against us right after our fills)"
            }
            (Part::Inventory, Gain::Earned) => "the inventory, held while prices moved its way",
            (Part::Inventory, Gain::Paid) => "the inventory, held while prices moved against it",
            (Part::Fees, Gain::Earned) => "fee rebates",
            (Part::Fees, Gain::Paid) => "fees",
        }
    }
}

/// Which way money went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Gain {
    Earned,
    Paid,
}

impl Attribution {
    /// One of the parts.
    pub const fn part(&self, part: Part) -> Money {
        match part {
            Part::Spread => self.spread,
            Part::AdverseSelection => self.adverse_selection,
            Part::Inventory => self.inventory,
            Part::Fees => self.fees,
        }
    }

    /// True where the parts sum to the net exactly. Where they do not, the program has to say so and end with
    /// [`Exit::Honesty`](crate::exit::Exit::Honesty).
    pub fn sums_to_net(&self) -> bool {
        Part::ALL.iter().map(|part| self.part(*part)).sum::<Money>() == self.net
    }

    /// One plain sentence: what happened to the money, and which part decided it.
    pub fn verdict(&self, fills: u64, currency: &str) -> String {
        if fills == 0 {
            return "No order was filled, so nothing was earned and nothing was paid.".to_owned();
        }
        let net = self.net.to_f64();
        let extreme = |gain: Gain| self.largest(gain).map(|part| (part, self.part(part).to_f64().abs()));
        let told = |(part, amount): (Part, f64), gain: Gain| format!("{amount:.2} by {}", part.story(gain));
        let plural = if fills == 1 { "fill" } else { "fills" };
        let outcome = match net {
            net if net >= 0.005 => format!("Made {net:.2} {currency} on {fills} {plural}"),
            net if net <= -0.005 => format!("Lost {:.2} {currency} on {fills} {plural}", net.abs()),
            _ => format!("Broke even on {fills} {plural}"),
        };
        let reason = match (extreme(Gain::Earned), extreme(Gain::Paid)) {
            (Some(won), Some(lost)) => {
                let weight = if net >= 0.0 { "more than" } else { "less than" };
                let paid = told(lost, Gain::Paid).replacen(" by ", " lost to ", 1);
                format!("{}, {weight} the {paid}", told(won, Gain::Earned).replacen(" by ", " from ", 1))
            }
            (Some(won), None) => {
                format!("{}, and nothing was lost", told(won, Gain::Earned).replacen(" by ", " from ", 1))
            }
            (None, Some(lost)) => {
                format!("{}, and nothing was earned", told(lost, Gain::Paid).replacen(" by ", " lost to ", 1))
            }
            (None, None) => "no part of it moved".to_owned(),
        };
        format!("{outcome}: {reason}{}.", self.the_rest(net))
    }

    /// The part that weighs most on one side, where any does.
    fn largest(&self, gain: Gain) -> Option<Part> {
        let signed = |part: &Part| match gain {
            Gain::Earned => self.part(*part),
            Gain::Paid => -self.part(*part),
        };
        Part::ALL.into_iter().filter(|part| signed(part) > Money::ZERO).max_by_key(|part| signed(part))
    }

    /// Says what tipped the balance where the two largest parts alone would have given the other outcome.
    fn the_rest(&self, net: f64) -> String {
        let (Some(won), Some(lost)) = (self.largest(Gain::Earned), self.largest(Gain::Paid)) else {
            return String::new();
        };
        let two = (self.part(won) + self.part(lost)).to_f64();
        if two * net >= 0.0 {
            return String::new();
        }
        let others = Part::ALL.into_iter().filter(|part| *part != won && *part != lost);
        let names: Vec<String> = others.map(|part| format!("{} {}", part.name(), self.part(part).signed())).collect();
        format!(" once the rest is counted ({})", names.join(", "))
    }

    /// The parts as lines with bars, the longest bar for the largest part.
    pub(super) fn bars(&self, style: Style) -> Vec<String> {
        const WIDTH: f64 = 24.0;
        let amounts: Vec<f64> = Part::ALL.iter().map(|part| self.part(*part).to_f64()).collect();
        let largest = amounts.iter().fold(0.0, |most: f64, amount| most.max(amount.abs()));
        let bar = |amount: f64| {
            let cells = if largest > 0.0 { (amount.abs() / largest * WIDTH).round() } else { 0.0 };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 24")]
            let bar = "█".repeat(cells as usize);
            if amount < 0.0 { style.bad(&bar) } else { style.good(&bar) }
        };
        let parts = Part::ALL.iter().zip(&amounts).map(|(part, amount)| {
            format!("  {:<26} {:>14}  {}", part.name(), self.part(*part).signed(), bar(*amount)).trim_end().to_owned()
        });
        let net = format!("  {:<26} {:>14}", "= net", self.net.signed());
        parts.chain([style.bold(&net)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::models::Cash;

    fn attribution(cents: [i128; 4]) -> Attribution {
        let money = |cents: i128| Money(Cash::new(cents * Cash::PER_UNIT / 100));
        let [spread, adverse, inventory, fees] = cents;
        Attribution {
            horizon_s: 1.0,
            spread: money(spread),
            adverse_selection: money(adverse),
            inventory: money(inventory),
            fees: money(fees),
            net: money(cents.iter().sum()),
        }
    }

    #[test]
    fn the_verdict_says_what_decided() {
        for (cents, sentence) in [
            (
                [4_120, -4_970, -210, -180],
                "Lost 12.40 USD on 512 fills: 41.20 from spread earned by resting orders, less than the 49.70 lost to adverse \
                 selection (prices moving against us right after our fills).",
            ),
            (
                [4_120, -1_000, 0, -180],
                "Made 29.40 USD on 512 fills: 41.20 from spread earned by resting orders, more than the 10.00 lost to adverse \
                 selection (prices moving against us right after our fills).",
            ),
            (
                [-100, 500, -20, -50],
                "Made 3.30 USD on 512 fills: 5.00 from prices moving our way right after our fills, more than the 1.00 lost \
                 to spread paid to cross the book.",
            ),
            (
                [500, -400, -100, -100],
                "Lost 1.00 USD on 512 fills: 5.00 from spread earned by resting orders, less than the 4.00 lost to adverse \
                 selection (prices moving against us right after our fills) once the rest is counted (inventory -1.00, fees -1.00).",
            ),
            ([0, 0, 0, -100], "Lost 1.00 USD on 512 fills: 1.00 lost to fees, and nothing was earned."),
            ([0, 0, 0, 0], "Broke even on 512 fills: no part of it moved."),
        ] {
            assert_eq!(attribution(cents).verdict(512, "USD"), sentence);
            assert!(attribution(cents).sums_to_net());
        }
        let nothing = attribution([0; 4]).verdict(0, "USD");
        assert_eq!(nothing, "No order was filled, so nothing was earned and nothing was paid.");
    }
}
