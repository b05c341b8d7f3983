//! What did they say between the fields? Cars, permissions, refusals and ids in a lead's free text. Text stays text: nothing in it is obeyed.

use super::{
    car,
    labels::{Field, Pair},
};
use crate::{
    domain::{
        consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
        lead::{LeadCar, LeadInterest, LeadKind},
        time::At,
        vin::Vin,
    },
    formats::text,
};

/// How far a number that calls itself a VIN is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) enum VinTrust {
    /// A form's own field: as the sender says, with a warning when the check digit fails.
    Field,
    /// A line of a comment: only with a check digit that holds.
    Comment,
}

/// The car they come for and the car they come with, as far as labelled values describe them.
pub(in crate::formats) fn cars_of(pairs: &[Pair], trust: VinTrust) -> (LeadCar, LeadCar) {
    let mut wanted = LeadCar::default();
    let mut theirs = LeadCar { interest: LeadInterest::TradeIn, ..LeadCar::default() };
    let mut lines: Vec<(bool, &str)> = vec![];
    for pair in pairs {
        let Some(field) = pair.field else { continue };
        let car = if pair.theirs { &mut theirs } else { &mut wanted };
        let value = pair.value.trim();
        match field {
            Field::Vin => {
                let vin = Vin::parse(value.split(' ').next().unwrap_or("")).filter(|v| trust == VinTrust::Field || v.check_digit_holds());
                car.vin = car.vin.take().or(vin);
            }
            Field::Stock if car.stock.is_empty() => car.stock = car::stock(value),
            Field::Year => car.facts.year = car.facts.year.or_else(|| car::year(value)),
            Field::Make if car.facts.make.is_empty() => car.facts.make = car::make(value),
            Field::Model if car.facts.model.is_empty() => car.facts.model = car::said(value),
            Field::Trim if car.facts.trim.is_empty() => car.facts.trim = car::said(value),
            Field::Mileage => {
                car.facts.odometer_mi = car.facts.odometer_mi.or_else(|| car::miles(value, if pair.label.starts_with('k') { "km" } else { "" }));
            }
            Field::Price => car.price = car.price.or_else(|| car::price(value)),
            Field::Color if car.facts.exterior_color.is_empty() => car.facts.exterior_color = car::said(value),
            Field::Car => lines.push((pair.theirs, value)),
            Field::Stock
            | Field::Make
            | Field::Model
            | Field::Trim
            | Field::Color
            | Field::FirstName
            | Field::LastName
            | Field::FullName
            | Field::Phone
            | Field::Email
            | Field::Street
            | Field::City
            | Field::Region
            | Field::PostalCode
            | Field::Comments
            | Field::Source
            | Field::When
            | Field::Kind
            | Field::LeadId
            | Field::WebId
            | Field::Dealer
            | Field::Wish => {}
        }
    }
    for (is_theirs, line) in lines {
        let car = if is_theirs { &mut theirs } else { &mut wanted };
        let mut facts = car::described(line);
        let about = line.split_once([',', '(']).map_or("", |(_, about)| about);
        facts.odometer_mi = if about.to_lowercase().contains(" mi") { car::miles(about, "") } else { None };
        car::fill(car, &LeadCar { facts, vin: car::vin_in(line), ..LeadCar::default() });
    }
    (wanted, theirs)
}

/// Fills the lead's cars with what a comment says of them: labelled values, a VIN that holds, a stock number that is mentioned.
pub(in crate::formats) fn fill_cars(cars: &mut Vec<LeadCar>, pairs: &[Pair], comments: &str) {
    let (mut wanted, theirs) = cars_of(pairs, VinTrust::Comment);
    let labelled_theirs = theirs.vin.clone();
    wanted.vin = wanted
        .vin
        .or_else(|| car::vin_in(comments))
        .filter(|v| Some(v) != labelled_theirs.as_ref() && !cars.iter().any(|c| c.vin.as_ref() == Some(v)));
    if wanted.stock.is_empty() {
        wanted.stock = comments.lines().find_map(car::stock_in).unwrap_or_default();
    }
    if !car::is_empty(&theirs) {
        match cars.iter_mut().find(|c| c.is_theirs()) {
            Some(car) => car::fill(car, &theirs),
            None => cars.push(theirs),
        }
    }
    if car::is_empty(&wanted) {
        return;
    }
    // In a lead that only sells us a car, the car spoken of is that one.
    let place = cars.iter().position(|c| !c.is_theirs()).or_else(|| cars.iter().position(|c| c.interest == LeadInterest::Sell));
    match place {
        Some(place) => {
            if cars[place].is_theirs() {
                wanted.stock.clear();
            }
            car::fill(&mut cars[place], &wanted);
        }
        None => cars.insert(0, wanted),
    }
}

