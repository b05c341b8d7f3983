// What does the store computer say? The shapes of the staff API; times are ms since 1970 UTC, money is cents.

export type Role = 'sales' | 'bdc' | 'service' | 'finance' | 'manager' | 'owner';

export type Person = { id: number; name: string; initials: string; role: Role; available: boolean };

export type QueueCounts = { mine: number; store: number; snoozed: number };

export type Counts = QueueCounts & { customers: number; vehicles: number; set_aside: number };

export type Me = {
  user: Person;
  store: { name: string; zone: string };
  now_ms: number;
  version: string;
  counts: Counts;
  people: Person[];
};

export type ProblemBody = { type: string; title: string; status: number; detail: string; code: string };

export type Page<Item> = { items: Item[]; next: string | null; total: number };

// ---- Alerts

export type Scope = 'mine' | 'store' | 'snoozed';
export type Rule = 'new_lead' | 'back_on_same_car' | 'trade_tool_used' | 'reply_received';
export type Level = 'act_now' | 'next_up' | 'later';
export type AlertState = 'open' | 'claimed' | 'snoozed' | 'closed';
export type Channel = 'text' | 'call' | 'email';
export type ConsentState = 'allowed' | 'not_given' | 'revoked';
export type Outcome =
  | 'called'
  | 'texted'
  | 'emailed'
  | 'talked'
  | 'left_message'
  | 'no_answer'
  | 'wrong_number'
  | 'not_serious'
  | 'other';

export type Icon =
  | 'eye'
  | 'tag'
  | 'phone'
  | 'message'
  | 'mail'
  | 'car'
  | 'wrench'
  | 'file'
  | 'calculator'
  | 'form'
  | 'globe'
  | 'star'
  | 'note'
  | 'check'
  | 'price'
  | 'store';

/** A running promise. `starts_ms` is set outside store hours: the clock has not begun yet. */
export type Clock = {
  due_ms: number;
  started_ms: number;
  starts_ms: number | null;
  label: string;
  then: string | null;
  then_name: string | null;
};

export type VehicleStatus = 'available' | 'hold' | 'recon' | 'inbound' | 'sold' | 'missing';

export type AlertVehicle = {
  id: number;
  label: string;
  stock: string;
  price_cents: number | null;
  status: VehicleStatus;
};

export type AlertRow = {
  id: number;
  rule: Rule;
  level: Level;
  headline: string;
  short: string;
  customer: { id: number; name: string; place: string | null };
  vehicle: AlertVehicle | null;
  score: number;
  state: AlertState;
  owner: Person | null;
  clock: Clock | null;
  snoozed_until_ms: number | null;
  closed: { at_ms: number; why: string; by: string | null } | null;
  opened_ms: number;
  refreshed_ms: number;
  seq: number;
};

export type AlertPage = Page<AlertRow> & { counts: QueueCounts };

export type Phone = { display: string; e164: string };

export type Consent = { channel: Channel; state: ConsentState; note: string | null };

export type Evidence = {
  at_ms: number;
  icon: Icon;
  text: string;
  vehicle_id: number | null;
  story_id: string | null;
};

export type Dot = { at_ms: number; weight: number };

export type ScorePart = { signal: string; text: string; points: number };

export type Fact = { label: string; value: string; note: string | null; tone: 'ok' | 'warn' | 'crit' | null };

export type Guard = { ok: boolean; blocks: boolean; text: string };

/** `inserted` holds UTF-16 ranges of the facts that were put into the text. */
export type Draft = {
  channel: 'text' | 'email';
  text: string;
  inserted: [number, number][];
  playbook: string;
  guards: Guard[];
  limit: number;
};

export type Turn = { from: 'customer' | 'us'; text: string; at_ms: number; who: string };

export type Step = { at_ms: number | null; label: string; text: string; done: boolean };

export type AlertCard = AlertRow & {
  phones: Phone[];
  emails: string[];
  consent: Consent[];
  why: Evidence[];
  strip: Dot[];
  score_parts: ScorePart[];
  score_since: { points: number; label: string } | null;
  facts: Fact[];
  draft: Draft | null;
  exchange: Turn[];
  steps: Step[];
};

