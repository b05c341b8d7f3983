//! Every staff route on one page. The description in `schema/api.json`, the rights and the rate classes come from this table.

use super::{
    alerts, appraisals, browsers, customers, duplicates, edits, equity, export, feeds, files,
    front::{Change, Front, ViewersChange},
    health, imports, leads, live, pipeline, prices,
    rate::RateClass,
    routes::{ParamKind, Rights, Route},
    rules, saved_views, score, search, service_drive, session, set_aside,
    sse::{Heartbeat, Hello, Resync},
    team, vehicles, viewers, visits,
};
use crate::{
    domain::ladder::Ladder,
    formats::feeds::MOST_FEED_BYTES,
    service::{files::FILE_MOST_BYTES, shapes as s},
};
use hyper::StatusCode;

/// What a browser may bring; the command takes more.
const IMPORT_MOST_BYTES: usize = 128 << 20;

#[must_use]
pub fn routes() -> Vec<Route<Front>> {
    use Rights::{AnyStaff, Managers, Money, Owner, Public, ServiceDesk};
    vec![
        Route::post("/api/session", Public, session::sign_in)
            .says("Signs in by name and password; the session is a cookie.")
            .takes::<s::SignIn>()
            .gives::<s::Me>()
            .rate(RateClass::SignIn)
            .may_refuse(StatusCode::UNAUTHORIZED, "wrong-password"),
        Route::delete("/api/session", Public, session::sign_out).says("Signs out."),
        Route::post("/api/claim", Public, session::claim)
            .says("Makes the first person, the owner, by the code shown on the console of a new store.")
            .takes::<s::ClaimStore>()
            .gives::<s::Me>()
            .rate(RateClass::SignIn)
            .may_refuse(StatusCode::FORBIDDEN, "wrong-code")
            .may_refuse(StatusCode::CONFLICT, "already-claimed"),
        Route::get("/api/me", AnyStaff, session::me)
            .says("Who is signed in, the store, and the counts of the navigation.")
            .gives::<s::Me>()
            .may_refuse(StatusCode::UNAUTHORIZED, "unclaimed"),
        Route::put("/api/me/availability", AnyStaff, session::say_available)
            .says("Says whether I take new leads now.")
            .takes::<s::SayAvailable>()
            .gives::<s::Me>(),
        Route::get("/api/alerts", AnyStaff, alerts::list)
            .says("The open cards of a queue, in the order to be shown.")
            .query("state", ParamKind::word(alerts::STATES), "Which cards.")
            .query("scope", ParamKind::word(alerts::SCOPES), "Whose queue.")
            .by_pages()
            .gives::<s::AlertPage>(),
        Route::get("/api/alerts/{id}", AnyStaff, alerts::card).says("One card with its reasons, facts, draft and clock.").gives::<s::AlertCard>(),
        Route::post("/api/alerts/{id}/claim", AnyStaff, alerts::claim)
            .says("Takes a card. The clock runs on until the first touch.")
            .takes::<s::Nothing>()
            .gives::<s::AlertCard>()
            .may_refuse(StatusCode::CONFLICT, "already-claimed"),
        Route::post("/api/alerts/{id}/snooze", AnyStaff, alerts::snooze)
            .says("Puts a card off until a time.")
            .takes::<s::SnoozeUntil>()
            .gives::<s::AlertCard>(),
        Route::post("/api/alerts/{id}/done", AnyStaff, alerts::done)
            .says("Says what came of a card, and closes it.")
            .takes::<s::DoneWith>()
            .gives::<s::AlertCard>(),
        Route::post("/api/alerts/{id}/handoff", AnyStaff, alerts::hand_off)
            .says("Gives a card to a colleague; the clock starts again at half.")
            .takes::<s::HandOffTo>()
            .gives::<s::AlertCard>(),
        Route::post("/api/alerts/{id}/undo", AnyStaff, alerts::undo)
            .says("Takes back my last answer on a card.")
            .takes::<s::Nothing>()
            .gives::<s::AlertCard>()
            .may_refuse(StatusCode::CONFLICT, "nothing-to-undo"),
        Route::put("/api/alerts/{id}/useful", AnyStaff, alerts::judge)
            .says("Says whether a card was worth the interruption; each rule is measured by it. Nothing takes it back.")
            .takes::<s::JudgeCard>()
            .gives::<s::AlertCard>(),
        Route::get("/api/search", AnyStaff, search::find)
            .says("Customers and cars by whatever fragment the caller gives.")
            .query("q", ParamKind::Text, "As typed.")
            .query("limit", search::HITS, "Hits.")
            .rate(RateClass::Search)
            .gives::<s::SearchAnswer>(),
        narrowed_customers(Route::get("/api/customers", AnyStaff, customers::list))
            .says("Customers, filtered and sorted.")
            .by_pages()
            .gives::<s::Page<s::CustomerRow>>(),
        narrowed_customers(Route::get("/api/customers.csv", Managers, customers::sheet))
            .says("All customers of a list as a spreadsheet.")
            .rate(RateClass::Import)
            .gives_type("text/csv"),
        Route::get("/api/customers/{id}", AnyStaff, customers::page).says("One customer on one page.").gives::<s::CustomerPage>(),
        Route::get("/api/customers/{id}/story", AnyStaff, customers::story)
            .says("The story of a customer, newest first.")
            .query("road", ParamKind::word(customers::ROADS), "Which lines.")
            .query("q", ParamKind::Text, "Words that a line must have.")
            .query("before", ParamKind::Text, "The `next` of the page before.")
            .query("limit", ParamKind::ROWS, "Rows a page.")
            .gives::<s::StoryPage>(),
        Route::get("/api/customers/{id}/brief", AnyStaff, customers::printed_brief)
            .says("All of a page of paper about a customer, for somebody about to meet them.")
            .gives::<s::PrintedBrief>(),
        Route::post("/api/customers/{id}/notes", AnyStaff, customers::add_note)
            .says("Writes a note into a customer's story.")
            .takes::<s::NewNote>()
            .gives::<s::StoryLine>(),
        Route::put("/api/customers/{id}/edits", AnyStaff, edits::edit)
            .says("Changes values by hand. `If-Match` with the page's version, or `before` of each value: what somebody else changed meanwhile is a conflict, and nothing is changed.")
            .takes::<s::EditCustomer>()
            .gives::<s::EditedCustomer>()
            .may_refuse_with::<s::EditConflict>(StatusCode::CONFLICT, "edit-conflict")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "edit"),
        Route::post("/api/customers/{id}/edits/{edit}/undo", AnyStaff, edits::undo)
            .says("Undoes a change by hand, as if it had never been said: whoever made it may, and a manager. Nothing is undone over what was said of the same values since.")
            .takes::<s::Nothing>()
            .gives::<s::CustomerPage>()
            .may_refuse(StatusCode::CONFLICT, "changed-since"),
        Route::post("/api/customers/{id}/browsers/{browser}/undo", AnyStaff, browsers::part)
            .says("Says that a browser that was taken for theirs is not: their story and score are as if it had never been. Done before, it is done.")
            .takes::<s::Nothing>()
            .gives::<s::CustomerPage>(),
        Route::post("/api/customers/{id}/browsers/{browser}/return", AnyStaff, browsers::give_back)
            .says("Takes that back: it is theirs as before, with what it did meanwhile. Done before, it is done.")
            .takes::<s::Nothing>()
            .gives::<s::CustomerPage>(),
        Route::post("/api/customers/{id}/links", AnyStaff, browsers::link)
            .says("An address of the store's website with a mark of this customer: whoever comes by it is known for them. The mark says nothing to anybody else.")
            .takes::<s::LinkTo>()
            .gives::<s::MarkedLink>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "address"),
        Route::get("/api/customers/{id}/merge/{other}", AnyStaff, edits::preview)
            .says("Two customers beside each other, before they are joined.")
            .gives::<s::MergePreview>(),
        Route::post("/api/customers/{id}/merge", AnyStaff, edits::merge)
            .says("Joins another customer to this one. Nothing is moved, so that it can be taken apart.")
            .takes::<s::MergeWith>()
            .gives::<s::Merged>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "edit"),
        Route::post("/api/merges/{id}/undo", AnyStaff, edits::unmerge)
            .says("Takes a joining apart: both are again who they were, each with what has come for them since.")
            .takes::<s::Nothing>()
            .gives::<s::Apart>(),
        Route::post("/api/customers/{id}/parts/{part}/separate", AnyStaff, edits::separate)
            .says("Says that one record of this customer is somebody else's.")
            .takes::<s::Nothing>()
            .gives::<s::Apart>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "edit"),
        Route::post("/api/customers/{id}/apart", AnyStaff, edits::keep_apart)
            .says("Says that this customer and another who looks like the same are two.")
            .takes::<s::ApartFrom>()
            .gives::<s::Apart>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "edit"),
        Route::post("/api/customers/{id}/apart/undo", AnyStaff, duplicates::leave_open)
            .says("Takes back all that was ever said of two being two people: whether they are one is open again.")
            .takes::<s::ApartFrom>(),
        Route::post("/api/apart/{id}/undo", AnyStaff, edits::undo_parting)
            .says("Takes back that two are two people, or that a record is somebody else's: all is as before, with what has come since. Nothing is undone over what somebody decided of them since.")
            .takes::<s::Nothing>()
            .gives::<s::Apart>()
            .may_refuse(StatusCode::CONFLICT, "changed-since"),
        Route::post("/api/customers/bulk", AnyStaff, edits::bulk)
            .says("Gives many customers an owner, or puts a tag on them or off.")
            .takes::<s::BulkEdit>()
            .gives::<s::BulkDone>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "edit"),
        Route::post("/api/bulk/{id}/undo", AnyStaff, edits::undo_bulk)
            .says("Undoes a change of many; whoever was changed again since keeps that.")
            .takes::<s::Nothing>()
            .gives::<s::BulkDone>(),
        Route::get("/api/tags", AnyStaff, edits::tags).says("The tags that customers have, the most used first.").gives::<s::TagList>(),
        Route::get("/api/fields", AnyStaff, edits::fields).says("The fields this store defined for its customers.").gives::<s::FieldList>(),
        Route::put("/api/fields/{key}", Managers, edits::define_field)
            .says("Defines a field, or changes label and choices of one that is there.")
            .takes::<s::DefineField>()
            .gives::<s::FieldList>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "edit"),
        Route::delete("/api/fields/{key}", Managers, edits::drop_field)
            .says("Takes a field away; values that were given stay with their customers.")
            .gives::<s::FieldList>(),
        Route::post("/api/customers/{id}/files", AnyStaff, files::add)
            .says("Adds a photo or document, named by `X-File-Name`, to a customer. All of it or nothing.")
            .takes_bytes(FILE_MOST_BYTES, &[])
            .gives::<s::StoryLine>(),
        Route::get("/api/files/{id}", AnyStaff, files::open)
            .says("A file's bytes: pictures to be shown, anything else to be saved.")
            .gives_type("application/octet-stream"),
        Route::delete("/api/files/{id}", AnyStaff, files::remove).says("Takes a file away, bytes and all: whoever added it may, and a manager."),
        Route::put("/api/customers/{id}/viewers/{page}", AnyStaff, viewers::stay)
            .says("Says that a page, by a number it made up, has this customer open, and tells who else has. To be said again within a minute.")
            .rate(RateClass::Read)
            .gives::<s::Viewers>(),
        Route::delete("/api/customers/{id}/viewers/{page}", AnyStaff, viewers::leave)
            .says("Says that the page has it open no longer.")
            .rate(RateClass::Read),
        Route::get("/api/duplicates", Managers, duplicates::list)
            .says("Pairs of customers who may be one and nobody has decided, the most likely first, and how far the search for them is.")
            .by_pages()
            .gives::<s::Duplicates>(),
        Route::post("/api/duplicates/scan", Managers, duplicates::scan)
            .says("Compares everybody with everybody who could be the same, in the background; one under way goes on.")
            .takes::<s::Nothing>()
            .gives::<s::DuplicateScan>(),
        Route::get("/api/score/model", Managers, score::model)
            .says("How the score is weighed: what the store's own sales taught of it, or why nothing was taken from them.")
            .gives::<s::ScoreModel>(),
        Route::get("/api/rules", AnyStaff, rules::list)
            .says("The store's rules: what each is for, how it is set, within which bounds, and what comes of it.")
            .gives::<s::RuleList>(),
        Route::put("/api/rules/{rule}", Managers, rules::set)
            .says("Sets a rule, whole; numbers that are left out stand as they come. `If-Match` with its version: one that somebody set meanwhile is a conflict. Customers it may concern are thought of anew in the background.")
            .takes::<s::SetRule>()
            .gives::<s::RuleShape>()
            .may_refuse(StatusCode::CONFLICT, "changed-since")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "rule"),
        Route::post("/api/rules/{rule}/matches", Managers, rules::matches)
            .says("How many customers a rule would see now if it were set so, with examples; sets nothing. Whom it can see only by a promise or a day to come is not counted before.")
            .takes::<s::SetRule>()
            .gives::<s::RuleMatches>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "rule"),
        narrowed_vehicles(Route::get("/api/vehicles", AnyStaff, vehicles::list))
            .says("The cars on the lot, filtered and sorted.")
            .by_pages()
            .gives::<s::Page<s::VehicleRow>>(),
        narrowed_vehicles(Route::get("/api/vehicles.csv", Managers, vehicles::sheet))
            .says("All cars of a list as a spreadsheet.")
            .rate(RateClass::Import)
            .gives_type("text/csv"),
        Route::get("/api/lot/choices", AnyStaff, vehicles::choices)
            .says("The makes, bodies and years that stand on the lot.")
            .gives::<s::LotChoices>(),
        Route::get("/api/vehicles/{id}", AnyStaff, vehicles::page)
            .says("One car: who looks at it, its prices, its owners.")
            .gives::<s::VehiclePage>(),
        standing(Route::put("/api/vehicles/{id}/standing", AnyStaff, feeds::say_standing))
            .says("Says where a car of the lot stands: on hold, for whom and until when; in recon, at which step; on its way; for sale again. It holds over what feeds go on saying, until they say that it is sold.")
            .takes::<s::SayStanding>()
            .may_refuse(StatusCode::CONFLICT, "not-on-lot")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "standing"),
        standing(Route::post("/api/vehicles/{id}/standing/undo", AnyStaff, feeds::undo_standing))
            .says("Takes the last word on where a car stands back: it stands as before.")
            .takes::<s::Nothing>()
            .may_refuse(StatusCode::CONFLICT, "nothing-to-undo"),
        Route::get("/api/feeds", AnyStaff, feeds::list)
            .says("The feeds of the lot: what each listed last, what was refused, and how many cars no feed speaks of.")
            .gives::<s::FeedList>(),
        feed(Route::post("/api/feeds", Managers, feeds::add)).says("Sets a feed up.").takes::<s::SetFeed>().gives::<s::FeedPage>(),
        Route::get("/api/feeds/{id}", AnyStaff, feeds::one)
            .says("One feed with its readings, newest first: arrivals, prices, cars that are not listed any more, and why one was refused.")
            .gives::<s::FeedPage>(),
        feed(Route::put("/api/feeds/{id}", Managers, feeds::set)).says("Sets a feed otherwise.").takes::<s::SetFeed>().gives::<s::FeedPage>(),
        Route::delete("/api/feeds/{id}", Managers, feeds::remove)
            .says("Gives a feed up; its cars stay as they are.")
            .gives::<s::FeedList>(),
        Route::post("/api/feeds/{id}/snapshots", Managers, feeds::bring)
            .says("Brings a snapshot, named by `X-File-Name`: all the cars that the feed speaks of. It is taken whole, or refused whole with a reason that the page of the feed shows; the same bytes again change nothing.")
            .takes_bytes(MOST_FEED_BYTES, &[])
            .rate(RateClass::Import)
            .gives::<s::BroughtFeed>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "feed"),
        Route::post("/api/feeds/{id}/anyway", Managers, feeds::take_anyway)
            .says("Takes the newest snapshot that was refused, because it is right all the same.")
            .takes::<s::Nothing>()
            .rate(RateClass::Import)
            .gives::<s::FeedPage>()
            .may_refuse(StatusCode::CONFLICT, "changed-since"),
        Route::post("/api/feeds/{id}/undo", Managers, feeds::undo)
            .says("Takes the last snapshot that was taken back, where that is exact: no car of it was changed since.")
            .takes::<s::Nothing>()
            .gives::<s::FeedPage>()
            .may_refuse(StatusCode::CONFLICT, "changed-since"),
        Route::get("/api/customers/{id}/appraisals", AnyStaff, appraisals::list)
            .says("The worksheets of the cars that a customer brings, the newest first.")
            .gives::<s::Appraisals>(),
        Route::post("/api/customers/{id}/appraisals", AnyStaff, appraisals::open)
            .says("Opens the worksheet of a car that a customer brings, filled with what the house knows of it.")
            .takes::<s::OpenAppraisal>()
            .gives::<s::AppraisalPage>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "appraisal"),
        Route::get("/api/appraisals/{id}", AnyStaff, appraisals::read)
            .says("One worksheet: the car and its state, what it needs, what it is worth and who said so, what is owed.")
            .gives::<s::AppraisalPage>(),
        Route::put("/api/appraisals/{id}", AnyStaff, appraisals::write)
            .says("Writes a worksheet as it shall stand. `If-Match` with its revision: what somebody wrote meanwhile is a conflict, and nothing is changed. Costs of whoever may not see them stay as they are.")
            .takes::<s::WriteAppraisal>()
            .gives::<s::AppraisalPage>()
            .may_refuse(StatusCode::CONFLICT, "changed-since")
            .may_refuse(StatusCode::PRECONDITION_REQUIRED, "if-match")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "appraisal"),
        Route::post("/api/appraisals/{id}/decision", AnyStaff, appraisals::decide)
            .says("Says that the customer took the store's figure, or did not. `If-Match` with the revision.")
            .takes::<s::DecideAppraisal>()
            .gives::<s::AppraisalPage>()
            .may_refuse(StatusCode::CONFLICT, "changed-since")
            .may_refuse(StatusCode::PRECONDITION_REQUIRED, "if-match")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "appraisal"),
        Route::post("/api/appraisals/{id}/undo", AnyStaff, appraisals::undo)
            .says("Takes the last change of a worksheet back: whoever made it may, and a manager. `If-Match` with the revision.")
            .takes::<s::Nothing>()
            .gives::<s::AppraisalPage>()
            .may_refuse(StatusCode::CONFLICT, "nothing-to-undo")
            .may_refuse(StatusCode::PRECONDITION_REQUIRED, "if-match"),
        Route::get("/api/service", AnyStaff, service_drive::board)
            .says("The service drive of a day: who is due in, who is here and where, and whom a talk is worth.")
            .query("day", ParamKind::Text, "today, tomorrow or a date.")
            .gives::<s::ServiceBoard>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "service"),
        Route::get("/api/service/find", AnyStaff, service_drive::find)
            .says("Who may be at the counter, by plate, the end of a VIN, phone or name, each with the car they may have come with.")
            .query("q", ParamKind::Text, "As typed.")
            .rate(RateClass::Search)
            .gives::<s::CheckInMatches>(),
        Route::get("/api/service/visits/{id}", AnyStaff, service_drive::visit)
            .says("One car in service, with how it stands and what to say of it.")
            .gives::<s::ServiceDetail>(),
        Route::get("/api/service/bookings/{id}", AnyStaff, service_drive::booking)
            .says("The same of a booking that nobody came by yet.")
            .gives::<s::ServiceDetail>(),
        Route::post("/api/service/visits", ServiceDesk, service_drive::arrive)
            .says("Checks a car in. The booking of the day is found by customer and car when it is not said.")
            .takes::<s::CheckIn>()
            .gives::<s::ServiceDetail>()
            .may_refuse(StatusCode::CONFLICT, "already-here")
            .may_refuse(StatusCode::CONFLICT, "odometer-doubted")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "service"),
        Route::post("/api/service/visits/{id}/move", ServiceDesk, service_drive::go_to)
            .says("Moves a car on or back, says that it was fetched, or that it was checked in by mistake.")
            .takes::<s::MoveService>()
            .gives::<s::ServiceDetail>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "service"),
        Route::put("/api/service/visits/{id}/odometer", ServiceDesk, service_drive::correct_odometer)
            .says("Says anew what was read off a car that is here.")
            .takes::<s::CorrectOdometer>()
            .gives::<s::ServiceDetail>()
            .may_refuse(StatusCode::CONFLICT, "gone")
            .may_refuse(StatusCode::CONFLICT, "odometer-doubted")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "service"),
        Route::put("/api/service/visits/{id}/quote", ServiceDesk, service_drive::quote)
            .says("Says what the work comes to.")
            .takes::<s::QuoteService>()
            .gives::<s::ServiceDetail>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "service"),
        Route::post("/api/service/visits/{id}/sales", ServiceDesk, service_drive::ask_sales)
            .says("Asks sales to come over: whoever knows the customer, else who is on lane duty, has three minutes.")
            .takes::<s::Nothing>()
            .gives::<s::ServiceDetail>()
            .may_refuse(StatusCode::CONFLICT, "already-asked")
            .may_refuse(StatusCode::CONFLICT, "does-not-want")
            .may_refuse(StatusCode::CONFLICT, "gone"),
        Route::post("/api/service/visits/{id}/sales/undo", ServiceDesk, service_drive::sales_not_needed)
            .says("Nobody need come after all.")
            .takes::<s::Nothing>()
            .gives::<s::ServiceDetail>()
            .may_refuse(StatusCode::CONFLICT, "nothing-asked"),
        Route::post("/api/service/bookings", ServiceDesk, service_drive::book)
            .says("Books a visit to service at the counter.")
            .takes::<s::BookService>()
            .gives::<s::ServiceDetail>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "service"),
        Route::delete("/api/service/bookings/{id}", ServiceDesk, service_drive::unbook)
            .says("Takes a booking of the counter back.")
            .may_refuse(StatusCode::CONFLICT, "kept")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "service"),
        Route::post("/api/customers/{id}/talk/refuse", ServiceDesk, service_drive::refuse_talk)
            .says("They do not want to talk about another car: for half a year, or at all.")
            .takes::<s::RefuseTalk>()
            .gives::<s::TalkState>()
            .may_refuse(StatusCode::CONFLICT, "does-not-want"),
        Route::post("/api/customers/{id}/talk/allow", ServiceDesk, service_drive::allow_talk)
            .says("Takes that back.")
            .takes::<s::Nothing>()
            .gives::<s::TalkState>()
            .may_refuse(StatusCode::CONFLICT, "nothing-refused"),
        Route::get("/api/vehicles/{id}/wanted", AnyStaff, prices::wanted_by)
            .says("Who wants a car beside those who look at it: by price alert, by wish, or because it suits what they look at.")
            .gives::<s::WantedBy>(),
        Route::get("/api/vehicles/{id}/instead", AnyStaff, prices::instead_of)
            .says("Who watched a car that went, each with the two cars of the lot that are closest for them.")
            .gives::<s::Instead>(),
        Route::get("/api/wanted", AnyStaff, prices::not_here)
            .says("What people look for of which nothing stands on the lot: wishes that no car meets, and models of which the last one went.")
            .gives::<s::NotHere>(),
        Route::post("/api/vehicles/{id}/price/plan", AnyStaff, prices::plan)
            .says("Who would be told if a car cost so much, by which channel, and who would be left out and why; sets nothing. Gross is told to managers.")
            .takes::<s::SetPrice>()
            .gives::<s::PricePlan>()
            .rate(RateClass::Read)
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "price"),
        Route::put("/api/vehicles/{id}/price", Managers, prices::set)
            .says("Sets the price of a car, and writes to those whom a lower one concerns: at most 15 a day, outside quiet hours. `If-Match` with its version: one that somebody set meanwhile is a conflict.")
            .takes::<s::SetPrice>()
            .gives::<s::VehiclePage>()
            .may_refuse(StatusCode::CONFLICT, "changed-since")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "price"),
        Route::post("/api/vehicles/{id}/price/undo", Managers, prices::take_back)
            .says("Takes the newest price that was set by hand back, within the hour and while no message has left: it is as if it had never been.")
            .takes::<s::Nothing>()
            .gives::<s::VehiclePage>()
            .may_refuse(StatusCode::CONFLICT, "stays"),
        Route::get("/api/customers/{id}/cars", AnyStaff, prices::cars_for_them)
            .says("What a customer wants by what they did and said, their price alerts, and at most three cars of ours that suit them.")
            .gives::<s::CarsForThem>(),
        Route::post("/api/customers/{id}/wishes", AnyStaff, prices::wish)
            .says("Takes down what car a customer wants: whatever comes in and meets it makes a card.")
            .takes::<s::NewWish>()
            .gives::<s::CarsForThem>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "wish"),
        Route::post("/api/wishes/{id}/end", AnyStaff, prices::end_wish)
            .says("They do not want it any more. Done before, it is done.")
            .takes::<s::Nothing>()
            .gives::<s::CarsForThem>(),
        Route::post("/api/wishes/{id}/resume", AnyStaff, prices::resume_wish)
            .says("They want it after all. Done before, it is done.")
            .takes::<s::Nothing>()
            .gives::<s::CarsForThem>(),
        Route::post("/api/customers/{id}/price-alerts", AnyStaff, prices::set_alert)
            .says("Sets a price alert for a customer, by how they told the store. A text needs their signature.")
            .takes::<s::SetPriceAlert>()
            .gives::<s::CarsForThem>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "price-alert"),
        Route::post("/api/price-alerts/{id}/end", AnyStaff, prices::end_alert)
            .says("They do not want to hear of it any more. Done before, it is done.")
            .takes::<s::Nothing>()
            .gives::<s::CarsForThem>(),
        Route::post("/api/price-alerts/{id}/resume", AnyStaff, prices::resume_alert)
            .says("They do after all. Done before, it is done.")
            .takes::<s::Nothing>()
            .gives::<s::CarsForThem>(),
        Route::get("/api/floor", AnyStaff, visits::floor)
            .says("Who is in the showroom, with whom since when, and who of the store is free.")
            .gives::<s::Floor>(),
        Route::get("/api/visits", AnyStaff, visits::log)
            .says("The log of the showroom, newest first.")
            .by_pages()
            .gives::<s::Page<s::VisitShape>>(),
        Route::post("/api/visits", AnyStaff, visits::open)
            .says("Somebody meets a customer in the showroom, or one who walks in. Whoever it is with is busy until it ends, and what waits for an answer from them goes to the next who is free.")
            .takes::<s::OpenVisit>()
            .gives::<s::VisitShape>()
            .may_refuse(StatusCode::CONFLICT, "already-here")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "visit"),
        Route::post("/api/visits/{id}/steps", AnyStaff, visits::step)
            .says("Says that a step of a visit was done, or was not after all.")
            .takes::<s::SayStep>()
            .gives::<s::VisitShape>()
            .may_refuse(StatusCode::CONFLICT, "already-ended"),
        Route::post("/api/visits/{id}/end", AnyStaff, visits::end)
            .says("Says how a visit ended.")
            .takes::<s::EndVisit>()
            .gives::<s::VisitShape>()
            .may_refuse(StatusCode::CONFLICT, "already-ended")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "visit"),
        Route::post("/api/visits/{id}/reopen", AnyStaff, visits::reopen)
            .says("Takes an ending back: they are still here.")
            .takes::<s::Nothing>()
            .gives::<s::VisitShape>()
            .may_refuse(StatusCode::CONFLICT, "not-ended"),
        Route::post("/api/leads", AnyStaff, leads::take_down)
            .says("Takes down what a customer wants, or somebody new: a call, a word across the counter. Whoever was spoken to waits for no answer.")
            .takes::<s::TakeDown>()
            .gives::<s::TakenDownLead>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "lead"),
        Route::put("/api/leads/{id}/aside", AnyStaff, leads::put_aside)
            .says("Says that a lead is none: it counts for nothing and nobody waits. What came stays in the story.")
            .takes::<s::PutLeadAside>()
            .may_refuse(StatusCode::CONFLICT, "already-aside"),
        Route::delete("/api/leads/{id}/aside", AnyStaff, leads::restore)
            .says("Takes that back: it waits as before.")
            .may_refuse(StatusCode::CONFLICT, "not-aside"),
        Route::get("/api/team", AnyStaff, team::list)
            .says("Everybody who works here: when, with what skills, who is away, who is free.")
            .gives::<s::Team>(),
        Route::put("/api/team/{id}/work", Managers, team::set_work)
            .says("Says when somebody works and what they are good at: outside their hours nothing is offered to them.")
            .takes::<s::SetWork>()
            .gives::<s::Team>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "team"),
        Route::put("/api/team/{id}/away", AnyStaff, team::say_away)
            .says("Says when somebody is away, of oneself or of anybody by whoever manages. Once it begins, whatever stands open with them goes to others, oldest first.")
            .takes::<s::AwayShape>()
            .gives::<s::Team>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "team"),
        Route::delete("/api/team/{id}/away", AnyStaff, team::say_back).says("They are not away.").gives::<s::Team>(),
        Route::get("/api/ladders", AnyStaff, team::ladders)
            .says("Who is asked for the leads of which source, one after the other.")
            .gives::<s::Ladders>(),
        Route::put("/api/ladders", Managers, team::set_ladder)
            .says("Sets the ladder of its source; without a source, that of every source which has none of its own. `If-Match` with its version: one that somebody set meanwhile is a conflict.")
            .takes::<Ladder>()
            .gives::<s::Ladders>()
            .may_refuse(StatusCode::CONFLICT, "changed-since")
            .may_refuse(StatusCode::CONFLICT, "too-many-ladders")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "ladder"),
        Route::delete("/api/ladders", Managers, team::remove_ladder)
            .says("Takes a source's own ladder away. `If-Match` as for setting it.")
            .query("source", ParamKind::Text, "Whose; empty for that of all others.")
            .gives::<s::Ladders>()
            .may_refuse(StatusCode::CONFLICT, "changed-since"),
        Route::get("/api/pipeline", AnyStaff, pipeline::board)
            .says("The sales under way, a column a stage, and how many have nothing that comes next.")
            .query("scope", ParamKind::word(pipeline::WHOSE), "Whose customers.")
            .query("limit", ParamKind::ROWS, "Rows a column.")
            .gives::<s::Board>(),
        Route::get("/api/void", AnyStaff, pipeline::void)
            .says("Sales under way for which nothing comes next, the nearest to buying first: none is what a store aims at.")
            .by_pages()
            .query("scope", ParamKind::word(pipeline::WHOSE), "Whose customers.")
            .gives::<s::Page<s::BoardRow>>(),
        saying(Route::put("/api/customers/{id}/stage", AnyStaff, pipeline::say_stage))
            .says("Puts the sale with a customer elsewhere than the facts do, with a reason; a later fact that goes further moves it on.")
            .takes::<s::SayStage>(),
        saying(Route::delete("/api/customers/{id}/stage", AnyStaff, pipeline::undo_stage)).says("Takes the last word on a stage back."),
        saying(Route::put("/api/customers/{id}/lost", AnyStaff, pipeline::say_lost))
            .says("Gives the sale with a customer up, with a reason that says when to try again.")
            .takes::<s::SayLost>(),
        saying(Route::delete("/api/customers/{id}/lost", AnyStaff, pipeline::undo_lost)).says("It is not given up after all."),
        saying(Route::put("/api/customers/{id}/follow-up", AnyStaff, pipeline::set_follow_up))
            .says("Says what comes next for a customer and when; one at a time. It is on the list of whoever has them when it is due.")
            .takes::<s::SetFollowUp>(),
        saying(Route::delete("/api/customers/{id}/follow-up", AnyStaff, pipeline::clear_follow_up)).says("Nothing of the kind comes next."),
        saying(Route::post("/api/customers/{id}/follow-up/undo", AnyStaff, pipeline::undo_follow_up))
            .says("Takes the last word on the follow-up back: what stood there before stands again, also when its time has passed.")
            .takes::<s::Nothing>(),
        Route::get("/api/opportunities", AnyStaff, equity::opportunities)
            .says("Owners to reach for when nobody waits, ranked, with the reason; and how long each of the lists is.")
            .by_pages()
            .query("kind", ParamKind::word(equity::KINDS), "Which list.")
            .gives::<s::Opportunities>(),
        Route::get("/api/finance", Money, equity::finance)
            .says("What the finance office still has to see to: customers handed over, payoffs to verify, figures that are missing, first payments.")
            .gives::<s::FinanceList>(),
        Route::get("/api/customers/{id}/equity", AnyStaff, equity::of_customer)
            .says("How the cars of a customer stand: value, payoff and what is left, each with its source, and why talk to them now.")
            .gives::<s::EquityPage>(),
        Route::put("/api/customers/{id}/vehicles/{vehicle}/payoff", AnyStaff, equity::say_payoff)
            .says("Writes down what a lender said is still owed on a car.")
            .takes::<s::SayPayoff>()
            .gives::<s::EquityPage>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "payoff"),
        Route::delete("/api/customers/{id}/vehicles/{vehicle}/payoff", AnyStaff, equity::take_payoff_back)
            .says("Takes the last word back: what was written down before it stands again.")
            .gives::<s::EquityPage>(),
        Route::get("/api/views", AnyStaff, saved_views::list).says("The saved views of the lists: the store's, and mine.").gives::<s::SavedViews>(),
        Route::post("/api/views", AnyStaff, saved_views::add)
            .says("Saves a list's filter and order under a name.")
            .takes::<s::SaveView>()
            .gives::<s::SavedViewShape>()
            .may_refuse(StatusCode::CONFLICT, "name-taken")
            .may_refuse(StatusCode::CONFLICT, "too-many-views"),
        Route::put("/api/views/{id}", AnyStaff, saved_views::change)
            .says("Changes a saved view: its author may, and the owner.")
            .takes::<s::SaveView>()
            .gives::<s::SavedViewShape>()
            .may_refuse(StatusCode::CONFLICT, "name-taken")
            .may_refuse(StatusCode::CONFLICT, "too-many-views"),
        Route::delete("/api/views/{id}", AnyStaff, saved_views::remove).says("Removes a saved view: its author may, and the owner."),
        Route::get("/api/set-aside", AnyStaff, set_aside::list)
            .says("What could not be understood, newest first.")
            .by_pages()
            .gives::<s::Page<s::SetAsideShape>>(),
        Route::get("/api/set-aside/{id}", AnyStaff, set_aside::one)
            .says("One of them with its words, as its reader sees them.")
            .gives::<s::SetAsidePage>(),
        Route::post("/api/set-aside/{id}/again", AnyStaff, set_aside::read_again)
            .says("Reads a message again, as a lead whatever it looks like: by hand when it was taken for none, or when its sender's way of writing is known by now.")
            .takes::<s::Nothing>()
            .gives::<s::ReadAgainShape>(),
        Route::post("/api/set-aside/{id}/teach", AnyStaff, set_aside::teach)
            .says("Shows by the values of a message how its sender writes leads; the message is read again by that, and so is every later one.")
            .takes::<s::TeachLeads>()
            .gives::<s::ReadAgainShape>()
            .may_refuse(StatusCode::CONFLICT, "too-many-templates")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "template"),
        Route::get("/api/lead-templates", AnyStaff, set_aside::templates)
            .says("The senders whose way of writing was shown, at most a hundred.")
            .gives::<s::Page<s::LeadTemplateShape>>(),
        Route::delete("/api/lead-templates/{id}", Managers, set_aside::forget).says("Forgets how a sender writes."),
        Route::get("/api/set-aside/{id}/raw", AnyStaff, set_aside::raw).says("Its bytes as they came.").gives_type("text/plain"),
        Route::post("/api/imports", Managers, imports::bring)
            .says("Brings a file: it is looked at, kept, and rehearsed. Nothing is imported yet.")
            .query("kind", ParamKind::word(imports::KINDS), "What the rows of the file are; found out when not said.")
            .takes_bytes(IMPORT_MOST_BYTES, &[])
            .rate(RateClass::Import)
            .gives::<s::ImportDraft>(),
        Route::get("/api/imports", AnyStaff, imports::list).says("The imports, newest first.").by_pages().gives::<s::Page<s::Import>>(),
        Route::get("/api/imports/{id}", AnyStaff, imports::one)
            .says("One import: its counts, how its file is read, what a rehearsal came to.")
            .gives::<s::ImportDraft>(),
        Route::put("/api/imports/{id}/mapping", Managers, imports::rematch)
            .says("Says what the columns of a draft mean; it is rehearsed anew.")
            .takes::<s::Mapping>()
            .gives::<s::ImportDraft>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "import"),
        Route::get("/api/imports/{id}/rows", Managers, imports::rows)
            .says("Rows that were held back, are odd, or were kept when the import was taken back; `after` is the line of the last.")
            .query("which", ParamKind::word(imports::WHICH), "Which rows.")
            .by_pages()
            .gives::<s::Page<s::ImportRowShape>>(),
        Route::get("/api/imports/{id}/held-back.csv", Managers, imports::held_back)
            .says("The rows that were held back, as they stand in the file, each with its line and why.")
            .rate(RateClass::Import)
            .gives_type("text/csv"),
        Route::put("/api/imports/{id}/rows/{line}", Managers, imports::mend)
            .says("Mends cells of one row of a draft; it is rehearsed anew.")
            .takes::<s::MendRow>()
            .gives::<s::ImportDraft>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "import"),
        Route::post("/api/imports/{id}/run", Managers, imports::run)
            .says("Begins a draft: from here on it goes by itself and counts along.")
            .takes::<s::Nothing>()
            .rate(RateClass::Import)
            .gives::<s::ImportDraft>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "import"),
        Route::post("/api/imports/{id}/undo", Managers, imports::take_back)
            .says("Takes an import back, row by row from its end: reversed, kept because somebody worked on it since, or failed.")
            .takes::<s::Nothing>()
            .rate(RateClass::Import)
            .gives::<s::ImportDraft>()
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "import"),
        Route::delete("/api/imports/{id}", Managers, imports::discard).says("Forgets a draft and its file."),
        Route::get("/api/export", Owner, export::everything)
            .says("Everything of the store in one .zip, of this moment: tables as CSV and JSON, a page that explains them, and their sums.")
            .rate(RateClass::Import)
            .gives_type("application/zip"),
        Route::get("/api/live", AnyStaff, live::stream)
            .says("Server-sent events: a greeting, then sequence, kind and id of each change, never silent for over 15 s; resumes by Last-Event-ID.")
            .rate(RateClass::Live)
            .tells::<Hello>("hello")
            .tells::<Change>("change")
            .tells::<ViewersChange>("viewers")
            .tells::<Resync>("resync")
            .tells::<Heartbeat>("hb"),
        Route::get("/healthz", Public, health::healthz).says("The process answers.").rate(RateClass::Free).gives_type("text/plain"),
        Route::get("/readyz", Public, health::readyz).says("The store reads and writes.").gives_type("text/plain"),
        Route::get("/metrics", Public, health::metrics).says("Counters as Prometheus text.").gives_type("text/plain"),
    ]
}

