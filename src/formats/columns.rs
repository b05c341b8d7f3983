//! Which column is which? One dictionary for every system's headers; a header is compared by its letters and digits only.

use std::collections::HashMap;

/// What a column can mean to us. Columns of no meaning here are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    // A person.
    CustomerNumber,
    FullName,
    FirstName,
    MiddleName,
    LastName,
    NameSuffix,
    Company,
    BusinessFlag,
    CellPhone,
    Phone,
    WorkPhone,
    Email,
    AddressLine1,
    AddressLine2,
    City,
    Region,
    PostalCode,
    Country,
    OptOut,
    BlockEmail,
    BlockPhone,
    BlockCall,
    BlockText,
    AllowEmail,
    AllowCall,
    AllowText,
    LastActive,
    // A car.
    Vin,
    Stock,
    Year,
    Make,
    Model,
    Trim,
    Body,
    Drivetrain,
    Fuel,
    Transmission,
    Engine,
    ExteriorColor,
    InteriorColor,
    Odometer,
    OdometerUnit,
    /// Year, make, model and body in one cell.
    CarInWords,
    // A car on the lot.
    Title,
    AskingPrice,
    Cost,
    ListingStatus,
    InStockSince,
    DaysOnLot,
    Photos,
    Link,
    Condition,
    Certified,
    Description,
    DealerVaultId,
    // A deal.
    DealNumber,
    SoldDate,
    SoldPrice,
    Financed,
    Apr,
    Term,
    Payment,
    PaymentFrequency,
    Lender,
    Salesperson,
    DealKind,
    DealStatus,
    CancelledDate,
    TradeVin,
    TradeYear,
    TradeMake,
    TradeModel,
    TradeOdometer,
    TradeAcv,
    TradePayoff,
    // A repair order.
    RepairOrderNumber,
    OpenDate,
    CloseDate,
    Advisor,
    OperationCodes,
    Operations,
    RecommendedCodes,
    Recommendations,
    CustomerPay,
    RepairTotal,
}

/// The names of columns of one subject. Where several columns of a file mean the same, the name that stands first here is asked first.
pub(super) struct Dictionary {
    /// Words in front of a name that do not change what it means: "Buyer First Name".
    prefixes: &'static [&'static str],
    names: &'static [(Column, &'static [&'static str])],
}

