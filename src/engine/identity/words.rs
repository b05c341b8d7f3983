//! How alike are two words?

/// Lower case, letters and digits only, without the accents of the languages spoken around here.
pub(super) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).map(plain).collect()
}

/// As [`folded`], keeping the words apart.
pub(super) fn folded_words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | ',')).map(folded).filter(|w| !w.is_empty()).collect()
}

fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

/// Longer words are compared by their beginnings: a table of this width is held on the stack.
const LONGEST: usize = 40;

/// How many slips of a typist make one word of the other: a letter left out, put in, replaced, or two neighbours changed round.
/// Three stands for "three or more".
pub(super) fn slips(a: &str, b: &str) -> usize {
    let (a, b) = (clipped(a), clipped(b));
    if a == b {
        return 0;
    }
    if a.len().abs_diff(b.len()) > 2 || foreign(a, b) > 2 || foreign(b, a) > 2 {
        return 3;
    }
    // Small numbers in small rows: a scan of a whole base comes here tens of millions of times.
    let mut before = [0_u8; LONGEST + 1];
    let mut above: [u8; LONGEST + 1] = FIRST_ROW;
    let mut row = [0_u8; LONGEST + 1];
    for (i, x) in a.iter().enumerate() {
        row[0] = FIRST_ROW[i + 1];
        let mut least = row[0];
        for (j, y) in b.iter().enumerate() {
            let replaced = above[j] + u8::from(x != y);
            let turned = if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y { before[j - 1] + 1 } else { u8::MAX };
            row[j + 1] = replaced.min(above[j + 1] + 1).min(row[j] + 1).min(turned);
            least = least.min(row[j + 1]);
        }
        if least > 2 {
            return 3;
        }
        (before, above, row) = (above, row, before);
    }
    usize::from(above[b.len()].min(3))
}

/// How many different letters of this word the other has not, at least. One slip rids a word of one such letter at most.
fn foreign(word: &[u8], other: &[u8]) -> u32 {
    (letters(word) & !letters(other)).count_ones()
}

/// A bit for each letter there is; letters may share one.
fn letters(word: &[u8]) -> u64 {
    word.iter().fold(0, |all, letter| all | 1 << (letter & 63))
}

/// 0, 1, 2 and so on: how many letters must be put in to make each beginning of a word out of nothing.
const FIRST_ROW: [u8; LONGEST + 1] = {
    let mut row = [0; LONGEST + 1];
    let mut at = 1;
    while at <= LONGEST {
        row[at] = row[at - 1] + 1;
        at += 1;
    }
    row
};

/// Jaro's likeness with Winkler's weight for an equal beginning, in thousandths; 0 where it is surely less than `least`.
pub(super) fn likeness(a: &str, b: &str, least: u32) -> u32 {
    let (a, b) = (clipped(a), clipped(b));
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let (in_a, in_b) = (letters(a), letters(b));
    let held = |word: &[u8], other: u64| word.iter().filter(|letter| other >> (*letter & 63) & 1 == 1).count();
    let common_most = held(a, in_b).min(held(b, in_a));
    if winkler(a, b, jaro(a, b, common_most, 0)) < least {
        return 0;
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut taken_a, mut taken_b, mut common) = (0_u64, 0_u64, 0_usize);
    for (i, x) in a.iter().enumerate() {
        let from = i.saturating_sub(reach);
        for (j, y) in b.iter().enumerate().take((i + reach + 1).min(b.len())).skip(from) {
            if taken_b & (1 << j) == 0 && x == y {
                taken_a |= 1 << i;
                taken_b |= 1 << j;
                common += 1;
                break;
            }
        }
    }
    let mut other = b.iter().enumerate().filter(|(j, _)| taken_b & (1 << j) != 0).map(|(_, y)| y);
    let turned = a.iter().enumerate().filter(|(i, _)| taken_a & (1 << i) != 0).filter(|(_, x)| other.next() != Some(x)).count();
    winkler(a, b, jaro(a, b, common, turned))
}

fn jaro(a: &[u8], b: &[u8], common: usize, turned: usize) -> usize {
    if common == 0 {
        return 0;
    }
    let third = |part: usize, of: usize| 1000 * part / of;
    (third(common, a.len()) + third(common, b.len()) + third(2 * common - turned, 2 * common)) / 3
}

fn winkler(a: &[u8], b: &[u8], jaro: usize) -> u32 {
    let beginning = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    u32::try_from(jaro + beginning * (1000 - jaro) / 10).unwrap_or(1000)
}

