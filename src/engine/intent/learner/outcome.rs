//! Which rows came to what is to be foretold?

use super::table::Words;
use std::collections::BTreeMap;

/// The column that is to be foretold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What a row says that came to it, as the file writes it.
    pub positive: String,
    pub negative: String,
    /// Row by row; `None` where nothing is said.
    pub came: Vec<Option<bool>>,
}

/// Why a column is no outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoOutcome {
    /// No row says anything.
    Empty,
    One(String),
    /// The first few of them, and how many there are.
    Many(Vec<String>, usize),
}

const YES: [&str; 14] = ["1", "1.0", "yes", "y", "true", "t", "sold", "won", "converted", "positive", "pos", "success", "bought", "closed won"];
const NO: [&str; 12] = ["0", "0.0", "-1", "no", "n", "false", "f", "not sold", "lost", "negative", "neg", "failure"];
const NAMED_MOST: usize = 5;

impl Outcome {
    /// Two different values, whatever they are. The one that says yes came; where neither says so, the rarer.
    pub fn of(words: &Words) -> Result<Self, NoOutcome> {
        let folded = |word: &str| word.trim_end_matches('.').to_lowercase();
        let mut values: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for word in words.each().filter(|word| !word.is_empty()) {
            values.entry(folded(word)).or_insert_with(|| (0, word.to_owned())).0 += 1;
        }
        let mut rarest_first: Vec<(usize, String, String)> = values.into_iter().map(|(key, (rows, said))| (rows, key, said)).collect();
        rarest_first.sort();
        let (rarer, other) = match rarest_first.as_slice() {
            [] => return Err(NoOutcome::Empty),
            [(_, _, said)] => return Err(NoOutcome::One(said.clone())),
            [rarer, other] => (rarer, other),
            many => {
                let named = many.iter().rev().take(NAMED_MOST).map(|(_, _, said)| said.clone()).collect();
                return Err(NoOutcome::Many(named, many.len()));
            }
        };
        let says_no = |key: &str| NO.contains(&key);
        let turned = YES.contains(&other.1.as_str()) && !YES.contains(&rarer.1.as_str()) || says_no(&rarer.1) && !says_no(&other.1);
        let (positive, negative) = if turned { (other, rarer) } else { (rarer, other) };
        let came = words.each().map(|word| (!word.is_empty()).then(|| folded(word) == positive.1)).collect();
        Ok(Self { positive: positive.2.clone(), negative: negative.2.clone(), came })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cells: &[&str]) -> Result<Outcome, NoOutcome> {
        let mut words = Words::new("outcome");
        for cell in cells {
            words.push(cell);
        }
        Outcome::of(&words)
    }

    fn check(cells: &[&str], positive: &str, came: &[Option<bool>]) {
        let found = of(cells).unwrap();
        assert_eq!((found.positive.as_str(), found.came.as_slice()), (positive, came));
    }

    #[test]
    fn who_says_yes_came_though_most_do() {
        check(&["1", "0", "1", "1"], "1", &[Some(true), Some(false), Some(true), Some(true)]);
        check(&["No", "yes", "Yes", "YES"], "yes", &[Some(false), Some(true), Some(true), Some(true)]);
        check(&["True", "False", "true"], "True", &[Some(true), Some(false), Some(true)]);
        check(&["lost", "here", "here"], "here", &[Some(false), Some(true), Some(true)]);
        check(&["no", "yes, twice", "yes, twice"], "yes, twice", &[Some(false), Some(true), Some(true)]);
    }

    #[test]
    fn of_two_words_the_rarer_came() {
        check(&["<=50K", ">50K.", "<=50K."], ">50K.", &[Some(false), Some(true), Some(false)]);
        check(&["good", "bad", "good"], "bad", &[Some(false), Some(true), Some(false)]);
    }

    #[test]
    fn a_blank_is_no_outcome() {
        check(&["1", "", "0", "NA"], "1", &[Some(true), None, Some(false), None]);
    }

    #[test]
    fn one_value_or_three_are_no_outcome() {
        assert_eq!(of(&[]), Err(NoOutcome::Empty));
        assert_eq!(of(&["", ""]), Err(NoOutcome::Empty));
        assert_eq!(of(&["yes", "yes"]), Err(NoOutcome::One("yes".to_owned())));
        assert_eq!(of(&["a", "b", "b", "c"]), Err(NoOutcome::Many(vec!["b".into(), "c".into(), "a".into()], 3)));
    }
}
