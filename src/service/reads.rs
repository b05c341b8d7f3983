//! What does a handler ask for? One snapshot, one answer each.

use super::{
    Rooms, access, details, duplicates, edits, files, imports, lead_templates, leads, lists, market, pairs, people, score_learning, set_aside,
    shapes as s,
    story::{self, Place},
    viewers,
    views::{self, Me, People},
};
use crate::{
    domain::{
        access::SessionKind,
        change::Change,
        field::Field,
        file::StoredFile,
        ids::{AlertId, AppointmentId, AppraisalId, CustomerId, FeedId, FileId, ImportId, ServiceVisitId, SetAsideId, StaffId, VehicleId, VisitId},
        import_run::ImportedRow,
        staff::{Role, Staff},
        story::Road,
        time::At,
    },
    store::{Rows, StoreError, tables},
};

/// Whose secret this is; notes its use now and then.
pub fn who(rooms: &Rooms, secret: &str, now: At) -> Result<Option<(Staff, SessionKind)>, StoreError> {
    let found = access::who(&rooms.store.read()?, secret, now)?;
    Ok(found.map(|(staff, kind, note_use)| {
        if note_use {
            let (store, secret) = (rooms.store.clone(), secret.to_owned());
            // Nobody waits for it, and nothing is lost with it but a few minutes of idleness.
            tokio::spawn(async move { store.write(move |tx| access::note_use(tx, &secret, now)).await });
        }
        (staff, kind)
    }))
}

pub fn is_unclaimed(rooms: &Rooms) -> Result<bool, StoreError> {
    access::is_unclaimed(&rooms.store.read()?)
}

/// The sender whose key this is.
pub fn sender(rooms: &Rooms, key: &str) -> Result<Option<String>, StoreError> {
    Ok(access::sender(&rooms.store.read()?, key)?.map(|k| k.name))
}

pub fn me(rooms: &Rooms, id: StaffId, now: At) -> Result<Option<s::Me>, StoreError> {
    let tx = rooms.store.read()?;
    let people = People::read(&tx)?;
    let Some(user) = people.person(id) else { return Ok(None) };
    let rooftop = &rooms.policy.rooftop;
    Ok(Some(s::Me {
        people: people.all().into_iter().filter(|p| p.id != id.0).collect(),
        user,
        store: s::StoreFacts { name: rooftop.name.clone(), zone: rooftop.zone.name().to_owned() },
        now_ms: now.0,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        counts: lists::counts(&tx, id, now)?,
    }))
}

pub fn alerts(rooms: &Rooms, scope: lists::Scope, me: StaffId, after: usize, limit: usize, now: At) -> Result<s::AlertPage, StoreError> {
    lists::alerts(&rooms.store.read()?, scope, me, after, limit, now)
}

pub fn alert_card(rooms: &Rooms, id: AlertId, now: At) -> Result<Option<s::AlertCard>, StoreError> {
    views::alert_card(&rooms.store.read()?, &rooms.policy, id, now)
}

pub fn customer_page(rooms: &Rooms, id: CustomerId, me: StaffId, now: At) -> Result<Option<s::CustomerPage>, StoreError> {
    let tx = rooms.store.read()?;
    let others = viewers::others(rooms, &People::read(&tx)?, id, me, now);
    let mut page = views::customer_page(&tx, &rooms.policy, id, others, now)?;
    if let Some(page) = page.as_mut()
        && !tx.get(tables::STAFF, &me)?.is_some_and(|staff| staff.role.may_see_births())
    {
        details::leave_the_year(&mut page.details);
    }
    Ok(page)
}

pub fn edit_conflict(rooms: &Rooms, conflicts: &[edits::Conflict]) -> Result<s::EditConflict, StoreError> {
    Ok(details::conflict(&People::read(&rooms.store.read()?)?, conflicts))
}

pub fn merge_preview(rooms: &Rooms, kept: CustomerId, folded: CustomerId, may_see_births: bool) -> Result<Option<s::MergePreview>, StoreError> {
    details::preview(&rooms.store.read()?, kept, folded, may_see_births)
}