/// Ids by which the site can tell its form from others, when the sender passes them on. Ids are single words.
pub(in crate::formats) fn web_ids(pairs: &[Pair]) -> Vec<String> {
    let mut ids: Vec<String> = vec![];
    for pair in pairs.iter().filter(|p| p.field == Some(Field::WebId)) {
        note_web_id(&mut ids, &pair.value);
    }
    ids
}

pub(in crate::formats) fn note_web_id(ids: &mut Vec<String>, id: &str) {
    let id = id.trim().trim_end_matches([',', ';']);
    let shaped = (6..=100).contains(&id.len()) && !id.contains(char::is_whitespace) && id.bytes().any(|b| b.is_ascii_digit());
    if shaped && ids.len() < 10 && !ids.iter().any(|i| i == id) {
        ids.push(id.to_owned());
    }
}

/// What the sender's own words for the lead and its form say it is. The shopper's words count only where they are a form's ("book a test ride").
///
/// A name such as "Test Lead" alone makes no test: a card too many is a smaller harm than a lead too few.
pub(in crate::formats) fn kind(clues: &str, comments: &str, cars: &[LeadCar]) -> LeadKind {
    let clues = clues.to_lowercase();
    let comments = text::cut(comments, 4_000).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| clues.contains(w));
    let said = |words: &[&str]| words.iter().any(|w| comments.contains(w));
    let is_word = |word: &str| clues.split(|c: char| !c.is_alphanumeric()).any(|w| w == word);
    if said(&["this is a test lead", "test lead", "lead test", "this is only a test", "this is a test."]) || has(&["test lead", "lead test"]) {
        return LeadKind::Test;
    }
    if has(&["service appointment", "service request", "schedule service", "service lead", "service department", "parts request", "oil change"])
        || clues.lines().any(|l| matches!(l.trim(), "service" | "parts"))
    {
        return LeadKind::Service;
    }
    if has(&[
        "credit app",
        "finance app",
        "pre-approv",
        "preapprov",
        "pre approv",
        "prequal",
        "pre-qual",
        "loan app",
        "apply for credit",
        "financing application",
        "get approved",
    ]) || is_word("coa")
        || clues.lines().any(|l| matches!(l.trim(), "finance" | "credit"))
        || said(&["prequal: y", "prequalified: y", "pre-qualified: y"])
    {
        return LeadKind::Finance;
    }
    let trades = [
        "trade-in",
        "trade in",
        "tradein",
        "value your trade",
        "value my trade",
        "trade value",
        "trade accelerator",
        "trade appraisal",
        "sell my",
        "sell your",
        "cash offer",
    ];
    if has(&trades) {
        return LeadKind::TradeIn;
    }
    if cars.iter().any(|c| c.interest == LeadInterest::TestDrive) || has(&["test drive", "test-drive", "test ride", "testdrive"]) {
        return LeadKind::TestDrive;
    }
    if !cars.is_empty() && cars.iter().all(LeadCar::is_theirs) {
        return LeadKind::TradeIn;
    }
    if said(&["book a test drive", "book a test ride", "schedule a test drive", "schedule a test ride"]) {
        return LeadKind::TestDrive;
    }
    if has(&["phone lead", "phone call", "call lead", "missed call", "call tracking", "inbound call"])
        || said(&["you received a consumer phone call", "call duration:"])
    {
        return LeadKind::PhoneCall;
    }
    LeadKind::Enquiry
}

