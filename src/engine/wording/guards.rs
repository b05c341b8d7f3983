//! May this message go as it stands?

use super::{
    cars, phrases,
    times::clock,
    told::{self, Purpose},
};
use crate::domain::{
    alert::Draft,
    consent::{Channel, ConsentState, state_of},
    money::Cents,
    picture::Picture,
    time::{At, Zone},
    vehicle::{ListingStatus, Vehicle},
};

/// One thing looked at before a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    pub ok: bool,
    /// It must not go; a guard that is not ok and does not block is a word of caution.
    pub blocks: bool,
    pub text: String,
}

/// No text or call before 8 in the morning or after 9 in the evening (47 CFR 64.1200(c)(1)), by the store's clock.
const FIRST_HOUR: i8 = 8;
const LAST_HOUR: i8 = 21;

/// Words that tell a customer they were watched.
const WATCHED: &[&str] = &[
    "saw you",
    "saw that you",
    "seen you",
    "see you were",
    "see you looked",
    "see you looking",
    "see that you",
    "see you've",
    "noticed you",
    "noticed that you",
    "notice you",
    "you were looking at",
    "you looked at",
    "you've been looking at",
    "you have been looking at",
    "you are looking at",
    "you're looking at",
    "you viewed",
    "you were viewing",
    "your browsing",
    "you were browsing",
    "you browsed",
    "you were on our",
    "been on our",
    "back on our",
    "you visited our",
    "you clicked",
    "you opened",
    "you came back to",
    "you keep coming back",
    "you started our",
    "the page",
    "our page",
    "th time",
    "rd time",
    "th look",
    "rd look",
];

/// What to look at before sending, in this order: permission, hours, browsing, the car. Works on the text as it stands, so that what a
/// person changed is read again.
#[must_use]
pub fn guards(draft: &Draft, picture: &Picture, now: At) -> Vec<Guard> {
    let text = plain(&draft.text);
    let named: Vec<&Vehicle> = picture.cars.iter().filter(|c| names(&text, c, picture)).collect();
    vec![permission(draft, picture, now), hours(draft, picture, now), browsing(&text, &named, picture), car(&text, &named)]
}

fn passes(text: String) -> Guard {
    Guard { ok: true, blocks: false, text }
}

fn warns(text: String) -> Guard {
    Guard { ok: false, blocks: false, text }
}

fn stops(text: String) -> Guard {
    Guard { ok: false, blocks: true, text }
}

fn permission(draft: &Draft, picture: &Picture, now: At) -> Guard {
    let who = phrases::who(picture.customer);
    let (way, verb) = match draft.channel {
        Channel::Text => ("Text", "texted"),
        Channel::Call => ("Call", "called"),
        Channel::Email => ("Email", "emailed"),
    };
    let fact = state_of(&picture.customer.consent, draft.channel);
    let no_point = match draft.channel {
        Channel::Text | Channel::Call => picture.customer.phones.is_empty(),
        Channel::Email => picture.customer.emails.is_empty(),
    };
    let state = fact.map_or(ConsentState::NotGiven, |f| f.state);
    if no_point && state != ConsentState::Revoked {
        return stops(format!("No {} on file", if draft.channel == Channel::Email { "email address" } else { "phone number" }));
    }
    if picture.wrong_number && state != ConsentState::Revoked && draft.channel != Channel::Email {
        return stops("The number on file is wrong".to_owned());
    }
    match state {
        ConsentState::Revoked => stops(format!("{who} asked not to be {verb}")),
        ConsentState::Allowed => passes(match fact.map(|f| f.evidence.as_str()).filter(|e| !e.is_empty()) {
            Some(evidence) => format!("{way} allowed: {evidence}"),
            None => format!("{way} allowed"),
        }),
        ConsentState::NotGiven if picture.unanswered.iter().any(|u| u.channel == draft.channel) => passes("Answers their own message".to_owned()),
        ConsentState::NotGiven => match draft.channel {
            Channel::Text => stops("No permission to text yet; call or email instead".to_owned()),
            Channel::Call => passes("Calls are not refused".to_owned()),
            Channel::Email if told::may_write(picture, Channel::Email, Purpose::Outreach, now) => {
                passes("Email is not refused, and they bought here".to_owned())
            }
            Channel::Email if told::enquiry(picture, now).is_some() || !picture.leads.is_empty() => passes("Answers their enquiry".to_owned()),
            Channel::Email => warns("No permission for email on file; answer only what they asked".to_owned()),
        },
    }
}

