//! How headlines are worded: for each kind of event and direction a list of sentences with places to fill in.
//!
//! `{c}` the subject, `{t}` its ticker, `{l}` its legal name, `{o}` another company, `{a}` and `{b}` what is and what was (or was
//! expected), `{p}` by how many percent they differ, `{n}` a number of things, `{q}` a period, `{r}` a broker, `{x}` a product, `{w}` how much.
//!
//! The last third of every list is never shown to the model that ships: a reader meets wordings that it was not trained on.

use super::{Direction, EventKind};

/// The sentences for this event.
pub(super) const fn wordings(kind: EventKind, direction: Direction) -> &'static [&'static str] {
    match (kind, direction) {
        (EventKind::Earnings, Direction::Positive) => &EARNINGS_UP,
        (EventKind::Earnings, _) => &EARNINGS_DOWN,
        (EventKind::Guidance, Direction::Positive) => &GUIDANCE_UP,
        (EventKind::Guidance, _) => &GUIDANCE_DOWN,
        (EventKind::Deal, _) => &DEAL,
        (EventKind::Recall, _) => &RECALL,
        (EventKind::Rating, Direction::Positive) => &RATING_UP,
        (EventKind::Rating, _) => &RATING_DOWN,
        (EventKind::Contract, Direction::Positive) => &CONTRACT_WON,
        (EventKind::Contract, _) => &CONTRACT_LOST,
        (EventKind::Legal, Direction::Positive) => &LEGAL_WON,
        (EventKind::Legal, _) => &LEGAL_LOST,
        (EventKind::Macro, Direction::Positive) => &MACRO_UP,
        (EventKind::Macro, Direction::Negative) => &MACRO_DOWN,
        (EventKind::Macro, Direction::Neutral) => &MACRO_FLAT,
        (EventKind::Halt, Direction::Neutral) => &RESUMED,
        (EventKind::Halt, _) => &HALTED,
        (EventKind::Retraction, _) => &RETRACTION,
        (EventKind::Chatter, _) => &CHATTER,
    }
}

/// How many of a list the training may see: two thirds.
pub(super) const fn known(count: usize) -> usize {
    count - count / 3
}

/// What a deal is while it is only said.
pub(super) const RUMOURS: [&str; 6] = [
    "{c} said to be in talks to be bought by {o}, sources say",
    "{o} is weighing a bid for {c} at {a} dollars a share, people familiar say",
    "Exclusive: {c} draws takeover interest from {o}, sources",
    "{o} said to prepare an offer for {c}",
    "Talk of a bid for {c} by {o}, say people close to the matter",
    "{c} could be bought by {o} as early as this week, sources say",
];

/// Sentences in which the name is a word and no company is meant.
pub(super) const DECOYS: [&str; 15] = [
    "Storm ruins apple harvest, growers report heavy losses",
    "Record apple crop lifts cider makers' profit",
    "Apple orchards hit by frost, prices surge",
    "Study: an apple a day cuts risk of stroke",
    "Analysts slash price target on shipping stocks",
    "Central bank misses inflation target again",
    "Drone strike hits military target",
    "Hackers target hospitals, losses rise",
    "Government lifts growth target for next year",
    "Trade gap narrows as exports surge",
    "Pay gap falls to record low",
    "Gap between rich and poor widens sharply",
    "Bond yields gap lower after weak auction",
    "Orion nebula seen in record detail",
    "Kestrel population falls sharply, study finds",
];

const EARNINGS_UP: [&str; 15] = [
    "{c} {q} EPS ${a} beats estimate of ${b}",
    "{c} {q} profit rises {p}% to {a} million from {b} million",
    "{l} {q} net income climbs to {a} mln from {b} mln a year earlier",
    "{c} tops {q} profit estimates, earns {a} a share against {b} expected",
    "{c} swings to {q} profit of {a} million after loss of {b} million",
    "{c} {q} revenue up {p}% at {a} million, above forecasts",
    "{t}: {q} results {w} better than expected, EPS ${a} vs ${b} est",
    "{c} posts {w} higher {q} earnings, sales grow {p}%",
    "{c} narrows {q} loss to {b} million from {a} million",
    "Strong demand for {x} lifts {c} {q} profit by {p}%",
    "{c} {q} operating profit totals {a} mln, up from {b} mln",
    "{c} {q} adjusted EPS of ${a}, consensus ${b}",
    "{c} earnings exceed expectations on {x}, margin widens",
    "{c} reports record {q}, profit jumps {p}%",
    "{q} earnings at {c} come in ahead of the street: {a} versus {b}",
];

