//! Words with a direction, and the rule that counts them.
//!
//! A word of movement ("rises") means what its subject makes of it: profits that rise are good, losses that rise are not. A word of
//! judgement ("strong") means itself. Both are turned around by a negation up to three words before. The list is our own.

use super::text::{Text, Token, TokenKind};
use super::{FNV_START, fnv1a};
use rustc_hash::{FxHashMap, FxHashSet};

/// What a word says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sense {
    /// Something grows.
    Up,
    /// Something shrinks.
    Down,
    /// Something that should be large.
    Asset,
    /// Something that should be small.
    Burden,
    /// Good.
    Good,
    /// Bad.
    Bad,
    /// Turns what follows around.
    Not,
    /// A surprise was small.
    Little,
    /// A surprise was large.
    Much,
}

/// The list.
#[derive(Clone, Debug)]
pub struct Lexicon {
    senses: FxHashMap<u32, Sense>,
    beside: FxHashSet<u32>,
}

/// What the rule found in one text.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Count {
    /// Good words and moves.
    pub good: u32,
    /// Bad ones.
    pub bad: u32,
}

/// How many words before it a negation reaches, and how many a subject may be away.
const NEGATION: usize = 3;
const SUBJECT: usize = 6;

/// What stands between what is and what was, or was expected; some of these are subjects besides.
const BESIDE: &str = "from versus vs against compared than estimate estimates consensus expected expectations forecast forecasts prior before \
                      previously earlier est target";

const WORDS: [(Sense, &str); 9] = [
    (
        Sense::Up,
        "rise rises rose risen rising increase increases increased increasing grow grows grew grown growing growth gain gains gained climb \
         climbs climbed jump jumps jumped soar soars soared surge surges surged advance advanced up higher raise raises raised lift lifts \
         lifted boost boosts boosted hike hikes hiked expand expands expanded doubled doubles tripled upside widen widens widened \
         accelerate accelerates accelerated swell exceeded ups",
    ),
    (
        Sense::Down,
        "fall falls fell fallen falling decrease decreases decreased decreasing decline declines declined declining drop drops dropped \
         dropping shrink shrinks shrank slide slides slid slip slips slipped plunge plunges plunged tumble tumbles tumbled sink sinks sank \
         down lower lowers lowered cut cuts cutting reduce reduces reduced slash slashes slashed trim trims trimmed contract contracted \
         halve halved dip dipped narrow narrows narrowed slows slowed slow diminished downside slump slumps slumped shrinks less",
    ),
    (
        Sense::Asset,
        "profit profits earnings income revenue revenues sales turnover eps ebit ebitda margin margins dividend orders order backlog demand \
         outlook forecast guidance target estimate volumes volume shares share stock value output exports market cash rating result results \
         operating net view bookings deliveries traffic",
    ),
    (
        Sense::Burden,
        "loss losses cost costs expense expenses debt debts deficit layoffs charges charge impairment writedown claims defaults tax \
         inflation unemployment provisions jobless",
    ),
    (
        Sense::Good,
        "beat beats beating exceed exceeds top tops topped record strong stronger strongest win wins won winning award awarded awards \
         approval approved approves upgrade upgrades upgraded outperform overweight buy bullish optimistic better best improve improves \
         improved improvement improving improvements positive success successful successfully profitable robust solid healthy favorable \
         premium ahead above accretive recover recovers recovered recovery rebound rebounds efficiency efficient clinches secures secured \
         lands signs signed agreement acquitted cleared settles dismisses exceeding leading innovative accumulate attractive strengthen \
         strengthened strengthens breakthrough pleased satisfied support supports benefit benefits expansion",
    ),
    (
        Sense::Bad,
        "miss misses missed weak weaker weakest weakness weakened warn warns warning worse worst poor recall recalls recalled lawsuit sued \
         sues probe probes fine fined fraud bankrupt bankruptcy insolvency default downgrade downgrades downgraded underperform underweight \
         sell bearish negative short below behind disappointing disappoints disappointed delay delays delayed postponed suspend suspends \
         suspended halts halt defect faulty fire fires injury contamination investigation inquiry raid accused guilty penalty layoff strike \
         strikes quits resign resigns unprofitable fails failed fail loses lost lose cancels cancelled cancel withdraws withdrawn lay laid \
         redundancies dismiss dismissed terminate terminated closure close closes closing shut shutdown struggle struggling difficult \
         difficulties adverse deteriorated deterioration dilutive downturn crisis denies untrue wrong hit hurt hurts bleak pessimistic \
         temporary dampened",
    ),
    (Sense::Not, "not no never without nor cannot isn't wasn't doesn't didn't won't fails denies less few lack"),
    (Sense::Little, "slightly marginally little somewhat modestly modest slight"),
    (
        Sense::Much,
        "sharply much strongly significantly substantially massive massively heavily record plunges soars surges",
    ),
];

