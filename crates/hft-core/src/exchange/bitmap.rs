//! Invariant: a bit of an upper level is set exactly when the word below it is not zero.
//!
//! A set of offsets into the ladder's window that finds the highest member below any offset in three word operations,
//! however sparse it is. Left out: ranges, iteration from below, and any other size than [`SIZE`].

/// How many offsets there are: the width of the ladder's window in ticks.
pub(super) const SIZE: usize = 1 << 14;

const WORDS: usize = SIZE / 64;
const GROUPS: usize = WORDS / 64;

/// A set of offsets below [`SIZE`].
#[derive(Debug)]
pub(super) struct Bitmap {
    words: Box<[u64; WORDS]>,
    /// Which words are not zero.
    groups: [u64; GROUPS],
    /// Which groups are not zero.
    top: u64,
}

impl Bitmap {
    pub(super) fn new() -> Self {
        Self { words: Box::new([0; WORDS]), groups: [0; GROUPS], top: 0 }
    }

    #[inline]
    pub(super) fn insert(&mut self, offset: usize) {
        let (word, group) = (offset / 64 % WORDS, offset / 4096 % GROUPS);
        self.words[word] |= 1 << (offset % 64);
        self.groups[group] |= 1 << (word % 64);
        self.top |= 1 << group;
    }

    #[inline]
    pub(super) fn remove(&mut self, offset: usize) {
        let (word, group) = (offset / 64 % WORDS, offset / 4096 % GROUPS);
        self.words[word] &= !(1 << (offset % 64));
        if self.words[word] == 0 {
            self.groups[group] &= !(1 << (word % 64));
            if self.groups[group] == 0 {
                self.top &= !(1 << group);
            }
        }
    }

    /// The highest member below `offset`.
    #[inline]
    pub(super) fn below(&self, offset: usize) -> Option<usize> {
        let (word, group) = (offset / 64 % WORDS, offset / 4096 % GROUPS);
        if offset >= SIZE {
            return self.highest();
        }
        if let Some(bit) = highest_bit(self.words[word] & low_bits(offset % 64)) {
            return Some(word * 64 + bit);
        }
        let found = match highest_bit(self.groups[group] & low_bits(word % 64)) {
            Some(bit) => group * 64 + bit,
            None => self.highest_word(self.top & low_bits(group))?,
        };
        highest_bit(self.words[found % WORDS]).map(|bit| found * 64 + bit)
    }

    /// The highest member.
    pub(super) fn highest(&self) -> Option<usize> {
        let word = self.highest_word(self.top)?;
        highest_bit(self.words[word % WORDS]).map(|bit| word * 64 + bit)
    }

    /// The highest word that is not zero among the groups of this mask.
    fn highest_word(&self, groups: u64) -> Option<usize> {
        let group = highest_bit(groups)?;
        highest_bit(self.groups[group % GROUPS]).map(|bit| group * 64 + bit)
    }
}

/// The bits below this one.
#[inline]
const fn low_bits(bit: usize) -> u64 {
    (1 << bit) - 1
}

#[inline]
const fn highest_bit(word: u64) -> Option<usize> {
    match word {
        0 => None,
        _ => Some(63 - word.leading_zeros() as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_next_lower_member_across_words_and_groups() {
        let members = [0, 1, 63, 64, 4095, 4096, 8191, 12_345, SIZE - 1];
        let mut bitmap = Bitmap::new();
        for member in members {
            bitmap.insert(member);
        }
        let mut walked = Vec::new();
        let mut from = SIZE;
        while let Some(member) = bitmap.below(from) {
            walked.push(member);
            from = member;
        }
        walked.reverse();
        assert_eq!(walked, members);
        for member in members.into_iter().rev() {
            assert_eq!(bitmap.highest(), Some(member));
            bitmap.remove(member);
        }
        assert_eq!(bitmap.below(SIZE), None);
    }
}
