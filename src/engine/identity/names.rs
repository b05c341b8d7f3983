//! Can these two names belong to one person?

use crate::domain::profile::PersonName;

/// Short forms in everyday American use, our own list: the name on a licence, then what its bearer is called.
const SHORT_FORMS: &[(&str, &[&str])] = &[
    ("abigail", &["abby", "gail"]),
    ("alexander", &["alex", "al", "xander", "sasha"]),
    ("alexandra", &["alex", "lexi", "sandra", "sasha"]),
    ("alfred", &["al", "fred"]),
    ("andrew", &["andy", "drew"]),
    ("anthony", &["tony"]),
    ("barbara", &["barb", "babs"]),
    ("benjamin", &["ben", "benny"]),
    ("catherine", &["cathy", "kate", "katie", "cat"]),
    ("charles", &["charlie", "chuck", "chas"]),
    ("christina", &["chris", "tina", "chrissy"]),
    ("christine", &["chris", "tina", "chrissy"]),
    ("christopher", &["chris", "topher"]),
    ("cynthia", &["cindy"]),
    ("daniel", &["dan", "danny"]),
    ("david", &["dave", "davey"]),
    ("deborah", &["deb", "debbie", "debra"]),
    ("donald", &["don", "donnie"]),
    ("dorothy", &["dot", "dottie"]),
    ("douglas", &["doug"]),
    ("edward", &["ed", "eddie", "ted", "ned"]),
    ("elizabeth", &["liz", "beth", "betty", "eliza", "lisa", "libby"]),
    ("eugene", &["gene"]),
    ("francisco", &["paco", "pancho", "frank"]),
    ("frank", &["frankie", "francis"]),
    ("frederick", &["fred", "freddie", "rick"]),
    ("gerald", &["gerry", "jerry"]),
    ("gregory", &["greg"]),
    ("guadalupe", &["lupe"]),
    ("harold", &["harry", "hal"]),
    ("henry", &["hank", "harry"]),
    ("jacob", &["jake"]),
    ("james", &["jim", "jimmy", "jamie"]),
    ("jeffrey", &["jeff"]),
    ("jennifer", &["jen", "jenny"]),
    ("jessica", &["jess", "jessie"]),
    ("john", &["jack", "johnny", "jon"]),
    ("jonathan", &["jon", "john", "nathan"]),
    ("jose", &["pepe", "joe"]),
    ("joseph", &["joe", "joey"]),
    ("joshua", &["josh"]),
    ("judith", &["judy"]),
    ("katherine", &["kathy", "kate", "katie", "kat"]),
    ("kathleen", &["kathy", "kate", "katie"]),
    ("kenneth", &["ken", "kenny"]),
    ("kimberly", &["kim"]),
    ("lawrence", &["larry"]),
    ("leonard", &["len", "lenny", "leo"]),
    ("margaret", &["maggie", "meg", "peggy", "marge", "rita"]),
    ("matthew", &["matt"]),
    ("michael", &["mike", "mick", "mikey", "micky"]),
    ("michelle", &["shelly", "missy"]),
    ("nathaniel", &["nate", "nathan", "nat"]),
    ("nicholas", &["nick", "nicky"]),
    ("nicole", &["nicky", "nikki"]),
    ("pamela", &["pam"]),
    ("patricia", &["pat", "patty", "trish", "tricia"]),
    ("patrick", &["pat", "paddy"]),
    ("peter", &["pete"]),
    ("philip", &["phil"]),
    ("phillip", &["phil"]),
    ("rachel", &["rach"]),
    ("raymond", &["ray"]),
    ("rebecca", &["becky", "becca"]),
    ("richard", &["rick", "rich", "dick", "ricky", "richie"]),
    ("robert", &["bob", "rob", "bobby", "robbie", "bert"]),
    ("ronald", &["ron", "ronnie"]),
    ("samantha", &["sam", "sammy"]),
    ("samuel", &["sam", "sammy"]),
    ("sandra", &["sandy"]),
    ("stephanie", &["steph"]),
    ("stephen", &["steve", "steven"]),
    ("steven", &["steve"]),
    ("susan", &["sue", "susie", "suzy"]),
    ("suzanne", &["sue", "suzy"]),
    ("theodore", &["ted", "theo", "teddy"]),
    ("theresa", &["terry", "tess", "teresa"]),
    ("thomas", &["tom", "tommy"]),
    ("timothy", &["tim", "timmy"]),
    ("victoria", &["vicky", "tori"]),
    ("vincent", &["vince", "vinny"]),
    ("virginia", &["ginny", "ginger"]),
    ("walter", &["walt", "wally"]),
    ("william", &["bill", "will", "billy", "willy", "liam"]),
    ("zachary", &["zach", "zack"]),
];