/// Something said of where a car stands: gives its page.
fn standing(route: Route<Front>) -> Route<Front> {
    route.gives::<s::VehiclePage>()
}

fn feed(route: Route<Front>) -> Route<Front> {
    route
        .may_refuse(StatusCode::CONFLICT, "name-taken")
        .may_refuse(StatusCode::CONFLICT, "too-many-feeds")
        .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "feed")
}

/// Something said of the sale with a customer: gives their page.
fn saying(route: Route<Front>) -> Route<Front> {
    route.gives::<s::CustomerPage>().may_refuse(StatusCode::CONFLICT, "nothing-under-way").may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "pipeline")
}

fn narrowed_customers(route: Route<Front>) -> Route<Front> {
    route
        .query("view", ParamKind::word(customers::VIEWS), "Which customers.")
        .query("q", ParamKind::Text, "Words to match.")
        .query("owner", ParamKind::Text, "The number of their rep, or `none`.")
        .query("card", ParamKind::word(customers::CARDS), "Whether a card is open for them.")
        .query("band", ParamKind::word(customers::BANDS), "How near to buying.")
        .query("touch", ParamKind::word(customers::TOUCHES), "When they were last in touch.")
        .query("consent", ParamKind::word(customers::CONSENTS), "By which channel they allow to be reached, or took it back.")
        .query("place", ParamKind::Text, "Words of where they live.")
        .query("drives", ParamKind::Text, "Make, model, year of a car they drive, whole words.")
        .query("tag", ParamKind::Text, "A tag of theirs.")
        .query("field", ParamKind::Members, "Values of the store's own fields by their keys, words of one for a text; `-` for no value.")
        .query("sort", ParamKind::word(customers::SORTS), "By what they are sorted.")
}

fn narrowed_vehicles(route: Route<Front>) -> Route<Front> {
    route
        .query("view", ParamKind::word(vehicles::VIEWS), "Which cars.")
        .query("q", ParamKind::Text, "Words to match.")
        .query("status", ParamKind::word(vehicles::STATUSES), "Where they stand.")
        .query("make", ParamKind::Text, "The make, whole.")
        .query("body", ParamKind::Text, "The body, whole.")
        .query("price", ParamKind::word(vehicles::PRICES), "What they cost.")
        .query("age", ParamKind::word(vehicles::AGES), "Days on the lot.")
        .query("year", ParamKind::Whole { least: 1900, most: 2200, usual: None }, "The model year.")
        .query("feature", ParamKind::Text, "Equipment that they have, by its word: `heated-seats`.")
        .query("watchers", ParamKind::word(vehicles::WATCHERS), "How many known shoppers look at them.")
        .query("sort", ParamKind::word(vehicles::SORTS), "By what they are sorted.")
}
