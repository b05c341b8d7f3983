//! Which column is which? What a cell can mean to us, and where in a file it stands.

use super::{
    headers::{Dictionary, PERSON},
    sheet::Target,
};
use std::collections::HashMap;

macro_rules! columns {
    ($($group:ident { $($name:ident = $word:literal, $label:literal;)+ })+) => {
        /// What a column can mean to us. Stored and sent as its word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum Column {
            $($(
                #[doc = $label]
                #[serde(rename = $word)]
                $name,
            )+)+
        }

        impl Column {
            /// Every one, in the order in which a person looks for them.
            pub const ALL: &[Self] = &[$($(Self::$name,)+)+];

            /// How mappings name it: `first-name`.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $($(Self::$name => $word,)+)+ }
            }

            /// How people name it: `First name`.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $($(Self::$name => $label,)+)+ }
            }

            /// What it is about.
            #[must_use]
            pub fn group(self) -> Group {
                match self { $($(Self::$name => Group::$group,)+)+ }
            }
        }
    };
}

columns! {
    Name {
        FullName = "full-name", "Full name";
        FirstName = "first-name", "First name";
        MiddleName = "middle-name", "Middle name";
        LastName = "last-name", "Last name";
        NameSuffix = "name-suffix", "Suffix (Jr, Sr)";
        Company = "company", "Company";
        BusinessFlag = "business-flag", "Person or business";
    }
    Contact {
        CellPhone = "cell-phone", "Cell phone";
        Phone = "phone", "Home or other phone";
        WorkPhone = "work-phone", "Work phone";
        Email = "email", "Email";
    }
    Address {
        AddressLine1 = "address-line-1", "Street";
        AddressLine2 = "address-line-2", "Apartment or unit";
        City = "city", "City";
        Region = "region", "State";
        PostalCode = "postal-code", "ZIP";
        Country = "country", "Country";
    }
    Consent {
        OptOut = "opt-out", "Do not contact at all";
        BlockPhone = "block-phone", "Do not call or text";
        BlockCall = "block-call", "Do not call";
        BlockText = "block-text", "Do not text";
        BlockEmail = "block-email", "Do not email";
        AllowCall = "allow-call", "May be called (only a no counts)";
        AllowText = "allow-text", "May be texted (only a no counts)";
        AllowEmail = "allow-email", "May be emailed (only a no counts)";
    }
    About {
        CustomerNumber = "customer-number", "Customer number";
        BirthDate = "birth-date", "Birth date";
        LastActive = "last-active", "Date of last activity";
    }
    Car {
        Vin = "vin", "VIN";
        Stock = "stock", "Stock number";
        Year = "year", "Model year";
        Make = "make", "Make";
        Model = "model", "Model";
        Trim = "trim", "Trim";
        CarInWords = "car-in-words", "Year, make and model in one";
        Odometer = "odometer", "Mileage";
        OdometerUnit = "odometer-unit", "Miles or kilometres";
        ExteriorColor = "exterior-color", "Color";
        InteriorColor = "interior-color", "Interior color";
        Body = "body", "Body style";
        Drivetrain = "drivetrain", "Drivetrain";
        Fuel = "fuel", "Fuel";
        Transmission = "transmission", "Transmission";
        Engine = "engine", "Engine";
    }
    Listing {
        Title = "title", "Title";
        AskingPrice = "asking-price", "Asking price";
        Cost = "cost", "Cost";
        ListingStatus = "listing-status", "Status on the lot";
        InStockSince = "in-stock-since", "In stock since";
        DaysOnLot = "days-on-lot", "Days on the lot";
        Photos = "photos", "Photos";
        Link = "link", "Web address";
        Condition = "condition", "New or used";
        Certified = "certified", "Certified";
        Description = "description", "Description";
        Options = "options", "Options and equipment";
        VehicleKind = "vehicle-kind", "Kind of vehicle";
        Currency = "currency", "Currency";
        DealerVaultId = "dealervault-id", "DealerVault store number";
    }
    Deal {
        DealNumber = "deal-number", "Deal number";
        SoldDate = "sold-date", "Date of the sale";
        DeliveredDate = "delivered-date", "Date of the delivery";
        PostedDate = "posted-date", "Date in the books";
        DealKind = "deal-kind", "Cash, finance or lease";
        DealStatus = "deal-status", "Deal status";
        CancelledDate = "cancelled-date", "Date it was unwound";
        SoldPrice = "sold-price", "Selling price";
        Financed = "financed", "Amount financed";
        Apr = "apr", "Rate (APR)";
        Term = "term", "Term in months";
        Payment = "payment", "Payment";
        PaymentFrequency = "payment-frequency", "How often it is paid";
        Lender = "lender", "Lender";
        Residual = "residual", "Residual of the lease";
        AllowedMiles = "allowed-miles", "Miles the lease allows";
        FirstPayment = "first-payment", "First payment due";
        Balance = "balance", "Balance owed";
        BalanceDate = "balance-date", "Date of the balance";
        WarrantyMonths = "warranty-months", "Service contract: months";
        WarrantyMiles = "warranty-miles", "Service contract: miles";
        Salesperson = "salesperson", "Salesperson";
        MoreSalespeople = "more-salespeople", "Second or third salesperson";
        FinanceManager = "finance-manager", "Finance manager";
        FrontGross = "front-gross", "Front gross";
        BackGross = "back-gross", "Back gross";
    }
    Trade {
        TradeVin = "trade-vin", "Trade: VIN";
        TradeYear = "trade-year", "Trade: year";
        TradeMake = "trade-make", "Trade: make";
        TradeModel = "trade-model", "Trade: model";
        TradeOdometer = "trade-odometer", "Trade: mileage";
        TradeAcv = "trade-acv", "Trade: actual cash value";
        TradePayoff = "trade-payoff", "Trade: payoff";
        SecondTradeVin = "second-trade-vin", "Second trade: VIN";
        SecondTradeYear = "second-trade-year", "Second trade: year";
        SecondTradeMake = "second-trade-make", "Second trade: make";
        SecondTradeModel = "second-trade-model", "Second trade: model";
        SecondTradeOdometer = "second-trade-odometer", "Second trade: mileage";
        SecondTradeAcv = "second-trade-acv", "Second trade: actual cash value";
        SecondTradePayoff = "second-trade-payoff", "Second trade: payoff";
    }
    Service {
        RepairOrderNumber = "repair-order-number", "Repair order number";
        OpenDate = "open-date", "Date opened";
        CloseDate = "close-date", "Date closed";
        CustomerPay = "customer-pay", "Paid by the customer";
        WarrantyPay = "warranty-pay", "Paid by the warranty";
        InternalPay = "internal-pay", "Paid by the store";
        RepairTotal = "repair-total", "Total";
        Plate = "plate", "License plate";
    }
    Appointment {
        AppointmentNumber = "appointment-number", "Appointment number";
        AppointmentDate = "appointment-date", "Date of the appointment";
        AppointmentTime = "appointment-time", "Time of the appointment";
        BookedDate = "booked-date", "Date it was booked";
        Complaint = "complaint", "What is wrong";
        Waiting = "waiting", "Customer waits";
        Loaner = "loaner", "Loaner wanted";
        Estimate = "estimate", "Estimate";
    }
    Work {
        Advisor = "advisor", "Service advisor";
        OperationCodes = "operation-codes", "Operation codes";
        Operations = "operations", "Work";
        RecommendedCodes = "recommended-codes", "Codes of recommended work";
        Recommendations = "recommendations", "Recommended or declined work";
    }
}

