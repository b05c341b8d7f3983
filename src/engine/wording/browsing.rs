//! What did they do on the website in one go? Lines of visits as one title and one sentence.

use crate::domain::{alert::Icon, ids::VehicleId, story::StoryRow, time::MINUTE_MS, visitor::Did};

/// A car as the story names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCar {
    /// `2022 CR-V #24117`.
    pub name: String,
    /// `#24117`, or the name where there is no stock number.
    pub short: String,
}

/// Other things done, named before the rest is counted.
const NAMED_MOST: usize = 3;

/// The title and the detail of visits: lines newest first, at least one.
#[must_use]
pub fn browsing(lines: &[&StoryRow], visits: usize, car: impl Fn(VehicleId) -> Option<NamedCar>) -> (String, String) {
    let mut cars: Vec<(VehicleId, u32)> = Vec::new();
    for line in lines {
        if let Some(id) = line.vehicle {
            let looks = if is_look(line) { u32::from(line.times.max(1)) } else { 0 };
            match cars.iter_mut().find(|(held, _)| *held == id) {
                Some((_, held)) => *held += looks,
                None => cars.push((id, looks)),
            }
        }
    }
    // The most looked at first; of equals the newest.
    cars.sort_by_key(|(_, looks)| std::cmp::Reverse(*looks));
    let looks: u32 = lines.iter().filter(|l| is_look(l)).map(|l| u32::from(l.times.max(1))).sum();
    let name = |id: VehicleId| car(id).map_or_else(|| "a car".to_owned(), |c| c.name);
    // The title names the only car; what was done there need not.
    let only_car = if let [(one, _)] = cars.as_slice() { format!(" on {}", name(*one)) } else { String::new() };
    let others = others(lines, &only_car);
    let title = match cars.as_slice() {
        [] => others.first().cloned().unwrap_or_else(|| "Was on the website".to_owned()),
        [(one, _)] => format!("Looked at {}", name(*one)),
        [(one, _), (other, _)] => format!("Looked at {} and {}", name(*one), name(*other)),
        [(one, _), rest @ ..] => format!("Looked at {} and {} other cars", name(*one), rest.len()),
    };
    let mut parts: Vec<String> = Vec::new();
    if visits > 1 {
        parts.push(format!("{visits} visits"));
    }
    match (looks, cars.len()) {
        (0, _) => {}
        (1, 0 | 1) => parts.push("1 look".to_owned()),
        (_, 0 | 1) => parts.push(format!("{looks} looks")),
        (_, several) => parts.push(format!("{looks} looks at {several} cars")),
    }
    parts.extend(photos(lines, &car));
    let told = if cars.is_empty() { others.get(1..).unwrap_or_default() } else { &others[..] };
    parts.extend(told.iter().take(NAMED_MOST).map(|title| lower_first(title)));
    if told.len() > NAMED_MOST {
        parts.push(format!("{} more", told.len() - NAMED_MOST));
    }
    (title, parts.join(", "))
}

fn is_look(line: &StoryRow) -> bool {
    match line.did {
        Some(did) => did == Did::ViewedCar,
        // Lines of before say what was done by their picture alone.
        None => line.icon == Icon::Eye,
    }
}

/// `6 min on photos of #24117`: the car whose photos held them longest. From the first look at them to the last.
fn photos(lines: &[&StoryRow], car: &impl Fn(VehicleId) -> Option<NamedCar>) -> Option<String> {
    let seen = lines.iter().filter(|l| l.did == Some(Did::ViewedMedia));
    let longest = seen.max_by_key(|l| l.until.since(l.at))?;
    let of = longest.vehicle.and_then(car).map_or_else(|| "a car".to_owned(), |c| c.short);
    let minutes = longest.until.since(longest.at) / MINUTE_MS;
    Some(if minutes > 0 { format!("{minutes} min on photos of {of}") } else { format!("photos of {of}") })
}

