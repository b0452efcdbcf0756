//! NASDAQ TotalView-ITCH 5.0: every message of the feed, big-endian, of fixed length by type.
//!
//! Three framings are met, told apart by the first messages:
//!
//! | before each message | content | prices |
//! |---|---|---|
//! | its length, two bytes | as the exchange publishes whole days | dollars x 10,000 |
//! | two zeros | as some generators write; lengths follow from the types | dollars x 10,000 |
//! | its length, two more than the type's | times take eight bytes instead of six | cents |
//!
//! | type | becomes |
//! |---|---|
//! | `A` `F` | [`Body::Add`] |
//! | `E` `C` | [`Body::Execute`], [`Body::ExecuteAt`] (flagged unprinted where it says so) |
//! | `X` `D` `U` | [`Body::Reduce`], [`Body::Delete`], [`Body::Replace`] |
//! | `P` | [`Body::HiddenTrade`]; until 2014-07-14 it told the side, since then always `B` |
//! | `Q` `B` | [`Body::Trade`] flagged as of an auction, [`Body::Bust`] |
//! | `S` | start of system hours: pre-open; market hours: trading, then close; the others are notices |
//! | `H` `h` | the stock's state; an operational halt of this market |
//! | all others | [`Body::Notice`] with the type |
//!
//! Times count from midnight in New York; the day is in the file's name or given. The stock directory (`R`) names the
//! numbers that messages carry; without it the first order that tells a symbol does, and until then a number is called
//! `#13`. The whole venue, number 0, is the instrument `*`. Left out: the match number of executions.

use crate::bad_record::{Place, ReadError};
use crate::blocks::Blocks;
use crate::event::{Body, Event, Flags, InstrumentIndex, OrderRef, Status};
use crate::findings::FindingKind;
use crate::instruments::Instruments;
use crate::number;
use crate::reader::{Batch, RecordReader};
use crate::recording::ReadOptions;
use crate::source::Entry;
use crate::time::{Date, UnixNanos, Zone};
use hft_core::models::{Decimal, Price, Qty, Side};

/// How messages stand in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Framing {
    Length,
    Zeros,
    WideTime,
}

impl Framing {
    /// Bytes that a message has beyond what its type says.
    const fn extra(self) -> usize {
        match self {
            Self::Length | Self::Zeros => 0,
            Self::WideTime => 2,
        }
    }
}

/// The length of a message, by its type; `None` for no type of ITCH 5.0.
const fn length_of(kind: u8) -> Option<usize> {
    Some(match kind {
        b'S' | b'W' => 12,
        b'D' | b'B' => 19,
        b'Y' | b'N' => 20,
        b'h' => 21,
        b'X' => 23,
        b'H' => 25,
        b'L' => 26,
        b'K' => 28,
        b'E' => 31,
        b'V' | b'J' | b'U' => 35,
        b'A' | b'C' => 36,
        b'R' => 39,
        b'F' | b'Q' => 40,
        b'P' => 44,
        b'O' => 48,
        b'I' => 50,
        _ => return None,
    })
}

const PREFIX: usize = 2;

/// Reads whole days or parts of them.
pub struct ItchReader {
    blocks: Blocks,
    framing: Framing,
    instruments: Instruments,
    /// The instrument of each number that messages carry, as far as met; `named` once its symbol is known.
    located: Vec<Option<Located>>,
    steps: (Decimal, Decimal),
    midnight: UnixNanos,
    tells_side: bool,
    is_date_assumed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Located {
    index: InstrumentIndex,
    is_named: bool,
}

impl ItchReader {
    pub(crate) fn open(entry: &Entry, options: &ReadOptions) -> Result<Self, ReadError> {
        let mut blocks = Blocks::new(entry.open()?, entry.shown());
        let head = blocks.peek(Blocks::MAX_BLOCK)?.to_vec();
        let Some(framing) = framing_of(&head) else {
            return Err(blocks.broken(&head, "messages of ITCH 5.0 behind two bytes of length or of zeros"));
        };
        let date = options.date.or_else(|| Date::find(&entry.name));
        let midnight = date.and_then(|date| date.midnight(options.zone.unwrap_or(Zone::NewYork)));
        let decimals = if framing == Framing::WideTime { 2 } else { 4 };
        Ok(Self {
            blocks,
            framing,
            instruments: Instruments::default(),
            located: vec![None; 1 << 16],
            steps: (number::step(options.price_decimals(decimals)), Decimal::ONE),
            midnight: midnight.unwrap_or(UnixNanos::UNKNOWN),
            tells_side: date.zip(Date::new(2014, 7, 14)).is_some_and(|(date, silent)| date < silent),
            is_date_assumed: midnight.is_none(),
        })
    }

