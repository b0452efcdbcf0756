//! Whom it is about: names, tickers and legal names, all looked for at once (Aho & Corasick 1975).
//!
//! The longest name that stands between word ends counts: "Meridian Telecom" and not "Meridian". A name that is also a word counts only if
//! it is written as a name *and* something around it speaks of a company: its ticker or legal form, a word of finance that belongs to a
//! company ("shares", "CEO", "EPS"), or a verb that companies do, right behind it. Beside some words it never does: a *price* target, a
//! *trade* gap.

use crate::model::text::{Text, Token};
use crate::model::{FNV_START, fnv1a};
use crate::tape::COMPANIES;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rustc_hash::FxHashSet;

/// A company in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entity {
    /// Which of [`COMPANIES`].
    pub company: usize,
    /// Where its name begins, bytes.
    pub at: usize,
    /// Where its name ends.
    pub end: usize,
}

/// What a pattern is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    /// A name that is nothing else.
    Name,
    /// A name that is a word.
    Word,
    /// A ticker: in capitals, and short.
    Ticker,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Linker {
    automaton: AhoCorasick,
    forms: Vec<(usize, Form)>,
    company_words: FxHashSet<u32>,
    verbs: FxHashSet<u32>,
    never_behind: FxHashSet<u32>,
    never_before: FxHashSet<u32>,
    found: Vec<Entity>,
}

/// Words of finance that belong to a company.
const COMPANY_WORDS: &str = "shares share stock ceo cfo chairman board eps earnings profit loss revenue sales dividend outlook guidance forecast \
                             inc corp plc ag holders shareholders q1 q2 q3 q4 first-half third-quarter full-year results takeover bid offer acquired \
                             upgrades downgrades upgrade downgrade outperform underperform overweight underweight conviction rating contract order \
                             supplier lawsuit patent regulator prosecutors recall units headquarters accounting investor deal merge \
                             million mln consensus estimate estimates sue sued inquiry trading talks premium";

/// What companies do.
const VERBS: &str = "says said denies posts reports beats misses tops sees raises lifts cuts lowers warns agrees accepts receives recalls halts \
                     pulls suspends withdraws wins signs lands secures books clinches loses fails fined unveils names opens plans expects to will \
                     is swings narrows hikes boosts slashes issues turns upgrades reduces buys acquires settles cleared could chosen shares";

/// Behind these the word is a word.
const NEVER_BEHIND: &str =
    "price inflation growth military trade pay output a an the per our hospital gender yield wealth sales profit";
/// And before these.
const NEVER_BEFORE: &str = "between in of on price prices rate rates orchard orchards harvest crop juice pie lower higher hospitals narrows widens";

impl Default for Linker {
    fn default() -> Self {
        let (mut patterns, mut forms) = (Vec::new(), Vec::new());
        let mut add = |text: &str, company, form| {
            patterns.push(text.to_owned());
            forms.push((company, form));
        };
        for (company, known) in COMPANIES.iter().enumerate() {
            add(known.legal, company, Form::Name);
            add(known.name, company, if known.is_ambiguous { Form::Word } else { Form::Name });
            known.aliases.iter().for_each(|alias| add(alias, company, Form::Name));
            add(known.ticker, company, Form::Ticker);
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&patterns)
            .expect("a few dozen names");
        let set = |words: &str| words.split_whitespace().map(|word| fnv1a(FNV_START, word.as_bytes())).collect();
        Self {
            automaton,
            forms,
            company_words: set(COMPANY_WORDS),
            verbs: set(VERBS),
            never_behind: set(NEVER_BEHIND),
            never_before: set(NEVER_BEFORE),
            found: Vec::new(),
        }
    }
}

