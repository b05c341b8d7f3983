//! Who is this, in ten seconds?

use super::{
    phrases::{closed, cut, quoted, some_of, times},
    times::{day, moment},
};
use crate::domain::{
    alert::Icon,
    picture::Picture,
    story::{Road, StoryRow},
    time::At,
};

/// Sentences of a brief; with twelve words each it stays under sixty (design section 9).
const MOST: usize = 5;
/// Records cited by one sentence.
const MOST_CITED: usize = 8;

/// Up to five sentences taken from the customer's story, each with the ids of the rows it rests on. Nothing is concluded: a sentence
/// repeats a row, or counts rows of one kind and repeats the newest. `rows` in any order.
#[must_use]
pub fn brief(picture: &Picture, rows: &[(String, StoryRow)], now: At) -> Vec<(String, Vec<String>)> {
    let of = |road: Road| {
        let mut of_road: Vec<&(String, StoryRow)> = rows.iter().filter(|(_, row)| row.road == road).collect();
        of_road.sort_by_key(|(_, row)| std::cmp::Reverse(last(row)));
        of_road
    };
    let sentences = [
        newest(picture, &of(Road::Sales), now),
        newest(picture, &of(Road::Messages), now),
        on_the_web(picture, &of(Road::Web), now),
        service(picture, &of(Road::Service), now),
        newest(picture, &of(Road::Finance), now),
        newest(picture, &of(Road::Note), now),
    ];
    sentences.into_iter().flatten().take(MOST).collect()
}

fn last(row: &StoryRow) -> At {
    row.until.max(row.at)
}

/// The newest row as it stands.
fn newest(picture: &Picture, of_road: &[&(String, StoryRow)], now: At) -> Option<(String, Vec<String>)> {
    let (id, row) = of_road.first()?;
    let when = day(&picture.rooftop.zone, last(row), now);
    let title = cut(row.title.trim_end_matches('.'), 70);
    let what = match (row.road, row.by) {
        // A message of theirs has its own words for a title.
        (Road::Messages, None) if title.starts_with('\u{201c}') => they_wrote(row.icon).to_owned(),
        (Road::Messages, Some(_)) => format!("We {}", lowered(&title)),
        (Road::Messages | Road::Web | Road::Sales | Road::Finance | Road::Service | Road::Note, _) => title,
    };
    // `Asked about the CR-V on Friday, from Cars.com`, `We called on Friday, no answer`: the day stands with what was done.
    let told = what.split_once(", ").map_or_else(|| format!("{what} {when}"), |(done, how)| format!("{done} {when}, {how}"));
    Some((closed(&format!("{told}{}", said(row))), vec![id.clone()]))
}

/// What a row says beside its title: somebody's words in quotation marks, the terms of a deal without.
fn said(row: &StoryRow) -> String {
    match row.detail.trim() {
        "" => String::new(),
        terms if row.icon == Icon::File => format!(": {}", some_of(terms, 60, "")),
        words => format!(": {}", quoted(words, 70)),
    }
}

fn they_wrote(icon: Icon) -> &'static str {
    if icon == Icon::Mail {
        "Emailed us"
    } else if icon == Icon::Phone {
        "Called us"
    } else {
        "Texted us"
    }
}

fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The car most looked at of late, else how often they were on the site.
fn on_the_web(picture: &Picture, of_road: &[&(String, StoryRow)], now: At) -> Option<(String, Vec<String>)> {
    let (_, newest) = of_road.first()?;
    let same_car: Vec<&&(String, StoryRow)> = of_road.iter().filter(|(_, row)| row.vehicle.is_some() && row.vehicle == newest.vehicle).collect();
    let rows: Vec<&(String, StoryRow)> = if same_car.len() > 1 { same_car.into_iter().copied().collect() } else { of_road.to_vec() };
    let zone = &picture.rooftop.zone;
    let when = moment(zone, last(newest), now);
    let cited = rows.iter().take(MOST_CITED).map(|(id, _)| id.clone()).collect();
    let title = cut(newest.title.trim_end_matches('.'), 60);
    let text = match (rows.len(), rows.last()) {
        (1, _) | (_, None) => format!("{title}, {when}"),
        (n, Some((_, oldest))) if newest.vehicle.is_some() && oldest.vehicle == newest.vehicle => {
            format!("{title}; {n} records of that car {}, most recently {when}", since(picture, oldest.at, now))
        }
        (n, Some((_, oldest))) => format!("On the website {} {}, last: {title}, {when}", times(n), since(picture, oldest.at, now)),
    };
    Some((closed(&text), cited))
}

/// `since Sunday`, `since Aug 14`; `today` when that is all.
fn since(picture: &Picture, at: At, now: At) -> String {
    let said = day(&picture.rooftop.zone, at, now);
    if said == "today" { said } else { format!("since {}", said.strip_prefix("on ").unwrap_or(&said)) }
}

