//! What else is this car called? Short names of makes, two spellings of a colour. People's other names are in `domain/nicknames.rs`.

/// Words for cars that go for one another.
const CARS: &[&[&str]] = &[
    &["chevrolet", "chevy"],
    &["volkswagen", "vw"],
    &["mercedes", "mercedesbenz", "benz"],
    &["cadillac", "caddy"],
    &["mitsubishi", "mitsu"],
    &["gray", "grey"],
    &["silverado", "silvy"],
    &["corvette", "vette"],
    &["mustang", "stang"],
    &["convertible", "cabriolet", "roadster"],
    &["pickup", "truck"],
    &["suv", "crossover"],
    &["awd", "4wd", "4x4"],
];

/// Other words for the same about a car.
pub(crate) fn of_car(word: &str) -> impl Iterator<Item = &'static str> {
    let word = word.to_owned();
    let lines: Vec<&[&'static str]> = CARS.iter().copied().filter(|line| line.contains(&word.as_str())).collect();
    lines.into_iter().flatten().copied().filter(move |other| *other != word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_word_stands_for_the_long_one_and_the_other_way() {
        assert!(of_car("chevy").eq(["chevrolet"]));
        assert!(of_car("chevrolet").eq(["chevy"]));
        assert!(of_car("toyota").next().is_none());
    }
}