impl Column {
    /// Whether its cells are dates.
    pub(super) fn is_date(self) -> bool {
        [
            Self::BirthDate,
            Self::LastActive,
            Self::InStockSince,
            Self::SoldDate,
            Self::DeliveredDate,
            Self::PostedDate,
            Self::CancelledDate,
            Self::OpenDate,
            Self::CloseDate,
            Self::AppointmentDate,
            Self::BookedDate,
        ]
        .contains(&self)
    }
}

/// What a column is about, for whoever picks one from the whole list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    Name,
    Contact,
    Address,
    Consent,
    About,
    Car,
    Listing,
    Deal,
    Trade,
    Service,
    Appointment,
    Work,
}

impl Group {
    /// Whether it says something of a person, so that it can be said of a co-buyer too.
    #[must_use]
    pub fn is_of_a_person(self) -> bool {
        matches!(self, Self::Name | Self::Contact | Self::Address | Self::Consent | Self::About)
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Contact => "Contact",
            Self::Address => "Address",
            Self::Consent => "Consent",
            Self::About => "About them",
            Self::Car => "Car",
            Self::Listing => "On the lot",
            Self::Deal => "Deal",
            Self::Trade => "Trade",
            Self::Service => "Repair order",
            Self::Appointment => "Appointment",
            Self::Work => "Work",
        }
    }
}

/// Where the columns of one file are. New columns may turn up while a feed is read (XML and JSON name them row by row).
pub(super) struct Columns {
    dictionaries: &'static [&'static Dictionary],
    /// By `Column as usize`: the cells that hold it, the best name first.
    places: Vec<Vec<Place>>,
    /// The same for what is said of a co-buyer.
    co_buyers: Vec<Vec<Place>>,
    /// Normalised names met so far, with their cell when the name means something.
    seen: HashMap<String, Option<usize>>,
    width: usize,
}

/// Different names taken from one XML or JSON feed; real ones have under a hundred.
const MOST_NAMES: usize = 1_000;