/// Whether two names can be one person's: an unknown first name says nothing against it, nor do a short form, an initial, an accent or
/// a couple written as one ("Robert & Susan"). A business is not a person.
#[must_use]
pub fn may_be_one_person(a: &PersonName, b: &PersonName) -> bool {
    if a.is_business || b.is_business {
        let (a, b) = (folded(&a.full), folded(&b.full));
        return a.is_empty() || b.is_empty() || a == b;
    }
    let (a, b) = (first_names(a), first_names(b));
    a.is_empty() || b.is_empty() || a.iter().any(|a| b.iter().any(|b| agree(a, b)))
}

/// The first names of a person or a couple, folded; empty when none is known.
fn first_names(name: &PersonName) -> Vec<String> {
    let given =
        if name.first.trim().is_empty() && name.last.trim().is_empty() { PersonName::from_full(&name.full).first } else { name.first.clone() };
    let parts = given.replace(" and ", "&").replace(" AND ", "&");
    parts.split(['&', '/']).filter_map(|part| part.split_whitespace().next()).map(folded).filter(|n| !n.is_empty()).collect()
}

fn agree(a: &str, b: &str) -> bool {
    let initial = a.chars().count() == 1 || b.chars().count() == 1;
    if initial {
        return a.chars().next() == b.chars().next();
    }
    let short = |long: &str, short: &str| SHORT_FORMS.iter().any(|(name, forms)| *name == long && forms.contains(&short));
    let siblings = || SHORT_FORMS.iter().any(|(_, forms)| forms.contains(&a) && forms.contains(&b));
    a == b || short(a, b) || short(b, a) || siblings()
}

/// Lower case, letters only, without the accents of the languages spoken around here.
fn folded(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => Some('a'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'í' | 'ì' | 'î' | 'ï' => Some('i'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => Some('o'),
            'ú' | 'ù' | 'û' | 'ü' => Some('u'),
            'ñ' => Some('n'),
            'ç' => Some('c'),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(first: &str) -> PersonName {
        PersonName { first: first.into(), last: "Whitfield".into(), ..PersonName::default() }
    }

    #[test]
    fn short_forms_initials_accents_and_couples_are_one_name() {
        for (a, b) in [
            ("Robert", "BOB"),
            ("Bob", "Rob"),
            ("Bill", "William"),
            ("Liz", "Elizabeth"),
            ("R", "Robert"),
            ("R.", "Rob"),
            ("José", "Jose"),
            ("Robert & Susan", "Sue"),
            ("Dana Rae", "Dana"),
            ("", "Dana"),
        ] {
            assert!(may_be_one_person(&named(a), &named(b)) && may_be_one_person(&named(b), &named(a)), "{a} {b}");
        }
    }

    #[test]
    fn other_names_are_other_people() {
        for (a, b) in [("Dana", "Sam"), ("Susan", "Robert"), ("D", "Sam"), ("Alexander", "Alfred")] {
            assert!(!may_be_one_person(&named(a), &named(b)), "{a} {b}");
        }
    }

    #[test]
    fn a_name_in_one_piece_counts() {
        let whole = PersonName { full: "Whitfield, Dana".into(), ..PersonName::default() };
        assert!(may_be_one_person(&whole, &named("Dana")));
        assert!(!may_be_one_person(&whole, &named("Sam")));
    }

    #[test]
    fn a_business_is_not_its_owner() {
        let shop = PersonName { full: "Whitfield Plumbing".into(), is_business: true, ..PersonName::default() };
        let same = PersonName { full: "WHITFIELD  PLUMBING".into(), is_business: true, ..PersonName::default() };
        assert!(may_be_one_person(&shop, &same));
        assert!(!may_be_one_person(&shop, &PersonName { full: "Dana Whitfield".into(), ..named("Dana") }));
    }

    #[test]
    fn the_list_of_short_forms_is_in_order_and_folded() {
        assert!(SHORT_FORMS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(SHORT_FORMS.iter().all(|(name, forms)| folded(name) == **name && !forms.is_empty() && !forms.contains(name)));
    }
}
