//! Near-duplicates by bands of minima (Broder 1997): two sets that share a part `s` of their union agree on the minimum of a random hash with
//! probability `s`, so with `b` bands of `r` hashes each they meet in at least one band with probability `1 - (1 - s^r)^b`.

use super::text::Text;

/// How many bands, and how many hashes in each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bands {
    /// `b`.
    pub bands: u32,
    /// `r`.
    pub rows: u32,
}

impl Bands {
    /// The probability that two sets of this similarity meet.
    pub fn meeting(self, similarity: f64) -> f64 {
        let agree = libm::pow(similarity, f64::from(self.rows));
        1.0 - libm::pow(1.0 - agree, f64::from(self.bands))
    }

    /// The similarity at which the curve is steepest, about: `(1 / b)^(1 / r)`.
    pub fn threshold(self) -> f64 {
        libm::pow(1.0 / f64::from(self.bands), 1.0 / f64::from(self.rows))
    }
}

/// A family of random hashes, and the bands that they make.
#[derive(Clone, Debug)]
pub struct MinHash {
    rows: usize,
    seeds: Vec<u64>,
    minima: Vec<u64>,
}

impl MinHash {
    /// The family of a seed.
    pub fn new(Bands { bands, rows }: Bands, seed: u64) -> Self {
        let count = u64::from(bands) * u64::from(rows);
        let seeds: Vec<u64> = (0..count).map(|i| mixed(seed ^ mixed(i.wrapping_add(1)))).collect();
        Self { rows: usize::try_from(rows).expect("a u32 indexes memory"), minima: seeds.clone(), seeds }
    }

    /// One key a band of a set; equal keys in the same band are a meeting.
    pub fn bands(&mut self, set: &[u64]) -> impl Iterator<Item = u64> + '_ {
        self.minima.fill(u64::MAX);
        for &element in set {
            for (minimum, seed) in self.minima.iter_mut().zip(&self.seeds) {
                *minimum = (*minimum).min(mixed(element ^ seed));
            }
        }
        self.minima.chunks(self.rows).map(|band| band.iter().fold(0, |key, &minimum| mixed(key ^ minimum)))
    }
}

/// The shingles of a text, sorted, each once: pairs of neighbouring words, numbers as they are.
pub fn shingles(text: &Text, into: &mut Vec<u64>) {
    into.clear();
    // Numbers are alike to a classifier and not here: another figure is another message.
    let form = |at: usize| {
        let bytes = text.word(&text.tokens()[at]).as_bytes();
        bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    let mut last = 0;
    for at in 0..text.tokens().len() {
        let word = form(at);
        into.push(mixed(last ^ word.rotate_left(17)));
        last = word;
    }
    into.sort_unstable();
    into.dedup();
}

/// The part of the union that two sorted sets share; of two empty ones, all.
pub fn similarity(a: &[u64], b: &[u64]) -> f64 {
    let (mut i, mut j, mut shared) = (0, 0, 0usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
        }
    }
    let union = a.len() + b.len() - shared;
    if union == 0 { 1.0 } else { shared as f64 / union as f64 }
}

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014): every bit of the input moves every bit of the output.
pub const fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_the_formula() {
        let bands = Bands { bands: 20, rows: 5 };
        assert!((bands.meeting(0.8) - (1.0 - (1.0 - 0.8f64.powi(5)).powi(20))).abs() < 1e-12);
        assert!((bands.threshold() - 0.549_28).abs() < 1e-4);
        assert!((similarity(&[1, 2, 3], &[2, 3, 4]) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn equal_texts_meet_in_every_band_and_others_in_none() {
        let mut family = MinHash::new(Bands { bands: 8, rows: 4 }, 1);
        let (mut one, mut other) = (Vec::new(), Vec::new());
        shingles(&Text::of("Helix Q3 profit rises 12.5% to 45 million"), &mut one);
        shingles(&Text::of("HELIX Q3 profit rises 12.5 % to 45 million."), &mut other);
        let keys: Vec<u64> = family.bands(&one).collect();
        assert!(family.bands(&other).eq(keys.iter().copied()));
        shingles(&Text::of("Orion cuts full-year outlook on weak demand"), &mut other);
        assert_eq!(family.bands(&other).zip(&keys).filter(|(a, b)| a == *b).count(), 0);
    }
}
