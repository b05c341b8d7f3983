//! What else is this called? Short names of people, short names of makes, two spellings of a colour.

/// Names that go for one another. A name may stand in several lines; lines are not chained.
const PEOPLE: &[&[&str]] = &[
    &["abigail", "abby", "gail"],
    &["abraham", "abe"],
    &["albert", "al", "bert"],
    &["alexander", "alex", "alec", "sasha", "xander"],
    &["alexandra", "alex", "sandra", "lexi", "sasha"],
    &["alfred", "al", "fred", "alfie"],
    &["alan", "allan", "allen", "al"],
    &["amanda", "mandy"],
    &["andrew", "andy", "drew"],
    &["angela", "angie"],
    &["anne", "ann", "anna", "annie"],
    &["anthony", "tony", "antonio"],
    &["arthur", "art", "artie"],
    &["barbara", "barb", "barbie", "babs"],
    &["benjamin", "ben", "benny", "benji"],
    &["bernard", "bernie"],
    &["beverly", "bev"],
    &["bradley", "brad"],
    &["brian", "bryan"],
    &["caroline", "carol", "carrie", "carolyn"],
    &["catherine", "katherine", "kathryn", "cathy", "kathy", "kate", "katie", "cat", "kat"],
    &["charles", "charlie", "chuck", "chas", "carlos"],
    &["christina", "christine", "kristina", "kristine", "chris", "tina", "christy", "kristy"],
    &["christopher", "chris", "topher", "kris"],
    &["clifford", "cliff"],
    &["cynthia", "cindy"],
    &["daniel", "dan", "danny"],
    &["david", "dave", "davey"],
    &["deborah", "debra", "deb", "debbie"],
    &["dennis", "denny"],
    &["donald", "don", "donnie"],
    &["dorothy", "dot", "dottie", "dolly"],
    &["douglas", "doug"],
    &["edward", "ed", "eddie", "ted", "ned", "eduardo"],
    &["elizabeth", "liz", "lizzie", "beth", "betty", "betsy", "eliza", "lisa"],
    &["emily", "em", "emmy"],
    &["eugene", "gene"],
    &["florence", "flo"],
    &["frances", "fran", "frannie"],
    &["francis", "frank", "francisco"],
    &["franklin", "frank"],
    &["frederick", "fred", "freddy", "rick"],
    &["gabriel", "gabe"],
    &["gerald", "gerry", "jerry"],
    &["gregory", "greg"],
    &["harold", "harry", "hal"],
    &["harvey", "harv"],
    &["henry", "hank", "harry"],
    &["irene", "rene"],
    &["isabella", "bella", "izzy"],
    &["jacob", "jake"],
    &["jacqueline", "jackie"],
    &["james", "jim", "jimmy", "jamie"],
    &["janet", "jan"],
    &["jason", "jay"],
    &["jeffrey", "geoffrey", "jeff", "geoff"],
    &["jennifer", "jen", "jenny", "jenn"],
    &["jeremy", "jerry"],
    &["jessica", "jess", "jessie"],
    &["joan", "joanie"],
    &["john", "jack", "johnny", "jon"],
    &["jonathan", "jon", "john", "nathan"],
    &["joseph", "joe", "joey", "jose"],
    &["joshua", "josh"],
    &["judith", "judy"],
    &["julia", "julie"],
    &["kenneth", "ken", "kenny"],
    &["kimberly", "kim"],
    &["lawrence", "larry", "laurence"],
    &["leonard", "leo", "len", "lenny"],
    &["leslie", "les"],
    &["louis", "lou", "lewis"],
    &["louise", "lou"],
    &["lucille", "lucy"],
    &["madeline", "maddie"],
    &["margaret", "maggie", "peggy", "meg", "marge", "margie", "rita", "greta"],
    &["martin", "marty"],
    &["mary", "molly", "polly", "maria", "marie"],
    &["matthew", "matt"],
    &["maxwell", "max"],
    &["megan", "meg"],
    &["melissa", "missy", "mel", "lissa"],
    &["michael", "mike", "mikey", "mick", "mickey", "miguel"],
    &["michelle", "shelly"],
    &["mitchell", "mitch"],
    &["nancy", "nan"],
    &["natalie", "nat"],
    &["nathaniel", "nathan", "nate", "nat"],
    &["nicholas", "nick", "nicky"],
    &["nicole", "nicky", "nikki"],
    &["norman", "norm"],
    &["oliver", "ollie"],
    &["pamela", "pam"],
    &["patricia", "pat", "patty", "tricia", "trish"],
    &["patrick", "pat", "paddy"],
    &["peter", "pete"],
    &["philip", "phillip", "phil"],
    &["priscilla", "cilla"],
    &["rachel", "rae"],
    &["raymond", "ray"],
    &["rebecca", "becky", "becca"],
    &["reginald", "reggie"],
    &["richard", "rich", "rick", "ricky", "dick", "ricardo"],
    &["robert", "bob", "bobby", "rob", "robbie", "bert", "roberto"],
    &["roger", "rog"],
    &["ronald", "ron", "ronnie"],
    &["russell", "russ"],
    &["samantha", "sam"],
    &["samuel", "sam", "sammy"],
    &["sandra", "sandy"],
    &["sarah", "sara", "sally", "sadie"],
    &["shirley", "shirl"],
    &["sophia", "sophie"],
    &["stanley", "stan"],
    &["stephanie", "steph"],
    &["stephen", "steven", "steve"],
    &["stuart", "stewart", "stu"],
    &["susan", "sue", "susie", "suzanne"],
    &["sylvia", "sylvie"],
    &["terrence", "terence", "terry"],
    &["teresa", "theresa", "terry", "tess"],
    &["theodore", "ted", "teddy", "theo"],
    &["thomas", "tom", "tommy"],
    &["timothy", "tim", "timmy"],
    &["valerie", "val"],
    &["veronica", "ronnie", "roni"],
    &["victor", "vic"],
    &["victoria", "vicky", "tori"],
    &["vincent", "vince", "vinny"],
    &["virginia", "ginny", "ginger"],
    &["walter", "walt", "wally"],
    &["wesley", "wes"],
    &["william", "bill", "billy", "will", "willy", "liam"],
    &["zachary", "zach", "zack"],
];

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

/// Other names of the person called so.
pub(crate) fn of_person(name: &str) -> impl Iterator<Item = &'static str> {
    others(PEOPLE, name)
}

/// Other words for the same about a car.
pub(crate) fn of_car(word: &str) -> impl Iterator<Item = &'static str> {
    others(CARS, word)
}

fn others(lines: &'static [&'static [&'static str]], word: &str) -> impl Iterator<Item = &'static str> {
    let mut found: Vec<&'static str> = lines.iter().filter(|line| line.contains(&word)).flat_map(|line| line.iter().copied()).collect();
    found.sort_unstable();
    found.dedup();
    let word = word.to_owned();
    found.into_iter().filter(move |other| *other != word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_stands_for_the_long_one_and_the_other_way() {
        assert!(of_person("bill").any(|n| n == "william"));
        assert!(of_person("william").any(|n| n == "bill"));
        assert!(of_person("dana").next().is_none());
        assert!(of_car("chevy").eq(["chevrolet"]));
    }
}