pub(super) const PERSON: Dictionary = Dictionary {
    prefixes: &["customer", "buyer1", "buyer", "cust", "contact", "client", "primary", "owner", "personal"],
    names: &[
        (
            Column::CustomerNumber,
            &[
                "customernumber",
                "customerno",
                "customerid",
                "custno",
                "custid",
                "custnum",
                "contactid",
                "entityid",
                "personid",
                "clientid",
                "globalcustomerid",
                "accountnumber",
                "dmsid",
                "dmscustomerid",
                "buyerid",
                "buyernumber",
            ],
        ),
        (Column::FullName, &["fullname", "name", "customer", "buyer", "client", "name1", "contact"]),
        (Column::FirstName, &["firstname", "first", "fname", "givenname", "namefirst"]),
        (Column::MiddleName, &["middlename", "middle", "mname", "middleinitial", "mi", "namemiddle"]),
        (Column::LastName, &["lastname", "last", "lname", "surname", "familyname", "namelast"]),
        (Column::NameSuffix, &["suffix", "namesuffix"]),
        (Column::Company, &["company", "companyname", "businessname", "business", "organization", "organisation"]),
        (Column::BusinessFlag, &["individualbusinessflag", "individualorbusiness", "isbusiness", "businessflag", "entitytype"]),
        (
            Column::CellPhone,
            &[
                "cellphone",
                "cell",
                "cellular",
                "mobile",
                "mobilephone",
                "cellphonenumber",
                "mobilenumber",
                "mobilephonenumber",
                "cellnumber",
                "phonecell",
                "phonemobile",
                "textphone",
                "smsphone",
                "smsnumber",
            ],
        ),
        (
            Column::Phone,
            &[
                "homephone",
                "phone",
                "phonenumber",
                "primaryphone",
                "telephone",
                "telephonenumber",
                "phonehome",
                "home",
                "homephonenumber",
                "homenumber",
                "mainphone",
                "bestphone",
                "dayphone",
                "daytimephone",
                "eveningphone",
                "otherphone",
                "alternatephone",
                "phonenumbers",
            ],
        ),
        (Column::WorkPhone, &["workphone", "businessphone", "officephone", "phonework", "workphonenumber", "work", "worknumber"]),
        (
            Column::Email,
            &[
                "email",
                "emailaddress",
                "primaryemail",
                "homeemail",
                "personalemail",
                "emailhome",
                "email1",
                "otheremail",
                "alternateemail",
                "secondaryemail",
                "workemail",
                "emailwork",
                "emails",
            ],
        ),
        (
            Column::AddressLine1,
            &[
                "addressline1",
                "address1",
                "address",
                "streetaddress",
                "street",
                "street1",
                "addr1",
                "addr",
                "mailingaddress",
                "homeaddress",
                "streetline1",
            ],
        ),
        (Column::AddressLine2, &["addressline2", "address2", "street2", "addr2", "apartment", "apt", "unit", "streetline2"]),
        (Column::City, &["city", "homecity", "town"]),
        (Column::Region, &["state", "region", "province", "stateprovince", "statecode", "regioncode", "homestate", "st"]),
        (Column::PostalCode, &["zip", "zipcode", "postalcode", "postcode", "zippostal", "zippostalcode", "homezip", "postal"]),
        (Column::Country, &["country", "countrycode"]),
        (Column::OptOut, &["optout", "optedout", "optoutflag", "donotcontact", "donotcontactflag", "nocontact", "optoutall"]),
        (
            Column::BlockEmail,
            &[
                "blockemail",
                "donotemail",
                "emailoptout",
                "optoutemail",
                "noemail",
                "emaildonotcontact",
                "unsubscribed",
                "emailunsubscribed",
                "emailblocked",
                "emailoptoutflag",
                "hasoptedoutofemail",
                "donotemailflag",
            ],
        ),
        (Column::BlockPhone, &["blockphone", "phoneoptout", "optoutphone", "donotphone", "phoneblocked"]),
        (Column::BlockCall, &["donotcall", "dnc", "nocall", "calloptout", "blockcall", "donotcallflag", "optoutcall"]),
        (
            Column::BlockText,
            &[
                "donottext",
                "textoptout",
                "smsoptout",
                "blocktext",
                "blocksms",
                "optouttext",
                "optoutsms",
                "donotsms",
                "notext",
                "nosms",
                "donottextflag",
            ],
        ),
        (Column::AllowEmail, &["allowemail", "canemail", "oktoemail", "emailallowed", "mayemail", "emailok"]),
        (Column::AllowCall, &["allowcall", "cancall", "oktocall", "callallowed", "maycall", "allowphone"]),
        (Column::AllowText, &["allowtext", "cantext", "oktotext", "textallowed", "maytext", "allowsms", "oktosms"]),
        (
            Column::LastActive,
            &[
                "lastactivitydate",
                "lastactivity",
                "lastupdated",
                "lastupdateddate",
                "lastmodified",
                "lastmodifieddate",
                "modifieddate",
                "dateupdated",
                "updatedat",
                "lastcontacted",
                "lastcontactdate",
            ],
        ),
    ],
};

