//! Does this lead come from somebody who may want a car? Advertisements and people who look for work are told by what they write.
//!
//! Whoever is taken for neither by mistake costs a look; whoever is taken for one wrongly costs a sale. So a lead that names a car of the
//! lot, or was asked for by a form of its own (a test drive, a trade-in, financing, a call), is never judged, and one word is never enough.

use crate::domain::lead::{LeadKind, NewLead, NoLead};

/// Why a lead is none, if what it says leaves no doubt.
#[must_use]
pub fn no_lead(lead: &NewLead) -> Option<NoLead> {
    let asks_for_one = lead.cars.iter().any(|car| car.vin.is_some() || !car.stock.is_empty());
    if asks_for_one || lead.taken.is_some() || !matches!(lead.kind, LeadKind::Enquiry | LeadKind::Unknown) {
        return None;
    }
    let words = format!(" {} ", lead.comments.to_lowercase());
    let names_car = lead.cars.iter().any(|car| !car.facts.make.is_empty() || !car.facts.model.is_empty());
    if is_advertisement(lead, &words, names_car) {
        return Some(NoLead::Spam);
    }
    if !names_car && speaks_of_work(&words) {
        return Some(NoLead::JobSeeker);
    }
    None
}

/// Markup of a forum or a page in a form's text is written by machines alone; else links and an offer must come together.
fn is_advertisement(lead: &NewLead, words: &str, names_car: bool) -> bool {
    let markup = ["[url=", "[url]", "[link=", "<a href", "</a>"].iter().any(|m| words.contains(m));
    let linked_name = lead.person.name.display().is_some_and(|name| has_link(&name.to_lowercase()));
    if markup || linked_name {
        return true;
    }
    let links = words.matches("http://").count() + words.matches("https://").count();
    let offers = OFFERS.iter().filter(|offer| words.contains(*offer)).count();
    let weight = offers * 2 + links.min(3);
    weight >= if names_car { 5 } else { 3 }
}

fn has_link(text: &str) -> bool {
    ["http://", "https://", "www.", "bit.ly/", "t.me/"].iter().any(|l| text.contains(l))
}

/// One whole sentence of somebody who applies, or two words of work.
fn speaks_of_work(words: &str) -> bool {
    let applies = APPLIES.iter().any(|a| words.contains(a));
    let work = WORK.iter().filter(|w| words.contains(*w)).count();
    let buys = BUYS.iter().any(|b| words.contains(b));
    !buys && (applies || work >= 2)
}

/// What those write who sell to whoever has a form.
const OFFERS: &[&str] = &[
    "search engine optimi",
    " seo ",
    "first page of google",
    "rank higher",
    "ranking on google",
    "google ranking",
    "backlink",
    "guest post",
    "web design service",
    "website design service",
    "redesign your website",
    "redesign of your website",
    "increase traffic to your",
    "more traffic to your",
    "your website traffic",
    "social media followers",
    "instagram followers",
    "email list of",
    "lead generation service",
    "explainer video",
    "crypto",
    "bitcoin",
    "forex",
    "casino",
    "viagra",
    "cialis",
    "payday loan",
    "make money online",
    "earn money from home",
    "business loan offer",
    "merchant cash advance",
    "reply stop to opt out of this offer",
    "unsubscribe from future mailings",
];

/// Sentences of somebody who applies.
const APPLIES: &[&str] = &[
    "attached my resume",
    "attached resume",
    "my resume is",
    "my resumé",
    "my résumé",
    "my cv ",
    "apply for a job",
    "apply for the job",
    "apply for the position",
    "apply for a position",
    "applying for the position",
    "applying for a position",
    "applying for a job",
    "job application",
    "are you hiring",
    "are you currently hiring",
    "looking for a job",
    "looking for employment",
    "seeking employment",
    "busco trabajo",
    "solicitud de empleo",
    "cherche un emploi",
];

/// Words of work, each of which a shopper may also use.
const WORK: &[&str] = &[
    " resume ",
    " hiring ",
    " position ",
    " job ",
    " career",
    "employment",
    " hourly ",
    " salary",
    "years of experience",
    "technician position",
    "sales position",
    " interview ",
    " vacancy",
];

/// Whoever writes so wants a car, whatever else they say of their work.
const BUYS: &[&str] = &[
    "new job",
    "my job",
    "test drive",
    "interested in buying",
    "looking to buy",
    "looking for a car",
    "looking for a truck",
    "looking for a suv",
    "finance",
    "financing",
    "down payment",
    "trade in",
    "trade-in",
    "still available",
    "is it available",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{lead::LeadCar, profile::PersonName, vehicle::CarFacts},
        engine::sample::{hours_ago, lead},
    };

    fn says(words: &str) -> NewLead {
        NewLead { cars: vec![], comments: words.to_owned(), kind: LeadKind::Enquiry, ..lead(1, hours_ago(1)).said }
    }

    #[test]
    fn advertisements_and_applications_are_told_from_shoppers() {
        for (words, is) in [
            ("We can put you on the first page of Google. See https://rank.example.com", Some(NoLead::Spam)),
            ("hello [url=https://pills.example.com]best price[/url]", Some(NoLead::Spam)),
            ("Our SEO and backlink packages start at $99.", Some(NoLead::Spam)),
            ("Are you hiring? I have sold cars for six years.", Some(NoLead::JobSeeker)),
            ("I saw the sales position, what is the salary?", Some(NoLead::JobSeeker)),
            ("Busco trabajo como mecánico", Some(NoLead::JobSeeker)),
            ("Is this still available? I start a new job on Monday and need a car.", None),
            ("I can get a ride to you after my job interview, is the position of the tow hook standard?", None),
            ("Do you take bitcoin?", None),
            ("This one: https://cars.example.com/civic or this one: https://cars.example.com/accord", None),
            ("I was hiring a van last week and want my own now.", None),
            ("", None),
        ] {
            assert_eq!(no_lead(&says(words)), is, "{words}");
        }
    }

    #[test]
    fn a_name_with_a_link_is_nobodys() {
        let mut lead = says("Hi");
        lead.person.name = PersonName { first: "Win now".into(), last: "www.prize.example.com".into(), ..PersonName::default() };
        assert_eq!(no_lead(&lead), Some(NoLead::Spam));
    }

    #[test]
    fn whoever_asks_for_a_car_of_ours_is_never_judged() {
        let words = "Are you hiring? Our SEO service: https://a.example.com";
        let mut of_ours = says(words);
        of_ours.cars = vec![LeadCar { stock: "24117".into(), ..LeadCar::default() }];
        let form = NewLead { kind: LeadKind::TestDrive, ..says(words) };
        assert_eq!((no_lead(&of_ours), no_lead(&form)), (None, None));
        let mut named = says("Is there a job that comes with the car? I mean the position of the hiring manager.");
        named.cars = vec![LeadCar { facts: CarFacts { make: "Honda".into(), ..CarFacts::default() }, ..LeadCar::default() }];
        assert_eq!(no_lead(&named), None);
    }
}