// ---- Search

export type Hit = {
  kind: 'customer' | 'vehicle';
  id: number;
  title: string;
  sub: string;
  why: string;
  score: number | null;
  stock: string | null;
};

export type SearchAnswer = { took_us: number; index: 'ready' | 'rebuilding'; hits: Hit[] };

// ---- Customers

export type CustomerRow = {
  id: number;
  name: string;
  score: number;
  drives: string | null;
  place: string | null;
  last_touch_ms: number | null;
  last_touch: string | null;
  owner: Person | null;
  phone: string | null;
  email: string | null;
  consent: Record<Channel, ConsentState>;
  alert_id: number | null;
};

export type CustomerPage = {
  id: number;
  name: string;
  initials: string;
  score: number;
  score_parts: ScorePart[];
  phones: Phone[];
  emails: string[];
  place: string | null;
  since_ms: number | null;
  owner: Person | null;
  brief: { written_ms: number; records: number; sentences: { text: string; cites: string[] }[] };
  next_action: { title: string; why: string; alert_id: number | null } | null;
  alert: AlertRow | null;
  vehicles: {
    vehicle_id: number;
    label: string;
    vin_tail: string;
    odometer_mi: number | null;
    relation: 'owns' | 'owned' | 'looking';
    note: string | null;
    stock: string | null;
  }[];
  deal: {
    vehicle_id: number;
    vehicle: string;
    price_cents: number | null;
    stage: string;
    source: string;
    opened_ms: number;
  } | null;
  household: { id: number; name: string; relation: string }[];
  consent: Consent[];
  sources: { kind: string; at_ms: number; label: string }[];
  other_viewers: Person[];
};

export type Road = 'web' | 'messages' | 'sales' | 'finance' | 'service' | 'note';

export type StoryRow = {
  id: string;
  at_ms: number;
  road: Road;
  icon: Icon;
  title: string;
  detail: string | null;
  vehicle_id: number | null;
  by: string | null;
};

// ---- Vehicles

export type VehicleRow = {
  id: number;
  label: string;
  stock: string;
  vin: string;
  odometer_mi: number | null;
  price_cents: number | null;
  color: string | null;
  days_on_lot: number | null;
  looks_7d: number;
  known_shoppers: number;
  status: VehicleStatus;
  photo: string | null;
  photos: number;
};

export type Watcher = {
  customer: { id: number; name: string };
  score: number;
  what: string;
  last_ms: number;
  owner: Person | null;
};

export type VehiclePage = VehicleRow & {
  drivetrain: string | null;
  body: string | null;
  trim: string | null;
  price_change: { delta_cents: number; at_ms: number } | null;
  looks_prev_7d: number;
  listing_url: string | null;
  watchers: Watcher[];
  unknown_watchers: number;
  price_history: { at_ms: number; price_cents: number }[];
  looks_by_day: { day: string; count: number }[];
  similar: VehicleRow[];
  owners: { customer: { id: number; name: string }; relation: string }[];
};

// ---- What could not be understood, and imports

export type SetAsideRow = {
  id: number;
  at_ms: number;
  road: 'lead' | 'collect' | 'import';
  source: string;
  reason: string;
  size_bytes: number;
  preview: string;
};

export type ImportKind = 'customers' | 'deals' | 'repair-orders' | 'inventory';

export type Import = {
  id: number;
  kind: ImportKind;
  file: string;
  started_ms: number;
  by: string;
  state: 'running' | 'done' | 'failed';
  rows: number;
  new: number;
  joined: number;
  unchanged: number;
  held_back: number;
  reasons: { reason: string; count: number; example_row: number }[];
};

// ---- Live

export type ChangeKind = 'alert' | 'customer' | 'vehicle' | 'lead' | 'import' | 'set_aside' | 'staff';
export type Change = { seq: number; kind: ChangeKind; id: number };
export type Hello = { now_ms: number; seq: number };