pub(super) const CAR: Dictionary = Dictionary {
    prefixes: &["vehicle", "vehicles", "veh", "car", "auto", "sold", "purchased", "stock", "item"],
    names: &[
        (Column::Vin, &["vin", "vinnumber", "vinno", "fullvin", "vehicleidentificationnumber", "vehiclevin", "serialnumber"]),
        (Column::Stock, &["stocknumber", "stock", "stockno", "stocknum", "stocknbr", "stk", "stkno", "stknumber", "kpstocknumber", "unitnumber"]),
        (Column::Year, &["year", "modelyear", "yr", "yyyy"]),
        (Column::Make, &["make", "makename", "brand", "manufacturer", "division"]),
        (Column::Model, &["model", "modelname"]),
        (Column::Trim, &["trim", "trimlevel", "trimname", "series", "submodel"]),
        (Column::Body, &["bodystyle", "body", "bodytype", "bodystyleraw", "bodyclass", "bodydescription", "vehiclestyle", "style"]),
        (
            Column::Drivetrain,
            &["drivetrain", "drivetype", "drivewheelconfiguration", "driveline", "drive", "drivetraindescription", "driveconfiguration"],
        ),
        (Column::Fuel, &["fueltype", "fuel", "enginefueltype", "typeoffuel"]),
        (Column::Transmission, &["transmission", "transmissiontype", "transmissiondescription", "trans"]),
        (Column::Engine, &["engine", "enginedescription", "enginetype"]),
        (
            Column::ExteriorColor,
            &["exteriorcolor", "extcolor", "exteriorcolour", "color", "colour", "colorexterior", "exteriorcolorname", "exteriorcolordescription"],
        ),
        (Column::InteriorColor, &["interiorcolor", "intcolor", "interiorcolour", "colorinterior", "interiorcolordescription"]),
        (
            Column::Odometer,
            &[
                "mileage",
                "miles",
                "odometer",
                "mileagevalue",
                "odometervalue",
                "odo",
                "currentmileage",
                "mileagecurrent",
                "odometerreading",
                "deliverymileage",
            ],
        ),
        (Column::OdometerUnit, &["mileageunit", "mileageunits", "odometerunit", "odometerunits", "mileageunitcode", "milesunit"]),
        (Column::CarInWords, &["vehicleinfo", "yearmakemodel", "ymm", "vehicle", "vehiclename"]),
    ],
};

pub(super) const LISTING: Dictionary = Dictionary {
    prefixes: &["vehicle", "vehicles", "veh", "car", "auto", "item"],
    names: &[
        // Asked only where no column is called stock: many feeds put the stock number, some the VIN, in the id.
        (Column::Stock, &["externalid", "id"]),
        (Column::Title, &["title", "heading", "headline"]),
        (
            Column::AskingPrice,
            &[
                "specialprice",
                "internetspecial",
                "advertisingprice",
                "saleprice",
                "internetprice",
                "webprice",
                "onlineprice",
                "sellingprice",
                "askingprice",
                "priceasking",
                "vehicleprice",
                "price",
                "finalprice",
                "retailprice",
                "listprice",
            ],
        ),
        (Column::Cost, &["cost", "vehiclecost", "totalcost", "purchasecost"]),
        (Column::ListingStatus, &["inventorystatus", "vehiclestatus", "status", "availability", "stockstatus"]),
        (
            Column::InStockSince,
            &[
                "dateinstock",
                "stockdate",
                "datefirstonlot",
                "instockdate",
                "indate",
                "stockindate",
                "inventorydate",
                "receiveddate",
                "datereceived",
                "acquireddate",
                "acquisitiondate",
                "dateacquired",
                "dateadded",
            ],
        ),
        (Column::DaysOnLot, &["daysonlot", "daysinstock", "daysininventory", "daysonmarket", "days", "age"]),
        (
            Column::Photos,
            &[
                "imageurl",
                "imagelink",
                "additionalimagelink",
                "photourls",
                "photourl",
                "photos",
                "photo",
                "images",
                "image",
                "imagelist",
                "imageurls",
                "photolist",
                "photolinks",
                "pictures",
                "picture",
                "pictureurls",
                "photosphoto",
                "imagesimage",
                "photosphotourl",
                "photosurl",
                "imagesurl",
                "imagesimageurl",
                "photosphotohref",
            ],
        ),
        (Column::Link, &["url", "link", "vdpurl", "vdp", "vehicleurl", "detailurl", "detailpageurl", "listingurl", "detailslink", "vdplink"]),
        (Column::Condition, &["stateofvehicle", "condition", "newused", "neworused", "stocktype", "inventorytype", "vehiclecondition", "type"]),
        (Column::Certified, &["certified", "iscertified", "cpo", "certifiedpreowned", "factorycertified"]),
        (Column::Description, &["webaddescription", "description", "vehicledescription", "dealercomments", "comments", "sellernotes", "comment1"]),
        (Column::DealerVaultId, &["dvdealerid"]),
    ],
};

