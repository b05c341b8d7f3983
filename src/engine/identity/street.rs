//! Which house is meant, however its line was written?

/// What may stand for what in a street line; the short form of the postal service is kept (Publication 28, appendix C).
const SHORT: &[(&str, &[&str])] = &[
    ("aly", &["alley", "ally", "allee"]),
    ("anx", &["annex", "annx"]),
    ("ave", &["avenue", "av", "aven", "avenu", "avn", "avnue"]),
    ("bch", &["beach"]),
    ("blvd", &["boulevard", "boul", "boulv"]),
    ("br", &["branch", "brnch"]),
    ("brg", &["bridge", "brdge"]),
    ("brk", &["brook"]),
    ("byp", &["bypass", "byps"]),
    ("cir", &["circle", "circ", "crcl"]),
    ("clf", &["cliff"]),
    ("cmn", &["common"]),
    ("cor", &["corner"]),
    ("cres", &["crescent", "crsent", "crsnt"]),
    ("crk", &["creek"]),
    ("ct", &["court", "crt"]),
    ("ctr", &["center", "centre", "cntr"]),
    ("cv", &["cove"]),
    ("cyn", &["canyon"]),
    ("dr", &["drive", "driv", "drv"]),
    ("e", &["east"]),
    ("est", &["estate"]),
    ("ests", &["estates"]),
    ("expy", &["expressway", "expr", "exp"]),
    ("ext", &["extension", "extn"]),
    ("fld", &["field"]),
    ("flds", &["fields"]),
    ("frst", &["forest"]),
    ("fwy", &["freeway", "frwy"]),
    ("gdn", &["garden"]),
    ("gdns", &["gardens"]),
    ("gln", &["glen"]),
    ("grn", &["green"]),
    ("grv", &["grove", "grov"]),
    ("hbr", &["harbor", "harbour"]),
    ("hl", &["hill"]),
    ("hls", &["hills"]),
    ("holw", &["hollow"]),
    ("hts", &["heights", "hgts"]),
    ("hwy", &["highway", "highwy", "hiway"]),
    ("is", &["island"]),
    ("jct", &["junction", "jction"]),
    ("lk", &["lake"]),
    ("ln", &["lane"]),
    ("lndg", &["landing"]),
    ("mdw", &["meadow"]),
    ("mdws", &["meadows"]),
    ("mnr", &["manor"]),
    ("mt", &["mount", "mnt"]),
    ("mtn", &["mountain"]),
    ("n", &["north"]),
    ("ne", &["northeast"]),
    ("nw", &["northwest"]),
    ("orch", &["orchard"]),
    ("pkwy", &["parkway", "pkway", "parkwy"]),
    ("pl", &["place"]),
    ("plz", &["plaza"]),
    ("pt", &["point"]),
    ("rd", &["road"]),
    ("rdg", &["ridge"]),
    ("rte", &["route"]),
    ("s", &["south"]),
    ("se", &["southeast"]),
    ("spg", &["spring"]),
    ("spgs", &["springs"]),
    ("sq", &["square", "sqr"]),
    ("st", &["street", "str", "strt", "saint"]),
    ("sta", &["station"]),
    ("sw", &["southwest"]),
    ("ter", &["terrace", "terr"]),
    ("tpke", &["turnpike", "trnpk"]),
    ("trce", &["trace"]),
    ("trl", &["trail", "trails"]),
    ("unit", &["apartment", "apt", "no", "number"]),
    ("vis", &["vista"]),
    ("vlg", &["village", "vill"]),
    ("vly", &["valley"]),
    ("w", &["west"]),
    ("xing", &["crossing"]),
];
/// What follows is a door within the house.
const DOORS: &[&str] = &["unit", "lot", "trlr", "rm", "room", "fl", "floor", "bldg", "suite", "ste", "spc", "space"];

/// The words of a street line, short and in lower case.
pub(super) fn words(line: &str) -> Vec<String> {
    let marked = line.to_lowercase().replace('#', " unit ").replace(['.', '\'', '\u{2019}'], "");
    let mut words: Vec<String> = Vec::new();
    for word in marked.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()) {
        let word = short(word);
        // "Apt #2" and "Apt 2" are one.
        if word != "unit" || words.last().is_none_or(|w| w != "unit") {
            words.push(word.to_owned());
        }
    }
    words
}

fn short(word: &str) -> &str {
    SHORT.iter().find(|(_, long)| long.contains(&word)).map_or(word, |(short, _)| short)
}

/// The two lines of an address, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct House {
    /// `84`, `12a`; empty when the line begins with none.
    pub(super) number: String,
    /// Without gaps, the kind of street in its short form: `stevensave`.
    pub(super) street: String,
    /// What else there is, a door or the name of the place: `2`, `lakefrontvlg`.
    pub(super) door: String,
}

impl House {
    pub(super) fn of(line1: &str, line2: &str) -> Self {
        let mut first = words(line1);
        let mut second = words(line2);
        // A number alone on the first line, the street on the second.
        if first.len() == 1 && is_number(&first[0]) && !second.is_empty() {
            first.append(&mut second);
        }
        let number = if first.first().is_some_and(|w| is_number(w)) { first.remove(0) } else { String::new() };
        let door_at = first.iter().position(|w| DOORS.contains(&w.as_str())).filter(|at| *at > 0).unwrap_or(first.len());
        let mut door = first.split_off(door_at);
        door.append(&mut second);
        door.retain(|w| !DOORS.contains(&w.as_str()));
        Self { number, street: joined(&first), door: joined(&door) }
    }
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.len() <= 7 && word.bytes().filter(u8::is_ascii_alphabetic).count() <= 1
}

/// Without gaps, so that a gap too many or too few is no difference; a long kind of street that ran into its name is made short.
fn joined(words: &[String]) -> String {
    let text = words.concat();
    if words.is_empty() || words.last().is_some_and(|w| SHORT.iter().any(|(short, _)| short == w)) {
        return text;
    }
    let run_in = SHORT.iter().flat_map(|(short, long)| long.iter().map(move |l| (*short, *l)));
    let kind = run_in.filter(|(_, long)| long.len() >= 4 && text.len() > long.len() + 2).find(|(_, long)| text.ends_with(long));
    kind.map_or(text.clone(), |(short, long)| format!("{}{short}", &text[..text.len() - long.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line1: &str, line2: &str, number: &str, street: &str, door: &str) {
        let house = House::of(line1, line2);
        assert_eq!((house.number.as_str(), house.street.as_str(), house.door.as_str()), (number, street, door), "{line1} / {line2}");
    }

    #[test]
    fn a_line_is_taken_apart_however_it_was_written() {
        check("84 Stevens Avenue", "Apt 2", "84", "stevensave", "2");
        check("84 STEVENS AVE. #2", "", "84", "stevensave", "2");
        check("84 Stevens Ave Apt. #2", "", "84", "stevensave", "2");
        check("12A North O'Brien Rd", "", "12a", "nobrienrd", "");
        check("84", "Stevens Ave", "84", "stevensave", "");
        check("Stevens Avenue", "", "", "stevensave", "");
        check("", "", "", "", "");
    }

    #[test]
    fn a_gap_too_few_is_no_difference() {
        assert_eq!(House::of("177 pridhamstreet", "").street, House::of("177 Pridham Street", "").street);
    }
}
