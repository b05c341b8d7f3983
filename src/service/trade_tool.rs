//! What does a shopper hear of their car? Each step is answered, and journalled as something that their browser did; who wants the result
//! sent is a lead.

use super::{
    Rooms, StoreError,
    appraisals::this_year,
    intake, market,
    shapes::{self as s, TradeReply, TradeStep, TradeTold},
};
use crate::{
    domain::{
        appraisal::ToldTool,
        consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
        email::Email,
        event::{Entry, Event, WebEvent},
        lead::{LeadCar, LeadInterest, LeadKind, NewLead},
        phone::Phone,
        profile::{PersonName, Profile, Source, SourceKind},
        time::{At, DAY_MS},
        visitor::Did,
    },
    engine::{
        cars::{newest_year, sold_in},
        trade::{self, Field, Outcome, QUESTIONS, TheirCar, Told, Typed},
    },
};

/// What its leads are called.
pub const SOURCE: &str = "Trade-in tool";
const RUN_CHARS: std::ops::RangeInclusive<usize> = 8..=64;
const CLIENT_MOST_CHARS: usize = 64;
const NAME_MOST_CHARS: usize = 100;
const COMMENTS_MOST_CHARS: usize = 1_000;
const PAGE_MOST_CHARS: usize = 200;

/// What the tool asks.
#[must_use]
pub fn form(rooms: &Rooms) -> s::TradeForm {
    s::TradeForm { store: rooms.policy.rooftop.name.clone(), newest_year: newest_year(), questions: questions() }
}

/// The six questions with their answers.
#[must_use]
pub fn questions() -> Vec<s::TradeQuestion> {
    let choice = |answer: trade::Answer| s::TradeChoice { grade: answer.grade, says: answer.says, example: answer.example };
    QUESTIONS.map(|q| s::TradeQuestion { aspect: q.aspect, asks: q.asks, answers: q.answers.map(choice).to_vec() }).to_vec()
}

/// The makes and models of a year.
#[must_use]
pub fn lines(year: u16) -> s::TradeLines {
    let makes = sold_in(year).iter().map(|line| s::TradeMake { make: line.make.clone(), models: line.models.clone() });
    s::TradeLines { makes: makes.collect() }
}

/// Why a request is none of the tool's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable(pub String);

/// Answers one step, and journals it unless the shopper asked not to be followed. The same step of the same run counts once.
pub async fn answer(
    rooms: &Rooms,
    step: TradeStep,
    told: &TradeTold,
    is_followed: bool,
    now: At,
) -> Result<Result<TradeReply, Unusable>, StoreError> {
    if !is_run(&told.run) {
        return Ok(Err(Unusable("The `run` names one use of the tool: 8 to 64 letters and digits.".to_owned())));
    }
    let reply = reply(rooms, step, told, now);
    let was_answered = !matches!(reply, TradeReply::Again { .. });
    if was_answered && is_followed && is_client(&told.client) {
        let entry = |did, name: &str| Entry { at: now, event: Event::Web(event(told, did, name, now)), applied_after: None };
        let entries = done(step).iter().map(|(did, name)| entry(*did, name)).collect();
        rooms.store.append(entries).await?;
        rooms.hub.nudge_journal();
    }
    Ok(Ok(reply))
}

fn is_run(text: &str) -> bool {
    RUN_CHARS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_client(text: &str) -> bool {
    (1..=CLIENT_MOST_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// What a browser did by taking a step. The tool is finished when it has shown its result; leaving how one can be reached is a form of its
/// own, begun and sent.
fn done(step: TradeStep) -> &'static [(Did, &'static str)] {
    match step {
        TradeStep::Start => &[(Did::StartedTradeTool, "headlight_trade_start")],
        TradeStep::Vehicle => &[(Did::StartedTradeTool, "headlight_trade_vehicle")],
        TradeStep::Miles => &[(Did::StartedTradeTool, "headlight_trade_miles")],
        TradeStep::Result => &[(Did::StartedTradeTool, "headlight_trade_condition"), (Did::FinishedTradeTool, "headlight_trade_result")],
        TradeStep::Contact => &[(Did::StartedForm, "headlight_trade_contact")],
    }
}

fn event(told: &TradeTold, did: Did, name: &str, now: At) -> WebEvent {
    let once = blake3::hash(format!("{}\u{1f}{}\u{1f}{name}", told.client, told.run).as_bytes());
    let once = once.as_bytes().first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes));
    // Its query may name somebody.
    let page = told.page.split(['?', '#']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(PAGE_MOST_CHARS).collect();
    WebEvent { client: told.client.clone(), did, at: now, car: None, name: name.to_owned(), page, web_ids: vec![told.run.clone()], once }
}

