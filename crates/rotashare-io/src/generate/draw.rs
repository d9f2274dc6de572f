//! Seeded draws that stay the same for ever.
//!
//! The generator is SplitMix64 (G. Steele, D. Lea, C. Flood: Fast Splittable Pseudorandom Number
//! Generators, OOPSLA 2014). It is written out here because the checked-in datasets and the benches must
//! come out byte for byte the same in every release: libraries keep their generators stable, but not
//! how they draw ranges and shuffles from them.

/// A stream of draws. The same seed gives the same stream on every machine.
#[derive(Clone, Debug)]
pub struct Draw {
    state: u64,
}

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Draw {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream of its own for part `label` of what this seed makes, so that a change in one part
    /// leaves the others as they are. Does not advance this stream.
    #[must_use]
    pub fn part(&self, label: u64) -> Self {
        let mut child = Self::new(self.state ^ label.wrapping_add(1).wrapping_mul(STEP));
        Self::new(child.bits())
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to but not including `bound`; 0 where `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.bits()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// A fraction from 0 up to but not including 1.
    pub fn fraction(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// One of several; `None` of none.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// Which of several, by weight; 0 where all weights are 0.
    pub fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// Puts a slice into random order.
    pub fn shuffle<T>(&mut self, slice: &mut [T]) {
        for last in (1..slice.len()).rev() {
            slice.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // The first outputs of SplitMix64 for seed 1234567, as published with the algorithm.
        let mut draw = Draw::new(1_234_567);
        let first = [draw.bits(), draw.bits(), draw.bits()];
        assert_eq!(first, [6457827717110365317, 3203168211198807973, 9817491932198370423]);
    }

    #[test]
    fn draws_keep_their_bounds() {
        let mut draw = Draw::new(7);
        for _ in 0..1000 {
            assert!(draw.below(3) < 3);
            assert!((2..=5).contains(&draw.between(2, 5)));
            assert!((0.0..1.0).contains(&draw.fraction()));
            assert_ne!(draw.weighted(&[1, 0, 2]), 1);
        }
        assert_eq!((draw.below(0), draw.weighted(&[])), (0, 0));
        let mut all: Vec<usize> = (0..50).collect();
        draw.shuffle(&mut all);
        assert!(all.iter().enumerate().any(|(index, one)| index != *one));
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
        assert_ne!(draw.part(0).bits(), draw.part(1).bits());
    }
}
