//! Which wheels does it drive? The maker's own word, a word in the name, or what the makers' charts say of one character.

use std::sync::LazyLock;

/// What is known of the car when this is asked.
pub(super) struct Known<'k> {
    pub(super) vin: &'k str,
    pub(super) year: Option<u16>,
    pub(super) make: &'k str,
    pub(super) model: &'k str,
    /// Every name the car goes by: model, series and trims as filed.
    pub(super) names: &'k str,
    pub(super) is_truck: bool,
}

/// `FWD`, `RWD`, `AWD`, `4WD`, or nothing.
pub(super) fn drivetrain(filed: Option<&str>, known: &Known<'_>) -> String {
    let found = filed.and_then(|word| in_names(word, known)).or_else(|| in_names(known.names, known)).or_else(|| by_chart(known));
    found.or_else(|| unless_named(known)).unwrap_or_default().to_owned()
}

/// A word in the names that says it; `None` where two of them disagree.
fn in_names(names: &str, known: &Known<'_>) -> Option<&'static str> {
    let two = if known.is_truck { "RWD" } else { "FWD" };
    let mut found = None;
    for word in names.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase) {
        let says = match word.as_str() {
            "4wd" | "4x4" => "4WD",
            "awd" | "quattro" | "4matic" | "4motion" | "all4" | "awc" => "AWD",
            "fwd" => "FWD",
            "rwd" => "RWD",
            "2wd" | "4x2" => two,
            word if word.starts_with("xdrive") => "AWD",
            // The small X1 and X2 of today are the ones with driven front wheels.
            word if word.starts_with("sdrive") => match known.model {
                "X1" | "X2" if known.year >= Some(2016) => "FWD",
                _ => "RWD",
            },
            _ => continue,
        };
        if found.is_some_and(|other| other != says) {
            return None;
        }
        found = Some(says);
    }
    found
}

/// What the charts of the makers say; `drive.txt` tells how to read it.
fn by_chart(known: &Known<'_>) -> Option<&'static str> {
    let year = known.year?;
    chart().iter().find(|line| line.fits(known, year)).map(|line| line.drive)
}

/// Makers whose cars have driven rear or front wheels unless the name says otherwise.
fn unless_named(known: &Known<'_>) -> Option<&'static str> {
    match known.make {
        "BMW" if known.model.ends_with(" Series") && known.model != "2 Series" => Some("RWD"),
        "Mercedes-Benz" if ["C-Class", "E-Class", "S-Class", "CLS-Class", "SL-Class", "SLK-Class"].contains(&known.model) => Some("RWD"),
        "MINI" => Some("FWD"),
        _ => None,
    }
}

struct Line {
    make: &'static str,
    model: &'static str,
    first: u16,
    last: u16,
    place: usize,
    characters: &'static str,
    drive: &'static str,
}

impl Line {
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split('|');
        Some(Self {
            make: cells.next()?,
            model: cells.next()?,
            first: cells.next()?.parse().ok()?,
            last: cells.next()?.parse().ok()?,
            place: cells.next()?.parse().ok()?,
            characters: cells.next()?,
            drive: cells.next()?,
        })
    }

    fn fits(&self, known: &Known<'_>, year: u16) -> bool {
        let is_here = || self.place == 0 || known.vin.chars().nth(self.place - 1).is_some_and(|c| self.characters.contains(c));
        self.make == known.make && (self.first..=self.last).contains(&year) && self.fits_model(known.model) && is_here()
    }

    fn fits_model(&self, model: &str) -> bool {
        match self.model.split_once('*') {
            Some((front, back)) => model.strip_prefix(front).is_some_and(|rest| rest.ends_with(back)),
            None => self.model == model,
        }
    }
}

fn chart() -> &'static [Line] {
    static CHART: LazyLock<Vec<Line>> =
        LazyLock::new(|| include_str!("drive.txt").lines().filter(|line| !line.starts_with('#')).filter_map(Line::read).collect());
    &CHART
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_chart_can_be_read() {
        let lines = include_str!("drive.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(chart().len(), lines);
        for line in chart() {
            assert!(["FWD", "RWD", "AWD", "4WD"].contains(&line.drive) && line.first <= line.last && line.place <= 8, "{} {}", line.make, line.model);
            assert_eq!(line.place == 0, line.characters.is_empty(), "{} {}", line.make, line.model);
        }
    }

    #[test]
    fn a_word_in_the_name_says_it_and_two_that_disagree_say_nothing() {
        let known = |names| Known { vin: "", year: Some(2018), make: "", model: "X3", names, is_truck: false };
        for (names, drive) in
            [("quattro Premium", "AWD"), ("xDrive30i", "AWD"), ("sDrive28i", "RWD"), ("LX 2WD", "FWD"), ("FWD / AWD", ""), ("SE", "")]
        {
            assert_eq!(drivetrain(None, &known(names)), drive, "{names}");
        }
    }
}
