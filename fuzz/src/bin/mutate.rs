//! Feeds every reader with mutations of its corpus, on any toolchain:
//! `cargo run --profile checked -p rotashare-fuzz --bin mutate -- SECONDS [SEED [TARGET]]`
//! spends so many seconds on each target. An input that fails is kept in `fuzz/artifacts`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a run says what it tried and what failed"
)]

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rotashare_fuzz::TARGETS;

/// No input may take longer than this.
const SLOW: Duration = Duration::from_secs(10);
/// Inputs grow no longer than this.
const MOST_BYTES: usize = 1 << 15;

/// What matters in these files.
fn words() -> Vec<Vec<u8>> {
    include_str!("../../words.dict").lines().filter_map(word).collect()
}

/// The word on a line of a dictionary: in quotes, with `\"`, `\\` and `\x0a`.
fn word(line: &str) -> Option<Vec<u8>> {
    let mut rest = line.strip_prefix('"')?.strip_suffix('"')?.as_bytes();
    let mut bytes = Vec::new();
    while let Some((first, more)) = rest.split_first() {
        rest = more;
        bytes.push(match (first, rest) {
            (b'\\', [b'x', high, low, more @ ..]) => {
                rest = more;
                u8::from_str_radix(str::from_utf8(&[*high, *low]).ok()?, 16).ok()?
            }
            (b'\\', [byte, more @ ..]) => {
                rest = more;
                *byte
            }
            _ => *first,
        });
    }
    Some(bytes)
}

/// SplitMix64: a seed gives the same inputs for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }
}

/// One to eight changes to an entry of the corpus.
fn mutated(corpus: &[Vec<u8>], words: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = corpus[dice.below(corpus.len())].clone();
    for _ in 0..1 + dice.below(8) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + 1 + dice.below(12)).min(bytes.len());
        match dice.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = dice.roll() as u8,
            2 => drop(bytes.drain(at..end)),
            3 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part.repeat(1 + dice.below(3)));
            }
            4 => {
                let other = &corpus[dice.below(corpus.len())];
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(200)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            5 => bytes.truncate(at),
            _ => {
                let word = &words[dice.below(words.len())];
                let cell = |byte: &u8| {
                    matches!(byte, b',' | b';' | b'\n' | b'=' | b' ' | b'<' | b'>' | b'"')
                };
                // Instead of a whole cell, as often as not.
                let stop = bytes[at..].iter().position(cell).map_or(bytes.len(), |more| at + more);
                let start = bytes[..at].iter().rposition(cell).map_or(0, |before| before + 1);
                let range = if dice.below(2) == 0 { start..stop } else { at..at };
                bytes.splice(range, word.iter().copied());
            }
        }
    }
    bytes.truncate(MOST_BYTES);
    bytes
}

fn corpus(root: &Path, target: &str) -> Vec<Vec<u8>> {
    let folder = root.join("corpus").join(target);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let seconds: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(12);
    let seed: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let only = arguments.next();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let words = words();
    let mut failed = 0;
    for (name, target) in
        TARGETS.iter().filter(|(name, _)| only.as_deref().is_none_or(|o| o == *name))
    {
        let corpus = corpus(root, name);
        assert!(!corpus.is_empty(), "{name} has no corpus");
        let mut dice = Dice(seed);
        let (start, mut runs, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
        let mut first = corpus.iter().cloned();
        while start.elapsed() < Duration::from_secs(seconds) {
            let input = first.next().unwrap_or_else(|| mutated(&corpus, &words, &mut dice));
            let begin = Instant::now();
            let outcome = catch_unwind(|| target(&input));
            let took = begin.elapsed();
            slowest = slowest.max(took);
            runs += 1;
            if outcome.is_err() || took > SLOW {
                failed += 1;
                let folder = root.join("artifacts").join(name);
                let path = folder.join(format!("{seed}-{runs}"));
                let kept = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, &input));
                let why = if outcome.is_err() { "panicked" } else { "took too long" };
                eprintln!("{name}: {why} on {} ({kept:?})", path.display());
            }
        }
        println!("{name}: {runs} inputs in {seconds} s, the slowest {slowest:?}");
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