fn hours(draft: &Draft, picture: &Picture, now: At) -> Guard {
    let hour = picture.rooftop.zone.local(now).hour();
    match draft.channel {
        Channel::Email => passes("Email may go at any hour".to_owned()),
        Channel::Text | Channel::Call if (FIRST_HOUR..LAST_HOUR).contains(&hour) => {
            passes("Inside the hours for texts and calls, 8 am to 9 pm".to_owned())
        }
        Channel::Text | Channel::Call => stops(format!("It is {}; texts and calls wait until 8:00 am", clock(&picture.rooftop.zone, now))),
    }
}

/// `at`, or the morning from which texts and calls may go again.
pub(super) fn may_ring_from(zone: &Zone, at: At) -> At {
    let local = zone.local(at);
    let morning = |ahead: i64| local.date().checked_add(jiff::Span::new().days(ahead)).map_or(at, |day| zone.instant(day.at(FIRST_HOUR, 0, 0, 0)));
    match local.hour() {
        ..FIRST_HOUR => morning(0),
        FIRST_HOUR..LAST_HOUR => at,
        LAST_HOUR.. => morning(1),
    }
}

fn browsing(text: &str, named: &[&Vehicle], picture: &Picture) -> Guard {
    let who = phrases::who(picture.customer);
    if let Some(words) = WATCHED.iter().find(|words| has_words(text, words)) {
        return stops(format!("\u{201c}{}\u{201d} repeats browsing {who} never told us about", words.trim()));
    }
    match named.iter().find(|c| !told::may_name(picture, c)) {
        Some(car) => warns(format!("Names the {}, which {who} has not asked about", cars::spoken_and_tag(car))),
        None => passes(format!("Mentions only what {who} told us")),
    }
}

fn car(text: &str, named: &[&Vehicle]) -> Guard {
    let owns_up = ["sold", "no longer", "gone", "on hold", "being prepared", "on its way"].iter().any(|w| has_words(text, w));
    for car in named.iter().filter(|_| !owns_up) {
        let Some(listing) = &car.listing else { continue };
        let name = cars::spoken_and_tag(car);
        match listing.status {
            ListingStatus::Available => {}
            ListingStatus::Sold => return stops(format!("The {name} is sold")),
            ListingStatus::Missing => return stops(format!("The {name} is no longer on the lot")),
            ListingStatus::Hold => return warns(format!("The {name} is on hold")),
            ListingStatus::Recon => return warns(format!("The {name} is still being prepared")),
            ListingStatus::Inbound => return warns(format!("The {name} is not here yet")),
            ListingStatus::Unknown => return warns(format!("Check whether the {name} is for sale")),
        }
    }
    let prices: Vec<Cents> = named.iter().filter_map(|c| c.listing.as_ref()?.price).collect();
    if let (Some(amount), Some(price)) = (amounts(text).find(|a| !prices.contains(a)), prices.first()) {
        return warns(format!("{amount} is not the price of the car: that is {price}"));
    }
    match named.iter().find(|c| cars::is_available(c)) {
        Some(car) => passes(format!("{} is available", cars::tag(car))),
        None => passes("Offers no car".to_owned()),
    }
}

/// Dollar amounts of a text.
fn amounts(text: &str) -> impl Iterator<Item = Cents> {
    text.match_indices('$').filter_map(|(at, _)| Cents::parse(text[at..].split_whitespace().next()?))
}