fn reply(rooms: &Rooms, step: TradeStep, told: &TradeTold, now: At) -> TradeReply {
    match step {
        TradeStep::Start | TradeStep::Contact => TradeReply::Next { car: None },
        TradeStep::Vehicle => match read(rooms, told, now) {
            Read::Again(again) => again,
            Read::Person(car, sentence) => TradeReply::Person { car: car.facts.label(), sentence },
            Read::Car(car) => TradeReply::Next { car: Some(car.facts.label()) },
        },
        TradeStep::Miles => match read_driven(rooms, told, now) {
            Read::Again(again) => again,
            Read::Person(car, sentence) => TradeReply::Person { car: car.facts.label(), sentence },
            Read::Car(car) => TradeReply::Next { car: Some(car.facts.label()) },
        },
        TradeStep::Result => match result(rooms, told, now) {
            Read::Again(again) => again,
            Read::Person(car, sentence) => TradeReply::Person { car: car.facts.label(), sentence },
            Read::Car((car, figure)) => TradeReply::Range {
                car: car.facts.label(),
                low_cents: figure.range.low.0,
                high_cents: figure.range.high.0,
                reasons: figure.reasons,
                raises: figure.raises,
            },
        },
    }
}

/// What is made of what was told.
#[expect(clippy::large_enum_variant, reason = "one an answer")]
enum Read<T> {
    Again(TradeReply),
    /// No table speaks of it; why.
    Person(TheirCar, String),
    Car(T),
}

fn read(rooms: &Rooms, told: &TradeTold, now: At) -> Read<TheirCar> {
    let TradeTold { vin, year, make, model, trim, .. } = told.clone();
    match trade::read(&Typed { vin, year, make, model, trim }, this_year(&rooms.policy, now)) {
        Told::Car(car) => Read::Car(car),
        Told::NeedsAPerson(car, sentence) => Read::Person(car, sentence),
        Told::Again { field, sentence, meant } => {
            let meant = meant.iter().map(|vin| vin.as_str().to_owned()).collect();
            Read::Again(TradeReply::Again { field: field.word(), sentence, meant })
        }
    }
}

/// The car with its miles.
fn read_driven(rooms: &Rooms, told: &TradeTold, now: At) -> Read<TheirCar> {
    let driven = |mut car: TheirCar| match trade::odometer(&told.odometer, told.unit, car.facts.year, this_year(&rooms.policy, now)) {
        Ok(miles) => {
            car.facts.odometer_mi = miles;
            Ok(car)
        }
        Err(sentence) => Err(TradeReply::Again { field: Field::Odometer.word(), sentence, meant: vec![] }),
    };
    match read(rooms, told, now) {
        Read::Again(again) => Read::Again(again),
        Read::Person(car, sentence) => driven(car).map_or_else(Read::Again, |car| Read::Person(car, sentence)),
        Read::Car(car) => driven(car).map_or_else(Read::Again, Read::Car),
    }
}

fn result(rooms: &Rooms, told: &TradeTold, now: At) -> Read<(TheirCar, trade::Figure)> {
    let car = match read_driven(rooms, told, now) {
        Read::Again(again) => return Read::Again(again),
        Read::Person(car, sentence) => return Read::Person(car, sentence),
        Read::Car(car) => car,
    };
    match trade::figure(&market::of(rooms), &car, &told.state, day(now)) {
        Outcome::Range(figure) => Read::Car((car, figure)),
        Outcome::NeedsAPerson(sentence) => Read::Person(car, sentence),
    }
}

/// Days since 1970-01-01.
#[must_use]
pub fn day(now: At) -> i32 {
    i32::try_from(now.0.div_euclid(DAY_MS)).unwrap_or(i32::MAX)
}

/// Takes in who wants the result sent: a lead with the worksheet of their car. Sent again it is there once.
pub async fn send(
    rooms: &Rooms,
    contact: &s::TradeContact,
    raw: Vec<u8>,
    is_followed: bool,
    now: At,
) -> Result<Result<s::TradeReceipt, Unusable>, StoreError> {
    let told = &contact.told;
    if !is_run(&told.run) {
        return Ok(Err(Unusable("The `run` names one use of the tool: 8 to 64 letters and digits.".to_owned())));
    }
    let person = match person(contact, now) {
        Ok(person) => person,
        Err(sentence) => return Ok(Err(Unusable(sentence))),
    };
    let (car, shown) = match result(rooms, told, now) {
        Read::Again(TradeReply::Again { sentence, .. }) => return Ok(Err(Unusable(sentence))),
        Read::Again(_) => return Ok(Err(Unusable("The car could not be understood.".to_owned()))),
        Read::Person(car, _) => (car, None),
        Read::Car((car, figure)) => (car, Some(figure)),
    };
    let is_followed = is_followed && is_client(&told.client);
    let lead = lead(contact, person, car, shown.as_ref(), is_followed, now);
    let again = intake::receive_form(rooms, lead, raw, now).await?;
    if is_followed && !again {
        let sent = event(told, Did::SubmittedForm, "headlight_trade_sent", now);
        rooms.store.append(vec![Entry { at: now, event: Event::Web(sent), applied_after: None }]).await?;
        rooms.hub.nudge_journal();
    }
    Ok(Ok(s::TradeReceipt { again }))
}

