//! Lists of levels as venues write them: `[["61737.63","0.5"],["61730.17","0"]]`. Read from their digits, in one pass.

use crate::depth_sync::DepthLevel;
use crate::number;
use hft_core::models::{Price, Qty, Side};

/// Digits behind the point, of prices and of sizes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Decimals {
    pub(crate) price: u32,
    pub(crate) qty: u32,
}

const EXPECTED: &str = "a list of levels [\"price\", \"size\"]";

/// Appends the levels of one side.
pub(crate) fn read(text: &str, side: Side, decimals: Decimals, out: &mut Vec<DepthLevel>) -> Result<(), &'static str> {
    let mut rest = text.as_bytes();
    take(&mut rest, b'[')?;
    loop {
        skip_space(&mut rest);
        match rest {
            [b']', ..] => return Ok(()),
            [b',', tail @ ..] => rest = tail,
            _ => {
                take(&mut rest, b'[')?;
                let price = item(&mut rest)?;
                take(&mut rest, b',')?;
                let qty = item(&mut rest)?;
                let end = memchr::memchr(b']', rest).ok_or(EXPECTED)?;
                rest = &rest[end + 1..];
                let price = number::steps(price, decimals.price).map_err(number::NumberError::expected)?;
                let qty = number::steps(qty, decimals.qty).map_err(number::NumberError::expected)?;
                if qty < 0 {
                    return Err("a size that is not negative");
                }
                out.push((side, Price::new(price), Qty::new(qty)));
            }
        }
    }
}

fn skip_space(rest: &mut &[u8]) {
    while let [b' ' | b'\t', tail @ ..] = rest {
        *rest = tail;
    }
}

fn take(rest: &mut &[u8], byte: u8) -> Result<(), &'static str> {
    skip_space(rest);
    match rest {
        [first, tail @ ..] if *first == byte => {
            *rest = tail;
            Ok(())
        }
        _ => Err(EXPECTED),
    }
}

/// A number, quoted or bare.
fn item<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], &'static str> {
    skip_space(rest);
    let bytes = *rest;
    let (from, to) = match bytes {
        [b'"', tail @ ..] => (1, 1 + memchr::memchr(b'"', tail).ok_or(EXPECTED)?),
        _ => (0, bytes.iter().position(|byte| matches!(byte, b',' | b']' | b' ')).ok_or(EXPECTED)?),
    };
    *rest = &bytes[to + from..];
    Ok(&bytes[from..to])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TWO: Decimals = Decimals { price: 2, qty: 1 };

    #[test]
    fn levels_are_read_from_their_digits() {
        let mut levels = Vec::new();
        read(r#"[["10.25","3"], [ 9.5 , 0.5 ],["9","0","extra"]]"#, Side::Buy, TWO, &mut levels).expect("good");
        let expected = [(1_025, 30), (950, 5), (900, 0)];
        assert_eq!(levels, expected.map(|(price, qty)| (Side::Buy, Price::new(price), Qty::new(qty))));
        for text in ["", "{}", "[", "[[", "[[1]]", "[[1,2]", r#"[["1","-2"]]"#, r#"[["1.234","1"]]"#, "[1,2]"] {
            assert!(read(text, Side::Buy, TWO, &mut levels).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in r#"[\[\]",0-9. ]{0,60}"#) {
            let _ = read(&text, Side::Buy, TWO, &mut Vec::new());
        }
    }
}
