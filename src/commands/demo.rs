//! Fills a made-up rooftop by living through its past, serves it, and lets shoppers browse it.

use super::{DemoScale, Out, serve::asked_to_stop, wall};
use crate::{
    app::House,
    config::Config,
    demo::{LaneDid, PastWatch, Plan, Scale, live},
    domain::{
        consent::Channel,
        event::{Event, ImportRow},
        ids::{ImportId, StaffId},
        staff::{Role, Staff},
        time::{At, DAY_MS, HOUR_MS, MINUTE_MS, Zone},
    },
    engine::routing::LANE_SKILL,
    service::{
        access,
        history::{self, InService, Past},
        operator::{self, Reply, Request},
        price_alerts::FromShopper,
        staff,
    },
};
use anyhow::{Context, anyhow};
use std::{collections::HashMap, net::SocketAddr, path::PathBuf};
use tokio::sync::watch;

pub(super) struct Wish {
    pub(super) data: Option<PathBuf>,
    pub(super) lan: SocketAddr,
    pub(super) public: SocketAddr,
    pub(super) scale: DemoScale,
    pub(super) seed: u64,
    pub(super) still: bool,
}

/// Everybody of the made-up store signs in with it; it is printed at start and opens nothing else.
const PASSWORD: &str = "headlights on harbor point";
/// How long the store has been at work this morning.
const AWAKE_MS: i64 = 2 * HOUR_MS;
const CLAIMED_AFTER_MS: i64 = 4 * MINUTE_MS;
/// Things of the past lived through in one commit.
const AT_ONCE: usize = 2_000;
/// Rows of the past in one journal entry, as in an import.
const ROWS_AN_ENTRY: usize = 200;

pub(super) async fn demo(wish: Wish, out: Out) -> anyhow::Result<()> {
    let temporary = wish.data.is_none();
    let folder = wish.data.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("headlight-demo-{}", std::process::id())));
    let data = folder.join("data");
    std::fs::create_dir_all(&folder).with_context(|| format!("{} could not be made", folder.display()))?;
    let config = config(&wish);
    let house = House::open(&data, &config, wall())?;
    let now = house.clock.now();
    let plan = Plan::new(wish.seed, scale(wish.scale), now, zone()?);
    if history::is_new(&house.rooms.store.read()?)? {
        fill(&house, &plan, now, out).await?;
    }
    let (stopper, stop) = watch::channel(false);
    let doors = house.open_doors(&config, stop.clone()).await?;
    let Ok(Reply::Key { key }) = operator::perform(&house.rooms, Request::KeyAdd { name: "demo website".to_owned() }, now).await? else {
        return Err(anyhow!("the demo website got no key"));
    };
    let people: Vec<String> = plan.staff().iter().map(|(name, role)| format!("{name} ({})", role.word())).collect();
    out.line("");
    out.line(&format!("{} is open at http://{}", Plan::STORE, doors.lan));
    out.line(&format!("Sign in as {} with the password: {PASSWORD}", people.join(", ")));
    out.line(&format!("Its website sends to http://{}/collect?key={key} and /leads/adf?key={key}", doors.public));
    out.line(if wish.still { "Nobody browses (--still)." } else { "Shoppers are browsing; a card comes every half minute or so. Ctrl-C ends it." });
    out.json(&serde_json::json!({ "lan": doors.lan, "public": doors.public, "key": key, "password": PASSWORD, "people": plan.staff().iter().map(|(n, _)| n).collect::<Vec<_>>() }));
    let shoppers = (!wish.still).then(|| tokio::spawn(live::run(doors.public, key, plan, stop)));
    asked_to_stop().await;
    let _ = stopper.send(true);
    if let Some(shoppers) = shoppers {
        shoppers.abort();
    }
    doors.closed().await;
    house.close();
    if temporary {
        let _ = std::fs::remove_dir_all(&folder);
    }
    Ok(())
}