pub(super) const DEAL: Dictionary = Dictionary {
    prefixes: &["deal", "sale", "finance", "loan", "contract"],
    names: &[
        (
            Column::DealNumber,
            &[
                "dealnumber",
                "dealno",
                "dealid",
                "dealnum",
                "deal",
                "contractnumber",
                "saleid",
                "salenumber",
                "invoicenumber",
                "transactionid",
                "loannumber",
            ],
        ),
        (
            Column::SoldDate,
            &[
                "contractdate",
                "dealdate",
                "solddate",
                "saledate",
                "salesdate",
                "datesold",
                "dateofsale",
                "purchasedate",
                "deliverydate",
                "delivereddate",
                "datedelivered",
                "bookeddate",
                "finalizeddate",
                "finalizeddatetime",
                "closeddate",
                "entrydate",
                "date",
            ],
        ),
        (Column::SoldPrice, &["salesprice", "saleprice", "sellingprice", "soldprice", "cashprice", "vehicleprice", "purchaseprice", "price"]),
        (Column::Financed, &["amountfinanced", "amtfinanced", "financedamount", "financeamount", "amountfinance", "loanamount"]),
        (Column::Apr, &["apr", "interestrate", "rate", "annualpercentagerate", "sellrate"]),
        (Column::Term, &["term", "termmonths", "termlength", "months", "numberofmonths"]),
        (Column::Payment, &["monthlypayment", "payment", "paymentamount", "regularpayment"]),
        (Column::PaymentFrequency, &["paymentfrequency", "frequency", "paymentschedule", "payfrequency", "paymenttype"]),
        (
            Column::Lender,
            &["bankname", "lender", "lendername", "lienholdername", "lienholder", "financecompany", "bank", "financesource", "lienholderbank"],
        ),
        (
            Column::Salesperson,
            &[
                "salesman1name",
                "salesperson1name",
                "salesperson",
                "salespersonname",
                "salesrep",
                "salesrepname",
                "salesmanname",
                "salesman",
                "salesperson1",
                "soldby",
                "salesassociate",
            ],
        ),
        (Column::DealKind, &["dealtype", "saletype", "financetype", "transactiontype", "type"]),
        (Column::DealStatus, &["dealstatus", "salestatus", "status"]),
        (Column::CancelledDate, &["reversaldate", "canceldate", "cancelleddate", "canceleddate", "unwinddate", "unwounddate"]),
        (Column::TradeVin, &["trade1vin", "tradevin", "tradeinvin", "tradein1vin"]),
        (Column::TradeYear, &["trade1year", "tradeyear", "tradeinyear", "tradein1year"]),
        (Column::TradeMake, &["trade1make", "trademake", "tradeinmake", "tradein1make"]),
        (Column::TradeModel, &["trade1model", "trademodel", "tradeinmodel", "tradein1model"]),
        (
            Column::TradeOdometer,
            &["trade1odometer", "tradeodometer", "tradeinodometer", "trademileage", "trademiles", "tradeinmileage", "trade1mileage"],
        ),
        (Column::TradeAcv, &["trade1actualcashvalue", "tradeacv", "tradeinacv", "trade1acv", "tradeactualcashvalue", "acv"]),
        (Column::TradePayoff, &["trade1payoff", "tradepayoff", "tradeinpayoff"]),
    ],
};

