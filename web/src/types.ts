// What does the store computer say? The shapes of `schema/api.json` under the names that the screens use.
// Times are ms since 1970 UTC, money is cents.
import type { components } from './gen/api';

type Shapes = components['schemas'];

export type Role = Shapes['Role'];
export type Person = Shapes['Person'];
export type QueueCounts = Shapes['AlertCounts'];
export type Counts = Shapes['Counts'];
export type Me = Shapes['Me'];
export type ProblemBody = Shapes['Problem'];
export type Page<Item> = Omit<Shapes['CustomerRows'], 'items'> & { items: Item[] };

// ---- Alerts

/** Which queue is asked for. */
export type Scope = keyof QueueCounts;
export type Rule = Shapes['RuleKind'];
export type Level = Shapes['Level'];
export type Channel = Shapes['ChannelWord'];
export type ConsentState = Shapes['ConsentWord'];
export type Outcome = Shapes['Outcome'];
export type Icon = Shapes['Icon'];
/** A running promise. `starts_ms` is set outside store hours: the clock has not begun yet. */
export type Clock = Shapes['ClockShape'];
export type VehicleStatus = Shapes['StatusWord'];
export type AlertRow = Shapes['AlertRow'];
export type AlertPage = Shapes['AlertPage'];
export type AlertCard = Shapes['AlertCard'];
export type Consent = Shapes['ConsentShape'];
export type Evidence = Shapes['WhyShape'];
export type Fact = Shapes['Fact'];
export type Turn = Shapes['Said'];
export type OwnAnswer = Shapes['OwnAnswer'];
export type Step = Shapes['StepShape'];

// ---- Search, customers, vehicles

export type Hit = Shapes['Hit'];
export type SearchAnswer = Shapes['SearchAnswer'];
export type CustomerRow = Shapes['CustomerRow'];
export type CustomerPage = Shapes['CustomerPage'];
export type Viewers = Shapes['Viewers'];
export type Road = Shapes['Road'];
export type StoryRow = Shapes['StoryLine'];
export type StoryPage = Shapes['StoryPage'];
export type RoadCounts = Shapes['RoadCounts'];
export type PrintedBrief = Shapes['PrintedBrief'];
export type VehicleRow = Shapes['VehicleRow'];
export type VehiclePage = Shapes['VehiclePage'];
export type Watcher = Shapes['Watcher'];
export type LotChoices = Shapes['LotChoices'];
export type PricePlan = Shapes['PricePlan'];
export type CarsForThem = Shapes['CarsForThem'];
export type WantedBy = Shapes['WantedBy'];
export type Wish = Shapes['WishShape'];
export type PriceAlert = Shapes['PriceAlertShape'];

// ---- The service drive

export type ServiceBoard = Shapes['ServiceBoard'];
export type ServiceCard = Shapes['ServiceCard'];
export type ServiceDetail = Shapes['ServiceDetail'];
export type LaneWord = Shapes['LaneWord'];
export type MoveTo = Shapes['MoveTo'];
export type CheckIn = Shapes['CheckIn'];
export type CheckInMatch = Shapes['CheckInMatch'];
export type CheckInMatches = Shapes['CheckInMatches'];
export type BookService = Shapes['BookService'];
export type RefusedHow = Shapes['RefusedHow'];
export type TalkState = Shapes['TalkState'];

export type Standing = Shapes['StandingShape'];
export type SayStanding = Shapes['SayStanding'];
export type ReconStep = Shapes['ReconStep'];
export type FeedList = Shapes['FeedList'];
export type Feed = Shapes['Feed'];
export type FeedPage = Shapes['FeedPage'];
export type FeedRead = Shapes['FeedRead'];
export type FeedReadPage = Shapes['FeedReadPage'];
export type FeedCounts = Shapes['FeedCounts'];
export type CarDid = Shapes['CarDidShape'];
export type SetFeed = Shapes['SetFeed'];
export type BroughtFeed = Shapes['BroughtFeed'];

// ---- The showroom

export type Floor = Shapes['Floor'];
export type OnFloor = Shapes['OnFloor'];
export type FloorToday = Shapes['FloorToday'];
export type Visit = Shapes['VisitShape'];
export type VisitStep = Shapes['VisitStep'];
export type VisitEnd = Shapes['VisitEndShape'];
export type VisitResult = Shapes['VisitResultShape'];
export type LostReason = Shapes['LostReason'];
export type WalkIn = Shapes['WalkIn'];

// ---- The sales under way

export type Stage = Shapes['Stage'];
export type Opportunity = Shapes['OpportunityShape'];
export type FollowUp = Shapes['FollowUpShape'];
export type Lost = Shapes['LostShape'];
export type Board = Shapes['Board'];
export type BoardColumn = Shapes['BoardColumn'];
export type BoardRow = Shapes['BoardRow'];
export type NextStep = Shapes['NextStepShape'];

