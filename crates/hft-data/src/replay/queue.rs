//! One price of a replayed level: history's size in pieces, and strangers' orders between them.
//!
//! Invariant: the pieces stand in the order in which the venue's queue has them. Between two strangers there is one piece, so that a
//! level has at most one piece more than strangers.

use hft_core::models::OrderId;

/// A place in the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) id: OrderId,
    pub(super) lots: i64,
    pub(super) is_stranger: bool,
}

/// See the module's documentation.
#[derive(Clone, Debug, Default)]
pub(super) struct LevelQueue {
    pub(super) places: Vec<Place>,
    /// What the record shows here.
    pub(super) shown: i64,
    /// What strangers took, and the record does not know of.
    pub(super) taken: i64,
}

/// What becomes of a piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cut {
    pub(super) id: OrderId,
    /// What is left of it.
    pub(super) left: i64,
}

impl LevelQueue {
    /// History's size.
    pub(super) fn own(&self) -> i64 {
        self.places.iter().filter(|place| !place.is_stranger).map(|place| place.lots).sum()
    }

    /// History's size before the first stranger, and behind it. Without strangers all is behind.
    pub(super) fn around_stranger(&self) -> (i64, i64) {
        let front = match self.places.iter().position(|place| place.is_stranger) {
            Some(first) => self.places[..first].iter().map(|place| place.lots).sum(),
            None => 0,
        };
        (front, self.own() - front)
    }

    pub(super) fn has_stranger(&self) -> bool {
        self.places.iter().any(|place| place.is_stranger)
    }

    /// What the record and our trades leave of the level.
    pub(super) fn target(&self) -> i64 {
        self.shown - self.taken.min(self.shown)
    }

    /// Takes `front` from before the first stranger and `back` from behind, the latest first; what is not there is taken from the other.
    pub(super) fn cut(&mut self, front: i64, back: i64) -> Vec<Cut> {
        let (have_front, have_back) = self.around_stranger();
        let (front, back) = (front + (back - have_back).max(0), back.min(have_back) + (front - have_front).max(0));
        let first = self.places.iter().position(|place| place.is_stranger).unwrap_or(0);
        let mut cuts = Vec::new();
        take(&mut self.places[first..], back, &mut cuts);
        take(&mut self.places[..first], front, &mut cuts);
        self.places.retain(|place| place.is_stranger || place.lots > 0);
        cuts
    }

    /// Lowers a place by what was traded of it.
    pub(super) fn traded(&mut self, id: OrderId, lots: i64) {
        if let Some(place) = self.places.iter_mut().find(|place| place.id == id) {
            place.lots -= lots;
        }
        self.places.retain(|place| place.id != id || place.lots > 0);
    }

    pub(super) fn remove(&mut self, id: OrderId) {
        self.places.retain(|place| place.id != id);
    }
}

/// Takes from the end.
fn take(places: &mut [Place], mut lots: i64, cuts: &mut Vec<Cut>) {
    for place in places.iter_mut().rev().filter(|place| !place.is_stranger) {
        if lots <= 0 {
            return;
        }
        let taken = place.lots.min(lots);
        place.lots -= taken;
        lots -= taken;
        cuts.push(Cut { id: place.id, left: place.lots });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(places: &[(u64, i64, bool)]) -> LevelQueue {
        let place = |&(id, lots, is_stranger)| Place { id: OrderId(id), lots, is_stranger };
        LevelQueue { places: places.iter().map(place).collect(), ..LevelQueue::default() }
    }

    #[test]
    fn a_cut_takes_the_latest_first_and_spills_over_the_stranger() {
        let mut level = queue(&[(1, 30, false), (9, 1, true), (2, 10, false)]);
        assert_eq!(level.around_stranger(), (30, 10));
        assert_eq!(level.cut(0, 4), [Cut { id: OrderId(2), left: 6 }]);
        let both = [Cut { id: OrderId(2), left: 0 }, Cut { id: OrderId(1), left: 28 }];
        assert_eq!(level.cut(0, 8), both, "six behind, two more from before");
        assert_eq!((level.own(), level.places.len()), (28, 2));
        assert_eq!(queue(&[(1, 5, false)]).cut(3, 0), [Cut { id: OrderId(1), left: 2 }], "nobody stands there");
    }
}