struct Place {
    rank: usize,
    cell: usize,
}

impl Columns {
    pub(super) fn new(dictionaries: &'static [&'static Dictionary]) -> Self {
        Self { dictionaries, places: Vec::new(), co_buyers: Vec::new(), seen: HashMap::new(), width: 0 }
    }

    /// Takes the cells of a header line as the columns.
    pub(super) fn of_header<'h>(dictionaries: &'static [&'static Dictionary], header: impl Iterator<Item = &'h str>) -> Self {
        let mut columns = Self::new(dictionaries);
        for name in header {
            let cell = columns.width;
            columns.width += 1;
            if let Some((column, rank)) = meaning(dictionaries, &normalised(name)) {
                columns.put(column, Place { rank, cell });
            }
        }
        columns
    }

    /// Takes the columns as somebody decided. Of several that mean the same, one whose own name says otherwise was chosen on purpose and
    /// is asked first; the rest in the order of their names.
    pub(super) fn of_mapping<'h>(dictionaries: &'static [&'static Dictionary], header: impl Iterator<Item = &'h str>, targets: &[Target]) -> Self {
        let mut columns = Self::new(dictionaries);
        for (cell, (name, target)) in header.zip(targets).enumerate() {
            let name = normalised(name);
            let rank = |column: Column, named: Option<(Column, usize)>| named.filter(|(own, _)| *own == column).map_or(0, |(_, rank)| rank + 1);
            match target {
                Target::Column(column) => columns.put(*column, Place { rank: rank(*column, meaning(dictionaries, &name)), cell }),
                Target::CoBuyer(column) => {
                    put_into(&mut columns.co_buyers, *column, Place { rank: rank(*column, meaning_of_co_buyer(&name)), cell });
                }
                Target::Skip | Target::Note | Target::Tags | Target::Field(_) => {}
            }
        }
        columns
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.places.get(column as usize).is_some_and(|places| !places.is_empty())
    }

    /// Whether anything is said of a co-buyer.
    pub(super) fn have_co_buyers(&self) -> bool {
        !self.co_buyers.is_empty()
    }

    /// The cells of a column, best first; those that say the same of the co-buyer where that is asked.
    pub(super) fn cells(&self, column: Column, of_co_buyer: bool) -> impl Iterator<Item = usize> {
        let places = if of_co_buyer { &self.co_buyers } else { &self.places };
        places.get(column as usize).into_iter().flatten().map(|place| place.cell)
    }

    /// The cell for a value found under these names, outermost first: the whole path where it means something, else its last name,
    /// unless that belongs to the dealer and not to the car. `None` for what means nothing here.
    pub(super) fn cell_of_path(&mut self, path: &[&str]) -> Option<usize> {
        let whole = normalised(&path.concat());
        if let Some(known) = self.seen.get(&whole) {
            return *known;
        }
        // A feed that never repeats a name is no feed: what it may teach us is bounded.
        if self.seen.len() >= MOST_NAMES {
            return None;
        }
        let parent = path.len().checked_sub(2).map(|i| normalised(path[i])).unwrap_or_default();
        let foreign =
            path.len() > 3 || ["dealer", "dealership", "seller", "address", "location", "lender", "video", "videos"].contains(&parent.as_str());
        let found = meaning(self.dictionaries, &whole).or_else(|| match path.last() {
            Some(last) if path.len() > 1 && !foreign => meaning(self.dictionaries, &normalised(last)),
            _ => None,
        });
        let cell = found.map(|(column, rank)| {
            let cell = self.width;
            self.width += 1;
            self.put(column, Place { rank, cell });
            cell
        });
        self.seen.insert(whole, cell);
        cell
    }

    fn put(&mut self, column: Column, place: Place) {
        put_into(&mut self.places, column, place);
    }
}

fn put_into(all: &mut Vec<Vec<Place>>, column: Column, place: Place) {
    let index = column as usize;
    if all.len() <= index {
        all.resize_with(index + 1, Vec::new);
    }
    let places = &mut all[index];
    let at = places.partition_point(|p| p.rank <= place.rank);
    places.insert(at, place);
}