// ---- The cars of customers as money

export type EquityPage = Shapes['EquityPage'];
export type CarEquity = Shapes['EquityShape'];
export type Lifecycle = Shapes['Lifecycle'];
export type SayPayoff = Shapes['SayPayoff'];
export type ReasonKind = Shapes['ReasonKind'];
export type Opportunities = Shapes['Opportunities'];
export type OpportunityRow = Shapes['OpportunityRow'];
export type FinanceList = Shapes['FinanceList'];
export type FinanceRow = Shapes['FinanceRow'];

// ---- Leads by hand

export type TakeDown = Shapes['TakeDown'];
export type TakenDown = Shapes['TakenDownLead'];
export type LeadRoad = Shapes['LeadRoad'];
export type NoLead = Shapes['NoLead'];
export type SetFollowUp = Shapes['SetFollowUp'];

// ---- What is said of a customer by hand

/** One value, as it is to be or as it stands. */
export type Edit = Shapes['EditShape'];
export type EditChange = { edit: Edit; before: Edit };
export type EditedCustomer = Shapes['EditedCustomer'];
export type EditConflict = Shapes['EditConflict'];
export type ValueFrom = Shapes['ValueFrom'];
export type FieldValue = Shapes['FieldValue'];
export type OwnField = Shapes['FieldShape'];
export type FieldKind = Shapes['FieldKind'];
export type FieldList = Shapes['FieldList'];
export type TagList = Shapes['TagList'];
export type MergePreview = Shapes['MergePreview'];
export type MergeSide = Shapes['MergeSide'];
export type Merged = Shapes['Merged'];
export type Apart = Shapes['Apart'];
export type BulkDone = Shapes['BulkDone'];

// ---- Who may be there twice

export type Duplicates = Shapes['Duplicates'];
export type DuplicateScan = Shapes['DuplicateScan'];
export type DuplicatePair = Shapes['DuplicatePair'];
export type DuplicateSide = Shapes['DuplicateSide'];
export type Compared = Shapes['Compared'];

// ---- Saved views of the lists

export type ListOf = Shapes['ListOf'];
export type SavedView = Shapes['SavedView'];
export type SavedViews = Shapes['SavedViews'];
export type SaveView = Shapes['SaveView'];

// ---- What could not be understood, and imports

export type SetAsideRow = Shapes['SetAsideShape'];
export type SetAsidePage = Shapes['SetAsidePage'];
export type ReadAgain = Shapes['ReadAgainShape'];
export type TaughtWord = Shapes['TaughtWord'];
export type Mark = Shapes['MarkShape'];
export type KnownSender = Shapes['LeadTemplateShape'];
export type KnownSenders = Shapes['LeadTemplateShapes'];
export type Import = Shapes['Import'];
export type ImportDraft = Shapes['ImportDraft'];
export type ImportMapping = Shapes['Mapping'];
export type ImportTarget = Shapes['TargetInfo'];
export type ImportReason = Shapes['ImportReason'];
export type ImportRow = Shapes['ImportRowShape'];

// ---- Live: the frames of the event stream

export type Hello = Shapes['Hello'];
export type Change = Shapes['Change'];
export type ViewersChange = Shapes['ViewersChange'];
export type ChangeKind = Shapes['ChangeKind'];

// ---- What the store decides

export type RuleSetting = Shapes['RuleSetting'];
export type RuleShape = Shapes['RuleShape'];
export type RuleList = Shapes['RuleList'];
export type RuleMatches = Shapes['RuleMatches'];
export type Knob = Shapes['Knob'];
export type Team = Shapes['Team'];
export type TeamMember = Shapes['TeamMember'];
export type Away = Shapes['AwayShape'];
export type Hours = Shapes['Hours'];
export type SetWork = Shapes['SetWork'];
export type Ladder = Shapes['Ladder'];
export type Ladders = Shapes['Ladders'];
export type LadderShape = Shapes['LadderShape'];
export type RungTo = Shapes['RungTo'];

export type Instead = Shapes['Instead'];
export type NotHere = Shapes['NotHere'];
export type NotHereRow = Shapes['NotHereRow'];

// ---- Cars that customers bring

export type AppraisalRow = Shapes['AppraisalRow'];
export type Appraisals = Shapes['Appraisals'];
export type AppraisalPage = Shapes['AppraisalPage'];
export type AppraisalStage = Shapes['AppraisalStage'];
export type Aspect = Shapes['Aspect'];
export type Grade = Shapes['Grade'];
export type WriteAppraisal = Shapes['WriteAppraisal'];