const EARNINGS_DOWN: [&str; 15] = [
    "{c} {q} EPS ${b} misses estimate of ${a}",
    "{c} {q} profit falls {p}% to {b} million from {a} million",
    "{l} {q} net income drops to {b} mln from {a} mln a year earlier",
    "{c} misses {q} profit estimates, earns {b} a share against {a} expected",
    "{c} swings to {q} loss of {a} million after profit of {b} million",
    "{c} {q} revenue down {p}% at {b} million, below forecasts",
    "{t}: {q} results {w} worse than expected, EPS ${b} vs ${a} est",
    "{c} posts {w} lower {q} earnings, sales shrink {p}%",
    "{c} {q} loss widens to {a} million from {b} million",
    "Weak demand for {x} cuts {c} {q} profit by {p}%",
    "{c} {q} operating profit totals {b} mln, down from {a} mln",
    "{c} {q} adjusted EPS of ${b}, consensus ${a}",
    "{c} earnings fall short of expectations on {x}, margin shrinks",
    "{c} reports weak {q}, profit plunges {p}%",
    "{q} earnings at {c} come in behind the street: {b} versus {a}",
];

const GUIDANCE_UP: [&str; 9] = [
    "{c} raises full-year outlook, sees sales of {a} million, prior view {b} million",
    "{c} lifts profit forecast by {p}% on strong {x} sales",
    "{c} sees {q} EPS of ${a}, consensus ${b}",
    "{c} boosts dividend by {p}%, outlook {w} better",
    "{l} now expects full-year profit of {a} mln, up from {b} mln",
    "{c} hikes guidance as demand for {x} accelerates",
    "{c} upgrades its forecast for the year, citing {x}",
    "{c} turns more optimistic, ups sales target by {p}%",
    "Outlook improves at {c}: {a} million expected, {b} million before",
];

const GUIDANCE_DOWN: [&str; 9] = [
    "{c} cuts full-year outlook, sees sales of {b} million, prior view {a} million",
    "{c} lowers profit forecast by {p}% on weak {x} sales",
    "{c} sees {q} EPS of ${b}, consensus ${a}",
    "{c} slashes dividend by {p}%, outlook {w} worse",
    "{l} now expects full-year profit of {b} mln, down from {a} mln",
    "{c} warns on profit as demand for {x} slows",
    "{c} reduces its forecast for the year, citing {x}",
    "{c} issues profit warning, trims sales target by {p}%",
    "Outlook darkens at {c}: {b} million expected, {a} million before",
];

/// The subject is the one that is bought.
const DEAL: [&str; 9] = [
    "{c} agrees to be acquired by {o} for {a} dollars a share, a {p}% premium",
    "{c} accepts takeover offer from {o} at {p}% premium",
    "{c} to be bought by {o} in {a} million deal",
    "{c} receives bid from {o} at {a} dollars a share, {p}% above last close",
    "{c} board backs sweetened {o} offer of {a} a share, up from {b}",
    "{c} agrees to merge with {o} at a {p}% premium",
    "{c} to be taken over by {o}, holders get {p}% premium",
    "{c} shareholders to receive {a} dollars in cash from {o}",
    "{c} says yes to {o}: {a} a share, {p}% more than Friday's close",
];

const RECALL: [&str; 9] = [
    "{c} recalls {n} {x} over safety defect",
    "{c} halts sales of {x} after fire reports",
    "{c} pulls {x} from shelves, {n} units affected",
    "{l} to recall {n} {x}, takes charge of {a} million",
    "{c} suspends production of {x} after contamination",
    "Regulator orders {c} to recall {n} {x}",
    "{c} withdraws {x} on injury reports",
    "Faulty {x} force {c} into {w} costly recall",
    "{n} {x} called back by {c} for overheating",
];

const RATING_UP: [&str; 9] = [
    "{r} upgrades {c} to buy from hold",
    "{r} raises {c} price target to {a} from {b}",
    "{c} raised to outperform at {r}",
    "{t}: {r} lifts to overweight, target {a} from {b}",
    "{r} starts {c} with buy rating, sees {p}% upside",
    "{c} added to conviction list at {r}",
    "{r} turns bullish on {c}",
    "{c} wins upgrade at {r} on {x}",
    "{r} moves {c} up to accumulate",
];

