//! A closed set of words, as a type.

/// Declares an enum of words: the type that serde reads and writes, its [`Display`](std::fmt::Display), and the list `WORDS` for a
/// [`Knob`](crate::config::Knob), so that no word is written twice. One variant is the default.
///
/// ```
/// hft_app::choices! {
///     /// How a maker quotes.
///     pub enum Style {
///         /// Plainly.
///         #[default]
///         Plain = "plain",
///         /// By the book.
///         ByTheBook = "by-the-book",
///     }
/// }
/// assert_eq!((Style::WORDS, Style::default().to_string()), (&["plain", "by-the-book"][..], "plain".to_owned()));
/// assert_eq!(serde_json::from_str::<Style>("\"by-the-book\"")?, Style::ByTheBook);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! choices {
    ($(#[$about:meta])* $vis:vis enum $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ::serde::Serialize, ::serde::Deserialize)]
        $vis enum $name {
            $($(#[$each])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// The words, in the order of declaration.
            $vis const WORDS: &'static [&'static str] = &[$($word),+];
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(match self { $(Self::$variant => $word),+ })
            }
        }
    };
}
