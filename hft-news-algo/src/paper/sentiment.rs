//! Sentiment on folds: the reader's model, trained in place, beside what it has to beat.
//!
//! Folds are stratified: each has its share of every class. A model sees nothing of the fold that it is tested on, the temperature included.
//! An accuracy above .95 on such text is a leak and no skill: it is not told, and the command fails. With shuffled labels nothing can be
//! learned, and no model may do better than the commonest class.

use super::corpus::Corpus;
use super::{at_least, at_most, told};
use crate::model::features::Extractor;
use crate::model::lexicon::Count;
use crate::model::linear::{Example, Linear, Training, likeliest};
use crate::model::naive_bayes::NaiveBayes;
use crate::model::scores::{Calibration, Confusion};
use crate::model::text::Text;
use crate::model::tf_idf::TfIdf;
use hft_app::paper::{PaperReport, PaperRow, check, in_parallel};
use hft_core::world::stream;
use rand::RngExt;
use std::cmp::Ordering;
use std::path::PathBuf;

/// What to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SentimentTable {
    /// The file.
    pub file: PathBuf,
    /// How many folds.
    pub folds: u32,
    /// Whether labels are dealt anew first.
    pub shuffle_labels: bool,
    /// Of folds and of training.
    pub seed: u64,
}

/// Above this an accuracy is a leak.
const HONEST: f64 = 0.95;

/// Gates of accuracy and macro-F1.
#[derive(Clone, Copy, Debug)]
struct Gates {
    accuracy: f64,
    macro_f1: f64,
}

/// Sentences on which most of the annotators agreed are easier the more of them did: from this many sentences on a file holds those of half.
const FEW: usize = 3_000;

/// Malo et al. (2014).
///
/// # Errors
/// When the file cannot be read, or a parameter is out of range.
pub fn phrasebank(table: &SentimentTable) -> anyhow::Result<PaperReport> {
    let corpus = Corpus::phrasebank(&table.file)?;
    let gates = if corpus.sentences.len() < FEW {
        Gates { accuracy: 0.88, macro_f1: 0.83 }
    } else {
        Gates { accuracy: 0.77, macro_f1: 0.71 }
    };
    let citation = "Malo, Sinha, Korhonen, Wallenius & Takala (2014), Good debt or bad debt, JASIST 65(4) 782";
    let training = Training::default();
    report("phrasebank", citation, table, &corpus, gates, training)
}

/// Tweets with a cashtag.
///
/// # Errors
/// As [`phrasebank`].
pub fn twitter(table: &SentimentTable) -> anyhow::Result<PaperReport> {
    let corpus = Corpus::twitter(&table.file)?;
    let gates = Gates { accuracy: 0.83, macro_f1: 0.77 };
    let training = Training::default();
    report(
        "twitter",
        "Twitter Financial News Sentiment (2022), a data set of labelled tweets",
        table,
        &corpus,
        gates,
        training,
    )
}

/// What is compared.
const MODELS: [&str; 5] = ["majority", "lexicon", "naive Bayes", "tf-idf, linear", "hashed linear (ours)"];
const OURS: usize = 4;

fn report(
    name: &str,
    citation: &str,
    table: &SentimentTable,
    corpus: &Corpus,
    gates: Gates,
    training: Training,
) -> anyhow::Result<PaperReport> {
    check("folds", f64::from(table.folds), [2.0, 50.0])?;
    let mut labels: Vec<usize> = corpus.sentences.iter().map(|(_, class)| *class).collect();
    if table.shuffle_labels {
        shuffle(&mut labels, table.seed, "labels");
    }
    let folds = stratified(&labels, table);
    let (confusions, calibration) = crossed(corpus, &labels, &folds, table, training);
    let count = labels.len() as f64;
    let leaks = confusions.iter().filter(|confusion| confusion.accuracy() > HONEST).count();
    let mut rows = vec![at_most(PaperRow::new("honesty", format!("models above {HONEST}: leaks"), leaks as f64), 0.0)];
    let mut notes = vec![
        format!("{} sentences in {} folds; {} copies were taken out first.", labels.len(), table.folds, corpus.copies),
        format!("Trained here and dropped: nothing of the file is kept. Seed {}.", told(table.seed)),
    ];
    if leaks > 0 {
        notes.push(format!("An accuracy above {HONEST} is not told: find what leaked."));
        return Ok(PaperReport { name: name.to_owned(), citation: citation.to_owned(), rows, notes });
    }
    let error = |p: f64| (p * (1.0 - p) / count).sqrt();
    let majority = confusions[0].accuracy();
    for (place, (model, confusion)) in MODELS.iter().zip(&confusions).enumerate() {
        let accuracy = confusion.accuracy();
        let row = PaperRow::new("accuracy", *model, accuracy).standard_error(error(accuracy));
        rows.push(match (table.shuffle_labels, place) {
            (true, 1..) => at_most(row, majority + 4.0 * error(majority)),
            (false, OURS) => at_least(row, gates.accuracy),
            _ => row,
        });
    }
    for (place, (model, confusion)) in MODELS.iter().zip(&confusions).enumerate() {
        let row = PaperRow::new("macro-F1", *model, confusion.macro_f1());
        rows.push(if place == OURS && !table.shuffle_labels { at_least(row, gates.macro_f1) } else { row });
    }
    rows.push(PaperRow::new("our probabilities", "expected calibration error", calibration.error()));
    for class in 0..3 {
        let (precision, recall) = confusions[OURS].precision_recall(class);
        let word = ["negative", "neutral", "positive"][class];
        rows.push(PaperRow::new("ours, by class", format!("{word}: precision"), precision));
        rows.push(PaperRow::new("ours, by class", format!("{word}: recall"), recall));
    }
    if table.shuffle_labels {
        notes.push("Labels were dealt anew: nothing can be learned, and nothing may be found.".to_owned());
    }
    Ok(PaperReport { name: name.to_owned(), citation: citation.to_owned(), rows, notes })
}