const RATING_DOWN: [&str; 9] = [
    "{r} downgrades {c} to sell from hold",
    "{r} cuts {c} price target to {b} from {a}",
    "{c} cut to underperform at {r}",
    "{t}: {r} lowers to underweight, target {b} from {a}",
    "{r} starts {c} with sell rating, sees {p}% downside",
    "{c} removed from conviction list at {r}",
    "{r} turns bearish on {c}",
    "{c} suffers downgrade at {r} on {x}",
    "{r} moves {c} down to reduce",
];

const CONTRACT_WON: [&str; 9] = [
    "{c} wins order worth {a} million for {x}",
    "{c} signs {a} million supply contract with {o}",
    "{c} lands {w} bigger than expected order for {x}",
    "{l} awarded {a} mln contract, order book up {p}%",
    "{c} secures approval to sell {x}",
    "{o} picks {c} as supplier of {x}, deal worth {a} million",
    "{c} books major order for {n} {x}",
    "{c} clinches {a} million agreement for {x}",
    "{c} chosen to deliver {n} {x}",
];

const CONTRACT_LOST: [&str; 9] = [
    "{c} loses order worth {a} million for {x}",
    "{o} cancels {a} million supply contract with {c}",
    "{c} says customer cut order for {x} by {p}%",
    "{l} loses {a} mln contract, order book down {p}%",
    "{c} fails to win approval to sell {x}",
    "{o} drops {c} as supplier of {x}",
    "{c} sees major order for {n} {x} postponed",
    "{c} misses out on {a} million tender for {x}",
    "Customer walks away from {c} order for {n} {x}",
];

const LEGAL_WON: [&str; 6] = [
    "{c} wins patent case over {x}",
    "Court dismisses lawsuit against {c}",
    "{c} cleared of wrongdoing by regulator",
    "{c} settles {x} lawsuit for less than feared",
    "Judge throws out {a} million claim against {c}",
    "{c} acquitted in {x} case",
];

const LEGAL_LOST: [&str; 6] = [
    "{c} fined {a} million over {x}",
    "{c} loses patent case over {x}",
    "Regulator opens probe into {c} accounting",
    "{c} sued for {a} million over {x}",
    "Prosecutors raid {c} headquarters",
    "{c} finance chief quits amid inquiry",
];

const MACRO_UP: [&str; 6] = [
    "Central bank cuts rates by quarter point, surprise to markets",
    "Jobless claims fall to {n}, fewer than expected",
    "Economy grows {p}%, faster than forecast",
    "Retail sales rise {p}%, beat estimates",
    "Inflation cools more than expected",
    "Factory orders jump, top forecasts",
];

const MACRO_DOWN: [&str; 6] = [
    "Central bank raises rates by half point, surprise to markets",
    "Jobless claims rise to {n}, more than expected",
    "Economy shrinks {p}%, worse than forecast",
    "Retail sales fall {p}%, miss estimates",
    "Inflation accelerates more than expected",
    "Factory orders slump, miss forecasts",
];

const MACRO_FLAT: [&str; 6] = [
    "Central bank leaves rates unchanged, as expected",
    "Minister to speak on budget on Thursday",
    "Jobless claims at {n}, in line with forecasts",
    "Markets closed for holiday on Monday",
    "Statistics office to publish trade data at noon",
    "Finance ministers meet to discuss tax rules",
];

const HALTED: [&str; 3] = [
    "Trading halted in {l} shares, news pending",
    "Exchange suspends trading in {c} shares ahead of announcement",
    "{t}: trading halt, news pending",
];

const RESUMED: [&str; 3] =
    ["Trading resumes in {l} shares", "Exchange lifts suspension of {c} shares", "{t}: trading to resume"];

const RETRACTION: [&str; 9] = [
    "{c} denies report of takeover talks with {o}",
    "{o} says it is not in talks to buy {c}",
    "Correction: {c} is not in talks with {o}, earlier report withdrawn",
    "{c} dismisses bid talk as untrue",
    "{o} rules out offer for {c}",
    "{c} says no approach received from {o}",
    "{o} has no intention to bid for {c}",
    "Report of {o} bid for {c} was wrong, agency says",
    "{c}: speculation about {o} offer without foundation",
];

const CHATTER: [&str; 12] = [
    "{c} to present at investor conference on Tuesday",
    "{c} names new head of human resources",
    "{c} will publish {q} results on Thursday",
    "{c} opens office in Lisbon",
    "{l} annual general meeting to be held in May",
    "{c} unveils new colours for {x}",
    "What to watch when {c} reports {q} results",
    "{c} shares little changed in early trading",
    "{c} to sponsor youth football league",
    "Interview: {c} chairman on the future of {x}",
    "{t}: notice of change in registered address",
    "{c} moves its headquarters to a new building",
];