pub fn fields(rooms: &Rooms) -> Result<s::FieldList, StoreError> {
    let fields = edits::fields(&rooms.store.read()?)?;
    let shape = |f: Field| s::FieldShape { key: f.key, label: f.label, kind: f.kind, choices: f.choices };
    Ok(s::FieldList { fields: fields.into_iter().map(shape).collect() })
}

pub fn duplicates(rooms: &Rooms, after: Option<duplicates::Place>, limit: usize) -> Result<s::Duplicates, StoreError> {
    pairs::page(&rooms.store.read()?, after, limit)
}

pub fn score_model(rooms: &Rooms) -> Result<s::ScoreModel, StoreError> {
    score_learning::model(&rooms.store.read()?, &rooms.policy)
}

pub fn vehicle_page(rooms: &Rooms, id: VehicleId, now: At) -> Result<Option<s::VehiclePage>, StoreError> {
    views::vehicle_page(&rooms.store.read()?, &rooms.policy, &market::retail(rooms, now), id, now)
}

pub fn appraisals(rooms: &Rooms, customer: CustomerId, now: At) -> Result<Option<s::Appraisals>, StoreError> {
    views::appraisals::of_customer(&rooms.store.read()?, customer, now)
}

pub fn appraisal(rooms: &Rooms, id: AppraisalId, me: Me, now: At) -> Result<Option<s::AppraisalPage>, StoreError> {
    views::appraisals::page(&rooms.store.read()?, &market::of(rooms), id, me, now)
}

/// What of a story is asked for.
#[derive(Debug, Clone, Default)]
pub struct StoryQuery {
    pub road: Option<Road>,
    /// Words that a line must have, all of them.
    pub text: String,
    pub before: Option<Place>,
    pub limit: usize,
}

/// A page of a story, newest first; `None` when there is no such customer.
pub fn story(rooms: &Rooms, id: CustomerId, query: &StoryQuery, me: Me) -> Result<Option<s::StoryPage>, StoreError> {
    let tx = rooms.store.read()?;
    let Some(customer) = people::shown(&tx, id)? else { return Ok(None) };
    let people = People::read(&tx)?;
    let words: Vec<String> = query.text.split_whitespace().map(str::to_lowercase).collect();
    let mut roads = s::RoadCounts::default();
    let mut total = 0;
    let mut lines: Vec<story::Line> = Vec::new();
    for line in story::whole(&tx, &rooms.policy.rooftop.zone, &customer)? {
        if !words.is_empty() && !has_words(&people, &line, &words) {
            continue;
        }
        count(&mut roads, line.row.road);
        if query.road.is_none_or(|road| road == line.row.road) {
            total += 1;
            if lines.len() <= query.limit && query.before.is_none_or(|before| line.place < before) {
                lines.push(line);
            }
        }
    }
    let more = lines.len() > query.limit;
    lines.truncate(query.limit);
    let next = lines.last().filter(|_| more).map(|line| line.place.text());
    let mut items = Vec::with_capacity(lines.len());
    for line in lines {
        items.push(views::told_line(&tx, &people, me, line)?);
    }
    Ok(Some(s::StoryPage { items, next, total, roads }))
}

fn has_words(people: &People, line: &story::Line, words: &[String]) -> bool {
    let rows = std::iter::once(&line.row).chain(line.within.iter().map(|(_, row)| row));
    let mut text = String::new();
    for row in rows {
        let by = row.by.and_then(|by| people.person(by)).map(|p| p.name).unwrap_or_default();
        for said in [&row.title, &row.detail, &by] {
            text.push_str(&said.to_lowercase());
            text.push(' ');
        }
    }
    words.iter().all(|word| text.contains(word.as_str()))
}

fn count(roads: &mut s::RoadCounts, road: Road) {
    roads.all += 1;
    let one = match road {
        Road::Web => &mut roads.web,
        Road::Messages => &mut roads.messages,
        Road::Sales => &mut roads.sales,
        Road::Finance => &mut roads.finance,
        Road::Service => &mut roads.service,
        Road::Note => &mut roads.note,
    };
    *one += 1;
}

