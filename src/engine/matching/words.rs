//! What do their own words say they want? A budget, a shape, wheels, seats: what is said plainly, and nothing that must be guessed.

use super::traits::{self, Body, Drive};

/// What somebody wrote of the car they want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    /// They want to pay no more.
    pub price_most_dollars: Option<u32>,
    pub body: Option<Body>,
    pub drive: Option<Drive>,
    pub seats_least: Option<u8>,
}

/// Words before a number that make it a limit.
const AT_MOST: [&str; 9] = ["under", "below", "than", "to", "max", "maximum", "most", "budget", "within"];
/// A number outside these is no price of a car: a phone, a year's miles, a monthly payment.
const PRICES: std::ops::RangeInclusive<u32> = 3_000..=250_000;
/// A car that is spoken of so is theirs, or not what they want.
const NOT_WANTED: [&str; 16] =
    ["my", "our", "his", "her", "their", "has", "drives", "owns", "not", "no", "trade", "trading", "trades", "sold", "selling", "sell"];
/// So many words before a shape are looked at for that.
const NEAR: usize = 3;

/// Reads one message. Later ones stand above earlier ones, which is for the caller to say.
#[must_use]
pub fn said(text: &str) -> Said {
    let words: Vec<String> = text.split(|c: char| c.is_whitespace() || "?!;:()".contains(c)).map(plain).filter(|w| !w.is_empty()).collect();
    let mut said = Said::default();
    for (place, word) in words.iter().enumerate() {
        let before = |near: usize| words.get(place.saturating_sub(near)..place).unwrap_or_default();
        let is_wanted = || !before(NEAR).iter().any(|w| NOT_WANTED.contains(&w.as_str()));
        let next = words.get(place + 1).map_or("", String::as_str);
        if let Some(dollars) = dollars(word, next)
            && before(NEAR).iter().any(|w| AT_MOST.contains(&w.as_str()))
            && !["mi", "mile", "miles", "km"].contains(&next)
        {
            said.price_most_dollars = Some(dollars);
        }
        said.body = shape(word).filter(|_| is_wanted()).or(said.body);
        said.drive = wheels(word).filter(|_| is_wanted()).or(said.drive);
        let counted = word.parse().ok().filter(|n| (2..=9).contains(n) && ["seats", "seater", "passenger", "passengers", "people"].contains(&next));
        let third_row = (["third", "3rd"].contains(&word.as_str()) && next == "row").then_some(7);
        said.seats_least = counted.or(third_row).or(said.seats_least);
    }
    said
}

/// Words by which a note speaks of what somebody wants, and not of what they have or did.
const WANTING: [&str; 14] =
    ["want", "wants", "wanted", "need", "needs", "looking", "seeking", "seeks", "interested", "prefers", "prefer", "budget", "shopping", "hoping"];

/// Reads a note that somebody of the store wrote about them: only the sentences that speak of what they want, with the first of those that
/// says something.
#[must_use]
pub fn noted(text: &str) -> Option<(Said, &str)> {
    let mut all: Option<(Said, &str)> = None;
    for sentence in text.split(['\n', '!', '?', ';']).flat_map(|line| line.split(". ")).map(str::trim) {
        let is_of_wanting = sentence.split(|c: char| !c.is_alphabetic()).any(|word| WANTING.contains(&word.to_lowercase().as_str()));
        let here = said(sentence);
        if !is_of_wanting || here == Said::default() {
            continue;
        }
        let (before, first) = all.unwrap_or((Said::default(), sentence));
        let both = Said {
            price_most_dollars: here.price_most_dollars.or(before.price_most_dollars),
            body: here.body.or(before.body),
            drive: here.drive.or(before.drive),
            seats_least: here.seats_least.or(before.seats_least),
        };
        all = Some((both, first));
    }
    all
}

/// Lower case, without the signs around a word.
fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '$').trim_end_matches("'s").to_lowercase()
}

/// `$25,000`, `25000`, `25k`; and `25 k`.
fn dollars(word: &str, next: &str) -> Option<u32> {
    let bare: String = word.trim_start_matches('$').chars().filter(|c| *c != ',').collect();
    let (digits, thousands) = match bare.strip_suffix('k').or_else(|| bare.strip_suffix("grand")) {
        Some(digits) => (digits, true),
        None => (bare.as_str(), ["k", "grand", "thousand"].contains(&next)),
    };
    let number: u32 = digits.parse().ok()?;
    Some(if thousands { number.checked_mul(1_000)? } else { number }).filter(|dollars| PRICES.contains(dollars))
}

fn shape(word: &str) -> Option<Body> {
    const WORDS: [&str; 12] =
        ["suv", "suvs", "crossover", "truck", "trucks", "pickup", "sedan", "coupe", "hatchback", "wagon", "minivan", "convertible"];
    WORDS.contains(&word).then(|| traits::body(word)).flatten()
}

fn wheels(word: &str) -> Option<Drive> {
    ["awd", "4wd", "4x4", "fwd", "rwd"].contains(&word).then(|| traits::drive(word)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_heard_where_it_speaks_of_what_they_want() {
        let none = Said::default;
        for (text, expected, sentence) in [
            (
                "Wants a truck below 25,000.",
                Said { body: Some(Body::Truck), price_most_dollars: Some(25_000), ..none() },
                "Wants a truck below 25,000.",
            ),
            (
                "Has two kids. Needs a third row. Budget 30k",
                Said { seats_least: Some(7), price_most_dollars: Some(30_000), ..none() },
                "Needs a third row",
            ),
            (
                "Wants 9,000 for her truck and is looking for awd",
                Said { drive: Some(Drive::All), ..none() },
                "Wants 9,000 for her truck and is looking for awd",
            ),
            ("wants a sedan\nneeds an SUV after all", Said { body: Some(Body::Suv), ..none() }, "wants a sedan"),
        ] {
            assert_eq!(noted(text), Some((expected, sentence)), "{text}");
        }
        for text in [
            "Drives a truck, called about the recall.",
            "Showed him the SUV below 25k",
            "Looks good in the truck, price below 25k",
            "Wants to be called after 5",
            "Needs to sell his truck",
            "",
        ] {
            assert_eq!(noted(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_said_plainly_is_heard_and_nothing_else() {
        let none = Said::default;
        for (text, expected) in [
            ("Do you have an SUV under $25,000?", Said { body: Some(Body::Suv), price_most_dollars: Some(25_000), ..none() }),
            ("looking for awd, no more than 18k", Said { drive: Some(Drive::All), price_most_dollars: Some(18_000), ..none() }),
            ("My budget is 22 grand. Third row please", Said { price_most_dollars: Some(22_000), seats_least: Some(7), ..none() }),
            ("We need 8 seats", Said { seats_least: Some(8), ..none() }),
            ("I would trade in my truck", none()),
            ("I do not want a truck", none()),
            ("Call me at 207-555-0148 after 5", none()),
            ("under 30000 miles", none()),
            ("under $300 a month", none()),
            ("It costs 25,000?", none()),
            ("", none()),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
