//! How does chance fall? The same way every time: from a seed, what it is about, and which one.

/// What a throw is about. Two subjects never share a row of throws, so that a change in one leaves the other as it was.
#[derive(Debug, Clone, Copy)]
pub(super) enum About {
    Person,
    Home,
    Garage,
    Car,
    Sale,
    Service,
    Work,
    Lot,
    Lead,
    Answer,
    Visitor,
    Session,
    Note,
    Shopper,
    Word,
    Wish,
}

/// A row of throws (SplitMix64: <https://prng.di.unimi.it/splitmix64.c>, public domain algorithm). Not for secrets.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Dice {
    pub(super) fn of(seed: u64, about: About, which: u64) -> Self {
        let subject = mixed(seed ^ STEP.wrapping_mul(about as u64 + 1));
        Self(mixed(subject ^ which.wrapping_mul(0xD1B5_4A32_D192_ED03)))
    }

    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// 0 up to, not including, `n`; 0 when `n` is 0.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        u32::try_from(((self.roll() >> 32) * u64::from(n)) >> 32).unwrap_or(0)
    }

    /// As `below`, leaning towards 0: the least of three throws.
    pub(super) fn low_below(&mut self, n: u32) -> u32 {
        self.below(n).min(self.below(n)).min(self.below(n))
    }

    /// Both ends can fall.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::from(self.below(u32::try_from(high - low + 1).unwrap_or(1)))
    }

    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(u32::try_from(from.len()).unwrap_or(1)) as usize]
    }

    /// The place in a running sum of weights where the throw falls.
    pub(super) fn by_weight(&mut self, running: &[u32]) -> usize {
        let at = self.below(running.last().copied().unwrap_or(1));
        running.partition_point(|sum| *sum <= at)
    }

    /// The index into `weights`.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (i, weight) in weights.iter().enumerate() {
            if at < *weight {
                return i;
            }
            at -= weight;
        }
        0
    }
}

/// Running sums, for [`Dice::by_weight`].
pub(super) fn running(weights: impl Iterator<Item = u32>) -> Vec<u32> {
    weights
        .scan(0, |sum, w| {
            *sum += w;
            Some(*sum)
        })
        .collect()
}

/// Where `i` of `count` goes when all are shuffled: every place is taken exactly once.
/// The factor is a prime larger than any count here, so it shares no divisor with `count`.
pub(super) fn shuffled(i: u64, count: u64, seed: u64) -> u64 {
    (i * 982_451_653 + mixed(seed) % count.max(1)) % count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffling_takes_every_place_once() {
        for count in [1, 7, 100, 2_250, 10_000] {
            let mut places: Vec<u64> = (0..count).map(|i| shuffled(i, count, 7)).collect();
            places.sort_unstable();
            assert!(places.iter().copied().eq(0..count), "{count}");
        }
    }

    #[test]
    fn the_same_subject_falls_the_same_way_and_another_does_not() {
        let rolls = |seed, about, which| (0..4).map(move |_| ()).scan(Dice::of(seed, about, which), |d, ()| Some(d.roll())).collect::<Vec<_>>();
        assert_eq!(rolls(7, About::Person, 3), rolls(7, About::Person, 3));
        assert_ne!(rolls(7, About::Person, 3), rolls(8, About::Person, 3));
        assert_ne!(rolls(7, About::Person, 3), rolls(7, About::Car, 3));
        assert_ne!(rolls(7, About::Person, 3), rolls(7, About::Person, 4));
    }

    #[test]
    fn weights_decide_how_often_each_falls() {
        let mut dice = Dice::of(1, About::Car, 0);
        let mut hits = [0; 3];
        for _ in 0..10_000 {
            hits[dice.weighted(&[1, 0, 3])] += 1;
        }
        assert_eq!(hits[1], 0);
        assert!((2_300..2_700).contains(&hits[0]), "{hits:?}");
    }
}
