//! Thinning a long series without hiding anything that a screen could show.
//!
//! The time axis is cut into as many spans as a wide screen has pixels; of every span the lowest and the highest point of every
//! column are kept, with the first point at which a column is absent. A spike of one sample is therefore still there, at its
//! own time. What is lost is the order of the points between the two extremes; the page says how many points it shows.

use serde::Serialize;

/// At most this many spans.
const SPANS: usize = 1200;

/// A series that is shorter than this is kept whole.
const SHORT: usize = 4000;

/// The indices to keep, in order. `times` ascends; every column is as long as `times`.
pub(super) fn thin(times: &[f64], columns: &[&[Option<f64>]]) -> Vec<usize> {
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return Vec::new() };
    if times.len() <= SHORT || last <= first {
        return (0..times.len()).collect();
    }
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to SPANS"
    )]
    let span_of = |time: f64| (((time - first) / (last - first) * SPANS as f64) as usize).min(SPANS - 1);
    let mut kept = vec![0, times.len() - 1];
    let mut start = 0;
    while start < times.len() {
        let span = span_of(times[start]);
        let length = times[start..].iter().take_while(|time| span_of(**time) == span).count();
        for column in columns {
            keep_extremes(start, &column[start..start + length], &mut kept);
        }
        start += length;
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}

fn keep_extremes(start: usize, span: &[Option<f64>], kept: &mut Vec<usize>) {
    let present = || span.iter().enumerate().filter_map(|(i, value)| Some((i, (*value)?)));
    let lowest = present().min_by(|a, b| a.1.total_cmp(&b.1));
    let highest = present().max_by(|a, b| a.1.total_cmp(&b.1));
    let absent = span.iter().position(Option::is_none);
    kept.extend(lowest.iter().chain(&highest).map(|(i, _)| start + i).chain(absent.map(|i| start + i)));
}

/// A noisy series as the mean, the lowest and the highest of each span.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub(super) struct Band {
    /// Where each span begins.
    t: Vec<f64>,
    /// The mean of its samples; absent where it has none.
    mean: Vec<Option<f64>>,
    /// The lowest of them.
    low: Vec<Option<f64>>,
    /// The highest of them.
    high: Vec<Option<f64>>,
}

/// At most this many spans of a band.
const BAND_SPANS: usize = 480;

/// Cuts a series into spans of equally many samples.
#[allow(clippy::cast_precision_loss, reason = "a mean of few samples")]
pub(super) fn band(times: &[f64], values: &[Option<f64>]) -> Band {
    let length = times.len().div_ceil(BAND_SPANS).max(1);
    let mut band = Band::default();
    for (times, values) in times.chunks(length).zip(values.chunks(length)) {
        let present = || values.iter().flatten().copied();
        let count = present().count();
        band.t.push(times[0]);
        band.mean.push((count > 0).then(|| present().sum::<f64>() / count as f64));
        band.low.push(present().min_by(f64::total_cmp));
        band.high.push(present().max_by(f64::total_cmp));
    }
    band
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    fn a_spike_of_one_sample_survives() {
        let times: Vec<f64> = (0..1_000_000).map(f64::from).collect();
        let mut values: Vec<Option<f64>> = times.iter().map(|time| Some((time * 0.37).rem_euclid(1.0))).collect();
        (values[123_456], values[654_321], values[777_777]) = (Some(9.0), Some(-9.0), None);
        let kept = thin(&times, &[&values]);
        for i in [0, 123_456, 654_321, 777_777, 999_999] {
            assert!(kept.contains(&i), "{i}");
        }
        assert!(kept.len() <= 3 * SPANS + 2, "{}", kept.len());
        assert!(kept.is_sorted());
    }

    #[test]
    fn a_band_keeps_the_extremes_of_every_span() {
        let times: Vec<f64> = (0..96_000).map(f64::from).collect();
        let mut values: Vec<Option<f64>> = times.iter().map(|time| Some(time % 2.0)).collect();
        values[500] = Some(7.0);
        values[200..400].fill(None);
        let band = band(&times, &values);
        assert_eq!((band.t.len(), band.t[1]), (480, 200.0));
        assert_eq!((band.low[0], band.mean[0], band.high[0]), (Some(0.0), Some(0.5), Some(1.0)));
        assert_eq!((band.mean[1], band.high[2]), (None, Some(7.0)));
    }

    #[test]
    fn short_series_are_kept_whole() {
        assert_eq!(thin(&[], &[]), Vec::<usize>::new());
        assert_eq!(thin(&[0.0, 1.0], &[&[Some(1.0), None]]), vec![0, 1]);
        assert_eq!(thin(&vec![1.0; 5000], &[&vec![None; 5000]]).len(), 5000, "no time passes: nothing to cut");
    }
}
