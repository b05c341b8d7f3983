//! How are counts, names and other people's words put into a sentence?

use crate::domain::customer::Customer;

/// `once`, `twice`, `5 times`.
#[must_use]
pub(crate) fn times(n: usize) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

/// `4th`.
#[must_use]
pub(crate) fn ordinal(n: usize) -> String {
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        (_, _) => "th",
    };
    format!("{n}{ending}")
}

/// The first name, or whatever the customer is shown by.
#[must_use]
pub(crate) fn who(customer: &Customer) -> String {
    match customer.first_name() {
        "" => customer.display_name(),
        first => first.to_owned(),
    }
}

/// `asked about the CR-V` as `Asked about the CR-V`.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Somebody's words on one line, at most `most` characters, cut between words with an ellipsis.
#[must_use]
pub(crate) fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let head: String = line.chars().take(most.saturating_sub(1)).collect();
    let ends_a_word = line[head.len()..].starts_with(' ');
    let whole = if ends_a_word { head.as_str() } else { head.rsplit_once(' ').map_or(head.as_str(), |(words, _)| words) };
    format!("{}\u{2026}", whole.trim_end_matches([',', '.', ';', ':', ' ']))
}

/// The same in quotation marks.
#[must_use]
pub(crate) fn quoted(text: &str, most: usize) -> String {
    format!("\u{201c}{}\u{201d}", cut(text, most))
}

/// With a full stop where none of its own ends it; within quotation marks, as they are set here.
#[must_use]
pub(crate) fn closed(text: &str) -> String {
    let (words, mark) = text.strip_suffix('\u{201d}').map_or((text, ""), |words| (words, "\u{201d}"));
    let ends = words.ends_with(['.', '!', '?', '\u{2026}']);
    format!("{words}{}{mark}", if ends { "" } else { "." })
}

/// As much of a list as has room, in whole pieces, and `rest` when some were left out: `Oil change, Four tires, and more`.
#[must_use]
pub(crate) fn some_of(list: &str, most: usize, rest: &str) -> String {
    let line = list.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let room = most.saturating_sub(rest.chars().count());
    let fits = line.match_indices(", ").map(|(at, _)| &line[..at]).take_while(|head| head.chars().count() <= room).last();
    fits.map_or_else(|| cut(&line, most), |head| format!("{head}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_once() {
        for (said, ended) in [
            ("Texted us", "Texted us."),
            ("Texted us.", "Texted us."),
            ("\u{201c}Is it still there?\u{201d}", "\u{201c}Is it still there?\u{201d}"),
            ("\u{201c}Yes please\u{201d}", "\u{201c}Yes please.\u{201d}"),
            ("Front brake pads and\u{2026}", "Front brake pads and\u{2026}"),
        ] {
            assert_eq!(closed(said), ended);
        }
    }

    #[test]
    fn a_list_is_cut_between_its_pieces() {
        assert_eq!(some_of("Oil change, Four tires", 40, ""), "Oil change, Four tires");
        assert_eq!(some_of("Oil change, Four tires, mounted and balanced", 40, ", and more"), "Oil change, Four tires, and more");
        assert_eq!(some_of("Sixty thousand miles inspection", 12, ""), "Sixty\u{2026}");
    }

    #[test]
    fn counts_are_words() {
        assert_eq!((times(1), times(2), times(3)), ("once".into(), "twice".into(), "3 times".into()));
        for (n, said) in [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd"), (113, "113th")] {
            assert_eq!(ordinal(n), said);
        }
    }

    #[test]
    fn long_words_are_cut_between_words() {
        assert_eq!(cut("Is the white\n one still there?", 40), "Is the white one still there?");
        assert_eq!(cut("Is the white one still there?", 17), "Is the white one\u{2026}");
        assert_eq!(cut("\u{e9}\u{e9}\u{e9}\u{e9}", 3), "\u{e9}\u{e9}\u{2026}");
        assert_eq!(quoted("Yes, please", 6), "\u{201c}Yes\u{2026}\u{201d}");
    }
}
