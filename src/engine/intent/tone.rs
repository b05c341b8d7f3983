//! Do somebody's own words complain, or ask us to stop?
//!
//! A short list of phrases that people write to stores when they are angry, each with what it is taken for. It is meant to miss some and to
//! take few wrongly: single words that are also said of a car, a road or the weather are not on it.

/// What unhappy words want of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// To be heard: somebody who can put it right should call.
    Redress,
    /// To be left alone.
    Peace,
}

/// Words that were found, and what they want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tone {
    pub phrase: &'static str,
    pub wants: Wants,
}

/// Whole words in this order. Those that ask for peace come first: whoever says both wants it.
const PHRASES: &[(&str, Wants)] = &[
    ("stop texting", Wants::Peace),
    ("stop calling", Wants::Peace),
    ("stop emailing", Wants::Peace),
    ("stop contacting", Wants::Peace),
    ("stop messaging", Wants::Peace),
    ("stop sending", Wants::Peace),
    ("stop bothering", Wants::Peace),
    ("leave me alone", Wants::Peace),
    ("do not contact", Wants::Peace),
    ("dont contact", Wants::Peace),
    ("do not call", Wants::Peace),
    ("dont call me again", Wants::Peace),
    ("do not text", Wants::Peace),
    ("dont text me", Wants::Peace),
    ("remove me from", Wants::Peace),
    ("take me off", Wants::Peace),
    ("unsubscribe", Wants::Peace),
    ("terrible service", Wants::Redress),
    ("terrible experience", Wants::Redress),
    ("horrible service", Wants::Redress),
    ("horrible experience", Wants::Redress),
    ("awful service", Wants::Redress),
    ("awful experience", Wants::Redress),
    ("bad service", Wants::Redress),
    ("bad experience", Wants::Redress),
    ("poor service", Wants::Redress),
    ("worst dealer", Wants::Redress),
    ("worst dealership", Wants::Redress),
    ("worst experience", Wants::Redress),
    ("worst service", Wants::Redress),
    ("very disappointed", Wants::Redress),
    ("so disappointed", Wants::Redress),
    ("extremely disappointed", Wants::Redress),
    ("very frustrated", Wants::Redress),
    ("so frustrated", Wants::Redress),
    ("very upset", Wants::Redress),
    ("disgusted", Wants::Redress),
    ("unacceptable", Wants::Redress),
    ("unprofessional", Wants::Redress),
    ("ridiculous", Wants::Redress),
    ("rude", Wants::Redress),
    ("lied to", Wants::Redress),
    ("you lied", Wants::Redress),
    ("liar", Wants::Redress),
    ("liars", Wants::Redress),
    ("dishonest", Wants::Redress),
    ("scam", Wants::Redress),
    ("scammed", Wants::Redress),
    ("fraud", Wants::Redress),
    ("ripped off", Wants::Redress),
    ("rip off", Wants::Redress),
    ("bait and switch", Wants::Redress),
    ("waste of time", Wants::Redress),
    ("waste of my time", Wants::Redress),
    ("wasted my time", Wants::Redress),
    ("wasting my time", Wants::Redress),
    ("never again", Wants::Redress),
    ("never buy from", Wants::Redress),
    ("never coming back", Wants::Redress),
    ("nobody called me back", Wants::Redress),
    ("no one called me back", Wants::Redress),
    ("never called me back", Wants::Redress),
    ("file a complaint", Wants::Redress),
    ("better business bureau", Wants::Redress),
    ("bbb complaint", Wants::Redress),
    ("attorney general", Wants::Redress),
    ("my attorney", Wants::Redress),
    ("my lawyer", Wants::Redress),
    ("small claims", Wants::Redress),
    ("want my money back", Wants::Redress),
    ("fed up", Wants::Redress),
];

/// These before a phrase turn it round: "not rude at all", "no scam".
const TURNS: &[&str] = &["not", "no", "isnt", "wasnt", "arent", "werent", "never", "without", "hardly"];

/// The first phrase of the list that stands in a text. A message that is nothing but "stop" asks for peace; "can I stop by" does not.
#[must_use]
pub fn tone(text: &str) -> Option<Tone> {
    let words = words(text);
    if matches!(words.as_slice(), [one] if matches!(one.as_str(), "stop" | "stopall" | "quit" | "unsubscribe")) {
        return Some(Tone { phrase: "stop", wants: Wants::Peace });
    }
    PHRASES.iter().find(|(phrase, _)| says(&words, phrase)).map(|(phrase, wants)| Tone { phrase, wants: *wants })
}

fn says(words: &[String], phrase: &str) -> bool {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    let at = |place: usize| words.get(place..place + wanted.len()).is_some_and(|run| run.iter().zip(&wanted).all(|(word, wanted)| word == wanted));
    let is_turned = |place: usize| place.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| TURNS.contains(&word.as_str()));
    (0..words.len()).any(|place| at(place) && !is_turned(place))
}

/// Lower case, without apostrophes; whatever else is no letter or digit ends a word.
fn words(text: &str) -> Vec<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, '\'' | '\u{2019}')).flat_map(char::to_lowercase).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_heard_and_plain_words_are_not_taken_for_one() {
        for (text, expected) in [
            ("This was TERRIBLE service, I waited two hours", Some(("terrible service", Wants::Redress))),
            ("Your salesman was rude.", Some(("rude", Wants::Redress))),
            ("I\u{2019}m so disappointed with you guys", Some(("so disappointed", Wants::Redress))),
            ("STOP", Some(("stop", Wants::Peace))),
            ("Please stop texting me, it is ridiculous", Some(("stop texting", Wants::Peace))),
            ("Don't text me any more", Some(("dont text me", Wants::Peace))),
            ("Can I stop by tomorrow?", None),
            ("Everybody was great, not rude at all", None),
            ("Is this a crude estimate?", None),
            ("The traffic was terrible, I will be late", None),
            ("Is it still available?", None),
            ("No problem, see you at 5", None),
            ("", None),
        ] {
            assert_eq!(tone(text).map(|t| (t.phrase, t.wants)), expected, "{text}");
        }
    }
}
