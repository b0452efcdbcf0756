//! Links: where a message goes, over which channel, and how long it takes.
//!
//! Invariant: a link is first-in-first-out. A message is due at `max(now + its own draw, due of the one before)`, so
//! jitter delays but never reorders what one sender says over one link.
//!
//! Draws come from a stream of the link's own, named after its two ends ([`stream`]), so that a world's latencies survive
//! the addition of other nodes and links.
//!
//! Left out: loss and bandwidth. A venue's gateway models a service rate; a full queue is the realtime driver's.

use super::latency::{LATENCY_MAX_NS, Latency};
use super::message::{Channel, LinkId, NodeId};
use super::stream::stream;
use crate::models::{Nanos, Timestamp};
use rand_chacha::ChaCha8Rng;

/// Why a latency or a link cannot be.
///
/// Example: [`Wiring`].
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WiringError {
    /// A time above [`LATENCY_MAX_NS`].
    #[error("a latency of {0} ns is above the limit of {LATENCY_MAX_NS} ns")]
    TooLong(u64),
    /// A parameter of a law that is not a finite number of zero or more.
    #[error("a latency's law needs finite parameters of zero or more")]
    BadLaw,
    /// An empirical latency without a sample.
    #[error("an empirical latency needs at least one sample")]
    NoSamples,
    /// A second node of the same name: the name is also the name of its stream.
    #[error("two nodes are called {0:?}")]
    DuplicateName(String),
    /// A link from or to a node that was never added.
    #[error("there is no node {0}")]
    NoSuchNode(u32),
    /// Orders links that lead back to where they start: senders that await each other could wait for ever.
    #[error("the orders links lead round in a circle through {0:?}")]
    OrdersCycle(String),
}

/// One way from a node to another.
///
/// Example: [`Wiring`].
#[derive(Clone, Debug)]
pub struct Link {
    to: NodeId,
    channel: Channel,
    last_due: Timestamp,
    pace: Pace,
}

#[derive(Clone, Debug)]
enum Pace {
    Constant(Nanos),
    Drawn(Box<(Latency, ChaCha8Rng)>),
}

impl Link {
    /// A link that draws from `stream`. [`Wiring::link`] checks the latency and names the stream.
    pub fn new(to: NodeId, channel: Channel, latency: Latency, stream: ChaCha8Rng) -> Self {
        let pace = match latency {
            Latency::Constant { ns } => Pace::Constant(Nanos::new(ns)),
            drawn @ (Latency::Jittered { .. } | Latency::Empirical { .. }) => Pace::Drawn(Box::new((drawn, stream))),
        };
        Self { to, channel, last_due: Timestamp::START, pace }
    }

    /// Where it leads.
    pub const fn to(&self) -> NodeId {
        self.to
    }

    /// Which line of the connection it is.
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// Its latency, where that never varies.
    pub const fn constant(&self) -> Option<Nanos> {
        match &self.pace {
            Pace::Constant(latency) => Some(*latency),
            Pace::Drawn(_) => None,
        }
    }

    /// When a message sent at `now` is due at the other end. `now` must not go back.
    pub fn stamp(&mut self, now: Timestamp) -> Timestamp {
        let latency = match &mut self.pace {
            Pace::Constant(latency) => *latency,
            Pace::Drawn(drawn) => drawn.0.draw(&mut drawn.1),
        };
        self.last_due = self.last_due.max(now + latency);
        self.last_due
    }
}

/// Who is linked to whom: for every node its name and its links. [`LinkId`] is the index among a node's links.
///
/// ```
/// use hft_core::{models::Nanos, world::{Channel, Latency, LinkId, Wiring}};
/// let mut wiring = Wiring::new(42);
/// let venue = wiring.node("XSIM")?;
/// let maker = wiring.node("mm")?;
/// let feed = wiring.link(venue, maker, Channel::Data, Latency::constant(Nanos::from_micros(10)))?;
/// assert_eq!((feed, wiring.links(venue)[0].to()), (LinkId(0), maker));
/// # Ok::<(), hft_core::world::WiringError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Wiring {
    seed: u64,
    nodes: Vec<Wired>,
}

#[derive(Clone, Debug)]
struct Wired {
    name: String,
    links: Vec<Link>,
}

impl Wiring {
    /// No nodes yet; `seed` is the run's.
    pub const fn new(seed: u64) -> Self {
        Self { seed, nodes: Vec::new() }
    }

    /// Adds a node.
    ///
    /// # Errors
    /// When the name is taken.
    pub fn node(&mut self, name: &str) -> Result<NodeId, WiringError> {
        if self.nodes.iter().any(|node| node.name == name) {
            return Err(WiringError::DuplicateName(name.to_owned()));
        }
        let id = NodeId(u32::try_from(self.nodes.len()).expect("a world has fewer than 2^32 nodes"));
        self.nodes.push(Wired { name: name.to_owned(), links: Vec::new() });
        Ok(id)
    }

