//! How little does it say that two people bear this name?

use std::sync::LazyLock;

/// The most frequent names of the US census of 1990, which is in the public domain: a name, and tenths of a bit of surprise at it.
static FIRST: LazyLock<Vec<(&'static str, f64)>> = LazyLock::new(|| read(include_str!("first_names.txt")));
static LAST: LazyLock<Vec<(&'static str, f64)>> = LazyLock::new(|| read(include_str!("last_names.txt")));

fn read(text: &'static str) -> Vec<(&'static str, f64)> {
    text.lines().filter_map(|line| line.split_once(' ')).filter_map(|(name, tenths)| Some((name, tenths.parse::<f64>().ok()? / 10.0))).collect()
}

/// The share of people with this given name, lower case; `None` for one too rare for the list.
pub(super) fn first_share(name: &str) -> Option<f64> {
    share(&FIRST, name)
}

/// The share of people with this surname, lower case; `None` for one too rare for the list.
pub(super) fn last_share(name: &str) -> Option<f64> {
    share(&LAST, name)
}

fn share(list: &[(&'static str, f64)], name: &str) -> Option<f64> {
    let at = list.binary_search_by(|(listed, _)| (*listed).cmp(name)).ok()?;
    Some((-list[at].1).exp2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smith_says_less_than_abernathy() {
        let (smith, abernathy) = (last_share("smith").unwrap(), last_share("abernathy").unwrap_or(1e-5));
        assert!(smith > 0.008 && smith < 0.012 && abernathy < 0.0005);
        assert!(first_share("james").is_some_and(|s| s > 0.01));
        assert_eq!(first_share("xxqz"), None);
    }

    #[test]
    fn the_lists_are_in_order_so_that_a_name_is_found() {
        assert!(FIRST.len() > 1000 && FIRST.is_sorted_by(|a, b| a.0 < b.0));
        assert!(LAST.len() > 2000 && LAST.is_sorted_by(|a, b| a.0 < b.0));
    }
}