/// One line of a story, as after writing a note.
pub fn story_line(rooms: &Rooms, place: Place, row: crate::domain::story::StoryRow, me: Me) -> Result<s::StoryLine, StoreError> {
    let tx = rooms.store.read()?;
    views::story_line(&tx, &People::read(&tx)?, me, place, row)
}

/// A file with its bytes.
pub fn file(rooms: &Rooms, id: FileId) -> Result<Option<(StoredFile, Vec<u8>)>, StoreError> {
    files::read(&rooms.store.read()?, id)
}

pub fn printed_brief(rooms: &Rooms, id: CustomerId, me: Me, now: At) -> Result<Option<s::PrintedBrief>, StoreError> {
    views::printed_brief(&rooms.store.read()?, &rooms.policy, id, me, now)
}

pub fn service_board(rooms: &Rooms, role: Role, midnight: At, now: At) -> Result<s::ServiceBoard, StoreError> {
    views::service_drive::board(rooms, role, midnight, now)
}

pub fn service_visit(rooms: &Rooms, role: Role, id: ServiceVisitId, now: At) -> Result<Option<s::ServiceDetail>, StoreError> {
    views::service_drive::visit(rooms, role, id, now)
}

pub fn service_booking(rooms: &Rooms, role: Role, id: AppointmentId, now: At) -> Result<Option<s::ServiceDetail>, StoreError> {
    views::service_drive::booking(rooms, role, id, now)
}

pub fn check_in_matches(rooms: &Rooms, text: &str, now: At) -> Result<s::CheckInMatches, StoreError> {
    views::service_drive::find(rooms, text, now)
}

/// Whether a customer may be talked to; `None` when there is no such customer.
pub fn talk_state(rooms: &Rooms, id: CustomerId, now: At) -> Result<Option<s::TalkState>, StoreError> {
    let tx = rooms.store.read()?;
    let Some(customer) = people::shown(&tx, id)? else { return Ok(None) };
    let people = People::read(&tx)?;
    let refused = super::service_drive::refusal_of(&tx, &customer, now)?;
    Ok(Some(s::TalkState { refused: refused.map(|refused| views::service_drive::refused_shape(&people, &refused)) }))
}

pub fn floor(rooms: &Rooms, now: At) -> Result<s::Floor, StoreError> {
    views::floor::floor(&rooms.store.read()?, &rooms.policy.rooftop.zone, now)
}

pub fn taken_down(rooms: &Rooms, taken: leads::Noted) -> Result<Option<s::TakenDownLead>, StoreError> {
    let customer = people::shown(&rooms.store.read()?, taken.customer)?;
    Ok(customer.map(|customer| s::TakenDownLead { id: taken.lead.0, customer: views::named(&customer) }))
}

pub fn team(rooms: &Rooms, now: At) -> Result<s::Team, StoreError> {
    views::team::team(&rooms.store.read()?, &rooms.policy.rooftop.zone, now)
}

pub fn feeds(rooms: &Rooms) -> Result<s::FeedList, StoreError> {
    views::feeds::list(&rooms.store.read()?, &rooms.policy)
}

pub fn feed(rooms: &Rooms, id: FeedId) -> Result<Option<s::FeedPage>, StoreError> {
    views::feeds::page(&rooms.store.read()?, &rooms.policy, id)
}

pub fn ladders(rooms: &Rooms) -> Result<s::Ladders, StoreError> {
    views::team::ladders(&rooms.store.read()?, &rooms.policy)
}

pub fn board(rooms: &Rooms, owner: Option<StaffId>, rows: usize, now: At) -> Result<s::Board, StoreError> {
    views::pipeline::board(&rooms.store.read()?, owner, rows, now)
}

pub fn void(rooms: &Rooms, owner: Option<StaffId>, after: usize, limit: usize, now: At) -> Result<s::Page<s::BoardRow>, StoreError> {
    views::pipeline::void(&rooms.store.read()?, owner, after, limit, now)
}

pub fn visit_log(rooms: &Rooms, before: Option<VisitId>, limit: usize) -> Result<s::Page<s::VisitShape>, StoreError> {
    views::floor::log(&rooms.store.read()?, before, limit)
}

