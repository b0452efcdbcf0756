//! How nodes meet: messages, links with latency, and the two drivers that deliver envelopes.

mod message;

pub use message::{
    Channel, FillRecord, LinkId, Machine, Mail, Message, NodeId, Outgoing, Refusal, RiskHalt, Route, Statement,
    TradeParty, TradeRecord, TraderId,
};