fn service(picture: &Picture, of_road: &[&(String, StoryRow)], now: At) -> Option<(String, Vec<String>)> {
    let (_, newest) = of_road.first()?;
    let when = day(&picture.rooftop.zone, last(newest), now);
    let (work, paid) = newest.title.split_once(" \u{b7} ").unwrap_or((&newest.title, ""));
    let work = some_of(work.strip_prefix("Service: ").unwrap_or(work).trim_end_matches('.'), 60, ", and more");
    let paid = if paid.is_empty() { String::new() } else { format!(", {paid}") };
    let cited: Vec<String> = of_road.iter().take(MOST_CITED).map(|(id, _)| id.clone()).collect();
    let text = match of_road.len() {
        1 => format!("In service once, {when}: {work}{paid}"),
        n => format!("In service {}, last {when}: {work}{paid}", times(n)),
    };
    Some((closed(&text), cited))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::ids::{Seq, StaffId, VehicleId},
        engine::sample::{CRV, Sample, hours_ago, now},
    };

    fn row(id: &str, hours: i64, road: Road, title: &str, detail: &str, vehicle: Option<VehicleId>) -> (String, StoryRow) {
        let at = hours_ago(hours);
        let row = StoryRow { detail: detail.into(), vehicle, ..StoryRow::new(at, road, Icon::Eye, title.into(), Seq(1)) };
        (id.into(), row)
    }

    fn check(rows: &[(String, StoryRow)], expected: &[(&str, &[&str])]) {
        let sample = Sample::dana();
        let brief = brief(&sample.picture(), rows, now());
        let told: Vec<(&str, Vec<&str>)> = brief.iter().map(|(text, cites)| (text.as_str(), cites.iter().map(String::as_str).collect())).collect();
        let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(text, cites)| (*text, cites.to_vec())).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn nothing_known_is_no_brief() {
        check(&[], &[]);
    }

    #[test]
    fn each_sentence_rests_on_rows_it_names() {
        check(
            &[
                row("a", 90, Road::Sales, "Asked about #24117 through Cars.com", "Is it still available?", Some(CRV)),
                row("b", 40, Road::Web, "Looked at #24117", "", Some(CRV)),
                row("c", 2, Road::Web, "Looked at #24117", "", Some(CRV)),
                row("d", 20, Road::Web, "Looked up hours", "", None),
                row("e", 80, Road::Messages, "Texted us", "Yes please", None),
                row("f", 24 * 100, Road::Service, "60k service", "", None),
                row("g", 24 * 300, Road::Service, "Oil change", "", None),
                row("h", 50, Road::Note, "Priya noted", "Wants white or gray", None),
            ],
            &[
                ("Asked about #24117 through Cars.com on Friday: \u{201c}Is it still available?\u{201d}", &["a"]),
                ("Texted us on Saturday: \u{201c}Yes please.\u{201d}", &["e"]),
                ("Looked at #24117; 2 records of that car since Sunday, most recently 7:41 am.", &["c", "b"]),
                ("In service twice, last on Aug 16: 60k service.", &["f", "g"]),
                ("Priya noted on Sunday: \u{201c}Wants white or gray.\u{201d}", &["h"]),
            ],
        );
    }

    #[test]
    fn each_kind_of_row_is_a_clean_sentence() {
        let only = |road, title: &str, detail: &str, change: fn(&mut StoryRow), expected: &str| {
            let (id, mut row) = row("a", 90, road, title, detail, None);
            change(&mut row);
            check(&[(id, row)], &[(expected, &["a"])]);
        };
        let words = "Could somebody call me about the Highlander and its third row of seats, please?";
        let theirs = "\u{201c}Could somebody call me\u{2026}\u{201d}";
        let expected = "Emailed us on Friday: \u{201c}Could somebody call me about the Highlander and its third row of\u{2026}\u{201d}";
        only(Road::Messages, theirs, words, |r| r.icon = Icon::Mail, expected);
        let ours: fn(&mut StoryRow) = |r| r.by = Some(StaffId(4));
        only(Road::Messages, "Texted", "It is", ours, "We texted on Friday: \u{201c}It is.\u{201d}");
        only(Road::Messages, "Called, no answer", "", ours, "We called on Friday, no answer.");
        only(Road::Sales, "Asked about the 2022 CR-V, from Website", "", |_| {}, "Asked about the 2022 CR-V on Friday, from Website.");
        let terms = "$24,500 over 84 months at 6.40 %, Harbor Credit Union, sold by Jo Lindqvist, deal 0107";
        let bought = "Bought and financed the 2018 Civic on Friday: $24,500 over 84 months at 6.40 %, Harbor Credit Union.";
        only(Road::Finance, "Bought and financed the 2018 Civic", terms, |r| r.icon = Icon::File, bought);
        let work = "Service: 60,000-mile inspection, Front brake pads and rotors, Wiper blades \u{b7} $612.40";
        let done = "In service once, on Friday: 60,000-mile inspection, and more, $612.40.";
        only(Road::Service, work, "RO 12", |_| {}, done);
        only(Road::Web, "Looked up hours", "", |_| {}, "Looked up hours, Friday 3:41 pm.");
    }

    #[test]
    fn it_stays_short() {
        let long = "word ".repeat(200);
        let rows: Vec<_> = [Road::Sales, Road::Messages, Road::Web, Road::Service, Road::Finance, Road::Note]
            .into_iter()
            .flat_map(|road| (0..30).map(move |n| (road, n)))
            .map(|(road, n)| row("x", n, road, &long, &long, Some(CRV)))
            .collect();
        let sample = Sample::dana();
        let brief = brief(&sample.picture(), &rows, now());
        assert_eq!(brief.len(), MOST);
        assert!(brief.iter().all(|(text, cites)| text.chars().count() < 170 && !cites.is_empty() && cites.len() <= MOST_CITED));
    }
}