    /// The instrument of a number, which a message that tells a symbol names.
    fn locate(&mut self, number: u16, symbol: Option<&[u8]>) -> Option<InstrumentIndex> {
        let known = self.located[usize::from(number)];
        if let Some(known) = known
            && (known.is_named || symbol.is_none())
        {
            return Some(known.index);
        }
        let symbol = symbol.map(|bytes| String::from_utf8_lossy(bytes.trim_ascii()).into_owned());
        let name = match &symbol {
            _ if number == 0 => "*".to_owned(),
            Some(symbol) => symbol.clone(),
            None => format!("#{number}"),
        };
        let index = match known {
            Some(known) => {
                self.instruments.rename(known.index, &name);
                known.index
            }
            None => self.instruments.index_of(&name, self.steps.0, self.steps.1)?,
        };
        self.located[usize::from(number)] = Some(Located { index, is_named: symbol.is_some() || number == 0 });
        Some(index)
    }

    /// Takes one message out of the file; the copy is short and spares the borrow.
    fn next_message(&mut self) -> Result<Option<([u8; 64], usize)>, ReadError> {
        let head = self.blocks.peek(PREFIX + 1)?;
        if head.is_empty() {
            return Ok(None);
        }
        let &[high, low, kind] = head else {
            let head = head.to_vec();
            return Err(self.blocks.broken(&head, "a whole message before the end of the file"));
        };
        let told = usize::from(u16::from_be_bytes([high, low]));
        let known = length_of(kind).map(|length| length + self.framing.extra());
        let length = match (self.framing, known) {
            (Framing::Zeros, Some(length)) if told == 0 => length,
            (Framing::Length | Framing::WideTime, Some(length)) if told == length => length,
            (Framing::Length | Framing::WideTime, _) if (12..=64).contains(&told) => {
                let found = self.blocks.peek(PREFIX + told)?.to_vec();
                self.blocks.skip(found.len());
                return Err(self.blocks.bad(found.len(), &found, "a type of ITCH 5.0 with its length"));
            }
            _ => return Err(self.blocks.broken(&[high, low, kind], "a message of ITCH 5.0, framed like the first")),
        };
        let block = self.blocks.peek(PREFIX + length)?;
        let mut message = [0; 64];
        if block.len() < PREFIX + length {
            let found = block.to_vec();
            return Err(self.blocks.broken(&found, "a whole message before the end of the file"));
        }
        message[..length].copy_from_slice(&block[PREFIX..]);
        self.blocks.skip(PREFIX + length);
        if self.framing == Framing::WideTime {
            // Six bytes of a day's nanoseconds are enough: the two in front are zeros.
            if message[5..7] != [0, 0] {
                return Err(self.blocks.bad(PREFIX + length, &message[..length], "a time within the day"));
            }
            message.copy_within(7..length, 5);
        }
        Ok(Some((message, PREFIX + length)))
    }
}

fn framing_of(head: &[u8]) -> Option<Framing> {
    let fits = |framing: Framing| {
        let (mut rest, mut messages) = (head, 0);
        while let [high, low, kind, ..] = *rest {
            let Some(length) = length_of(kind) else { break };
            let told = usize::from(u16::from_be_bytes([high, low]));
            let expected = if framing == Framing::Zeros { 0 } else { length + framing.extra() };
            if told != expected {
                break;
            }
            messages += 1;
            rest = rest.get(PREFIX + length + framing.extra()..).unwrap_or(&[]);
        }
        // A lone message has to be enough, for what is one message long.
        messages >= 4 || (messages > 0 && rest.len() <= PREFIX)
    };
    [Framing::Length, Framing::Zeros, Framing::WideTime].into_iter().find(|&framing| fits(framing))
}

/// Whether a file begins with such messages: for detection.
pub(crate) fn looks_like(head: &[u8]) -> bool {
    framing_of(head).is_some()
}

/// The fields of a message, by their offsets in the specification.
struct Message<'a>(&'a [u8; 64]);