/// What the text says they allow or refuse. `evidence` names the paper it stands on.
///
/// A permission is read only from a form's own yes ("Can we contact you via text?: Yes") or a sentence in the first person that agrees to be
/// contacted on that channel (47 CFR 64.1200(f)(9) asks for a clear agreement). Refusals are read widely: any reasonable words count
/// (47 CFR 64.1200(a)(10)).
pub(in crate::formats) fn consents(words: &str, at: At, evidence: &str) -> Vec<ConsentFact> {
    let mut facts: Vec<ConsentFact> = vec![];
    let mut note = |channel: Channel, state: ConsentState| {
        // A refusal stands against a permission in the same text, whatever their order.
        match facts.iter_mut().find(|f| f.channel == channel) {
            Some(fact) if state == ConsentState::Revoked => fact.state = state,
            Some(_) => {}
            None => facts.push(ConsentFact { channel, state, basis: ConsentBasis::Form, at, evidence: evidence.to_owned() }),
        }
    };
    for line in words.lines().take(2_000) {
        let line = text::cut(line, 2_000).to_lowercase().replace('’', "'");
        if let Some((question, yes)) = answered(&line) {
            let asks = ["contact you", "contact me", "may we", "can we", "ok to", "okay to"].iter().any(|a| question.contains(a));
            let state = match (yes, asks) {
                (true, _) => ConsentState::Allowed,
                (false, true) => ConsentState::Revoked,
                (false, false) => ConsentState::NotGiven,
            };
            for channel in channels_in(question) {
                note(channel, state);
            }
            continue;
        }
        for sentence in line.split(['.', '!', ';', '?']) {
            // A comma parts what is refused from what is asked for instead: "no calls, text only".
            let sentence = sentence.replace(',', " , ");
            let words: Vec<&str> = sentence.split(|c: char| c.is_whitespace() || c == '/' || c == '"').filter(|w| !w.is_empty()).take(120).collect();
            let refused = refused(&words);
            if refused.is_empty() {
                for channel in agreed(&words) {
                    note(channel, ConsentState::Allowed);
                }
            }
            for channel in refused {
                note(channel, ConsentState::Revoked);
            }
        }
    }
    facts
}

/// What a lead allows: what its words say, and for each contact point they gave, that we may answer there.
pub(in crate::formats) fn consent_of(words: &str, has_phone: bool, has_email: bool, at: At, evidence: &str) -> Vec<ConsentFact> {
    let mut facts = consents(words, at, evidence);
    for (channel, given) in [(Channel::Text, has_phone), (Channel::Call, has_phone), (Channel::Email, has_email)] {
        if given && !facts.iter().any(|f| f.channel == channel) {
            facts.push(ConsentFact { channel, state: ConsentState::Allowed, basis: ConsentBasis::Enquiry, at, evidence: evidence.to_owned() });
        }
    }
    facts
}

/// A text without the digits of social security numbers: `123-45-6789` is shown as `***-**-****`. See [`super::labels::is_secret`].
pub(in crate::formats) fn without_secrets(text: &str) -> String {
    let is_secret = |w: &str| {
        let parts: Vec<&str> = w.split('-').collect();
        parts.len() == 3 && parts.iter().zip([3, 2, 4]).all(|(p, length)| p.len() == length && p.bytes().all(|b| b.is_ascii_digit()))
    };
    if !text.contains('-') {
        return text.to_owned();
    }
    let parts = text.split_inclusive(|c: char| !(c.is_ascii_digit() || c == '-'));
    let shown = parts.map(|part| {
        let word = part.trim_end_matches(|c: char| !(c.is_ascii_digit() || c == '-'));
        if is_secret(word) { part.replace(word, "***-**-****") } else { part.to_owned() }
    });
    shown.collect()
}

/// A form's line that asks for a permission and holds the answer.
pub(in crate::formats) fn is_permission(line: &str) -> bool {
    answered(&text::cut(line, 2_000).to_lowercase()).is_some()
}

/// A question about being contacted with a yes or a no behind it.
fn answered(line: &str) -> Option<(&str, bool)> {
    let (question, answer) = line.rsplit_once([':', '?', '\t', '='])?;
    let yes = match answer.trim().trim_end_matches('.') {
        "yes" | "y" | "true" | "1" | "on" | "checked" | "agreed" | "accepted" | "opted in" | "opt in" => true,
        "no" | "n" | "false" | "0" | "off" | "unchecked" | "declined" | "opted out" | "opt out" => false,
        _ => return None,
    };
    let about_contact = [
        "opt-in",
        "opt in",
        "optin",
        "consent",
        "contact you",
        "contact me",
        "may we",
        "can we",
        "agree",
        "ok to",
        "okay to",
        "permission",
        "receive",
    ];
    about_contact.iter().any(|a| question.contains(a)).then_some((question, yes))
}

fn channels_in(text: &str) -> Vec<Channel> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let mut found: Vec<Channel> = vec![];
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).copied().unwrap_or("");
        match channel(word) {
            // "Telephone number" names where, not how.
            Some(Channel::Call) if matches!(next, "number" | "numbers") => {}
            Some(channel) if !found.contains(&channel) => found.push(channel),
            Some(_) | None => {}
        }
    }
    found
}

fn channel(word: &str) -> Option<Channel> {
    match word {
        "text" | "texts" | "sms" | "texting" | "txt" | "txts" | "texted" => Some(Channel::Text),
        "call" | "calls" | "phone" | "telephone" | "calling" | "called" | "phoned" => Some(Channel::Call),
        "email" | "emails" | "e-mail" | "e-mails" | "emailed" | "emailing" => Some(Channel::Email),
        _ => None,
    }
}