pub(super) const REPAIR_ORDER: Dictionary = Dictionary {
    prefixes: &["ro", "repairorder", "service"],
    names: &[
        (
            Column::RepairOrderNumber,
            &[
                "ronumber",
                "rono",
                "roid",
                "repairordernumber",
                "repairorder",
                "repairorderid",
                "ro",
                "invoicenumber",
                "invoiceno",
                "ordernumber",
                "ticketnumber",
                "workordernumber",
                "workorder",
            ],
        ),
        (
            Column::OpenDate,
            &["opendate", "rodate", "dateopened", "openeddate", "opened", "roopendate", "servicedate", "datein", "invoicedate", "orderdate", "date"],
        ),
        (Column::CloseDate, &["closedate", "closeddate", "dateclosed", "closed", "completeddate", "datecompleted", "dateout"]),
        (Column::Advisor, &["serviceadvisorname", "advisorname", "advisor", "serviceadvisor", "servicewriter", "writer", "writername"]),
        (Column::OperationCodes, &["operationcodes", "opcodes", "opcode", "operationcode", "laborcode"]),
        (
            Column::Operations,
            &[
                "operationcodedescriptions",
                "opcodedescriptions",
                "opcodedescription",
                "operations",
                "operationdescription",
                "workperformed",
                "servicesperformed",
                "services",
                "jobdescription",
                "labordescription",
                "laborinfo",
                "work",
                "description",
            ],
        ),
        (Column::RecommendedCodes, &["recommendedoperationcodes", "recommendedopcodes", "recommendedoperationcode"]),
        (
            Column::Recommendations,
            &[
                "recommendations",
                "declinedservices",
                "declinedwork",
                "declined",
                "declinedoperations",
                "deferredwork",
                "deferredservices",
                "recommendedservices",
                "recommendedwork",
            ],
        ),
        (
            Column::CustomerPay,
            &[
                "customertotalsale",
                "customerpay",
                "customerpaytotal",
                "customerpayamount",
                "customerpaidamount",
                "paycptotal",
                "cptotal",
                "cpamount",
                "cp",
                "totalcustomerpay",
            ],
        ),
        (Column::RepairTotal, &["totalsale", "total", "rototal", "totalamount", "totalamountdue", "invoicetotal", "grandtotal", "amount", "totalro"]),
        (Column::Odometer, &["romileage", "mileagein", "milesin", "odometerin"]),
    ],
};

/// Where the columns of one file are. New columns may turn up while a feed is read (XML and JSON name them row by row).
pub(super) struct Columns {
    dictionaries: &'static [&'static Dictionary],
    /// By `Column as usize`: the cells that hold it, the best name first.
    places: Vec<Vec<Place>>,
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
        Self { dictionaries, places: Vec::new(), seen: HashMap::new(), width: 0 }
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

    /// How many columns mean something.
    pub(super) fn known(&self) -> usize {
        self.places.iter().map(Vec::len).sum()
    }

    /// How many cells a row of the header's width has.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.places.get(column as usize).is_some_and(|places| !places.is_empty())
    }

    /// The cells of a column, best first.
    pub(super) fn cells(&self, column: Column) -> impl Iterator<Item = usize> {
        self.places.get(column as usize).into_iter().flatten().map(|place| place.cell)
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
        let index = column as usize;
        if self.places.len() <= index {
            self.places.resize_with(index + 1, Vec::new);
        }
        let places = &mut self.places[index];
        let at = places.partition_point(|p| p.rank <= place.rank);
        places.insert(at, place);
    }
}

/// Letters and digits in lower case; `#` is read as "number": `RO #` is `ronumber`.
fn normalised(name: &str) -> String {
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
fn meaning(dictionaries: &[&Dictionary], name: &str) -> Option<(Column, usize)> {
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
            ("Birth Date", None),
            ("Customer Create Date", None),
        ] {
            assert_eq!(means(&[&PERSON], header), column, "{header}");
        }
        for (header, column) in [
            ("Deal Number", Some(Column::DealNumber)),
            ("Salesman 1 Name", Some(Column::Salesperson)),
            ("Salesman 2 Name", None),
            ("Trade 1 Actual Cash Value", Some(Column::TradeAcv)),
            ("Trade 2 VIN", None),
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
        assert_eq!(columns.cells(Column::AskingPrice).collect::<Vec<_>>(), vec![2, 1]);
        assert_eq!(columns.cells(Column::Stock).collect::<Vec<_>>(), vec![3, 0]);
    }

    #[test]
    fn what_belongs_to_the_dealer_is_not_the_cars() {
        let mut columns = Columns::new(&[&CAR, &LISTING]);
        assert!(columns.cell_of_path(&["dealer", "url"]).is_none());
        assert!(columns.cell_of_path(&["pricing", "price"]).is_some());
        assert!(columns.cell_of_path(&["mileage", "value"]).is_some());
    }
}