impl Message<'_> {
    fn u16(&self, at: usize) -> u16 {
        u16::from_be_bytes([self.0[at], self.0[at + 1]])
    }

    fn u32(&self, at: usize) -> i64 {
        i64::from(u32::from_be_bytes(self.array(at)))
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from_be_bytes(self.array(at))
    }

    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        self.0[at..at + N].try_into().expect("the specification's offsets lie in the message")
    }

    fn order(&self, at: usize) -> OrderRef {
        OrderRef(self.u64(at))
    }

    fn price(&self, at: usize) -> Price {
        Price::new(self.u32(at))
    }

    fn qty(&self, at: usize) -> Qty {
        Qty::new(self.u32(at))
    }

    fn side(&self, at: usize) -> Result<Side, &'static str> {
        match self.0[at] {
            b'B' => Ok(Side::Buy),
            b'S' => Ok(Side::Sell),
            _ => Err("a side of B or S"),
        }
    }

    /// Nanoseconds since midnight.
    fn time(&self) -> u64 {
        let mut bytes = [0; 8];
        bytes[2..].copy_from_slice(&self.0[5..11]);
        u64::from_be_bytes(bytes)
    }

    /// Where the message tells its symbol.
    fn symbol(&self) -> Option<&[u8]> {
        let at = match self.0[0] {
            b'R' | b'H' | b'Y' | b'J' | b'K' | b'h' | b'N' | b'O' => 11,
            b'L' => 15,
            b'A' | b'F' | b'P' => 24,
            b'Q' => 19,
            b'I' => 28,
            _ => return None,
        };
        Some(&self.0[at..at + 8])
    }

    fn body(&self, tells_side: bool) -> Result<(Body, Flags), &'static str> {
        let body = match self.0[0] {
            b'A' | b'F' => {
                Body::Add { order: self.order(11), side: self.side(19)?, price: self.price(32), qty: self.qty(20) }
            }
            b'E' => Body::Execute { order: self.order(11), qty: self.qty(19), resting: None },
            b'C' => {
                let flags = match self.0[31] {
                    b'Y' => Flags::LAST,
                    b'N' => Flags::LAST.and(Flags::UNPRINTED),
                    _ => return Err("a printable flag of Y or N"),
                };
                let body = Body::ExecuteAt { order: self.order(11), qty: self.qty(19), price: self.price(32) };
                return Ok((body, flags));
            }
            b'X' => Body::Reduce { order: self.order(11), by: self.qty(19), resting: None },
            b'D' => Body::Delete { order: self.order(11), qty: Qty::ZERO, resting: None },
            b'U' => {
                Body::Replace { order: self.order(11), by: self.order(19), price: self.price(31), qty: self.qty(27) }
            }
            b'P' => Body::HiddenTrade {
                order: self.order(11),
                price: self.price(32),
                qty: self.qty(20),
                aggressor: if tells_side { Some(self.side(19)?.opposite()) } else { None },
            },
            b'Q' => {
                let qty = i64::try_from(self.u64(11)).map_err(|_| "a number of shares that fits 63 bits")?;
                let (id, price) = (self.u64(31), self.price(27));
                let body = Body::Trade { id, price, qty: Qty::new(qty), aggressor: None };
                return Ok((body, Flags::LAST.and(Flags::CROSS)));
            }
            b'B' => Body::Bust { id: self.u64(11) },
            b'S' => match self.0[11] {
                b'S' => Body::Status(Status::PreOpen),
                b'Q' => Body::Status(Status::Trading),
                b'M' => Body::Status(Status::Close),
                b'O' | b'E' | b'C' => Body::Notice(self.0[11]),
                _ => return Err("a system event of O, S, Q, M, E or C"),
            },
            b'H' => match self.0[19] {
                b'H' | b'P' => Body::Status(Status::Halt),
                b'Q' => Body::Status(Status::QuoteOnly),
                b'T' => Body::Status(Status::Trading),
                _ => return Err("a trading state of H, P, Q or T"),
            },
            b'h' if self.0[19] == b'Q' => match self.0[20] {
                b'H' => Body::Status(Status::Halt),
                b'T' => Body::Status(Status::Trading),
                _ => return Err("an operational halt of H or T"),
            },
            kind => Body::Notice(kind),
        };
        Ok((body, Flags::LAST))
    }
}

impl RecordReader for ItchReader {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        if std::mem::take(&mut self.is_date_assumed) {
            let text = "no date in the file's name (see --date): times are counted from 1970-01-01";
            batch.findings.note(FindingKind::Assumed, Place::Offset(0), || text.to_owned());
        }
        let Some((bytes, length)) = self.next_message()? else { return Ok(false) };
        let message = Message(&bytes);
        let told = message.body(self.tells_side).and_then(|(body, flags)| {
            let time = self.midnight.plus(message.time()).ok_or("a time within the day")?;
            let index = self.locate(message.u16(1), message.symbol()).ok_or("fewer instruments")?;
            Ok(Event::at(time, index, body).flagged(flags))
        });
        match told {
            Ok(event) => batch.events.push(event),
            Err(expected) => return Err(self.blocks.bad(length, &bytes[..length - PREFIX], expected)),
        }
        Ok(true)
    }

    fn instruments(&self) -> &Instruments {
        &self.instruments
    }

    fn place(&self) -> Place {
        Place::Offset(self.blocks.offset())
    }
}