/// The channels of "I agree to receive text messages": in the first person, about being contacted, not denied before the word that agrees,
/// and named before any condition begins.
fn agreed(words: &[&str]) -> Vec<Channel> {
    let Some(at) = words.iter().position(|w| matches!(*w, "agree" | "consent" | "authorize" | "agreed" | "consented")) else { return vec![] };
    let before = &words[at.saturating_sub(6)..at];
    let first_person = before.iter().any(|w| matches!(*w, "i" | "i've" | "customer" | "shopper"));
    let denied = before.iter().any(|w| matches!(*w, "not" | "don't" | "dont" | "never" | "no" | "decline" | "if" | "unless"));
    let to_what: Vec<&str> =
        words[at..].iter().copied().take_while(|w| !matches!(*w, "even" | "if" | "unless" | "although" | "but" | "not" | "except")).collect();
    let contacted = to_what.iter().any(|w| {
        matches!(*w, "receive" | "receiving" | "contacted" | "contact" | "contacting" | "get" | "calls" | "texts" | "emails" | "called" | "texted")
    });
    if first_person && !denied && contacted { channels_in(&to_what.join(" ")) } else { vec![] }
}

/// The channels a sentence refuses.
fn refused(words: &[&str]) -> Vec<Channel> {
    let mut found: Vec<Channel> = vec![];
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| words.get(b)).copied().unwrap_or("");
        let next = words.get(at + 1).copied().unwrap_or("");
        match *word {
            // "No calls", "no text messages, please".
            "no" | "zero" => {
                let plural = matches!(next, "calls" | "texts" | "emails" | "e-mails" | "sms")
                    || matches!(words.get(at + 2), Some(&("calls" | "messages" | "texts" | "emails")));
                if plural {
                    collect(&words[at + 1..], &mut found);
                }
            }
            // "Do not call me", "please don't text or e-mail"; not "I don't text", "they do not call back", "the do not call list".
            "not" | "don't" | "dont" | "never" | "stop"
                if !matches!(before, "i" | "you" | "we" | "they" | "he" | "she" | "it" | "will" | "would" | "did" | "does" | "could") =>
            {
                if *word == "not" && !matches!(before, "do" | "please" | "not") {
                    continue;
                }
                let subject = if *word == "not" { at.checked_sub(2).and_then(|b| words.get(b)).copied().unwrap_or("") } else { "" };
                if matches!(subject, "i" | "you" | "we" | "they") {
                    continue;
                }
                collect(&words[at + 1..], &mut found);
            }
            "unsubscribe" if matches!(next, "me" | "my") => found.extend(Channel::ALL),
            "off" if before == "me" && words.get(at.wrapping_sub(2)) == Some(&"take") => found.extend(Channel::ALL),
            _ => {}
        }
    }
    found
}