fn person(contact: &s::TradeContact, now: At) -> Result<Profile, String> {
    let name: String = contact.name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME_MOST_CHARS).collect();
    if name.is_empty() {
        return Err("Whom shall we send it to? A first name will do.".to_owned());
    }
    let mut person = Profile::new(Source { kind: SourceKind::Lead, name: SOURCE.to_owned() }, now);
    person.name = PersonName::from_full(&name);
    if !contact.phone.trim().is_empty() {
        person.phones.push(Phone::parse(&contact.phone).ok_or("That phone number is none that can be dialed.")?);
    }
    if !contact.email.trim().is_empty() {
        person.emails.push(Email::parse(&contact.email).ok_or("That email address is none that mail can be sent to.")?);
    }
    if person.phones.is_empty() && person.emails.is_empty() {
        return Err("Where shall we send it? Leave a phone number or an email address.".to_owned());
    }
    person.consent = allowed(&person, contact.may_text, now);
    Ok(person)
}

/// Asking for the result allows to answer where they said; texts only with the tick of their own.
fn allowed(person: &Profile, may_text: bool, now: At) -> Vec<ConsentFact> {
    let fact = |channel, basis| ConsentFact { channel, state: ConsentState::Allowed, basis, at: now, evidence: SOURCE.to_owned() };
    let mut facts = Vec::new();
    if !person.phones.is_empty() {
        facts.push(fact(Channel::Call, ConsentBasis::Enquiry));
        facts.extend(may_text.then(|| fact(Channel::Text, ConsentBasis::Form)));
    }
    if !person.emails.is_empty() {
        facts.push(fact(Channel::Email, ConsentBasis::Enquiry));
    }
    facts
}

fn lead(contact: &s::TradeContact, person: Profile, car: TheirCar, figure: Option<&trade::Figure>, is_followed: bool, now: At) -> NewLead {
    let told = &contact.told;
    let shown = figure.map(|figure| figure.range);
    let saw = shown.map_or_else(
        || "The tool gave no figure; they wait for one.".to_owned(),
        |range| format!("The tool showed {}\u{2013}{}.", range.low, range.high),
    );
    let words: String = contact.comments.trim().chars().take(COMMENTS_MOST_CHARS).collect();
    let comments = [words, saw].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let theirs = LeadCar {
        interest: LeadInterest::TradeIn,
        vin: car.vin,
        facts: car.facts,
        told: Some(ToldTool { state: told.state, shown }),
        ..LeadCar::default()
    };
    NewLead {
        source: SOURCE.to_owned(),
        external_id: Some(format!("{SOURCE}|{}", told.run)),
        requested: now,
        person,
        cars: vec![theirs],
        comments,
        kind: LeadKind::TradeIn,
        web_ids: if is_followed { vec![told.client.clone(), told.run.clone()] } else { vec![] },
        warnings: vec![],
        taken: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(name: &str, phone: &str, email: &str, may_text: bool) -> s::TradeContact {
        let told = TradeTold { run: "abcdefgh1".to_owned(), ..TradeTold::default() };
        s::TradeContact { name: name.into(), phone: phone.into(), email: email.into(), may_text, comments: String::new(), told }
    }

    #[test]
    fn texts_are_allowed_by_their_own_tick_alone() {
        let channels = |contact: &s::TradeContact| person(contact, At(5)).unwrap().consent.iter().map(|fact| fact.channel).collect::<Vec<_>>();
        assert_eq!(channels(&contact("Dana", "(207) 555-0148", "", false)), [Channel::Call]);
        assert_eq!(channels(&contact("Dana", "(207) 555-0148", "", true)), [Channel::Call, Channel::Text]);
        assert_eq!(channels(&contact("Dana", "", "dana@example.com", true)), [Channel::Email], "there is no number to text");
    }

    #[test]
    fn whoever_cannot_be_reached_is_told_so() {
        for bad in
            [contact(" ", "2075550148", "", false), contact("Dana", "", "", false), contact("Dana", "12", "", false), contact("Dana", "", "x", false)]
        {
            assert!(person(&bad, At(5)).is_err_and(|sentence| sentence.ends_with(['.', '?'])), "{bad:?}");
        }
    }

    #[test]
    fn each_step_of_a_run_is_an_event_of_its_own_and_names_nobody() {
        let told = TradeTold { client: "c1".into(), run: "abcdefgh1".into(), page: "/trade?name=Dana#x".into(), ..TradeTold::default() };
        let once = |step: TradeStep| done(step).iter().map(|(did, name)| event(&told, *did, name, At(5)).once).collect::<Vec<_>>();
        let all: Vec<_> =
            [TradeStep::Start, TradeStep::Vehicle, TradeStep::Miles, TradeStep::Result, TradeStep::Contact].into_iter().flat_map(once).collect();
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!((all.len(), distinct.len()), (6, 6));
        assert_eq!(once(TradeStep::Miles), once(TradeStep::Miles), "told again it is the same");
        assert_eq!(event(&told, Did::StartedTradeTool, "x", At(5)).page, "/trade");
    }
}
