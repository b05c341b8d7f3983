//! Which number was meant? The slips of people who copy numbers by hand, each tried, and kept where it gives a car.

use super::decode;
use crate::domain::vin::{self, Vin};

/// Numbers that differ from what was written by one slip and that are sound: the digit holds, and the number is of a car that was made.
/// The likeliest slip first; none where what was written is sound itself.
#[must_use]
pub fn suggestions(text: &str) -> Vec<Vin> {
    const MOST: usize = 5;
    if Vin::parse(text).is_some_and(|vin| vin.fault().is_none()) {
        return Vec::new();
    }
    let written: Vec<char> = vin::plain(text).collect();
    let mut found: Vec<Vin> = Vec::new();
    for vin in slips(&written).into_iter().filter_map(|slip| Vin::parse(&slip.into_iter().collect::<String>())) {
        let is_sound = vin.check_digit_holds() && ends_in_digits(&vin) && !found.contains(&vin) && !decode(&vin).model.is_empty();
        if is_sound {
            found.push(vin);
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// The last five are the serial number (49 CFR 565.15(d)), where the maker is none of few cars.
fn ends_in_digits(vin: &Vin) -> bool {
    let (few, serial) = (vin.as_str().as_bytes().get(2) == Some(&b'9'), vin.as_str().get(12..).unwrap_or_default());
    few || !vin.is_north_american() || serial.bytes().all(|b| b.is_ascii_digit())
}

/// Characters taken for each other, by hand, by eye or by ear.
const ALIKE: &[&str] = &["0DOQ", "1IL7", "2Z7", "5S6", "8B36", "6GC", "UV", "VWY", "MN", "PR", "4A", "9G", "EF", "KX", "38", "HN", "DB", "TY"];

/// Every text that one slip may have made into this one: letters that no number has, a character taken for another, two changed about,
/// one too many, one too few.
fn slips(written: &[char]) -> Vec<Vec<char>> {
    const LENGTH: usize = 17;
    let lawful: Vec<char> = written.iter().map(|c| lawful(*c)).collect();
    let mut all = vec![lawful.clone()];
    match lawful.len() {
        LENGTH => {
            all.extend((1..LENGTH).map(|at| changed(&lawful, |v| v.swap(at - 1, at))));
            all.extend(with_digit(&lawful));
            all.extend(replaced(&lawful, |c, other| ALIKE.iter().any(|set| set.contains(c) && set.contains(other))));
            all.extend(replaced(&lawful, |c, other| !ALIKE.iter().any(|set| set.contains(c) && set.contains(other))));
        }
        18 => all.extend((0..18).map(|at| {
            changed(&lawful, |v| {
                v.remove(at);
            })
        })),
        16 => {
            // A doubled character written once is likelier than any other that was left out.
            all.extend(lawful.iter().enumerate().map(|(at, c)| changed(&lawful, |v| v.insert(at, *c))));
            all.extend((0..LENGTH).flat_map(|at| CHARACTERS.chars().map(move |c| (at, c))).map(|(at, c)| changed(&lawful, |v| v.insert(at, c))));
        }
        _ => {}
    }
    all
}

/// Everything right but the digit itself.
fn with_digit(written: &[char]) -> Option<Vec<char>> {
    let vin = Vin::with_check_digit(&written.iter().collect::<String>())?;
    Some(vin.as_str().chars().collect())
}

const CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";

fn lawful(c: char) -> char {
    match c {
        'O' | 'Q' => '0',
        'I' => '1',
        other => other,
    }
}

fn replaced(written: &[char], wanted: impl Fn(char, char) -> bool) -> Vec<Vec<char>> {
    let mut all = Vec::new();
    for (at, c) in written.iter().enumerate() {
        for other in CHARACTERS.chars().filter(|other| other != c && wanted(*c, *other)) {
            all.push(changed(written, |v| {
                if let Some(place) = v.get_mut(at) {
                    *place = other;
                }
            }));
        }
    }
    all
}

fn changed(written: &[char], change: impl FnOnce(&mut Vec<char>)) -> Vec<char> {
    let mut slip = written.to_vec();
    change(&mut slip);
    slip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_out() {
        for (written, meant) in [
            ("1HGCM82633AOO4352", "1HGCM82633A004352"),
            ("1HGCM82633A004325", "1HGCM82633A004352"),
            ("IHGCM82633A004352", "1HGCM82633A004352"),
            ("1HGCM8263A3004352", "1HGCM82633A004352"),
            ("1HGCN82633A004352", "1HGCM82633A004352"),
            ("1HGCM826333A004352", "1HGCM82633A004352"),
            ("1HGCM8263A004352", "1HGCM82633A004352"),
            ("1HGCM82643A004352", "1HGCM82633A004352"),
        ] {
            let found = suggestions(written);
            assert!(found.iter().any(|vin| vin.as_str() == meant), "{written}: {found:?}");
            assert!(found.iter().all(|vin| vin.check_digit_holds() && !decode(vin).model.is_empty()), "{written}: {found:?}");
        }
    }

    #[test]
    fn what_is_sound_or_hopeless_is_left_alone() {
        for written in ["1HGCM82633A004352", "", "A CAR", "\u{1f697}\u{1f697}\u{1f697}", "1HGCM826"] {
            assert_eq!(suggestions(written), [], "{written}");
        }
    }
}