    /// Adds a link. Its stream is named after both ends, its channel, and its number among the links that share those.
    ///
    /// # Errors
    /// When an end does not exist or the latency is out of range.
    pub fn link(
        &mut self,
        from: NodeId,
        to: NodeId,
        channel: Channel,
        latency: Latency,
    ) -> Result<LinkId, WiringError> {
        latency.check()?;
        let target = &self.nodes.get(to.0 as usize).ok_or(WiringError::NoSuchNode(to.0))?.name;
        let source = self.nodes.get(from.0 as usize).ok_or(WiringError::NoSuchNode(from.0))?;
        let twins = source.links.iter().filter(|link| link.to == to && link.channel == channel).count();
        let name = format!("link/{}/{target}/{channel:?}/{twins}", source.name);
        let id = LinkId(u32::try_from(source.links.len()).expect("a node has fewer than 2^32 links"));
        let link = Link::new(to, channel, latency, stream(self.seed, &name));
        self.nodes[from.0 as usize].links.push(link);
        Ok(id)
    }

    /// The run's seed.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// How many nodes there are.
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True before the first node.
    pub const fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A node's name.
    pub fn name(&self, node: NodeId) -> &str {
        &self.nodes[node.0 as usize].name
    }

    /// All names, in node order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| node.name.as_str())
    }

    /// A node's links, in the order of their ids.
    pub fn links(&self, node: NodeId) -> &[Link] {
        &self.nodes[node.0 as usize].links
    }

    /// Checks that orders links never lead back to where they start.
    ///
    /// # Errors
    /// [`WiringError::OrdersCycle`] names a node on the circle.
    pub fn check_orders_acyclic(&self) -> Result<(), WiringError> {
        // Take away nodes that nobody left sends orders to, again and again; what remains lies on or behind a circle.
        let mut senders = vec![0_usize; self.nodes.len()];
        let orders = |node: usize| self.nodes[node].links.iter().filter(|link| link.channel == Channel::Orders);
        for link in (0..self.nodes.len()).flat_map(orders) {
            senders[link.to.0 as usize] += 1;
        }
        let mut free: Vec<usize> = (0..self.nodes.len()).filter(|&node| senders[node] == 0).collect();
        while let Some(node) = free.pop() {
            for link in orders(node) {
                let to = link.to.0 as usize;
                senders[to] -= 1;
                if senders[to] == 0 {
                    free.push(to);
                }
            }
        }
        let on_circle = senders.iter().position(|&count| count > 0);
        on_circle.map_or(Ok(()), |node| Err(WiringError::OrdersCycle(self.nodes[node].name.clone())))
    }

    /// The links of every node, in node order: what a driver takes over.
    pub fn into_links(self) -> impl Iterator<Item = (String, Vec<Link>)> {
        self.nodes.into_iter().map(|node| (node.name, node.links))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Jitter;

    fn wired(latency: Latency) -> Link {
        Link::new(NodeId(1), Channel::Data, latency, stream(1, "test"))
    }

    #[test]
    fn jitter_never_reorders() {
        let extra = Jitter::Lognormal { median_ns: 50_000.0, sigma: 2.0 };
        let mut link = wired(Latency::Jittered { base_ns: 1_000, extra });
        let mut last = Timestamp::START;
        for sent in (0..1_000_000).step_by(1_000) {
            let due = link.stamp(Timestamp::new(sent));
            assert!(due >= last && due.nanos() >= sent + 1_000, "sent {sent} due {due} after {last}");
            last = due;
        }
    }

    #[test]
    fn another_node_leaves_the_draws_alone() {
        let jitter = Latency::Jittered { base_ns: 0, extra: Jitter::Exponential { mean_ns: 1e3 } };
        let dues = |with_third: Option<&str>| {
            let mut wiring = Wiring::new(3);
            let a = wiring.node("a").expect("new");
            if let Some(name) = with_third {
                let third = wiring.node(name).expect("new");
                wiring.link(a, third, Channel::Data, jitter.clone()).expect("valid");
            }
            let b = wiring.node("b").expect("new");
            let link = wiring.link(a, b, Channel::Data, jitter.clone()).expect("valid");
            let mut link = wiring.links(a)[link.0 as usize].clone();
            std::array::from_fn::<_, 8, _>(|_| link.stamp(Timestamp::START))
        };
        assert_eq!(dues(None), dues(Some("c")));
    }

    #[test]
    fn nonsense_is_refused() {
        let extra = Jitter::Exponential { mean_ns: f64::NAN };
        assert_eq!(Latency::Jittered { base_ns: 0, extra }.check(), Err(WiringError::BadLaw));
        assert_eq!(Latency::Empirical { samples_ns: vec![] }.check(), Err(WiringError::NoSamples));
        assert_eq!(Latency::Constant { ns: u64::MAX }.check(), Err(WiringError::TooLong(u64::MAX)));
        let mut wiring = Wiring::new(0);
        let a = wiring.node("a").expect("new");
        assert_eq!(wiring.node("a"), Err(WiringError::DuplicateName("a".to_owned())));
        assert_eq!(wiring.check_orders_acyclic(), Ok(()));
        let b = wiring.node("b").expect("new");
        for (from, to) in [(a, b), (b, a)] {
            wiring.link(from, to, Channel::Orders, Latency::Constant { ns: 0 }).expect("valid");
        }
        assert_eq!(wiring.check_orders_acyclic(), Err(WiringError::OrdersCycle("a".to_owned())));
        let nowhere = wiring.link(a, NodeId(7), Channel::Data, Latency::Constant { ns: 0 });
        assert_eq!(nowhere, Err(WiringError::NoSuchNode(7)));
    }
}
