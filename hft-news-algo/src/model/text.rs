//! One headline as tokens.
//!
//! Invariant: what two writers type differently and mean alike (case, quotation marks, dashes, wide letters, spaces) becomes the same tokens,
//! and each token knows from which bytes it came.
//!
//! Left out: stems. Character n-grams see them.

use super::{FNV_START, fnv1a};
use std::iter::Peekable;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum TokenKind {
    /// Letters, and what holds them together.
    Word,
    /// A number.
    Number(f64),
    /// A number of percent.
    Percent(f64),
    /// A sign that says something by itself: a question mark.
    Sign,
}

/// One token.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the normal text.
    pub start: u32,
    /// The byte behind it.
    pub end: u32,
    /// Where its first byte stood in the text as it came.
    pub origin: u32,
    /// FNV-1a of its form: all numbers are alike, all percentages too.
    pub hash: u32,
}

/// A text in its normal form; its memory is used again for the next one.
#[derive(Clone, Debug, Default)]
pub struct Text {
    normal: String,
    tokens: Vec<Token>,
}

impl Text {
    /// The tokens, in order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// A token as it is written in the normal text.
    pub fn word(&self, token: &Token) -> &str {
        let place = |at: u32| usize::try_from(at).expect("a u32 indexes memory");
        &self.normal[place(token.start)..place(token.end)]
    }

    /// A text, read.
    pub fn of(raw: &str) -> Self {
        let mut text = Self::default();
        text.read(raw);
        text
    }

    /// Reads another text in place of this one.
    pub fn read(&mut self, raw: &str) {
        self.normal.clear();
        self.tokens.clear();
        let mut chars = raw.char_indices().map(|(at, c)| (at, plain(c))).peekable();
        let mut before = ' ';
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            let follows_space = !before.is_alphanumeric();
            before = c;
            let negative = c == '-' && follows_space && next.is_some_and(|next| next.is_ascii_digit());
            if c.is_ascii_digit() || negative {
                before = self.number(at, c, &mut chars);
            } else if c.is_alphabetic() {
                before = self.letters(at, c, &mut chars);
            } else if c == '%' {
                self.percent();
            } else if c == '?' {
                self.push(TokenKind::Sign, at, "?");
            }
        }
    }

    fn push(&mut self, kind: TokenKind, origin: usize, form: &str) {
        let place = |at: usize| u32::try_from(at).expect("a text is shorter than 4 GB");
        let start = place(self.normal.len());
        self.normal.push_str(form);
        let hash = match kind {
            TokenKind::Word | TokenKind::Sign => fnv1a(FNV_START, form.as_bytes()),
            TokenKind::Number(_) => fnv1a(FNV_START, b"#"),
            TokenKind::Percent(_) => fnv1a(FNV_START, b"#%"),
        };
        self.tokens.push(Token { kind, start, end: place(self.normal.len()), origin: place(origin), hash });
        self.normal.push(' ');
    }

    /// The last number was one of percent.
    fn percent(&mut self) {
        if let Some(token) = self.tokens.last_mut()
            && let TokenKind::Number(value) = token.kind
        {
            token.kind = TokenKind::Percent(value);
            token.hash = fnv1a(FNV_START, b"#%");
        }
    }

    fn number(&mut self, at: usize, first: char, chars: &mut Peekable<impl Iterator<Item = (usize, char)>>) -> char {
        let (mut form, mut last) = ([0u8; DIGITS], first);
        form[0] = first as u8; // an ASCII digit, or a minus
        let mut length = 1;
        while let Some(&(_, c)) = chars.peek() {
            let separates = matches!(c, '.' | ',');
            if !c.is_ascii_digit() && !separates {
                break;
            }
            last = c;
            chars.next();
            // A separator that no digit follows ends a sentence.
            let goes_on = c.is_ascii_digit() || chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
            if !goes_on {
                break;
            }
            if c != ',' && length < DIGITS {
                form[length] = c as u8;
                length += 1;
            }
        }
        let form = std::str::from_utf8(&form[..length]).expect("ASCII");
        // 1.2.3 is no number: a version, or a date.
        match form.parse::<f64>() {
            Ok(value) => self.push(TokenKind::Number(value), at, form),
            Err(_) => self.push(TokenKind::Word, at, form),
        }
        last
    }

    fn letters(&mut self, at: usize, first: char, chars: &mut Peekable<impl Iterator<Item = (usize, char)>>) -> char {
        let place = |at: usize| u32::try_from(at).expect("a text is shorter than 4 GB");
        let (start, mut last) = (self.normal.len(), first);
        self.normal.extend(first.to_lowercase());
        while let Some(&(_, c)) = chars.peek() {
            if c.is_alphanumeric() {
                self.normal.extend(c.to_lowercase());
            } else if matches!(c, '\'' | '-' | '&' | '.') && last.is_alphanumeric() {
                // It holds two letters together, or it is none of the word.
                self.normal.push(c);
            } else {
                break;
            }
            last = c;
            chars.next();
        }
        while self.normal.len() > start + 1 && self.normal.ends_with(['\'', '-', '&', '.']) {
            self.normal.pop();
        }
        if self.normal.ends_with("'s") && self.normal.len() > start + 2 {
            self.normal.truncate(self.normal.len() - 2);
        }
        let hash = fnv1a(FNV_START, &self.normal.as_bytes()[start..]);
        let end = place(self.normal.len());
        self.tokens.push(Token { kind: TokenKind::Word, start: place(start), end, origin: place(at), hash });
        self.normal.push(' ');
        last
    }
}

/// As many digits as a number may have; the others are dropped.
const DIGITS: usize = 24;

/// What is written in many ways, in one.
const fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' | '\t' | '\n' | '\r' => ' ',
        // Wide letters, digits and signs.
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(c as u32 - 0xfee0) {
            Some(narrow) => narrow,
            None => c,
        },
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(raw: &str) -> Vec<String> {
        let text = Text::of(raw);
        let tell = |token: &Token| match token.kind {
            TokenKind::Word | TokenKind::Sign => text.word(token).to_owned(),
            TokenKind::Number(value) => format!("{value}"),
            TokenKind::Percent(value) => format!("{value}%"),
        };
        text.tokens().iter().map(tell).collect()
    }

    #[test]
    fn what_is_meant_alike_is_read_alike() {
        for (raw, tokens) in [
            ("Helix\u{2019}s Q3 profit rises 12.5%", "helix q3 profit rises 12.5%"),
            ("ＨＥＬＩＸ q3 profit  rises 12.5 %.", "helix q3 profit rises 12.5%"),
            ("EUR 1,234.5 mn, from EUR -3", "eur 1234.5 mn from eur -3"),
            ("third\u{2013}quarter EPS $1.05 vs. $1.00", "third-quarter eps 1.05 vs 1"),
            ("13.1m units? 2Q", "13.1 m units ? 2 q"),
            ("1.2.3 is no number", "1.2.3 is no number"),
            ("", ""),
            ("  ...  ", ""),
        ] {
            assert_eq!(told(raw).join(" "), tokens, "{raw}");
        }
    }

    #[test]
    fn a_token_knows_where_it_stood() {
        let raw = "\u{201c}Gap\u{201d} widens";
        let text = Text::of(raw);
        let at = usize::try_from(text.tokens()[0].origin).expect("it fits");
        assert!(raw[at..].starts_with("Gap"));
    }
}