pub fn visit(rooms: &Rooms, id: VisitId) -> Result<Option<s::VisitShape>, StoreError> {
    let tx = rooms.store.read()?;
    let visit = tx.get(tables::VISITS, &id)?;
    visit.map(|visit| views::floor::shape(&tx, &People::read(&tx)?, &visit)).transpose().map(Option::flatten)
}

pub fn set_aside_page(rooms: &Rooms, before: Option<SetAsideId>, limit: usize) -> Result<s::Page<s::SetAsideShape>, StoreError> {
    let tx = rooms.store.read()?;
    let rows = set_aside::page(&tx, before, limit)?;
    let next = rows.last().filter(|last| rows.len() == limit && last.id.0 > 1).map(|last| last.id.to_string());
    Ok(s::Page { items: rows.iter().map(views::set_aside).collect(), next, total: set_aside::count(&tx)? })
}

pub fn set_aside_one(rooms: &Rooms, id: SetAsideId) -> Result<Option<s::SetAsidePage>, StoreError> {
    let found = lead_templates::shown(&rooms.store.read()?, id)?;
    Ok(found.map(|(item, shown)| {
        let (sender, text) = shown.map(|shown| (shown.sender, shown.text)).unzip();
        s::SetAsidePage { row: views::set_aside(&item), text, sender }
    }))
}

/// Every sender whose way of writing was shown.
pub fn lead_templates(rooms: &Rooms) -> Result<s::Page<s::LeadTemplateShape>, StoreError> {
    let tx = rooms.store.read()?;
    let people = People::read(&tx)?;
    let items: Vec<s::LeadTemplateShape> = lead_templates::senders(&tx)?.iter().map(|t| views::lead_template(&people, t)).collect();
    Ok(s::Page { total: items.len() as u64, items, next: None })
}

pub fn set_aside_bytes(rooms: &Rooms, id: SetAsideId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(set_aside::one(&rooms.store.read()?, id)?.map(|item| item.bytes))
}

pub fn imports_page(rooms: &Rooms, before: Option<ImportId>, limit: usize, now: At) -> Result<s::Page<s::Import>, StoreError> {
    let tx = rooms.store.read()?;
    let people = People::read(&tx)?;
    let runs = imports::page(&tx, before, limit)?;
    let next = runs.last().filter(|last| runs.len() == limit && last.id.0 > 1).map(|last| last.id.to_string());
    Ok(s::Page { items: runs.iter().map(|run| views::import(&people, run, now)).collect(), next, total: tx.count(tables::IMPORTS)? })
}

pub fn import(rooms: &Rooms, id: ImportId, now: At) -> Result<Option<s::ImportDraft>, StoreError> {
    let tx = rooms.store.read()?;
    let people = People::read(&tx)?;
    Ok(imports::look_again(&tx, id)?.map(|(run, plan)| views::import_draft(&people, &run, plan, now)))
}

/// Rows of an import for its page, in the order of the file.
pub fn import_rows(
    rooms: &Rooms,
    id: ImportId,
    wanted: fn(&ImportedRow) -> bool,
    after: Option<u64>,
    limit: usize,
) -> Result<s::Page<s::ImportRowShape>, StoreError> {
    let tx = rooms.store.read()?;
    let rows = imports::rows_page(&tx, id, wanted, after, limit)?;
    let next = rows.last().filter(|_| rows.len() == limit).map(|(line, _)| line.to_string());
    let items = rows.into_iter().map(|(line, row)| views::import_row(&tx, line, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(s::Page { total: items.len() as u64, items, next })
}

/// The last change, and what came after `from` when that can still be told.
pub fn changes(rooms: &Rooms, from: Option<u64>) -> Result<(u64, Option<Vec<Change>>), StoreError> {
    let tx = rooms.store.read()?;
    let head = lists::change_head(&tx)?;
    match from {
        None => Ok((head, Some(vec![]))),
        Some(from) => Ok((head, lists::changes_since(&tx, from)?)),
    }
}

/// Every part of the house answers: a read of the store, and a write through the writer.
pub async fn is_ready(rooms: &Rooms) -> Result<(), StoreError> {
    rooms.store.read()?.get(tables::META, &"schema".to_owned())?;
    rooms.store.write(|_| Ok(())).await
}