fn zone() -> anyhow::Result<Zone> {
    Zone::named("America/New_York").context("the zone table has no New York")
}

fn scale(wish: DemoScale) -> Scale {
    match wish {
        DemoScale::Small => Scale::Small,
        DemoScale::Rooftop => Scale::Rooftop,
        DemoScale::Large => Scale::Large,
    }
}

/// Open around the clock, so that a demo in the evening shows running clocks.
fn config(wish: &Wish) -> Config {
    let mut config = Config::default();
    Plan::STORE.clone_into(&mut config.store.name);
    config.store.hours = std::array::from_fn(|_| "00:00-23:59".to_owned());
    config.lan.addr = wish.lan;
    config.public.addr = wish.public;
    config
}

async fn fill(house: &House, plan: &Plan, now: At, out: Out) -> anyhow::Result<()> {
    let hash = access::hash_password(PASSWORD).context("the demo password could not be hashed")?;
    let opened = now.plus_ms(-1_600 * DAY_MS);
    let mut people: HashMap<&'static str, StaffId> = HashMap::new();
    let mut on_duty: Vec<(At, Past)> = Vec::new();
    for (name, role) in plan.staff() {
        let staff = hire(house, name, role, hash.clone(), opened).await?;
        people.insert(name, staff.id);
        if name == Plan::ON_LANE_DUTY {
            on_duty.push((opened, happened(Event::StaffChanged { staff: Staff { skills: vec![LANE_SKILL.to_owned()], ..staff } })));
        }
    }
    let mut filler = Filler { house, out, waiting: Vec::with_capacity(AT_ONCE), done: 0 };
    filler.waiting.append(&mut on_duty);
    filler.rows("people", opened, plan.customers()).await?;
    // Cars, deals and orders carry their own dates; what the lot and the website did happens in its time.
    let mut past: Vec<(At, Past)> = Vec::new();
    past.extend(plan.price_changes().map(|(at, listing)| (at, happened(rows_of(vec![ImportRow::Listing(listing)])))));
    filler.rows("deals", opened, plan.deals()).await?;
    filler.rows("service", opened, plan.repair_orders()).await?;
    past.push((plan.bookings_told(), happened(rows_of(plan.bookings().collect()))));
    past.extend(plan.past_leads().map(|(at, lead)| (at, happened(Event::Lead(lead)))));
    past.extend(plan.past_answers().filter_map(|a| {
        let by = *people.get(a.by)?;
        Some((a.at, Past::AnsweredLead { lead: a.lead, by, outcome: a.outcome, message: a.message.to_owned() }))
    }));
    past.extend(plan.past_words().filter_map(|w| {
        let by = *people.get(w.by)?;
        Some((w.at, Past::SaidOfLead { lead: w.lead, by, said: w.said }))
    }));
    past.extend(plan.past_notes().filter_map(|n| {
        let by = *people.get(n.by)?;
        Some((n.at, Past::Noted { system: Plan::DMS.to_owned(), number: n.customer, by, text: n.text.to_owned() }))
    }));
    past.extend(plan.past_wishes().into_iter().filter_map(|w| {
        let by = *people.get(w.by)?;
        Some((w.at, Past::Wished { system: Plan::DMS.to_owned(), number: w.customer, by, terms: w.terms }))
    }));
    past.extend(plan.past_watches().into_iter().map(|w| (w.at, Past::WatchesPrice(Box::new(watches(w))))));
    past.sort_by_key(|(at, _)| *at);
    // The website's traffic is by far the most: merged in as it comes, never held whole.
    let mut past = past.into_iter().peekable();
    for event in plan.past_web() {
        while let Some(earlier) = past.next_if(|(at, _)| *at <= event.at) {
            filler.add("history", earlier).await?;
        }
        filler.add("history", (event.at, happened(Event::Web(event)))).await?;
    }
    for later in past {
        filler.add("history", later).await?;
    }
    let mut morning: Vec<(At, Past)> = Vec::new();
    for (at, event) in plan.morning() {
        // Whoever was offered something claimed it within minutes, but for what came at night and what is new.
        let claimed = at.plus_ms(CLAIMED_AFTER_MS);
        if now.since(at) < AWAKE_MS && claimed < now {
            morning.push((claimed, Past::Claimed));
        }
        morning.push((at, happened(event)));
    }
    morning.extend(
        plan.lane_acts()
            .filter_map(|act| Some((act.at, Past::InService { booking: act.booking, by: *people.get(act.by)?, did: in_service(act.did) }))),
    );
    morning.sort_by_key(|(at, _)| *at);
    for past in morning {
        filler.add("this morning", past).await?;
    }
    filler.flush("this morning").await?;
    out.progress("building the search index");
    crate::service::index::rebuild(&house.rooms)?;
    out.progress_done();
    Ok(())
}