fn shuffle(items: &mut [usize], seed: u64, name: &str) {
    let mut rng = stream(seed, name);
    for at in (1..items.len()).rev() {
        let other = rng.random_range(0..=u64::try_from(at).expect("it fits"));
        items.swap(at, usize::try_from(other).expect("at most `at`"));
    }
}

/// The fold of each sentence: every class is dealt out in turn.
fn stratified(labels: &[usize], table: &SentimentTable) -> Vec<u32> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    shuffle(&mut order, table.seed, "folds");
    order.sort_by_key(|at| labels[*at]);
    let mut folds = vec![0; labels.len()];
    order.into_iter().zip((0..table.folds).cycle()).for_each(|(at, fold)| folds[at] = fold);
    folds
}

/// All models on all folds: what they said, and how sure ours was.
fn crossed(
    corpus: &Corpus,
    labels: &[usize],
    folds: &[u32],
    table: &SentimentTable,
    training: Training,
) -> ([Confusion; MODELS.len()], Calibration) {
    let mut extractor = Extractor::default();
    let texts: Vec<&Text> = corpus.sentences.iter().map(|(text, _)| text).collect();
    let mut counts = Vec::new();
    let mut examples = Vec::new();
    for (text, &class) in texts.iter().zip(labels) {
        examples.push(Example { features: extractor.features(text).to_vec(), class });
        counts.push(extractor.count());
    }
    let all = All { texts, examples, counts, training: Training { seed: table.seed, ..training } };
    let judged = in_parallel(u64::from(table.folds), |fold| {
        let (held, learned): (Vec<usize>, Vec<usize>) = (0..labels.len()).partition(|at| u64::from(folds[*at]) == fold);
        all.judge(&learned, held)
    });
    let mut confusions = [Confusion::default(); MODELS.len()];
    let mut calibration = Calibration::default();
    for Judged { truth, said, confidence } in judged.into_iter().flatten() {
        confusions.iter_mut().zip(said).for_each(|(confusion, said)| confusion.add(truth, said));
        calibration.add(confidence, said[OURS] == truth);
    }
    (confusions, calibration)
}

/// All sentences, in every model's form.
struct All<'a> {
    texts: Vec<&'a Text>,
    examples: Vec<Example>,
    counts: Vec<Count>,
    training: Training,
}

/// What every model said of one sentence, and how sure ours was.
struct Judged {
    truth: usize,
    said: [usize; MODELS.len()],
    confidence: f64,
}

/// One in so many of the learned sentences only calibrates.
const CALIBRATES: usize = 10;

impl All<'_> {
    /// Learns from some and judges the others.
    fn judge(&self, learned: &[usize], held: Vec<usize>) -> Vec<Judged> {
        let class = |at: usize| self.examples[at].class;
        let mut shares = [0usize; 3];
        learned.iter().for_each(|&at| shares[class(at)] += 1);
        let majority = (0..3).max_by_key(|&k| shares[k]).expect("three classes");
        let naive_bayes = NaiveBayes::train(learned.iter().map(|&at| (self.texts[at], class(at))));
        let tf_idf = TfIdf::train(learned.iter().map(|&at| self.texts[at]));
        let weighted = |at: usize| Example { features: tf_idf.features(self.texts[at]), class: class(at) };
        let examples: Vec<Example> = learned.iter().map(|&at| weighted(at)).collect();
        let baseline: Linear<3> = Linear::train(&examples.iter().collect::<Vec<_>>(), self.training);
        // The temperature comes of a model that has not seen what it is fitted to; the weights then of everything.
        let part = |calibrates: bool| {
            let ours = learned.iter().enumerate().filter(move |(i, _)| i.is_multiple_of(CALIBRATES) == calibrates);
            ours.map(|(_, &at)| &self.examples[at]).collect::<Vec<_>>()
        };
        let mut first: Linear<3> = Linear::train(&part(false), self.training);
        first.calibrate(&part(true));
        let whole: Vec<&Example> = learned.iter().map(|&at| &self.examples[at]).collect();
        let ours = Linear::<3>::train(&whole, self.training).at_temperature(first.temperature());
        let judge = |at: usize| {
            let Count { good, bad } = self.counts[at];
            let by_words = match good.cmp(&bad) {
                Ordering::Greater => 2,
                Ordering::Less => 0,
                Ordering::Equal => 1,
            };
            let probabilities = ours.probabilities(&self.examples[at].features);
            let said = likeliest(&probabilities);
            let by_weights = likeliest(&baseline.probabilities(&weighted(at).features));
            Judged {
                truth: class(at),
                said: [majority, by_words, naive_bayes.class(self.texts[at]), by_weights, said],
                confidence: f64::from(probabilities[said]),
            }
        };
        held.into_iter().map(judge).collect()
    }
}