impl Linker {
    /// The companies in a text, each once, in the order in which they stand there.
    pub fn link(&mut self, raw: &str, text: &Text) -> &[Entity] {
        self.found.clear();
        let bytes = raw.as_bytes();
        let is_letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|b| b.is_ascii_alphanumeric());
        for found in self.automaton.find_iter(raw) {
            let (start, end) = (found.start(), found.end());
            if is_letter(start.checked_sub(1)) || is_letter(Some(end)) {
                continue;
            }
            let (company, form) = self.forms[found.pattern().as_usize()];
            let is_meant = match form {
                Form::Name => bytes[start].is_ascii_uppercase(),
                Form::Ticker => bytes[start..end].iter().all(u8::is_ascii_uppercase),
                Form::Word => bytes[start].is_ascii_uppercase() && self.is_a_company(start, text),
            };
            if is_meant && !self.found.iter().any(|entity| entity.company == company) {
                self.found.push(Entity { company, at: start, end });
            }
        }
        &self.found
    }

    /// Whether the word at this byte names a company.
    fn is_a_company(&self, start: usize, text: &Text) -> bool {
        let tokens = text.tokens();
        let Some(at) = tokens.iter().position(|token| origin(token) == start) else { return false };
        let near = |set: &FxHashSet<u32>, token: Option<&Token>| token.is_some_and(|token| set.contains(&token.hash));
        let (before, behind) = (at.checked_sub(1).map(|at| &tokens[at]), tokens.get(at + 1));
        if near(&self.never_behind, before) || near(&self.never_before, behind) {
            return false;
        }
        near(&self.verbs, behind) || tokens.iter().any(|token| self.company_words.contains(&token.hash))
    }
}

/// Which of the first two companies the text is about: the first, unless it does something to the second and nothing of the second's to it.
///
/// "A agrees to be bought by B" and "B weighs a bid for A" are both about A.
pub(super) fn subject(entities: &[Entity], text: &Text) -> usize {
    let [first, second, ..] = entities else { return 0 };
    let between = text.tokens().iter().filter(|token| (first.end..second.at).contains(&origin(token)));
    let (mut acts, mut suffers) = (false, false);
    for token in between {
        let word = text.word(token);
        acts |= ACTS.contains(&word);
        suffers |= SUFFERS.contains(&word);
    }
    usize::from(acts && !suffers)
}

/// Between two names: the first does something to the second.
const ACTS: [&str; 12] =
    ["buy", "acquire", "for", "bid", "offer", "picks", "drops", "cancels", "chooses", "sues", "supplies", "approaches"];
/// Or it comes from the second.
const SUFFERS: [&str; 4] = ["by", "from", "accepts", "interest"];

fn origin(token: &Token) -> usize {
    usize::try_from(token.origin).expect("a u32 indexes memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(raw: &str) -> Vec<&'static str> {
        let mut linker = Linker::default();
        linker.link(raw, &Text::of(raw)).iter().map(|entity| COMPANIES[entity.company].ticker).collect()
    }

    #[test]
    fn names_that_are_words_need_a_reason() {
        for (raw, tickers) in [
            ("Apple raises full-year outlook", &["AAPL"][..]),
            ("AAPL: Q3 results better than expected", &["AAPL"]),
            ("Record apple crop lifts cider makers' profit", &[]),
            ("Apple orchards hit by frost, prices surge", &[]),
            ("Target posts sharply lower Q2 earnings", &["TGT"]),
            ("Drone strike hits military target", &[]),
            ("Central bank misses inflation target again", &[]),
            ("Analysts slash price target on shipping stocks", &[]),
            ("Gap Inc recalls 300 children's jackets", &["GAP"]),
            ("Trade gap narrows as exports surge", &[]),
            ("Gap between rich and poor widens sharply", &[]),
            ("Helix Pharmaceuticals Inc wins patent case", &["HLX"]),
            ("Orion Motors is weighing a bid for Helix Pharma, sources say", &["ORN", "HLX"]),
            ("Meridian Gold finds nothing", &[]),
            ("Orionids peak tonight", &[]),
        ] {
            assert_eq!(linked(raw), tickers, "{raw}");
        }
    }

    #[test]
    fn the_subject_is_who_it_happens_to() {
        for (raw, about) in [
            ("Helix agrees to be acquired by Orion Motors for 30 dollars a share", 0),
            ("Orion Motors is weighing a bid for Helix at 30 dollars a share", 1),
            ("Talk of a bid for Helix by Orion Motors", 0),
            ("Orion Motors picks Helix as supplier of inhalers", 1),
            ("Helix signs supply contract with Orion Motors", 0),
            ("Helix denies report", 0),
        ] {
            let text = Text::of(raw);
            assert_eq!(subject(Linker::default().link(raw, &text), &text), about, "{raw}");
        }
    }
}