/// Letters and digits in lower case; `#` is read as "number": `RO #` is `ronumber`.
pub(super) fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().take(120) {
        match c {
            '#' => out.push_str("number"),
            _ if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

/// What a normalised name means, and how early it is asked: exact names first, then numbered ones, then those behind a prefix.
pub(super) fn meaning(dictionaries: &[&Dictionary], name: &str) -> Option<(Column, usize)> {
    const LATER: usize = 1_000;
    if let Some(found) = exact(dictionaries, name) {
        return Some(found);
    }
    let unnumbered: String = name.chars().filter(|c| !c.is_ascii_digit()).collect();
    if unnumbered.len() < name.len()
        && let Some((column @ (Column::Email | Column::CellPhone | Column::Phone | Column::WorkPhone | Column::Photos), rank)) =
            exact(dictionaries, &unnumbered)
    {
        return Some((column, rank + LATER));
    }
    dictionaries.iter().find_map(|dictionary| {
        let (column, rank) = dictionary.prefixes.iter().find_map(|prefix| exact(&[*dictionary], name.strip_prefix(prefix)?))?;
        Some((column, rank + 2 * LATER))
    })
}

/// What a normalised name says of a co-buyer: the name of a person's column behind a word for somebody who signs too.
pub(super) fn meaning_of_co_buyer(name: &str) -> Option<(Column, usize)> {
    const SECOND: [&str; 11] = [
        "cobuyer1",
        "cobuyer",
        "coborrower",
        "coapplicant",
        "cosigner",
        "coowner",
        "cocustomer",
        "secondbuyer",
        "secondarybuyer",
        "jointbuyer",
        "buyer2",
    ];
    let own = SECOND.iter().find_map(|second| name.strip_prefix(second))?;
    if own.is_empty() { Some((Column::FullName, 0)) } else { meaning(&[&PERSON], own) }
}

fn exact(dictionaries: &[&Dictionary], name: &str) -> Option<(Column, usize)> {
    dictionaries.iter().enumerate().find_map(|(d, dictionary)| {
        dictionary.names.iter().find_map(|(column, aliases)| {
            let rank = aliases.iter().position(|alias| *alias == name)?;
            Some((*column, d * 100 + rank))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::headers::{CAR, DEAL, LISTING};
    use super::*;

    fn means(dictionaries: &[&Dictionary], header: &str) -> Option<Column> {
        meaning(dictionaries, &normalised(header)).map(|(column, _)| column)
    }

    #[test]
    fn the_headers_of_the_trade_are_known() {
        for (header, column) in [
            ("First Name", Some(Column::FirstName)),
            ("BUYER_FIRST_NAME", Some(Column::FirstName)),
            (" Customer #", Some(Column::CustomerNumber)),
            ("Email 2", Some(Column::Email)),
            ("Home Phone", Some(Column::Phone)),
            ("phone_1", Some(Column::Phone)),
            ("Zip/Postal", Some(Column::PostalCode)),
            ("Block Email", Some(Column::BlockEmail)),
            ("Customer Last Activity Date", Some(Column::LastActive)),
            ("Co-Buyer First Name", None),
            ("Birth Date", Some(Column::BirthDate)),
            ("Customer Create Date", None),
        ] {
            assert_eq!(means(&[&PERSON], header), column, "{header}");
        }
        for (header, column) in [
            ("Deal Number", Some(Column::DealNumber)),
            ("Salesman 1 Name", Some(Column::Salesperson)),
            ("Salesman 2 Name", Some(Column::MoreSalespeople)),
            ("Trade 1 Actual Cash Value", Some(Column::TradeAcv)),
            ("Trade 2 VIN", Some(Column::SecondTradeVin)),
            ("VIN Explosion Year", None),
            ("Model Number", None),
            ("Vehicle Year", Some(Column::Year)),
            ("Stock #", Some(Column::Stock)),
        ] {
            assert_eq!(means(&[&DEAL, &CAR, &PERSON], header), column, "{header}");
        }
        for (header, column) in [
            ("image[12].url", Some(Column::Photos)),
            ("image[0].tag[0]", None),
            ("mileage.value", Some(Column::Odometer)),
            ("Vehicle Type (N|U)", None),
            ("Vehicle Type", Some(Column::Condition)),
            ("vehicle_id", Some(Column::Stock)),
            ("VehicleInfo", Some(Column::CarInWords)),
            ("VehicleDescription", Some(Column::Description)),
        ] {
            assert_eq!(means(&[&CAR, &LISTING], header), column, "{header}");
        }
    }

    #[test]
    fn the_better_name_is_asked_first_wherever_it_stands() {
        let columns = Columns::of_header(&[&CAR, &LISTING], ["id", "ListPrice", "SpecialPrice", "Stock"].into_iter());
        assert_eq!(columns.cells(Column::AskingPrice, false).collect::<Vec<_>>(), vec![2, 1]);
        assert_eq!(columns.cells(Column::Stock, false).collect::<Vec<_>>(), vec![3, 0]);
    }

    #[test]
    fn what_belongs_to_the_dealer_is_not_the_cars() {
        let mut columns = Columns::new(&[&CAR, &LISTING]);
        assert!(columns.cell_of_path(&["dealer", "url"]).is_none());
        assert!(columns.cell_of_path(&["pricing", "price"]).is_some());
        assert!(columns.cell_of_path(&["mileage", "value"]).is_some());
    }
}
