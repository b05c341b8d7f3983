//! Does every record that was ever stored still open? One filled sample of each kind is kept in `schema/records/`, as the bytes it was.
//!
//! A sample is the hex text of the version byte and the named MessagePack, as they are before they are sealed. Samples are added, never
//! changed: a store out there holds such bytes.

use headlight::{
    domain::{
        access::{FailedSignIns, Login, SenderKey, Session, SessionKind},
        address::Address,
        alert::{Alert, AlertState, Before, Clock, CloseReason, Draft, Icon, Judged, Level, Matter, Reason, RuleKind, Step},
        appointment::{Appointment, NewAppointment},
        appraisal::{
            Acv, Appraisal, Before as SheetBefore, BookValue, CarState, Decided, Grade, Payoff, Range, ReconLine, Sheet, ToldTool, TradeDecision,
        },
        birth::BirthDate,
        bulk::Bulk,
        change::Changed,
        consent::{Channel, ConsentBasis, ConsentFact, ConsentState},
        customer::{Customer, Signs, Touch},
        deal::{Deal, DealKind, LeadTrade, NewDeal},
        edit::{Edit, Edits},
        email::Email,
        event::{Answer, Entry, Event, ImportRow, NewListing, Outcome, Reply, StaffAnswer, WebCar, WebEvent},
        feature::Feature,
        feed::{CarBefore, CarDid, Covers, Feed, FeedCar, FeedCounts, FeedDid, FeedFetch, FeedRead, FeedUndo, ReadOutcome, Snapshot},
        field::{Field, FieldKind},
        file::{FileKind, StoredFile},
        ids::{
            AlertId, AppointmentId, AppraisalId, CustomerId, DealId, FeedId, FileId, ImportId, LeadId, LeadTemplateId, MergeId, OpportunityId,
            OutboxId, PartId, PriceAlertId, ProfileId, RepairOrderId, SavedViewId, Seq, ServiceVisitId, SetAsideId, StaffId, VehicleId, VisitId,
            VisitorId, WishId,
        },
        import_run::{
            Effect, Example, HeldBack, ImportCounts, ImportKind, ImportRun, ImportState, ImportedRow, Rehearsed, RowDid, RowId, RowTakenBack,
            TakenBack,
        },
        ladder::{First, Ladder, Rung, RungTo},
        lead::{Lead, LeadCar, LeadInterest, LeadKind, NewLead, NoLead, PutAside, TakenDown},
        lead_template::{LeadTemplate, TaughtField, TaughtWord, Under},
        merge::{Alike, Because, Decision, Likeness, Link, Merge, Parted, Parting, Resolved, Whole},
        message::{Inbound, Mention, Remark},
        money::{Bps, Cents},
        opportunity::{ByHand, FollowUp, Lost, LostReason, Opportunity, Said, Stage},
        outbox::{OutboxRow, OutboxState, Purpose},
        payoff::SaidPayoff,
        phone::Phone,
        price_alert::{AlertTerms, Ended, PriceAlert, PriceMove, ToldOfDrop},
        profile::{PersonName, Profile, Source, SourceKind},
        repair_order::{NewRepairOrder, RepairOrder},
        rooftop::Hours,
        rule_setting::{ActiveHours, Knob, RuleSetting, Threshold},
        saved_view::{ListOf, SavedView},
        score::{Score, ScorePart, Signal},
        service_visit::{Arriving, Booking, Lane, LaneBrief, Refused, RefusedHow, SalesAsked, ServiceVisit},
        set_aside::{Raw, Restored, SetAside, SetAsideRoad},
        staff::{Away, Role, Staff, Workload},
        story::{Road, StoryRow},
        time::{At, DAY_MS, HOUR_MS, MINUTE_MS},
        timer::{Timer, TimerKind},
        vehicle::{CarFacts, Condition, Interest, Listing, ListingStatus, LotSaid, LotWord, Ownership, PricePoint, ReconStep, Standing, Vehicle},
        vin::Vin,
        visit::{StepDone, Visit, VisitEnd, VisitResult, VisitStep, Visiting},
        visitor::{Activity, Did, Mark, Tie, Visitor},
        wish::{Match, Whose, Wish, WishTerms},
    },
    store::{RECORDS, Record, decode_plain, encode_plain},
};
use std::{
    any::type_name,
    collections::BTreeSet,
    fmt::Debug,
    fs,
    path::{Path, PathBuf},
};

#[test]
fn every_record_ever_shipped_still_opens() -> Result<(), String> {
    let samples = samples();
    for file in kept_files()? {
        let sample = samples.iter().find(|s| s.file == file);
        let sample = sample.ok_or_else(|| {
            format!(
                "schema/records/{file} is opened by no test. A sample is never removed or renamed: give it a line with older(..) and the value it was"
            )
        })?;
        (sample.opens)(&kept(&file)?).map_err(|why| {
            format!(
                "schema/records/{file} no longer opens as what it was: {why}\nStores hold such bytes. Give the new field a serde default, or freeze the old struct as V1 with From<V1>, raise VERSION, and add a sample of the new version"
            )
        })?;
    }
    Ok(())
}

#[test]
fn a_sample_written_today_is_the_one_that_is_kept() -> Result<(), String> {
    for (sample, today) in samples().iter().filter_map(|s| Some((s, s.today.as_ref()?))) {
        let path = folder().join(sample.file);
        if !path.exists() && std::env::var_os("HEADLIGHT_KEEP_SAMPLES").is_some() {
            fs::write(&path, hex(today)).map_err(|e| e.to_string())?;
        }
        if !path.exists() {
            return Err(format!(
                "schema/records/{} is not there yet; run this test once with HEADLIGHT_KEEP_SAMPLES=1 and commit the file",
                sample.file
            ));
        }
        if kept(sample.file)? != *today {
            return Err(format!(
                "{} is written differently than in schema/records/{}. Leave the kept file as it is and turn its line into older(..). A new field: \
                 give it a serde default, and keep a sample of today under a new name. A changed meaning: freeze the old struct as V1, write From<V1>, \
                 raise VERSION, and keep a sample of the new version",
                sample.of, sample.file
            ));
        }
    }
    Ok(())
}

#[test]
fn every_kind_of_record_has_a_sample() {
    let has: BTreeSet<&str> = samples().iter().map(|s| s.of.rsplit("::").next().unwrap_or(s.of)).collect();
    let missing: Vec<_> = RECORDS.iter().filter(|r| !has.contains(*r)).collect();
    assert!(missing.is_empty(), "without a sample in schema/records/: {missing:?}");
}

#[test]
fn bytes_of_a_newer_version_are_refused_with_a_sentence() -> Result<(), String> {
    let mut newer = kept("customer.v1.hex")?;
    newer[0] = 200;
    let refused = decode_plain::<Customer>(&newer).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(refused.contains("newer Headlight"), "{refused}");
    assert!(decode_plain::<Customer>(&[]).is_err());
    Ok(())
}

/// The bytes of each sample, of today's form or as they were kept, with the name of its type.
pub(crate) fn all_kept() -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    samples().into_iter().map(|sample| Ok((sample.of, sample.today.map_or_else(|| kept(sample.file), Ok)?))).collect()
}

type Opens = Box<dyn Fn(&[u8]) -> Result<(), String>>;

/// One kept file: whose bytes, what is written today (nothing when it is kept from an older form), and whether bytes open as its value.
struct Sample {
    file: &'static str,
    of: &'static str,
    today: Option<Vec<u8>>,
    opens: Opens,
}

/// Bytes as they are written today.
fn sample<R: Record + PartialEq + Debug + 'static>(file: &'static str, value: R) -> Sample {
    Sample { today: Some(encode_plain(&value).unwrap_or_default()), ..older(file, value) }
}

