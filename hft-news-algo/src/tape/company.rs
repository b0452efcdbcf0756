//! The companies that are written about: names, tickers, and what their names mean besides.
//!
//! Every headline about them is invented. Three of the names are also plain words, as some names on every exchange are; a reader that
//! matches strings takes fruit, aims and holes for companies.

/// One company.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Company {
    /// Its symbol, with which its book is listed.
    pub ticker: &'static str,
    /// As headlines call it.
    pub name: &'static str,
    /// As its lawyers call it.
    pub legal: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// The name is a word: alone it does not say that a company is meant.
    pub is_ambiguous: bool,
    /// What it makes.
    pub product: &'static str,
}

const fn plain(
    ticker: &'static str,
    name: &'static str,
    legal: &'static str,
    aliases: &'static [&'static str],
    product: &'static str,
) -> Company {
    Company { ticker, name, legal, aliases, is_ambiguous: false, product }
}

const fn ambiguous(ticker: &'static str, name: &'static str, legal: &'static str, product: &'static str) -> Company {
    Company { ticker, name, legal, aliases: &[], is_ambiguous: true, product }
}

/// All of them; the first ones are listed.
pub const COMPANIES: [Company; 12] = [
    ambiguous("AAPL", "Apple", "Apple Inc", "phones"),
    plain("NWE", "Northwind Energy", "Northwind Energy plc", &["Northwind"], "turbines"),
    ambiguous("TGT", "Target", "Target Corp", "pushchairs"),
    plain("HLX", "Helix Pharma", "Helix Pharmaceuticals Inc", &["Helix"], "inhalers"),
    plain("ORN", "Orion Motors", "Orion Motors AG", &["Orion"], "estate cars"),
    ambiguous("GAP", "Gap", "Gap Inc", "children's jackets"),
    plain("VRD", "Verdant Foods", "Verdant Foods SA", &["Verdant"], "frozen meals"),
    plain("KST", "Kestrel Airlines", "Kestrel Airlines plc", &["Kestrel"], "seats"),
    plain("BLC", "Balcarra Bank", "Balcarra Bank NV", &["Balcarra"], "card readers"),
    plain("SVL", "Silverlake Semiconductors", "Silverlake Semiconductors Ltd", &["Silverlake"], "memory chips"),
    plain("MRD", "Meridian Telecom", "Meridian Telecom Oyj", &["Meridian Tel"], "routers"),
    plain("CDR", "Cedar Retail", "Cedar Retail Group plc", &["Cedar Retail Group"], "garden furniture"),
];
