//! Complete parsing of posts: weighted length, validity and all entities, in megabytes per second.
//!
//! With `--features peers`, the crate `twitter-text` is measured with each of its parsers as well.
#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use chirrup::text::{Config, parse_and_extract};
use chirrup_benches::texts::corpus;
use std::hint::black_box;
use std::time::Instant;

/// Returns the best rate of 25 rounds, in megabytes per second.
fn rate(corpus: &[String], mut parse: impl FnMut(&str)) -> f64 {
    let bytes: usize = corpus.iter().map(String::len).sum();
    let round = |parse: &mut dyn FnMut(&str)| {
        let start = Instant::now();
        corpus.iter().for_each(|text| parse(text));
        start.elapsed().as_secs_f64()
    };
    let best = (0..25).map(|_| round(&mut parse)).fold(f64::INFINITY, f64::min);
    bytes as f64 / best / 1e6
}

fn main() {
    let corpus = corpus();
    let ours = rate(&corpus, |text| {
        black_box(parse_and_extract(text, &Config::V3));
    });
    println!("chirrup-text: {ours:.0} MB/s");
    #[cfg(feature = "peers")]
    peers(&corpus, ours);
}

#[cfg(feature = "peers")]
fn peers(corpus: &[String], ours: f64) {
    use twitter_text::extractor::{Extract as _, ParserBackend, ValidatingExtractor};
    let config = twitter_text_config::config_v3();
    for backend in [ParserBackend::Pest, ParserBackend::External, ParserBackend::Nom] {
        let theirs = rate(corpus, |text| {
            let mut extractor = ValidatingExtractor::with_parser_backend(config, backend);
            let text = extractor.prep_input(text);
            black_box(extractor.extract_entities_with_indices(&text));
        });
        println!("twitter-text ({backend:?}): {theirs:.1} MB/s; chirrup-text is {:.1} times as fast", ours / theirs);
    }
}
