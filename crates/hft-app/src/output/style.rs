//! Colour, where somebody can see it.

use std::io::IsTerminal;

/// How text is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Characters only: pipes, files, `--no-color`, `NO_COLOR`.
    Plain,
    /// With ANSI colours: a terminal.
    Colour,
}

impl Style {
    /// What suits stdout.
    pub fn of_stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if std::io::stdout().is_terminal() && !refused { Self::Colour } else { Self::Plain }
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Style::Plain => text.to_owned(),
            Style::Colour if text.is_empty() => String::new(),
            Style::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }

    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What may be overlooked.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Earned, passed.
    pub fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// Not good, not bad.
    pub fn warning(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// Paid, failed.
    pub fn bad(self, text: &str) -> String {
        self.paint("31", text)
    }
}