async fn hire(house: &House, name: &'static str, role: Role, hash: String, at: At) -> anyhow::Result<Staff> {
    let policy = house.rooms.policy.clone();
    let added = house.rooms.store.write(move |tx| staff::add(tx, &policy, name, role, hash.clone(), at)).await?;
    added.map_err(|refusal| anyhow!(refusal.to_string()))
}

/// As the form of the website sends it.
fn watches(watch: PastWatch) -> FromShopper {
    FromShopper {
        vin: String::new(),
        stock: watch.stock,
        channel: Channel::Email,
        to: watch.email,
        name: watch.name,
        below: None,
        agreed: true,
        similar: false,
        client: None,
    }
}

fn in_service(did: LaneDid) -> InService {
    match did {
        LaneDid::Arrived => InService::Arrived,
        LaneDid::Moved { to, bay } => InService::Moved { to, bay: bay.to_owned() },
        LaneDid::Quoted(quote) => InService::Quoted(quote),
        LaneDid::AskedSales { why } => InService::AskedSales { why: why.to_owned() },
        LaneDid::Refused(how) => InService::Refused(how),
    }
}

fn happened(event: Event) -> Past {
    Past::Happened(Box::new(event))
}

/// Rows without a run of their own: nobody watches this import.
fn rows_of(rows: Vec<ImportRow>) -> Event {
    Event::Imported { import: ImportId(0), rows, lines: vec![] }
}

/// Gathers the past into commits, and says how far it is.
struct Filler<'h> {
    house: &'h House,
    out: Out,
    waiting: Vec<(At, Past)>,
    done: usize,
}

impl Filler<'_> {
    async fn add(&mut self, what: &str, past: (At, Past)) -> anyhow::Result<()> {
        self.waiting.push(past);
        if self.waiting.len() >= AT_ONCE { self.flush(what).await } else { Ok(()) }
    }

    async fn rows(&mut self, what: &str, at: At, rows: impl Iterator<Item = ImportRow>) -> anyhow::Result<()> {
        const ENTRIES_AT_ONCE: usize = 10;
        let mut batch = Vec::with_capacity(ROWS_AN_ENTRY);
        for row in rows {
            batch.push(row);
            if batch.len() == ROWS_AN_ENTRY {
                self.waiting.push((at, happened(rows_of(std::mem::take(&mut batch)))));
                if self.waiting.len() >= ENTRIES_AT_ONCE {
                    self.flush(what).await?;
                }
            }
        }
        if !batch.is_empty() {
            self.waiting.push((at, happened(rows_of(batch))));
        }
        self.flush(what).await
    }

    async fn flush(&mut self, what: &str) -> anyhow::Result<()> {
        let past = std::mem::take(&mut self.waiting);
        self.done += past.len();
        let policy = self.house.rooms.policy.clone();
        self.house.rooms.store.write(move |tx| history::live(tx, &policy, &past)).await?;
        self.out.progress(&format!("making {}: {what}, {} so far", Plan::STORE, self.done));
        Ok(())
    }
}