impl Default for Lexicon {
    fn default() -> Self {
        let mut senses = FxHashMap::default();
        for (sense, words) in WORDS {
            for word in words.split_whitespace() {
                // Of two senses the first holds.
                senses.entry(hash(word)).or_insert(sense);
            }
        }
        Self { senses, beside: BESIDE.split_whitespace().map(hash).collect() }
    }
}

fn hash(word: &str) -> u32 {
    fnv1a(FNV_START, word.as_bytes())
}

impl Lexicon {
    /// Whether a word stands between what is and what was.
    pub fn is_beside(&self, token: &Token) -> bool {
        self.beside.contains(&token.hash)
    }

    /// What a word says, if anything.
    pub fn sense(&self, token: &Token) -> Option<Sense> {
        if token.kind == TokenKind::Word { self.senses.get(&token.hash).copied() } else { None }
    }

    /// The senses of all tokens, into `senses`.
    pub fn senses(&self, text: &Text, senses: &mut Vec<Option<Sense>>) {
        senses.clear();
        senses.extend(text.tokens().iter().map(|token| self.sense(token)));
    }
}

/// Whether a word stands under a negation.
pub fn is_negated(senses: &[Option<Sense>], at: usize) -> bool {
    senses[at.saturating_sub(NEGATION)..at].contains(&Some(Sense::Not))
}

/// What moves: -1 for something that should be small, else 1. The nearest subject counts, before the word sooner than behind it.
pub fn subject(senses: &[Option<Sense>], at: usize) -> i32 {
    let burden = |sense: &Option<Sense>| match sense {
        Some(Sense::Burden) => Some(-1),
        Some(Sense::Asset) => Some(1),
        _ => None,
    };
    let before = senses[at.saturating_sub(SUBJECT)..at].iter().rev().take(SUBJECT).enumerate();
    let behind = senses[at + 1..].iter().take(SUBJECT).enumerate();
    let nearest = |(distance, sense): (usize, &Option<Sense>)| burden(sense).map(|sign| (distance, sign));
    let before = before.filter_map(nearest).next();
    let behind = behind.filter_map(nearest).next();
    match (before, behind) {
        (Some((near, sign)), Some((far, _))) if near <= far => sign,
        (_, Some((_, sign))) | (Some((_, sign)), None) => sign,
        (None, None) => 1,
    }
}

/// Counts good and bad.
pub fn count(senses: &[Option<Sense>]) -> Count {
    let mut count = Count::default();
    for (at, sense) in senses.iter().enumerate() {
        let sign = match sense {
            Some(Sense::Up) => subject(senses, at),
            Some(Sense::Down) => -subject(senses, at),
            Some(Sense::Good) => 1,
            Some(Sense::Bad) => -1,
            _ => continue,
        };
        let sign = if is_negated(senses, at) { -sign } else { sign };
        *(if sign > 0 { &mut count.good } else { &mut count.bad }) += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(raw: &str) -> (u32, u32) {
        let (lexicon, text, mut senses) = (Lexicon::default(), Text::of(raw), Vec::new());
        lexicon.senses(&text, &mut senses);
        let Count { good, bad } = count(&senses);
        (good, bad)
    }

    #[test]
    fn moves_mean_what_their_subject_makes_of_them() {
        assert_eq!(of("profit rises"), (1, 0));
        assert_eq!(of("loss widens"), (0, 1));
        assert_eq!(of("costs fell"), (1, 0));
        assert_eq!(of("no improvement"), (0, 1));
        assert_eq!(of("the meeting is on Tuesday"), (0, 0));
    }
}