fn clipped(word: &str) -> &[u8] {
    let bytes = word.as_bytes();
    &bytes[..bytes.len().min(LONGEST)]
}

/// How a name sounds, roughly: one sign for letters that are said alike, no vowels after the first sign. `Smith` and `Smyth` are one,
/// `Katherine` and `Catherine` are one.
pub(super) fn sound(word: &str) -> String {
    let mut out = String::with_capacity(6);
    let bytes = word.as_bytes();
    let mut at = 0;
    while at < bytes.len() && out.len() < 6 {
        let (c, next) = (bytes[at], bytes.get(at + 1).copied().unwrap_or(0));
        let (sign, taken) = match (c, next) {
            (b'p', b'h') => ('f', 2),
            (b'g', b'h') => (if at == 0 { 'g' } else { ' ' }, 2),
            (b'k', b'n') if at == 0 => ('n', 2),
            (b'w', b'r') if at == 0 => ('r', 2),
            (b's', b'c' | b'h') | (b'c', b'h' | b'e' | b'i' | b'y') | (b'z' | b's', _) => ('s', if next == b'h' { 2 } else { 1 }),
            (b'c' | b'k' | b'q' | b'x', _) => ('k', 1),
            (b'g' | b'j', _) => (if c == b'g' && !matches!(next, b'e' | b'i' | b'y') { 'g' } else { 'j' }, 1),
            (b'd' | b't', _) => ('t', 1),
            (b'b' | b'p', _) => ('p', 1),
            (b'v' | b'f', _) => ('f', 1),
            (b'm' | b'n', _) => ('n', 1),
            (b'a' | b'e' | b'i' | b'o' | b'u' | b'y', _) => (if at == 0 { 'a' } else { ' ' }, 1),
            (b'h' | b'w', _) => (if at == 0 { 'h' } else { ' ' }, 1),
            (other, _) if other.is_ascii_alphanumeric() => (char::from(other), 1),
            (_, _) => (' ', 1),
        };
        if sign != ' ' && !out.ends_with(sign) {
            out.push(sign);
        }
        at += taken;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_as_a_typist_makes_them() {
        for (a, b, expected) in [
            ("mason", "mason", 0),
            ("mason", "masno", 1),
            ("mccarthy", "mccarty", 1),
            ("isabelle", "isabeel", 2),
            ("dana", "robert", 3),
            ("", "abcd", 3),
            ("", "a", 1),
        ] {
            assert_eq!((slips(a, b), slips(b, a)), (expected, expected), "{a} {b}");
        }
    }

    #[test]
    fn likeness_is_that_of_jaro_and_winkler() {
        for (a, b, expected) in
            [("martha", "marhta", 961), ("dwayne", "duane", 840), ("dixon", "dicksonx", 813), ("abc", "xyz", 0), ("dana", "dana", 1000)]
        {
            assert!(likeness(a, b, 0).abs_diff(expected) <= 2, "{a} {b} {}", likeness(a, b, 0));
        }
    }

    #[test]
    fn what_is_passed_over_early_is_less_than_was_asked_for() {
        let words = ["martha", "marhta", "mary", "erica", "eric", "dicksonx", "dixon", "jose-maria", "maria", "0550148", "5501480", "zzz"];
        for (a, b) in words.iter().flat_map(|a| words.iter().map(move |b| (a, b))) {
            let whole = likeness(a, b, 0);
            for least in [820, 850, 900, 930, 940] {
                let found = likeness(a, b, least);
                assert!(found == whole || (found == 0 && whole < least), "{a} {b} {least} {found} {whole}");
            }
        }
        assert_eq!(likeness("dana", "robert", 820), 0);
    }

    #[test]
    fn words_that_sound_alike_have_one_sound() {
        for (a, b) in [("smith", "smyth"), ("katherine", "catherine"), ("phillip", "filip"), ("reid", "reed"), ("wright", "rite")] {
            assert_eq!(sound(a), sound(b), "{a} {b}");
        }
        assert_ne!(sound("dana"), sound("sam"));
    }

    #[test]
    fn words_of_any_length_and_script_are_compared() {
        let long = "é".repeat(90);
        assert_eq!((slips(&long, &long), likeness(&long, &long, 0)), (0, 1000));
        assert!(slips("Дана", "dana") > 0);
        assert_eq!(folded("  José-María O'Neil "), "josemariaoneil");
    }
}