/// Bytes of an older form, and what they must open as.
fn older<R: Record + PartialEq + Debug + 'static>(file: &'static str, value: R) -> Sample {
    Sample {
        file,
        of: type_name::<R>(),
        today: None,
        opens: Box::new(move |bytes| {
            let opened: R = decode_plain(bytes).map_err(|e| e.to_string())?;
            if opened == value { Ok(()) } else { Err(format!("{opened:#?}\nwhere this was kept:\n{value:#?}")) }
        }),
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/records")
}

fn kept_files() -> Result<Vec<String>, String> {
    let mut files: Vec<String> = fs::read_dir(folder())
        .map_err(|e| e.to_string())?
        .filter_map(|f| f.ok()?.file_name().into_string().ok())
        .filter(|f| Path::new(f).extension().is_some_and(|e| e == "hex"))
        .collect();
    files.sort();
    Ok(files)
}

fn kept(file: &str) -> Result<Vec<u8>, String> {
    let text: String = fs::read_to_string(folder().join(file)).map_err(|e| format!("{file}: {e}"))?.split_whitespace().collect();
    data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(|e| format!("{file}: {e}"))
}

/// Lines of 64 bytes, so that a change is seen where it is.
fn hex(bytes: &[u8]) -> String {
    bytes.chunks(64).map(|line| data_encoding::HEXLOWER.encode(line) + "\n").collect()
}

/// Tuesday 24 November 2026, 9:41 in New York.
const NOW: At = At(1_795_531_260_000);

fn ago(ms: i64) -> At {
    At(NOW.0 - ms)
}

fn in_(ms: i64) -> At {
    At(NOW.0 + ms)
}

fn samples() -> Vec<Sample> {
    vec![
        sample("entry-web.v1.hex", entry(Event::Web(web_event()))),
        sample("entry-web-once.v1.hex", entry(Event::Web(WebEvent { once: Some(u64::MAX - 7), ..web_event() }))),
        sample(
            "entry-came-by-link.v1.hex",
            entry(Event::CameByLink { client: "1184220377.1763990000".into(), part: PartId(11), message: Some(OutboxId(6)), at: ago(800) }),
        ),
        sample("entry-browser-parted.v1.hex", entry(Event::BrowserParted { browser: VisitorId(77), part: PartId(11), by: StaffId(4) })),
        sample("entry-browser-returned.v1.hex", entry(Event::BrowserReturned { browser: VisitorId(77), part: PartId(11), by: StaffId(4) })),
        sample("entry-lead.v1.hex", entry(Event::Lead(new_lead()))),
        sample("entry-lead-taken-down.v1.hex", entry(Event::Lead(NewLead { taken: Some(taken_down()), ..new_lead() }))),
        sample("entry-reply.v1.hex", entry(Event::Reply(reply()))),
        sample("entry-imported.v1.hex", entry(Event::Imported { import: ImportId(3), rows: import_rows(), lines: vec![] })),
        sample("entry-imported-whole.v1.hex", entry(Event::Imported { import: ImportId(3), rows: whole_import_rows(), lines: vec![] })),
        sample("entry-answered.v1.hex", answered(Answer::Done { outcome: Outcome::Texted, note: "Comes Saturday".into(), message: TEXT.into() })),
        sample("entry-answered-claimed.v1.hex", answered(Answer::Claimed)),
        sample("entry-answered-snoozed.v1.hex", answered(Answer::Snoozed { until: in_(DAY_MS) })),
        sample("entry-answered-handed-off.v1.hex", answered(Answer::HandedOff { to: StaffId(5) })),
        sample("entry-answered-undone.v1.hex", answered(Answer::Undone)),
        sample(
            "entry-noted.v1.hex",
            entry(Event::Noted { customer: CustomerId(11), by: StaffId(4), text: "Prefers texts after 5.".into(), mentions: vec![], aloud: false }),
        ),
        sample(
            "entry-noted-to-colleagues.v1.hex",
            entry(Event::Noted {
                customer: CustomerId(11),
                by: StaffId(4),
                text: "@Jo can you call her?".into(),
                mentions: vec![StaffId(5)],
                aloud: true,
            }),
        ),
        sample("entry-file-added.v1.hex", entry(file_added())),
        sample("entry-file-removed.v1.hex", entry(Event::FileRemoved { file: FileId(2), by: StaffId(4) })),
        sample("entry-availability.v1.hex", entry(Event::Availability { staff: StaffId(4), available: false })),
        sample(
            "entry-visit-opened.v1.hex",
            entry(Event::VisitOpened {
                visiting: Visiting::Customer { customer: CustomerId(11) },
                with: StaffId(4),
                vehicle: Some(VehicleId(117)),
                by: StaffId(4),
            }),
        ),
        sample(
            "entry-visit-opened-walk-in.v1.hex",
            entry(Event::VisitOpened { visiting: Visiting::WalkIn { person: profile() }, with: StaffId(4), vehicle: None, by: StaffId(5) }),
        ),
        sample(
            "entry-visit-stepped.v1.hex",
            entry(Event::VisitStepped { visit: VisitId(3), step: VisitStep::DemoDrive, done: true, by: StaffId(4) }),
        ),
        sample(
            "entry-visit-ended.v1.hex",
            entry(Event::VisitEnded {
                visit: VisitId(3),
                result: VisitResult::BeBack { on: Some(in_(DAY_MS)) },
                note: "Brings her husband.".into(),
                by: StaffId(4),
            }),
        ),
        sample("entry-lead-put-aside.v1.hex", entry(Event::LeadPutAside { lead: LeadId(5), why: NoLead::Spam, by: StaffId(4) })),
        sample("entry-lead-taken-up.v1.hex", entry(Event::LeadTakenUp { lead: LeadId(5), by: StaffId(4) })),
        sample("entry-judged.v1.hex", entry(Event::Judged { alert: AlertId(3), useful: Some(false), by: StaffId(4) })),
        sample("entry-present.v1.hex", entry(Event::Present { staff: StaffId(4), present: true })),
        sample("entry-ladder-set.v1.hex", entry(Event::LadderSet { ladder: ladder(), by: StaffId(4) })),
        sample(
            "entry-feed-set.v1.hex",
            entry(Event::FeedSet {
                feed: FeedId(2),
                name: "Website".into(),
                covers: Covers::Lot,
                patience: 2,
                most_gone_percent: 30,
                by: Some(StaffId(4)),
            }),
        ),
        sample("entry-feed-removed.v1.hex", entry(Event::FeedRemoved { feed: FeedId(2), by: StaffId(4) })),
        sample("entry-feed-listed.v1.hex", entry(Event::FeedListed { feed: FeedId(2), read: 7, rows: vec![(2, new_listing())] })),
        sample(
            "entry-feed-read.v1.hex",
            entry(Event::FeedRead {
                feed: FeedId(2),
                snapshot: Snapshot { read: 7, at: NOW, digest: "5ffe".into() },
                file: "lot.txt".into(),
                listed: 12,
                gone: vec![VehicleId(119)],
                held_back: vec![HeldBack { reason: "The row has neither a VIN nor a stock number.".into(), count: 1, first_line: 4 }],
                notes: vec!["A price is below $100.".into()],
                by: None,
                anyway: true,
            }),
        ),
        sample(
            "entry-feed-refused.v1.hex",
            entry(Event::FeedRefused {
                feed: FeedId(2),
                read: 8,
                digest: "6a01".into(),
                file: "lot.txt".into(),
                why: "9 of 12 cars are gone.".into(),
                may_be_taken: true,
                by: None,
            }),
        ),
        sample("entry-feed-taken-back.v1.hex", entry(Event::FeedTakenBack { feed: FeedId(2), by: StaffId(4) })),
        sample(
            "entry-lot-said.v1.hex",
            entry(Event::LotSaid {
                vehicle: VehicleId(117),
                said: LotSaid::Held { customer: Some(CustomerId(41)), until: Some(NOW), note: "deposit taken".into() },
                by: StaffId(4),
            }),
        ),
        sample("entry-lot-unsaid.v1.hex", entry(Event::LotUnsaid { vehicle: VehicleId(117), by: StaffId(4) })),
        sample("timer-hold-ends.v1.hex", Timer { due: NOW, what: TimerKind::HoldEnds { vehicle: VehicleId(117) } }),
        sample("changed-feed.v1.hex", Changed::Feed(FeedId(2))),
        sample("entry-ladder-removed.v1.hex", entry(Event::LadderRemoved { source: "Cars.com".into(), by: StaffId(4) })),
        sample("entry-visit-reopened.v1.hex", entry(Event::VisitReopened { visit: VisitId(3), by: StaffId(4) })),
        sample("appraisal.v1.hex", appraisal()),
        sample("lead-told.v1.hex", told_lead()),
        sample("entry-appraisal-opened.v1.hex", {
            let (vehicle, beside) = (Some(VehicleId(118)), Some(AppraisalId(2)));
            entry(Event::AppraisalOpened { customer: CustomerId(11), vehicle, sheet: Box::new(sheet()), beside, by: StaffId(4) })
        }),
        sample(
            "entry-appraisal-written.v1.hex",
            entry(Event::AppraisalWritten { appraisal: AppraisalId(3), sheet: Box::new(sheet()), by: StaffId(4) }),
        ),
        sample(
            "entry-appraisal-decided.v1.hex",
            entry(Event::AppraisalDecided { appraisal: AppraisalId(3), decision: TradeDecision::Accepted, by: StaffId(4) }),
        ),
        sample("entry-appraisal-undone.v1.hex", entry(Event::AppraisalUndone { appraisal: AppraisalId(3), by: StaffId(4) })),
        sample("entry-sale-lost.v1.hex", sale_said(Said::Lost { why: LostReason::Timing, note: "After the move".into(), again: Some(in_(DAY_MS)) })),
        sample("entry-sale-lost-undone.v1.hex", sale_said(Said::LostUndone)),
        sample("entry-sale-stage.v1.hex", sale_said(Said::Stage { stage: Stage::Engaged, why: "Met her at the fair".into() })),
        sample("entry-sale-stage-undone.v1.hex", sale_said(Said::StageUndone)),
        sample("entry-sale-follow-up.v1.hex", sale_said(Said::FollowUp { due: in_(DAY_MS), what: "Numbers".into() })),
        sample("entry-sale-no-follow-up.v1.hex", sale_said(Said::NoFollowUp)),
        sample("entry-sale-follow-up-undone.v1.hex", sale_said(Said::FollowUpUndone)),
        sample("changed-opportunity.v1.hex", Changed::Opportunity(OpportunityId(5))),
        sample("changed-settings.v1.hex", Changed::Settings),
        sample("changed-market.v1.hex", Changed::Market),
        sample(
            "opportunity.v1.hex",
            Opportunity {
                id: OpportunityId(5),
                part: PartId(11),
                opened: ago(DAY_MS),
                stage: Stage::Engaged,
                since: ago(HOUR_MS),
                by_hand: vec![ByHand { stage: Stage::Engaged, why: "Met her at the fair".into(), by: StaffId(4), at: ago(HOUR_MS) }],
                lost: Some(Lost { why: LostReason::Timing, note: "After the move".into(), by: StaffId(4), at: NOW, again: Some(in_(DAY_MS)) }),
                follow_up: Some(FollowUp { due: in_(DAY_MS), what: "Numbers".into(), by: StaffId(4), at: NOW }),
                follow_ups_before: vec![],
                begun_by_us: false,
            },
        ),
        sample(
            "opportunity-begun-by-us.v1.hex",
            Opportunity {
                follow_ups_before: vec![None, Some(FollowUp { due: in_(DAY_MS), what: "Numbers".into(), by: StaffId(4), at: NOW })],
                begun_by_us: true,
                ..Opportunity::new(OpportunityId(6), PartId(11), ago(DAY_MS))
            },
        ),
        sample("changed-service-visit.v1.hex", Changed::ServiceVisit(ServiceVisitId(3))),
        sample("changed-appointment.v1.hex", Changed::Appointment(AppointmentId(5))),
        older("service-visit.v1.hex", ServiceVisit { odometer_mi: None, ..service_visit() }),
        sample("service-visit-odometer.v1.hex", service_visit()),
        sample("refused.v1.hex", Refused { at: NOW, until: Some(in_(180 * DAY_MS)), how: RefusedHow::NotToday, by: StaffId(4), cause: Seq(80) }),
        sample("appointment-at-the-counter.v1.hex", Appointment { cause: Some(Seq(80)), from: None, ..appointment() }),
        sample("entry-service-booked.v1.hex", entry(Event::ServiceBooked { booking: booking(), by: StaffId(4) })),
        sample("entry-service-unbooked.v1.hex", entry(Event::ServiceUnbooked { appointment: AppointmentId(5), by: StaffId(4) })),
        older(
            "entry-service-arrived.v1.hex",
            entry(Event::ServiceArrived { arriving: Arriving { odometer_mi: None, ..arriving() }, by: StaffId(4) }),
        ),
        sample("entry-service-arrived-odometer.v1.hex", entry(Event::ServiceArrived { arriving: arriving(), by: StaffId(4) })),
        sample(
            "entry-service-moved.v1.hex",
            entry(Event::ServiceMoved { visit: ServiceVisitId(3), to: Lane::InBay, bay: "2".into(), by: StaffId(4) }),
        ),
        sample(
            "entry-service-odometer.v1.hex",
            entry(Event::ServiceOdometer { visit: ServiceVisitId(3), odometer_mi: Some(61_240), by: StaffId(4) }),
        ),
        sample("entry-service-quoted.v1.hex", entry(Event::ServiceQuoted { visit: ServiceVisitId(3), quote: Some(Cents(124_000)), by: StaffId(4) })),
        sample("entry-sales-asked.v1.hex", entry(Event::SalesAsked { visit: ServiceVisitId(3), brief: lane_brief(), by: StaffId(4) })),
        sample("entry-sales-not-needed.v1.hex", entry(Event::SalesNotNeeded { visit: ServiceVisitId(3), by: StaffId(4) })),
        sample("entry-talk-refused.v1.hex", entry(Event::TalkRefused { customer: CustomerId(11), how: RefusedHow::NotToBeSoldTo, by: StaffId(4) })),
        sample("entry-talk-allowed-again.v1.hex", entry(Event::TalkAllowedAgain { customer: CustomerId(11), by: StaffId(4) })),
        sample("changed-visit.v1.hex", Changed::Visit(VisitId(3))),
        sample(
            "visit.v1.hex",
            Visit {
                id: VisitId(3),
                part: PartId(11),
                with: StaffId(4),
                began: ago(HOUR_MS),
                vehicle: Some(VehicleId(117)),
                be_back: true,
                steps: vec![StepDone { step: VisitStep::Greet, at: ago(59 * MINUTE_MS), by: StaffId(4) }],
                end: Some(VisitEnd {
                    at: NOW,
                    by: StaffId(4),
                    result: VisitResult::Unsold { why: LostReason::TradeValue },
                    note: "Wants 9,000 for the Civic.".into(),
                    cause: Seq(90),
                }),
                cause: Seq(80),
            },
        ),
        sample("entry-staff-changed.v1.hex", entry(Event::StaffChanged { staff: staff() })),
        sample("entry-timer-fired.v1.hex", entry(Event::TimerFired(timer(TimerKind::ThinkAgain { customer: CustomerId(11) })))),
        sample("activity.v1.hex", activity()),
        sample(
            "inbound.v1.hex",
            Inbound { at: ago(HOUR_MS), channel: Channel::Text, text: "Is it still there?".into(), answered: Some(ago(MINUTE_MS)) },
        ),
        sample("workload.v1.hex", Workload { open: 3, last_offered: ago(7 * MINUTE_MS) }),
        sample("changed-alert.v1.hex", Changed::Alert(AlertId(31))),
        sample("changed-customer.v1.hex", Changed::Customer(CustomerId(11))),
        sample("changed-vehicle.v1.hex", Changed::Vehicle(VehicleId(117))),
        sample("changed-looks.v1.hex", Changed::Looks(VehicleId(117))),
        sample("changed-lead.v1.hex", Changed::Lead(LeadId(21))),
        sample("changed-import.v1.hex", Changed::Import(ImportId(3))),
        sample("changed-set-aside.v1.hex", Changed::SetAside(SetAsideId(2))),
        sample("changed-staff.v1.hex", Changed::Staff(StaffId(4))),
        sample("customer.v1.hex", customer()),
        older("customer-bare.v1.hex", Customer::new(CustomerId(11), ago(900 * DAY_MS))),
        sample("profile.v1.hex", profile()),
        sample("visitor.v1.hex", visitor()),
        sample("visitor-parted.v1.hex", parted_visitor()),
        sample("visitor-machine.v1.hex", machine_visitor()),
        sample("activity-told-by-ga4.v1.hex", Activity(vec![Mark { ga4: true, ..activity().0[0].clone() }])),
        sample("story-row.v1.hex", story_row()),
        sample("story-row-whole.v1.hex", whole_story_row()),
        sample("remark.v1.hex", Remark { at: ago(HOUR_MS), by: StaffId(4), text: "Wants a truck below 25k.".into() }),
        sample("mention.v1.hex", Mention { at: ago(HOUR_MS), by: StaffId(4), text: "Can you call her?".into(), done: Some(ago(MINUTE_MS)) }),
        sample("stored-file.v1.hex", stored_file()),
        sample(
            "vehicle-sold.v1.hex",
            Vehicle {
                id: VehicleId(117),
                vin: vin(),
                facts: facts(),
                from_vin: CarFacts::default(),
                listing: Some(Listing { status: ListingStatus::Sold, status_since: Some(NOW), ..listing() }),
            },
        ),
        sample("vehicle.v1.hex", Vehicle { id: VehicleId(117), vin: vin(), facts: facts(), from_vin: CarFacts::default(), listing: Some(listing()) }),
        older(
            "vehicle-bare.v1.hex",
            Vehicle { id: VehicleId(117), vin: None, facts: CarFacts::default(), from_vin: CarFacts::default(), listing: None },
        ),
        sample("interest.v1.hex", Interest { looks: 4, first: ago(2 * DAY_MS), last: ago(MINUTE_MS), used_tools: true }),
        sample("ownership.v1.hex", ownership()),
        older("lead.v1.hex", Lead { aside: None, cause: Seq(0), ..lead() }),
        sample("lead-put-aside.v1.hex", lead()),
        sample("field.v1.hex", own_field()),
        sample(
            "bulk.v1.hex",
            Bulk {
                at: ago(HOUR_MS),
                by: StaffId(4),
                edit: Edit::Tag { tag: "vip".into(), on: true },
                more: vec![],
                changed: vec![(CustomerId(11), edits())],
                wrong_numbers: vec![],
                undone: true,
            },
        ),
        sample(
            "bulk-of-one.v1.hex",
            Bulk {
                at: ago(HOUR_MS),
                by: StaffId(4),
                edit: Edit::Phones(vec![]),
                more: vec![Edit::Owner(Some(StaffId(5)))],
                changed: vec![(CustomerId(11), edits())],
                wrong_numbers: vec![CustomerId(11)],
                undone: false,
            },
        ),
        sample("parting.v1.hex", parting()),
        sample("entry-parting-undone.v1.hex", entry(Event::PartingUndone { parting: Seq(90), by: StaffId(4) })),
        sample("entry-field-changed.v1.hex", entry(Event::FieldChanged { field: own_field(), gone: true, by: StaffId(4) })),
        sample("entry-bulk-undone.v1.hex", entry(Event::BulkUndone { bulk: 7, by: StaffId(4) })),
        sample("decision.v1.hex", Decision::Apart),
        sample("decision-found.v1.hex", Decision::Found),
        sample("link.v1.hex", Link::CoBuyer),
        sample("merge.v1.hex", merge()),
        sample("likeness.v1.hex", Likeness { one: PartId(11), other: PartId(12), found: ago(HOUR_MS), because: because() }),
        sample("customer_of_parts.v1.hex", customer_of_parts()),
        sample("customer-with-a-browser.v1.hex", customer_with_a_browser()),
        sample("deal-of-the-store.v1.hex", Deal { id: DealId(8), part: PartId(11), vehicle: Some(VehicleId(40)), said: own_note(), from: None }),
        sample("deal.v1.hex", Deal { id: DealId(8), part: PartId(11), vehicle: Some(VehicleId(40)), said: new_deal(), from: None }),
        sample("repair-order.v1.hex", repair_order()),
        sample("alert-claimed.v1.hex", alert(AlertState::Claimed { by: StaffId(4), at: ago(2 * MINUTE_MS) })),
        older("alert.v1.hex", before_reasons(alert(AlertState::Claimed { by: StaffId(4), at: ago(2 * MINUTE_MS) }))),
        older("alert-open.v1.hex", before_reasons(alert(AlertState::Open))),
        older("alert-snoozed.v1.hex", before_reasons(alert(AlertState::Snoozed { by: StaffId(4), until: in_(DAY_MS) }))),
        older("alert-done.v1.hex", before_reasons(alert(closed(CloseReason::Done { outcome: Outcome::Talked }, Some(StaffId(4)))))),
        older("alert-reason-gone.v1.hex", before_reasons(alert(closed(CloseReason::ReasonGone, None)))),
        sample("staff.v1.hex", staff()),
        older("login.v1.hex", login()),
        sample("login-and-password.v1.hex", login()),
        sample("failed-sign-ins.v1.hex", FailedSignIns { count: 7, wait_until: in_(2_000), last: NOW }),
        sample("session.v1.hex", session()),
        sample("sender-key.v1.hex", SenderKey { name: "Cars.com".into(), made: ago(90 * DAY_MS), revoked: Some(ago(DAY_MS)) }),
        sample("set-aside.v1.hex", set_aside()),
        sample(
            "set-aside-taken-up.v1.hex",
            SetAside { no_lead: Some(NoLead::Spam), restored: Some(Restored { at: ago(0), by: StaffId(2) }), ..set_aside() },
        ),
        sample("raw.v1.hex", Raw { bytes: b"<?adf version=\"1.0\"?>\n<adf>\xff\x00</adf>".to_vec() }),
        sample("import-run.v1.hex", import_run()),
        sample("import-run-taken-back.v1.hex", import_taken_back()),
        sample("imported-row.v1.hex", imported_row()),
        sample("appointment.v1.hex", appointment()),
        sample("entry-import-taken-back.v1.hex", entry(Event::ImportTakenBack { import: ImportId(3), lines: vec![7, 6], by: StaffId(4) })),
        sample(
            "entry-edited.v1.hex",
            entry(Event::Edited {
                customers: vec![CustomerId(11)],
                by: StaffId(4),
                edits: vec![Edit::Tag { tag: "vip".into(), on: true }],
                undo: None,
            }),
        ),
        sample(
            "entry-edited-to-undo.v1.hex",
            entry(Event::Edited { customers: vec![CustomerId(11)], by: StaffId(4), edits: vec![Edit::Name(name())], undo: Some(7) }),
        ),
        sample(
            "entry-merged.v1.hex",
            entry(Event::Merged { kept: CustomerId(11), folded: CustomerId(12), choices: vec![Edit::Name(name())], by: StaffId(4) }),
        ),
        sample("entry-unmerged.v1.hex", entry(Event::Unmerged { merge: MergeId(3), by: StaffId(4) })),
        sample("entry-separated.v1.hex", entry(Event::Separated { part: PartId(12), by: StaffId(4) })),
        sample(
            "entry-resolved.v1.hex",
            entry(Event::Resolved {
                found: vec![Resolved {
                    one: PartId(11),
                    other: PartId(12),
                    are: Alike::Likely,
                    because: Because { reasons: vec!["same name".into()], at: None, probability: Some(Bps(8_700)) },
                }],
            }),
        ),
        sample("entry-left-open.v1.hex", entry(Event::LeftOpen { one: CustomerId(11), other: CustomerId(12), by: StaffId(4) })),
        sample("entry-learnt.v1.hex", entry(Event::Learnt { weights: "{}".into() })),
        sample("entry-score-learnt.v1.hex", entry(Event::ScoreLearnt { model: "{}".into() })),
        sample("entry-rule-set.v1.hex", entry(Event::RuleSet { rule: RuleKind::BackOnSameCar, setting: rule_setting(), by: StaffId(4) })),
        sample("entry-kept-apart.v1.hex", entry(Event::KeptApart { one: CustomerId(11), other: CustomerId(12), by: StaffId(4) })),
        sample("outbox-row.v1.hex", outbox_row(OutboxState::Waiting { attempts: 2 })),
        sample("outbox-row-sent.v1.hex", outbox_row(OutboxState::Sent { at: NOW })),
        sample("outbox-row-expired.v1.hex", outbox_row(OutboxState::Expired { at: NOW })),
        sample("outbox-row-refused.v1.hex", outbox_row(OutboxState::Refused { at: NOW, why: "not a mobile number".into() })),
        sample(
            "outbox-row-price-drop.v1.hex",
            OutboxRow { purpose: Purpose::PriceDrop { vehicle: VehicleId(117) }, ..outbox_row(OutboxState::Waiting { attempts: 0 }) },
        ),
        sample("timer-price-drop.v1.hex", timer(TimerKind::PriceDropGoesOn { vehicle: VehicleId(117) })),
        sample("price-alert.v1.hex", price_alert()),
        sample("price-alert-ended.v1.hex", PriceAlert { by: Some(StaffId(4)), ended: Some(Ended { at: NOW, by: StaffId(4) }), ..price_alert() }),
        sample("price-move.v1.hex", price_move()),
        sample("told-of-drop.v1.hex", ToldOfDrop { at: NOW, message: OutboxId(9) }),
        sample("wish.v1.hex", wish()),
        sample("match.v1.hex", arrival()),
        sample("entry-price-alert-set.v1.hex", entry(Event::PriceAlertSet { terms: alert_terms(), whose: by_themselves() })),
        sample("entry-price-alert-ended.v1.hex", entry(Event::PriceAlertEnded { alert: PriceAlertId(3), by: StaffId(4) })),
        sample("entry-price-alert-resumed.v1.hex", entry(Event::PriceAlertResumed { alert: PriceAlertId(3), by: StaffId(4) })),
        sample("entry-wished.v1.hex", entry(Event::Wished { terms: wish().said, whose: Whose::Customer { id: CustomerId(11), by: StaffId(4) } })),
        sample("entry-wish-ended.v1.hex", entry(Event::WishEnded { wish: WishId(5), by: StaffId(4) })),
        sample("entry-wish-resumed.v1.hex", entry(Event::WishResumed { wish: WishId(5), by: StaffId(4) })),
        sample("entry-priced.v1.hex", entry(Event::Priced { vehicle: VehicleId(117), price: Cents(2_699_000), by: StaffId(4) })),
        sample("entry-price-taken-back.v1.hex", entry(Event::PriceTakenBack { vehicle: VehicleId(117), by: StaffId(4) })),
        sample("payoff.v1.hex", said_payoff()),
        sample(
            "entry-payoff-said.v1.hex",
            entry(Event::PayoffSaid { customer: CustomerId(11), vehicle: VehicleId(40), payoff: Some(said_payoff()), by: StaffId(4) }),
        ),
        sample("timer-snooze-ends.v1.hex", timer(TimerKind::SnoozeEnds { alert: AlertId(31) })),
        sample("timer-clock-runs-out.v1.hex", timer(TimerKind::ClockRunsOut { alert: AlertId(31) })),
        sample("timer-think-again.v1.hex", timer(TimerKind::ThinkAgain { customer: CustomerId(11) })),
        sample("saved-view.v1.hex", saved_view()),
        sample("lead-template.v1.hex", lead_template()),
        sample("ladder.v1.hex", ladder()),
        sample("feed.v1.hex", feed()),
        sample("feed-read.v1.hex", feed_read(ReadOutcome::Taken)),
        sample("feed-read-refused.v1.hex", feed_read(ReadOutcome::Refused { why: "9 of 12 cars are gone.".into(), may_be_taken: true })),
        sample("feed-read-taken-back.v1.hex", feed_read(ReadOutcome::TakenBack { by: StaffId(4), at: NOW })),
        sample("feed-car.v1.hex", feed_car()),
        sample("feed-undo.v1.hex", FeedUndo { car: CarBefore::NotThere { after: "0c22".into() }, said: Some(feed_car()) }),
        sample(
            "feed-fetch.v1.hex",
            FeedFetch {
                asked: ago(DAY_MS),
                next: NOW,
                failures: 2,
                trouble: Some("The host did not answer.".into()),
                etag: Some("\"a1\"".into()),
                last_modified: Some("Tue, 24 Nov 2026 14:00:00 GMT".into()),
            },
        ),
        sample("vehicle-held.v1.hex", held_vehicle()),
        sample("staff-planned.v1.hex", planned()),
        sample(
            "alert-for-all.v1.hex",
            Alert {
                for_all: true,
                held_back: true,
                judged: Some(Judged { useful: true, by: StaffId(4), at: ago(0) }),
                clock: Some(Clock { rung: 2, ..clock() }),
                ..alert(AlertState::Open)
            },
        ),
        sample("timer-absence.v1.hex", Timer { due: in_(DAY_MS), what: TimerKind::AbsenceBegins { staff: StaffId(4) } }),
        sample("customer-id.v1.hex", CustomerId(11)),
        sample("staff-id.v1.hex", StaffId(4)),
        sample("vehicle-id.v1.hex", VehicleId(117)),
        sample("u64.v1.hex", 9_007_199_254_740_993_u64),
        sample("u32.v1.hex", 70_000_u32),
        sample("string.v1.hex", "a3f1c2d4e5b60718293a4b5c6d7e8f90".to_owned()),
        sample("nothing.v1.hex", ()),
    ]
}

fn rule_setting() -> RuleSetting {
    RuleSetting {
        on: true,
        thresholds: vec![Threshold { knob: Knob::Looks, value: 5 }, Threshold { knob: Knob::WindowHours, value: 72 }],
        cool_down_hours: 12,
        goes_to: vec![Role::Bdc],
        hours: ActiveHours::StoreHours,
    }
}

fn lead_template() -> LeadTemplate {
    let field = TaughtField {
        field: TaughtWord::Phone,
        before: "reach her at".into(),
        behind: "or".into(),
        under: Some(Under { line: "new shopper".into(), by: 2 }),
        until: Some("sent by".into()),
    };
    LeadTemplate {
        id: LeadTemplateId(3),
        sender: "autoguru.example.com".into(),
        source: "AutoGuru".into(),
        fields: vec![field],
        by: StaffId(2),
        at: ago(0),
    }
}

fn saved_view() -> SavedView {
    SavedView {
        id: SavedViewId(7),
        list: ListOf::Customers,
        name: "Quiet for a quarter".into(),
        words: "view=mine&touch=over_quarter&sort=quiet".into(),
        by: StaffId(4),
        made: NOW,
    }
}

const TEXT: &str = "Hi Dana, the CR-V you looked at is here. Want to see it Saturday?";

fn entry(event: Event) -> Entry {
    Entry { at: NOW, event, applied_after: Some(Seq(411)) }
}

fn answered(answer: Answer) -> Entry {
    entry(Event::Answered(StaffAnswer { alert: AlertId(31), by: StaffId(4), answer }))
}

fn web_event() -> WebEvent {
    WebEvent {
        client: "1184220377.1763990000".into(),
        did: Did::ViewedCar,
        at: ago(900),
        car: Some(WebCar { vin: vin(), stock: "24117".into(), facts: facts(), price: Some(Cents(2_765_000)) }),
        name: "asc_item_pageview".into(),
        page: "/used/honda-cr-v-24117".into(),
        web_ids: vec!["f7c1-0042".into(), "sub-88".into()],
        once: None,
    }
}

fn taken_down() -> TakenDown {
    TakenDown { by: StaffId(1), to: StaffId(2), spoke: true, customer: Some(CustomerId(7)) }
}

fn new_lead() -> NewLead {
    NewLead {
        source: "Cars.com".into(),
        external_id: Some("CC-000912".into()),
        requested: ago(3 * MINUTE_MS),
        person: profile(),
        cars: vec![
            LeadCar {
                interest: LeadInterest::TestDrive,
                vin: vin(),
                stock: "24117".into(),
                facts: facts(),
                price: Some(Cents(2_765_000)),
                comments: "the grey one".into(),
                told: None,
            },
            LeadCar {
                interest: LeadInterest::TradeIn,
                vin: None,
                stock: String::new(),
                facts: old_facts(),
                price: None,
                comments: "small dent".into(),
                told: None,
            },
        ],
        comments: "Is it still available? I can come Saturday.".into(),
        kind: LeadKind::TestDrive,
        web_ids: vec!["f7c1-0042".into()],
        warnings: vec!["the date of the request has no time zone; the store's was taken".into()],
        taken: None,
    }
}

fn reply() -> Reply {
    Reply {
        person: profile(),
        channel: Channel::Email,
        at: ago(MINUTE_MS),
        text: "Saturday at 10 works".into(),
        external_id: Some("<m1@example.com>".into()),
    }
}

fn import_rows() -> Vec<ImportRow> {
    vec![ImportRow::Customer(profile()), ImportRow::Deal(new_deal()), ImportRow::RepairOrder(new_repair_order()), ImportRow::Listing(new_listing())]
}

/// Rows that say everything a row can say.
fn whole_import_rows() -> Vec<ImportRow> {
    let trade = LeadTrade { vin: None, facts: old_facts(), acv: Some(Cents(250_000)), payoff: None };
    vec![
        ImportRow::Deal(NewDeal {
            second_trade: Some(trade),
            co_buyer: Some(profile()),
            more_salespeople: vec!["Sam O".into()],
            finance_manager: "Lee B".into(),
            delivered: Some(ago(799 * DAY_MS)),
            front_gross: Some(Cents(211_500)),
            back_gross: Some(Cents(-12_050)),
            residual: Some(Cents(1_980_000)),
            allowed_mi: Some(36_000),
            ..new_deal()
        }),
        ImportRow::RepairOrder(NewRepairOrder {
            warranty_pay: Some(Cents(12_000)),
            internal_pay: Some(Cents(4_500)),
            plate: "4417 TK".into(),
            ..new_repair_order()
        }),
        ImportRow::Appointment(NewAppointment {
            number: "0007781".into(),
            at: in_(DAY_MS),
            created: Some(ago(6 * DAY_MS)),
            customer: profile(),
            vin: vin(),
            facts: old_facts(),
            advisor: "Luis M".into(),
            complaint: "Grinding noise".into(),
            work: vec!["Brake inspection".into()],
            recommended: vec!["Cabin filter".into()],
            waiting: true,
            loaner: true,
            estimate: Some(Cents(18_995)),
        }),
    ]
}

fn activity() -> Activity {
    Activity(vec![
        Mark {
            did: Did::ViewedCar,
            at: ago(2 * DAY_MS),
            until: ago(2 * DAY_MS - MINUTE_MS),
            times: 3,
            car: Some(VehicleId(117)),
            late: false,
            ga4: false,
        },
        Mark { did: Did::FinishedTradeTool, at: ago(HOUR_MS), until: ago(HOUR_MS), times: 1, car: None, late: false, ga4: false },
    ])
}

fn phone() -> Vec<Phone> {
    Phone::from_e164("+12075550148").into_iter().collect()
}

fn email() -> Vec<Email> {
    Email::parse("dana.w@example.com").into_iter().collect()
}

fn name() -> PersonName {
    PersonName {
        first: "Dana".into(),
        middle: "R".into(),
        last: "Whitfield".into(),
        suffix: "Jr".into(),
        full: "Dana R Whitfield Jr".into(),
        is_business: false,
    }
}

fn address() -> Address {
    Address {
        line1: "12 Harbor St".into(),
        line2: "Apt 3".into(),
        city: "Portland".into(),
        region: "ME".into(),
        postal_code: "04101".into(),
        country: "US".into(),
    }
}

fn consent() -> Vec<ConsentFact> {
    let fact = |channel, state, basis, evidence: &str| ConsentFact { channel, state, basis, at: ago(DAY_MS), evidence: evidence.into() };
    vec![
        fact(Channel::Text, ConsentState::Allowed, ConsentBasis::Enquiry, "Cars.com lead"),
        fact(Channel::Email, ConsentState::Revoked, ConsentBasis::DmsFlag, "DMS row"),
        fact(Channel::Call, ConsentState::NotGiven, ConsentBasis::Verbal, "said so at the desk"),
    ]
}

fn score() -> Score {
    Score {
        points: 62,
        parts: vec![
            ScorePart { signal: Signal::FourLooksAtOneCar, points: 35, text: "4 looks at #24117 in 48 h".into() },
            ScorePart { signal: Signal::TradeTool, points: 27, text: "Valued a trade".into() },
        ],
    }
}

fn customer() -> Customer {
    Customer {
        id: CustomerId(11),
        name: name(),
        phones: phone(),
        emails: email(),
        address: address(),
        consent: consent(),
        profiles: vec![ProfileId(14), ProfileId(15)],
        visitors: vec![VisitorId(77)],
        owner: Some(StaffId(4)),
        since: ago(900 * DAY_MS),
        last_touch: Some(Touch { at: ago(HOUR_MS), text: "Texted".into() }),
        store_touches: vec![ago(DAY_MS), ago(HOUR_MS)],
        last_sign: Some(ago(MINUTE_MS)),
        wrong_number: true,
        drives: Some("2016 Honda Civic".into()),
        score: score(),
        open_alert: Some(AlertId(31)),
        ..Customer::new(CustomerId(11), ago(400 * DAY_MS))
    }
}

fn own_field() -> Field {
    Field { key: "spouse".into(), label: "Spouse".into(), kind: FieldKind::Choice, choices: vec!["Sam".into(), "Pat".into()] }
}

fn whole_story_row() -> StoryRow {
    StoryRow { did: Some(Did::ViewedMedia), mentions: vec![StaffId(5)], aloud: true, file: Some(FileId(2)), ..story_row() }
}

fn stored_file() -> StoredFile {
    StoredFile {
        id: FileId(2),
        part: PartId(11),
        name: "license.jpg".into(),
        kind: FileKind::Jpeg,
        bytes: 48_213,
        by: StaffId(4),
        at: ago(HOUR_MS),
        cause: Seq(77),
        removed: Some((ago(MINUTE_MS), StaffId(5))),
    }
}

fn file_added() -> Event {
    Event::FileAdded { customer: CustomerId(11), by: StaffId(4), name: "license.jpg".into(), kind: FileKind::Jpeg, bytes: 48_213 }
}

fn because() -> Because {
    Because { reasons: vec!["same phone".into(), "same name".into()], at: None, probability: Some(Bps(9_800)) }
}

fn edits() -> Edits {
    let mut edits = Edits::default();
    let all = [
        Edit::Name(name()),
        Edit::Address(address()),
        Edit::Birth(BirthDate::new(1956, 4, 9)),
        Edit::Phones(vec![]),
        Edit::Emails(email()),
        Edit::Owner(Some(StaffId(4))),
        Edit::Tag { tag: "vip".into(), on: true },
        Edit::Field { key: "spouse".into(), value: "Sam".into() },
    ];
    for edit in all {
        edits.say(edit, &phone(), &email(), StaffId(4), ago(HOUR_MS));
    }
    edits
}

fn parting() -> Parting {
    let likely = Likeness { one: PartId(11), other: PartId(12), found: ago(HOUR_MS), because: because() };
    Parting {
        at: ago(HOUR_MS),
        pairs: vec![Parted { one: PartId(11), other: PartId(12), decided: Some(Decision::Found), likely: Some(likely) }],
        of: Some(Whole { customer: CustomerId(11), parts: vec![(PartId(11), None), (PartId(12), Some(because()))] }),
        after: None,
        undone: Some((NOW, StaffId(4))),
    }
}

fn merge() -> Merge {
    Merge {
        id: MergeId(3),
        at: ago(DAY_MS),
        by: Some(StaffId(4)),
        kept: CustomerId(11),
        folded: CustomerId(12),
        kept_parts: vec![PartId(11), PartId(14)],
        folded_parts: vec![PartId(12)],
        because: because(),
        choices: vec![Edit::Name(name())],
        edits_before: Some(Box::new(edits())),
        undone: Some((ago(HOUR_MS), StaffId(4))),
    }
}

fn customer_with_a_browser() -> Customer {
    let unseen = Signs { last_touch: customer().last_touch, last_sign: Some(ago(2 * HOUR_MS)) };
    Customer { seen: vec![(VisitorId(77), ago(MINUTE_MS))], unseen: Some(Box::new(unseen)), ..customer() }
}

fn customer_of_parts() -> Customer {
    Customer {
        parts: vec![PartId(11), PartId(12)],
        because: Some(because()),
        edits: edits(),
        birth: BirthDate::new(1956, 4, 9),
        tags: vec!["vip".into()],
        fields: vec![("spouse".into(), "Sam".into())],
        ..customer()
    }
}

fn profile() -> Profile {
    Profile {
        name: name(),
        phones: phone(),
        emails: email(),
        address: address(),
        number: Some("000417".into()),
        consent: consent(),
        ..Profile::new(Source { kind: SourceKind::Dms, name: "DealerVault SL".into() }, ago(30 * DAY_MS))
    }
}

fn visitor() -> Visitor {
    Visitor {
        id: VisitorId(77),
        first_seen: ago(9 * DAY_MS),
        last_seen: ago(MINUTE_MS),
        sessions: 6,
        tie: Some(Tie { part: PartId(11), at: ago(HOUR_MS), why: "sent the form of this visit".into() }),
        parted: vec![],
        heard: vec![],
        machine: None,
        activity: activity(),
    }
}

fn parted_visitor() -> Visitor {
    let late = Mark { late: true, ..activity().0[0].clone() };
    Visitor { tie: None, parted: visitor().tie.into_iter().collect(), heard: vec![7, u64::MAX], activity: Activity(vec![late]), ..visitor() }
}

fn machine_visitor() -> Visitor {
    Visitor { machine: Some(ago(MINUTE_MS)), ..visitor() }
}

fn story_row() -> StoryRow {
    StoryRow {
        until: ago(HOUR_MS - MINUTE_MS),
        detail: "2022 Honda CR-V EX-L".into(),
        vehicle: Some(VehicleId(117)),
        by: Some(StaffId(4)),
        times: 3,
        ..StoryRow::new(ago(HOUR_MS), Road::Web, Icon::Eye, "Looked at #24117".into(), Seq(409))
    }
}

fn vin() -> Option<Vin> {
    Vin::parse("1HGCM82633A004352")
}

fn facts() -> CarFacts {
    CarFacts {
        year: Some(2022),
        make: "Honda".into(),
        model: "CR-V".into(),
        trim: "EX-L".into(),
        body: "SUV".into(),
        drivetrain: "AWD".into(),
        fuel: "Gasoline".into(),
        transmission: "CVT".into(),
        engine: "1.5L I4".into(),
        exterior_color: "Sonic Gray".into(),
        interior_color: "Black".into(),
        odometer_mi: Some(31_240),
        plate: String::new(),
    }
}

fn old_facts() -> CarFacts {
    CarFacts { year: Some(2016), make: "Honda".into(), model: "Civic".into(), odometer_mi: Some(88_000), ..CarFacts::default() }
}

fn listing() -> Listing {
    Listing {
        stock: "24117".into(),
        status: ListingStatus::Available,
        status_since: None,
        price: Some(Cents(2_765_000)),
        prices: vec![PricePoint { at: ago(20 * DAY_MS), price: Cents(2_850_000) }, PricePoint { at: ago(DAY_MS), price: Cents(2_765_000) }],
        cost: Some(Cents(2_410_000)),
        in_stock_since: Some(ago(21 * DAY_MS)),
        first_seen: ago(20 * DAY_MS),
        last_seen: ago(HOUR_MS),
        photos: vec!["https://www.example.com/24117/1.jpg".into()],
        url: Some("https://www.example.com/used/24117".into()),
        condition: Condition::Used,
        certified: true,
        description: "One owner.".into(),
        options: String::new(),
        features: vec![],
        word: None,
    }
}

fn ownership() -> Ownership {
    Ownership {
        part: PartId(11),
        vehicle: VehicleId(40),
        since: ago(800 * DAY_MS),
        until: Some(ago(DAY_MS)),
        bought_here: true,
        last_seen: ago(40 * DAY_MS),
        bought: None,
        gave: None,
    }
}

/// What a shopper told the trade-in tool came with it.
fn told_lead() -> Lead {
    let mut lead = lead();
    lead.said.cars[1].told = Some(told());
    lead
}

fn told() -> ToldTool {
    ToldTool { state: state(), shown: Some(Range { low: Cents(820_000), high: Cents(1_140_000) }) }
}

fn state() -> CarState {
    CarState { drives: Grade::Good, outside: Grade::Fair, inside: Grade::Poor, tires: Grade::Unknown, crashes: Grade::Good, title: Grade::Fair }
}

fn sheet() -> Sheet {
    Sheet {
        vin: vin(),
        car: old_facts(),
        state: state(),
        recon: vec![ReconLine { id: 1, what: "Two tires".into(), cost: Some(Cents(38_000)) }, ReconLine { id: 2, what: "Detail".into(), cost: None }],
        book: Some(BookValue { value: Cents(990_000), source: "A guide, average".into(), on: ago(DAY_MS) }),
        acv: Some(Acv { value: Cents(950_000), by: StaffId(4), at: ago(HOUR_MS), until: in_(7 * DAY_MS) }),
        payoff: Some(Payoff { amount: Cents(412_345), said_by: "The bank, by phone".into(), good_through: Some(in_(10 * DAY_MS)) }),
        allowance: Some(Cents(1_000_000)),
        notes: "Second key is at home.".into(),
        photos: vec![FileId(6)],
    }
}

fn appraisal() -> Appraisal {
    let decided = Some(Decided { decision: TradeDecision::Declined, at: ago(MINUTE_MS), by: StaffId(4) });
    Appraisal {
        id: AppraisalId(3),
        part: PartId(11),
        vehicle: Some(VehicleId(118)),
        lead: Some(LeadId(21)),
        told: Some(told()),
        beside: Some(AppraisalId(2)),
        opened: ago(DAY_MS),
        by: Some(StaffId(4)),
        sheet: sheet(),
        decided,
        revision: 4,
        before: vec![SheetBefore {
            sheet: Sheet::default(),
            vehicle: Some(VehicleId(117)),
            decided,
            at: ago(HOUR_MS),
            by: StaffId(4),
            cause: Seq(77),
        }],
        cause: Seq(70),
    }
}

fn lead() -> Lead {
    Lead {
        id: LeadId(21),
        part: PartId(11),
        received: ago(2 * MINUTE_MS),
        vehicle: Some(VehicleId(117)),
        answered: Some(ago(MINUTE_MS)),
        aside: Some(PutAside { why: NoLead::JobSeeker, by: StaffId(2), at: ago(0) }),
        cause: Seq(90),
        said: new_lead(),
    }
}

/// One that the store carries itself, and a service contract with it.
fn own_note() -> NewDeal {
    NewDeal {
        kind: DealKind::Bhph,
        payments_a_year: Some(26),
        payments: Some(78),
        first_due: Some(NOW),
        balance: Some(Cents(629_949)),
        balance_at: Some(NOW),
        warranty_months: Some(48),
        warranty_mi: Some(100_000),
        ..new_deal()
    }
}

fn said_payoff() -> SaidPayoff {
    SaidPayoff { amount: Cents(2_134_031), good_through: Some(in_(10 * 24 * HOUR_MS)), from: TEXT.into(), by: StaffId(4), at: NOW, before: None }
}

fn new_deal() -> NewDeal {
    NewDeal {
        vin: vin(),
        stock: "U2210".into(),
        facts: old_facts(),
        kind: DealKind::Bhph,
        price: Some(Cents(1_699_500)),
        financed: Some(Cents(1_400_000)),
        apr: Some(Bps(690)),
        term_months: Some(60),
        payment: Some(Cents(27_655)),
        lender: "Harbor Credit Union".into(),
        salesperson: "Priya N".into(),
        cancelled: true,
        trade: Some(LeadTrade { vin: vin(), facts: old_facts(), acv: Some(Cents(310_000)), payoff: Some(Cents(-1)) }),
        ..NewDeal::new("000981".into(), ago(800 * DAY_MS), profile())
    }
}

fn new_repair_order() -> NewRepairOrder {
    NewRepairOrder {
        closed: Some(ago(59 * DAY_MS)),
        vin: vin(),
        facts: old_facts(),
        advisor: "Luis M".into(),
        work: vec!["Oil and filter".into()],
        declined: vec!["Front brake pads".into()],
        customer_pay: Some(Cents(8_995)),
        total: Some(Cents(12_450)),
        ..NewRepairOrder::new("RO-0312".into(), ago(60 * DAY_MS), profile())
    }
}

fn repair_order() -> RepairOrder {
    RepairOrder { id: RepairOrderId(6), part: PartId(11), vehicle: Some(VehicleId(40)), said: new_repair_order(), from: None }
}

fn clock() -> Clock {
    Clock {
        started: ago(4 * MINUTE_MS),
        due: in_(MINUTE_MS),
        starts: Some(ago(3 * MINUTE_MS)),
        then: Some(StaffId(5)),
        stopped: Some(ago(MINUTE_MS)),
        rung: 0,
    }
}

fn closed(why: CloseReason, by: Option<StaffId>) -> AlertState {
    AlertState::Closed { at: NOW, why, by }
}

fn alert(state: AlertState) -> Alert {
    Alert {
        id: AlertId(31),
        customer: CustomerId(11),
        matter: Matter { vehicle: Some(VehicleId(117)), lead: Some(LeadId(21)), ..Matter::of(RuleKind::BackOnSameCar) },
        level: Level::ActNow,
        headline: "Dana Whitfield came back to the 2022 CR-V for the fourth time in two days.".into(),
        short: "4th look at #24117".into(),
        reasons: vec![Reason { at: ago(MINUTE_MS), icon: Icon::Eye, text: "4 looks in 48 h".into(), vehicle: Some(VehicleId(117)) }],
        score: score(),
        score_at_first: 48,
        state,
        owner: Some(StaffId(4)),
        routed_because: "sold them their last car".into(),
        for_all: false,
        held_back: false,
        judged: None,
        clock: Some(clock()),
        draft: Some(Draft {
            channel: Channel::Text,
            text: TEXT.into(),
            inserted: vec!["Dana".into(), "CR-V".into()],
            playbook: "Back on same car".into(),
        }),
        steps: vec![Step { at: Some(in_(5 * MINUTE_MS)), text: "Goes to Jo".into() }, Step { at: None, text: "Closes when the car is sold".into() }],
        opened: ago(5 * MINUTE_MS),
        refreshed: ago(MINUTE_MS),
        before: Some(Box::new(Before {
            answer: Answer::Claimed,
            by: StaffId(4),
            at: ago(2 * MINUTE_MS),
            state: AlertState::Open,
            owner: Some(StaffId(5)),
            clock: Some(clock()),
            routed_because: "knows this customer".into(),
        })),
    }
}

/// As it was kept while undoing an answer did not bring back why its owner had it.
fn before_reasons(mut alert: Alert) -> Alert {
    if let Some(before) = &mut alert.before {
        before.routed_because.clear();
    }
    alert
}

fn sale_said(said: Said) -> Entry {
    entry(Event::SaleSaid { customer: CustomerId(11), said, by: StaffId(4) })
}

fn staff() -> Staff {
    Staff::new(StaffId(4), "Priya Nair".into(), Role::Bdc)
}

fn planned() -> Staff {
    let hours = Some(Hours { opens: 9 * 60, closes: 17 * 60 });
    Staff {
        schedule: Some([hours, hours, None, hours, hours, hours, None]),
        skills: vec!["trucks".into()],
        away: Some(Away { from: ago(DAY_MS), until: in_(DAY_MS) }),
        present: true,
        ..staff()
    }
}

fn new_listing() -> NewListing {
    NewListing {
        vin: vin(),
        stock: "24117".into(),
        facts: facts(),
        price: Some(Cents(2_765_000)),
        cost: Some(Cents(2_410_000)),
        status: ListingStatus::Recon,
        in_stock_since: Some(ago(21 * DAY_MS)),
        photos: vec!["https://www.example.com/24117/1.jpg".into()],
        url: Some("https://www.example.com/used/24117".into()),
        condition: Condition::Used,
        certified: true,
        description: "One owner.".into(),
        options: String::new(),
    }
}

fn feed() -> Feed {
    let stands = Some(Snapshot { read: 7, at: ago(DAY_MS), digest: "5ffe".into() });
    let (name, not_again) = ("Website".into(), Some("77aa".into()));
    Feed {
        id: FeedId(2),
        name,
        covers: Covers::Used,
        patience: 2,
        most_gone_percent: 30,
        stands,
        last: 8,
        may_take_back: Some(7),
        refused: Some("6a01".into()),
        not_again,
    }
}

fn feed_car() -> FeedCar {
    FeedCar { row: "9b1d".into(), status: ListingStatus::Available, price: Some(Cents(2_765_000)), absent: 1 }
}

fn feed_read(outcome: ReadOutcome) -> FeedRead {
    let cars = [
        FeedDid::Arrived,
        FeedDid::Repriced { from: Cents(2_840_000), to: Cents(2_765_000) },
        FeedDid::Changed,
        FeedDid::NotListed,
        FeedDid::Missing,
        FeedDid::Sold,
    ];
    FeedRead {
        at: NOW,
        file: "lot.txt".into(),
        by: Some(StaffId(4)),
        outcome,
        counts: FeedCounts {
            listed: 12,
            arrived: 1,
            changed: 2,
            cheaper: 1,
            dearer: 0,
            unchanged: 8,
            not_listed: 1,
            missing: 1,
            sold: 1,
            held_back: 1,
        },
        cars: cars.into_iter().map(|did| CarDid { vehicle: VehicleId(117), did }).collect(),
        held_back: vec![HeldBack { reason: "Its stock number belongs to another VIN.".into(), count: 1, first_line: 12 }],
        notes: vec!["A date of arrival could not be read and was left out (line 3).".into()],
        before: Some(Snapshot { read: 6, at: ago(2 * DAY_MS), digest: "5ffd".into() }),
    }
}

fn held_vehicle() -> Vehicle {
    let said = LotSaid::Held { customer: Some(CustomerId(41)), until: Some(NOW), note: "deposit taken".into() };
    let earlier = (LotSaid::Recon { step: Some(ReconStep::Detail) }, StaffId(3), ago(2 * DAY_MS), Seq(80));
    let before = Standing { status: ListingStatus::Recon, since: Some(ago(3 * DAY_MS)), word: Some(earlier) };
    let word = Some(LotWord { said, by: StaffId(4), at: ago(DAY_MS), cause: Seq(90), before });
    let equipped = Listing { options: "Leather|Moonroof".into(), features: vec![Feature::Leather, Feature::Sunroof], word, ..listing() };
    Vehicle {
        id: VehicleId(118),
        vin: vin(),
        facts: facts(),
        from_vin: CarFacts::default(),
        listing: Some(Listing { status: ListingStatus::Hold, status_since: Some(ago(DAY_MS)), ..equipped }),
    }
}

fn ladder() -> Ladder {
    let rungs = vec![Rung { to: RungTo::Bdc, minutes: 10 }, Rung { to: RungTo::Manager, minutes: 15 }];
    Ladder { source: "Cars.com".into(), first: First::Claim, minutes: 5, rungs, skill: "trucks".into() }
}

fn login() -> Login {
    let password = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$bm90IGEgcmVhbCBoYXNoLCBqdXN0IGEgc2FtcGxlIQ";
    Login { staff: StaffId(4), password: password.into() }
}

fn session() -> Session {
    Session { staff: StaffId(4), kind: SessionKind::Browser, opened: ago(HOUR_MS), last_used: ago(MINUTE_MS), expires: in_(DAY_MS) }
}

fn set_aside() -> SetAside {
    SetAside {
        id: SetAsideId(2),
        at: ago(HOUR_MS),
        road: SetAsideRoad::Lead,
        source: "Cars.com".into(),
        reason: "has no customer; ask the sender for a complete lead".into(),
        bytes: b"<adf><prospect/></adf>".to_vec(),
        no_lead: None,
        restored: None,
    }
}

fn held_back() -> Vec<HeldBack> {
    vec![HeldBack { reason: "has no number".into(), count: 3, first_line: 118 }]
}

fn import_taken_back() -> ImportRun {
    let counts = ImportCounts { rows: 900, new: 610, joined: 250, unchanged: 37, held_back: 3 };
    let joins = Some((CustomerId(11), "Dana Whitfield: same phone".into()));
    let example = Example { line: 2, title: "Dana Whitfield".into(), facts: vec!["(207) 555-0148".into()], did: RowDid::Joined, joins };
    let rehearsed =
        Rehearsed { at: ago(DAY_MS), counts, held_back: held_back(), warnings: held_back(), examples: vec![example], refused: Some("no".into()) };
    ImportRun {
        state: ImportState::TakingBack,
        warnings: held_back(),
        preset: Some("DealerVault sales".into()),
        rehearsed: Some(rehearsed),
        taken_back: Some(TakenBack { begun: ago(HOUR_MS), by: StaffId(4), above: 417, reversed: 480, kept: 2, failed: 1 }),
        ..import_run()
    }
}

fn imported_row() -> ImportedRow {
    let deal =
        Deal { id: DealId(8), part: PartId(11), vehicle: Some(VehicleId(40)), said: new_deal(), from: Some(RowId { import: ImportId(2), line: 9 }) };
    ImportedRow {
        did: RowDid::New,
        effects: vec![
            Effect::Said { part: PartId(11), profile: ProfileId(14) },
            Effect::Deal { deal: DealId(8), before: Some(Box::new(deal)) },
            Effect::RepairOrder { order: RepairOrderId(6), before: Some(Box::new(repair_order())) },
            Effect::Appointment { appointment: AppointmentId(5), before: Some(Box::new(appointment())) },
            Effect::Owned { part: PartId(11), owner: StaffId(4) },
            Effect::LeftLot { vehicle: VehicleId(40), was: ListingStatus::Recon },
            Effect::Listed {
                vehicle: VehicleId(40),
                before: Some(Box::new(Vehicle { id: VehicleId(40), vin: vin(), facts: facts(), from_vin: CarFacts::default(), listing: None })),
                after: "0a1b".into(),
            },
        ],
        problems: vec![(Some(3), "A phone number could not be read and was left out".into())],
        cells: vec!["Dana".into(), String::new()],
        taken_back: Some(RowTakenBack::Kept { why: "Somebody changed it by hand.".into() }),
    }
}

fn appointment() -> Appointment {
    Appointment {
        id: AppointmentId(5),
        part: PartId(11),
        vehicle: Some(VehicleId(40)),
        said: NewAppointment::new("000512".into(), ago(-DAY_MS), profile()),
        from: Some(RowId { import: ImportId(2), line: 9 }),
        cause: None,
    }
}

fn lane_brief() -> LaneBrief {
    LaneBrief {
        car: "2019 F-150 XLT, 72,410 mi".into(),
        work: "Brakes".into(),
        why: vec!["Today\u{2019}s quote is $1,240".into()],
        say: "While you wait, Jo can tell you what your truck would bring.".into(),
    }
}

fn booking() -> Booking {
    let who = Visiting::Customer { customer: CustomerId(11) };
    Booking { who, vehicle: Some(VehicleId(40)), at: in_(DAY_MS), work: vec!["Brakes".into()], waiting: true }
}

fn arriving() -> Arriving {
    Arriving {
        who: Visiting::Customer { customer: CustomerId(11) },
        vehicle: Some(VehicleId(40)),
        appointment: Some(AppointmentId(5)),
        work: vec!["Brakes".into()],
        waiting: true,
        odometer_mi: Some(54_180),
    }
}

fn service_visit() -> ServiceVisit {
    ServiceVisit {
        id: ServiceVisitId(3),
        part: PartId(11),
        vehicle: Some(VehicleId(40)),
        appointment: Some(AppointmentId(5)),
        expected: Some(ago(HOUR_MS)),
        arrived: ago(59 * MINUTE_MS),
        advisor: StaffId(4),
        work: vec!["Brakes".into()],
        quote: Some(Cents(124_000)),
        waiting: true,
        odometer_mi: Some(54_180),
        lane: Lane::InBay,
        bay: "2".into(),
        moved: NOW,
        moved_by: Seq(90),
        asked: Some(SalesAsked { by: StaffId(4), at: NOW, brief: lane_brief(), cause: Seq(91) }),
        cause: Seq(80),
    }
}

fn import_run() -> ImportRun {
    ImportRun {
        id: ImportId(3),
        kind: ImportKind::RepairOrders,
        file: "ro_2026-11.csv".into(),
        started: ago(HOUR_MS),
        ended: Some(ago(HOUR_MS - MINUTE_MS)),
        by: Some(StaffId(4)),
        state: ImportState::Done,
        counts: ImportCounts { rows: 900, new: 610, joined: 250, unchanged: 37, held_back: 3 },
        held_back: held_back(),
        warnings: vec![],
        preset: None,
        rehearsed: None,
        taken_back: None,
    }
}

fn outbox_row(state: OutboxState) -> OutboxRow {
    OutboxRow {
        id: OutboxId(9),
        customer: CustomerId(11),
        channel: Channel::Text,
        to: "+12075550148".into(),
        text: TEXT.into(),
        not_before: NOW,
        not_after: in_(4 * HOUR_MS),
        idempotency_key: "alert-31-text-1".into(),
        state,
        purpose: Purpose::Answer,
    }
}

fn alert_terms() -> AlertTerms {
    AlertTerms {
        vehicle: VehicleId(117),
        below: Some(Cents(2_650_000)),
        channel: Channel::Text,
        to: "+12075550148".into(),
        consent: ConsentFact {
            channel: Channel::Text,
            state: ConsentState::Allowed,
            basis: ConsentBasis::Form,
            at: NOW,
            evidence: "price alert form of the website".into(),
        },
    }
}

fn by_themselves() -> Whose {
    Whose::Shopper { person: Box::new(profile()), client: Some("1184220377.1763990000".into()) }
}

fn price_alert() -> PriceAlert {
    PriceAlert { id: PriceAlertId(3), part: PartId(11), said: alert_terms(), set: NOW, by: None, cause: Seq(412), ended: None }
}

fn price_move() -> PriceMove {
    PriceMove {
        vehicle: VehicleId(117),
        at: NOW,
        from: Some(Cents(2_765_000)),
        to: Cents(2_699_000),
        by: Some(StaffId(4)),
        messages: vec![OutboxId(9), OutboxId(10)],
    }
}

fn wish() -> Wish {
    Wish {
        id: WishId(5),
        part: PartId(11),
        said: WishTerms {
            make: "Honda".into(),
            model: "CR-V".into(),
            body: "SUV".into(),
            drivetrain: "AWD".into(),
            color: "white".into(),
            seats_least: Some(5),
            price_most: Some(Cents(2_500_000)),
            year_least: Some(2020),
            odometer_most_mi: Some(60_000),
            words: "for the winter".into(),
        },
        at: NOW,
        by: Some(StaffId(4)),
        cause: Seq(412),
        ended: None,
    }
}

fn arrival() -> Match {
    Match { vehicle: VehicleId(117), at: NOW, fit: 92, wish: Some(WishId(5)), because: vec!["CR-V, as they wished".into()] }
}

fn timer(what: TimerKind) -> Timer {
    Timer { due: in_(DAY_MS), what }
}