/// What was done beside looking, each once, newest first. A form that was sent was also begun.
fn others(lines: &[&StoryRow], only_car: &str) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    let is_sent = lines.iter().any(|l| l.did == Some(Did::SubmittedForm));
    let is_told = |l: &&&StoryRow| !is_look(l) && l.did != Some(Did::ViewedMedia) && !(is_sent && l.did == Some(Did::StartedForm));
    for line in lines.iter().filter(is_told) {
        let title = line.title.strip_suffix(only_car).unwrap_or(&line.title).to_owned();
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ids::Seq, story::Road, time::At};

    const CRV: Option<VehicleId> = Some(VehicleId(1));
    const RAV4: Option<VehicleId> = Some(VehicleId(2));

    fn line(did: Did, vehicle: Option<VehicleId>, times: u16, minutes: i64, title: &str) -> StoryRow {
        let icon = if matches!(did, Did::ViewedCar | Did::ViewedMedia) { Icon::Eye } else { Icon::Calculator };
        let row = StoryRow::new(At(0), Road::Web, icon, title.to_owned(), Seq(1));
        StoryRow { vehicle, times, until: At(minutes * MINUTE_MS), did: Some(did), ..row }
    }

    fn car(id: VehicleId) -> Option<NamedCar> {
        match id.0 {
            1 => Some(NamedCar { name: "2022 CR-V #24117".into(), short: "#24117".into() }),
            2 => Some(NamedCar { name: "2021 RAV4 #24093".into(), short: "#24093".into() }),
            _ => None,
        }
    }

    fn check(lines: &[StoryRow], visits: usize, title: &str, detail: &str) {
        let said = browsing(&lines.iter().collect::<Vec<_>>(), visits, car);
        assert_eq!((said.0.as_str(), said.1.as_str()), (title, detail));
    }

    #[test]
    fn a_visit_says_what_was_looked_at_how_often_and_how_long() {
        let crv = line(Did::ViewedCar, CRV, 9, 20, "Looked at 2022 CR-V #24117");
        let rav4 = line(Did::ViewedCar, RAV4, 4, 5, "Looked at 2021 RAV4 #24093");
        let third = line(Did::ViewedCar, Some(VehicleId(3)), 1, 0, "Looked at 2019 Fit");
        let photos = line(Did::ViewedMedia, CRV, 8, 6, "Looked at photos of 2022 CR-V #24117");
        let tool = line(Did::UsedPaymentTool, CRV, 1, 0, "Used the payment tool on 2022 CR-V #24117");
        let hours = line(Did::ViewedHours, None, 2, 1, "Looked up hours or directions");
        check(
            &[rav4.clone(), crv.clone(), third, photos.clone()],
            2,
            "Looked at 2022 CR-V #24117 and 2 other cars",
            "2 visits, 14 looks at 3 cars, 6 min on photos of #24117",
        );
        check(&[rav4, crv.clone()], 1, "Looked at 2022 CR-V #24117 and 2021 RAV4 #24093", "13 looks at 2 cars");
        check(&[tool.clone(), crv], 1, "Looked at 2022 CR-V #24117", "9 looks, used the payment tool");
        check(&[hours.clone(), tool.clone(), hours], 1, "Looked at 2022 CR-V #24117", "looked up hours or directions, used the payment tool");
        let glance = line(Did::ViewedMedia, RAV4, 1, 0, "Looked at photos of 2021 RAV4 #24093");
        check(
            &[glance, StoryRow { vehicle: None, ..tool }],
            1,
            "Looked at 2021 RAV4 #24093",
            "photos of #24093, used the payment tool on 2022 CR-V #24117",
        );
    }

    #[test]
    fn a_form_that_was_sent_is_not_also_told_as_begun() {
        let form = |did, title| line(did, CRV, 1, 0, title);
        let (sent, begun) = (form(Did::SubmittedForm, "Sent a form on 2022 CR-V #24117"), form(Did::StartedForm, "Began a form on 2022 CR-V #24117"));
        check(&[sent, begun.clone()], 1, "Looked at 2022 CR-V #24117", "sent a form");
        check(&[begun.clone(), begun], 1, "Looked at 2022 CR-V #24117", "began a form");
    }

    #[test]
    fn lines_of_before_count_by_their_picture() {
        let old = StoryRow { did: None, ..line(Did::ViewedCar, CRV, 3, 5, "Looked at 2022 CR-V #24117") };
        check(&[old.clone(), StoryRow { times: 0, ..old }], 2, "Looked at 2022 CR-V #24117", "2 visits, 4 looks");
    }

    #[test]
    fn a_visit_without_cars_is_named_by_what_was_done() {
        let hours = line(Did::ViewedHours, None, 1, 0, "Looked up hours or directions");
        let lot = line(Did::Searched, None, 1, 0, "Searched the lot");
        check(&[lot, hours], 1, "Searched the lot", "looked up hours or directions");
    }
}