/// Lower case, straight quotes, single spaces: what people type and what phones put in for it are the same words.
fn plain(text: &str) -> String {
    let straight = text.to_lowercase().replace(['\u{2019}', '\u{2018}'], "'").replace(['\u{2011}', '\u{2010}'], "-");
    straight.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether words stand in a text as whole words; words that begin with an ending (`th time`) may follow a figure.
fn has_words(text: &str, words: &str) -> bool {
    let ordinal = words.starts_with("th ") || words.starts_with("rd ");
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        let begins = if ordinal { before.is_some_and(|c| c.is_ascii_digit()) } else { !before.is_some_and(char::is_alphanumeric) };
        begins && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Whether a text speaks of this very car: by its stock number, or by year and model when no car they told us about goes by the same.
fn names(text: &str, car: &Vehicle, picture: &Picture) -> bool {
    let stock = car.listing.as_ref().map(|l| l.stock.to_lowercase()).filter(|s| s.len() >= 3);
    let by_stock = stock.is_some_and(|s| has_words(text, &s));
    let spoken = plain(&cars::spoken(car));
    let has_twin = || picture.cars.iter().any(|c| c.id != car.id && plain(&cars::spoken(c)) == spoken && is_meant_rather(picture, c, car));
    by_stock || (spoken.len() > 4 && spoken != "car" && has_words(text, &spoken) && !has_twin())
}

/// Of two cars that go by the same words, the one they told us about is meant; then the one that is for sale.
fn is_meant_rather(picture: &Picture, this: &Vehicle, than: &Vehicle) -> bool {
    let rank = |c: &Vehicle| (told::may_name(picture, c), cars::is_available(c));
    rank(this) > rank(than)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{consent::ConsentBasis, visitor::Did},
        engine::sample::{CRV, RAV4, Sample, at, hours_ago, listed, now},
    };

    fn read(sample: &Sample, channel: Channel, text: &str, now: At) -> Vec<Guard> {
        let draft = Draft { channel, text: text.into(), inserted: vec![], playbook: String::new() };
        guards(&draft, &sample.picture(), now)
    }

    fn check(sample: &Sample, channel: Channel, text: &str, place: usize, expected: &Guard) {
        assert_eq!(&read(sample, channel, text, now())[place], expected, "{text}");
    }

    fn asked() -> Sample {
        Sample::dana().lead(1, 5, |_| {}).may(Channel::Text, ConsentState::Allowed, ConsentBasis::Enquiry)
    }

    #[test]
    fn permission_is_looked_at_by_channel() {
        let go = |sample: &Sample, channel: Channel, expected: &Guard| check(sample, channel, "Hi", 0, expected);
        go(&asked(), Channel::Text, &passes("Text allowed: Cars.com lead".into()));
        go(&Sample::dana(), Channel::Text, &stops("No permission to text yet; call or email instead".into()));
        go(&Sample::dana().wrote(1, "Hello"), Channel::Text, &passes("Answers their own message".into()));
        go(
            &Sample::dana().may(Channel::Text, ConsentState::Revoked, ConsentBasis::Reply),
            Channel::Text,
            &stops("Dana asked not to be texted".into()),
        );
        go(&asked().change(|s| s.customer.phones.clear()), Channel::Text, &stops("No phone number on file".into()));
        go(&asked().change(|s| s.wrong_number = true), Channel::Text, &stops("The number on file is wrong".into()));
        go(&asked(), Channel::Email, &passes("Answers their enquiry".into()));
        go(&Sample::dana(), Channel::Email, &warns("No permission for email on file; answer only what they asked".into()));
        go(&Sample::dana().bought(RAV4, hours_ago(900)), Channel::Email, &passes("Email is not refused, and they bought here".into()));
        go(&Sample::dana().change(|s| s.customer.emails.clear()), Channel::Email, &stops("No email address on file".into()));
        go(&Sample::dana(), Channel::Call, &passes("Calls are not refused".into()));
        go(
            &Sample::dana().may(Channel::Call, ConsentState::Revoked, ConsentBasis::DmsFlag),
            Channel::Call,
            &stops("Dana asked not to be called".into()),
        );
    }

    #[test]
    fn texts_wait_for_the_morning() {
        for (when, channel, ok, text) in [
            ("2026-11-24T08:00:00-05:00", Channel::Text, true, "Inside the hours for texts and calls, 8 am to 9 pm"),
            ("2026-11-24T07:59:00-05:00", Channel::Text, false, "It is 7:59 am; texts and calls wait until 8:00 am"),
            ("2026-11-24T21:00:00-05:00", Channel::Call, false, "It is 9:00 pm; texts and calls wait until 8:00 am"),
            ("2026-11-24T23:00:00-05:00", Channel::Email, true, "Email may go at any hour"),
        ] {
            assert_eq!(read(&asked(), channel, "Hi", at(when))[1], Guard { ok, blocks: !ok, text: text.into() }, "{when}");
        }
    }

    #[test]
    fn browsing_is_never_repeated_to_the_customer() {
        for leak in [
            "Hi Dana, I saw you on the CR-V again.",
            "I noticed you\u{2019}ve been busy",
            "You\u{2019}ve been  looking at the CR-V",
            "Back for the 4th time?",
            "thanks for your 3rd look",
            "You were on our website this morning",
            "You opened the price text",
        ] {
            let guard = &read(&asked(), Channel::Text, leak, now())[2];
            assert!(!guard.ok && guard.blocks && guard.text.ends_with("repeats browsing Dana never told us about"), "{leak}: {}", guard.text);
        }
        for fine in
            ["I will see you at 11:00", "Any time works", "What are you looking for?", "The car is on the homepage of Honda", "With time to spare"]
        {
            check(&asked(), Channel::Text, fine, 2, &passes("Mentions only what Dana told us".into()));
        }
    }

    #[test]
    fn a_car_they_only_looked_at_is_pointed_out() {
        let looked = asked().looks(RAV4, &[3, 1]);
        let expected = warns("Names the 2022 RAV4 (#24093), which Dana has not asked about".into());
        check(&looked, Channel::Text, "The 2022 RAV4 is here too", 2, &expected);
        check(&looked, Channel::Text, "Stock 24093 is here too", 2, &expected);
        check(&looked, Channel::Text, "The 2022 CR\u{2011}V is here", 2, &passes("Mentions only what Dana told us".into()));
        let watching = looked.did(Did::ClickedPriceAlert, 1, Some(RAV4));
        check(&watching, Channel::Text, "The 2022 RAV4 is here too", 2, &passes("Mentions only what Dana told us".into()));
    }

    #[test]
    fn a_car_that_is_gone_is_not_offered_and_owning_up_is_fine() {
        let with = |status| asked().change(|s| s.cars = vec![listed(CRV.0, "24117", "CR-V", status)]);
        let offer = "The 2022 CR-V is here";
        check(&with(ListingStatus::Available), Channel::Text, offer, 3, &passes("#24117 is available".into()));
        check(&with(ListingStatus::Sold), Channel::Text, offer, 3, &stops("The 2022 CR-V (#24117) is sold".into()));
        check(&with(ListingStatus::Missing), Channel::Text, offer, 3, &stops("The 2022 CR-V (#24117) is no longer on the lot".into()));
        check(&with(ListingStatus::Hold), Channel::Text, offer, 3, &warns("The 2022 CR-V (#24117) is on hold".into()));
        check(&with(ListingStatus::Sold), Channel::Text, "The 2022 CR-V has been sold", 3, &passes("Offers no car".into()));
        check(&asked(), Channel::Text, "Hello", 3, &passes("Offers no car".into()));
    }

    #[test]
    fn of_two_cars_with_one_name_the_one_they_asked_about_is_meant() {
        let twins = asked().change(|s| s.cars.push(listed(9, "24999", "CR-V", ListingStatus::Sold)));
        check(&twins, Channel::Text, "The 2022 CR-V is here", 3, &passes("#24117 is available".into()));
        check(&twins, Channel::Text, "24999 is here", 3, &stops("The 2022 CR-V (#24999) is sold".into()));
    }

    #[test]
    fn a_wrong_price_is_pointed_out() {
        check(&asked(), Channel::Text, "The 2022 CR-V is $25,000.", 3, &warns("$25,000 is not the price of the car: that is $27,650".into()));
        check(&asked(), Channel::Text, "The 2022 CR-V is $27,650.", 3, &passes("#24117 is available".into()));
    }
}