/// The channels named in a row after a refusal, unless a time, a place or the registry shows that no refusal was meant.
fn collect(after: &[&str], found: &mut Vec<Channel>) {
    let mut used = 0;
    let mut named: Vec<Channel> = vec![];
    for (at, word) in after.iter().enumerate() {
        match *word {
            "," => {
                // "No calls, texts or e-mails" goes on; "don't call, text me" does not.
                let joins = |place: usize| matches!(after.get(at + place), Some(&("or" | "and" | "nor")));
                if !(joins(1) || joins(2)) {
                    break;
                }
            }
            "ever" | "please" | "or" | "and" | "nor" | "any" | "more" | "me" | "us" | "phone" if *word != "phone" || named.is_empty() => {
                if *word == "phone" {
                    named.push(Channel::Call);
                }
            }
            "contact" | "bother" => named.extend(Channel::ALL),
            "ring" => named.push(Channel::Call),
            "message" => named.push(Channel::Text),
            "messages" | "messaging" => {}
            word => match channel(word) {
                Some(channel) => named.push(channel),
                None => break,
            },
        }
        used += 1;
    }
    let then = after.get(used).copied().unwrap_or("");
    let limited = matches!(
        then,
        "before"
            | "after"
            | "until"
            | "till"
            | "during"
            | "between"
            | "while"
            | "unless"
            | "on"
            | "at"
            | "back"
            | "list"
            | "lists"
            | "registry"
            | "register"
            | "if"
            | "about"
            | "by"
            | "through"
            | "via"
            | "with"
            | "for"
    );
    // "Do not contact me by phone" refuses the phone, not all.
    if matches!(then, "by" | "through" | "via") && named.len() == Channel::ALL.len() {
        let ways = &after[used + 1..];
        found.extend(ways.iter().take(5).filter_map(|w| channel(w)));
    } else if !limited {
        found.extend(named);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::leads::labels::pairs;

    fn read(words: &str) -> Vec<(Channel, ConsentState)> {
        let mut facts: Vec<_> = consents(words, At(0), "").into_iter().map(|f| (f.channel, f.state)).collect();
        facts.sort_by_key(|f| f.0);
        facts
    }

    #[test]
    fn a_permission_is_read_only_where_it_is_clear() {
        use Channel::{Call, Email, Text};
        use ConsentState::{Allowed, NotGiven, Revoked};
        for (words, facts) in [
            ("Can we contact you via text?: Yes", vec![(Text, Allowed)]),
            ("Email Opt-In: Yes\nPhone Opt-In: Yes\nMail Opt-In: Yes", vec![(Call, Allowed), (Email, Allowed)]),
            ("SMS Opt-In: No", vec![(Text, NotGiven)]),
            ("Can we contact you via phone?: No", vec![(Call, Revoked)]),
            ("By submitting this form I agree to receive text messages and calls from the store.", vec![(Text, Allowed), (Call, Allowed)]),
            ("By clicking you agree to receive texts", vec![]),
            ("I do not agree to receive texts", vec![]),
            ("Preferred contact method: SMS", vec![]),
            ("Opt-In: Yes", vec![]),
            ("text me the price please", vec![]),
            ("I agree to receive texts even if I am on a do not call list", vec![(Text, Allowed)]),
        ] {
            assert_eq!(read(words), facts, "{words}");
        }
    }

    #[test]
    fn a_refusal_is_read_widely() {
        use Channel::{Call, Email, Text};
        let revoked = |channels: &[Channel]| channels.iter().map(|c| (*c, ConsentState::Revoked)).collect::<Vec<_>>();
        for (words, channels) in [
            ("Please do not call me", &[Call][..]),
            ("don't text or call", &[Text, Call]),
            ("Don’t e-mail me please", &[Email]),
            ("no calls, text only", &[Call]),
            ("No phone calls please!", &[Call]),
            ("no text messages", &[Text]),
            ("no calls, texts or e-mails", &[Text, Call, Email]),
            ("don't call, text me", &[Call]),
            ("don't call, and don't text", &[Text, Call]),
            ("do not contact me by phone", &[Call]),
            ("stop texting me", &[Text]),
            ("never call this number", &[Call]),
            ("please don't call before 5pm", &[]),
            ("you did not call me back", &[]),
            ("I don't text much", &[]),
            ("you do not call back", &[]),
            ("there is no call for that", &[]),
            ("I agree to receive calls. Please do not call.", &[Call]),
        ] {
            assert_eq!(read(words), revoked(channels), "{words}");
        }
    }

    #[test]
    fn a_social_security_number_is_not_kept() {
        assert_eq!(without_secrets("SSN: 078-05-1120, call 207-555-0148."), "SSN: ***-**-****, call 207-555-0148.");
    }

    #[test]
    fn a_comment_fills_what_the_fields_left_open() {
        let comment = "Inventory Item: Harley-Davidson Ultra Limited 2022 FLHTK U876-22 Vivid Black\nInventory Stock ID: U876-22\nVIN: 1HGCM82633A004352\nTrade Year: 2017\nTrade Make: Ford";
        let mut cars = vec![LeadCar::default()];
        fill_cars(&mut cars, &pairs(comment), comment);
        assert_eq!(cars[0].facts.label(), "2022 Harley-Davidson Ultra Limited");
        assert_eq!((cars[0].stock.as_str(), cars[0].vin.as_ref().map(Vin::as_str)), ("U876-22", Some("1HGCM82633A004352")));
        assert_eq!((cars.len(), cars[1].facts.year, cars[1].is_theirs()), (2, Some(2017), true));
    }

    #[test]
    fn the_kind_is_what_the_sender_calls_it() {
        for (clues, comments, expected) in [
            ("HDFS COA Online", "", LeadKind::Finance),
            ("https://dealer.example/start-pre-approval/", "", LeadKind::Finance),
            ("AutoLeadStar | Test Drive", "", LeadKind::TestDrive),
            ("Service", "", LeadKind::Service),
            ("AutoTrader Leads\nInternet", "Interested in financing options", LeadKind::Enquiry),
            ("CarGurus", "This is a test lead from the setup.", LeadKind::Test),
            ("Trade Accelerator - Trade In", "", LeadKind::TradeIn),
            ("Cars.com Phone Lead Notice", "", LeadKind::PhoneCall),
        ] {
            assert_eq!(kind(clues, comments, &[]), expected, "{clues}");
        }
    }
}
