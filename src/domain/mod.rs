//! The nouns a dealer would recognise. No IO, no clock, no async, no store: values that are parsed once and then trusted.
//!
//! | word | meaning |
//! |---|---|
//! | rooftop | one store at one address; Headlight serves exactly one |
//! | shopper | somebody on the website, known or not |
//! | visitor | one browser of a shopper, known by a random id only |
//! | customer | one person or business, clustered from profiles |
//! | profile | what one source (a lead, a DMS row) said of a person, kept as it was |
//! | part | one source's record of a person with all that came under it; customers are joined from parts and can be taken apart |
//! | point | a phone, e-mail, DMS number or VIN by which a person can be told from others |
//! | lead | somebody raised a hand: a form, a marketplace enquiry, a credit application |
//! | visit, up | a customer in the showroom; a be-back is one who returns unsold |
//! | lane, service drive | where cars come in for service, and how far each is: in the lane, in a bay, ready |
//! | BDC | business development centre: the people who answer leads for the floor |
//! | VDP | vehicle detail page; a look is one view of it |
//! | RO | repair order, the service department's ticket |
//! | DMS | dealer management system, where deals and repair orders are booked |
//! | ADF | the XML in which leads travel (Auto-lead Data Format 1.0) |
//! | ACV | actual cash value: what a trade is worth to the store |
//! | appraisal | the worksheet of a car that somebody brings: its state, what it needs, what it is worth, who said so |
//! | allowance | what the customer is shown for a trade; over-allowance is what of it lies above the ACV |
//! | recon | what has to be done to a car before it can be sold |
//! | payoff | what is still owed on a loan or lease today |
//! | equity | value less payoff |
//! | feed | a source that says again and again which cars stand on the lot; one saying is a snapshot |
//! | recon | what is done to a car before it is for sale: inspection, repairs, detail, photos |
//! | stock number | the store's own number for a car on its lot |
//! | opportunity | one go at selling somebody a car; its stage follows from the facts |
//! | desk | the part that decides what may ask for a person's attention |
//! | card, alert | one matter about one customer in front of one person, with its reasons |
//! | ladder | who is asked first for a lead of some source, and who after them |
//! | clock | how long until somebody must have answered, and who is next |
//! | wish | a car somebody wants that may not be here yet |
//! | price alert | somebody's wish to hear when one car costs less, with what they agreed to |
//! | rooftop hours | when the store's clocks run |
pub mod access;
pub mod address;
pub mod alert;
pub mod appointment;
pub mod appraisal;
pub mod birth;
pub mod bulk;
pub mod change;
pub mod consent;
pub mod customer;
pub mod deal;
pub mod edit;
pub mod email;
pub mod event;
pub mod feature;
pub mod feed;
pub mod field;
pub mod file;
pub mod ids;
pub mod import_run;
pub mod ladder;
pub mod lead;
pub mod lead_template;
pub mod merge;
pub mod message;
pub mod money;
pub mod nicknames;
pub mod opportunity;
pub mod outbox;
pub mod payoff;
pub mod phone;
pub mod picture;
pub mod price_alert;
pub mod profile;
pub mod repair_order;
pub mod rooftop;
pub mod rule_setting;
pub mod saved_view;
pub mod score;
pub mod service_visit;
pub mod set_aside;
pub mod staff;
pub mod story;
pub mod time;
pub mod timer;
pub mod vehicle;
pub mod vin;
pub mod visit;
pub mod visitor;
pub mod wish;
