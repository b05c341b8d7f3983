//! Every public route on one page. No route here reads staff data.

use super::{
    front::Front,
    health,
    intake::{self, COLLECT_MOST_BYTES, CollectReceipt, LEAD_MOST_BYTES, LeadReceipt},
    operator::{self, REQUEST_MOST_BYTES},
    price_alerts::{self, AlertReceipt, FORM_MOST_BYTES},
    rate::RateClass,
    routes::{BodyRule, ParamKind, Rights, Route},
    tag,
    trade::{self, ANSWERS_MOST_BYTES},
};
use crate::service::shapes as s;
use hyper::StatusCode;

#[must_use]
pub fn routes() -> Vec<Route<Front>> {
    vec![
        Route::post("/leads/adf", Rights::Public, intake::lead)
            .says("Takes an ADF document, or a mail that carries one, and answers what was understood. On disk before the answer.")
            .needs("key", ParamKind::Text, "The sender's key.")
            .takes_bytes(LEAD_MOST_BYTES, &[])
            .any_site()
            .rate(RateClass::Lead)
            .gives::<LeadReceipt>()
            .may_refuse(StatusCode::UNAUTHORIZED, "wrong-key"),
        Route::post("/collect", Rights::Public, intake::collect)
            .says("Takes web events: one, a batch, JSON lines, a GA4 Measurement Protocol body or rows of its export, with ASC names. On disk before the answer.")
            .needs("key", ParamKind::Text, "The site's key.")
            .takes_bytes(COLLECT_MOST_BYTES, &[])
            .any_site()
            .rate(RateClass::Collect)
            .gives::<CollectReceipt>()
            .may_refuse(StatusCode::UNAUTHORIZED, "wrong-key"),
        Route::get("/tag.js", Rights::Public, tag::tag).says("The site tag, a script for the pages of the store's website.").any_site().rate(RateClass::Free).gives_type("text/javascript"),
        Route::get("/trade", Rights::Public, trade::page).says("The trade-in tool: a page by itself or within the store's website.").any_site().rate(RateClass::Free).gives_type("text/html"),
        Route::get("/trade.js", Rights::Public, trade::embed).says("Puts the trade-in tool into a page of the store's website.").any_site().rate(RateClass::Free).gives_type("text/javascript"),
        Route::get("/trade/tool.js", Rights::Public, trade::tool).says("The script of the trade-in tool's page.").any_site().rate(RateClass::Free).gives_type("text/javascript"),
        Route::get("/trade/tool.css", Rights::Public, trade::style).says("The style of the trade-in tool's page.").any_site().rate(RateClass::Free).gives_type("text/css"),
        Route::get("/trade/form", Rights::Public, trade::form).says("What the trade-in tool asks.").any_site().rate(RateClass::Collect).gives::<s::TradeForm>(),
        Route::get("/trade/lines", Rights::Public, trade::lines)
            .says("Makes and models of a year, by the table of vehicle numbers.")
            .needs("year", ParamKind::COUNT, "A model year.")
            .any_site()
            .rate(RateClass::Collect)
            .gives::<s::TradeLines>(),
        Route::post("/trade/answers", Rights::Public, trade::answers)
            .says("One step of the trade-in tool: answers what comes next or the range, and is journalled as something that the browser did, unless it asks not to be followed (Sec-GPC).")
            .needs("key", ParamKind::Text, "The site's key.")
            .takes::<s::TradeAnswers>()
            .of_at_most(ANSWERS_MOST_BYTES)
            .any_site()
            .rate(RateClass::Collect)
            .gives::<s::TradeReply>()
            .may_refuse(StatusCode::UNAUTHORIZED, "wrong-key")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "trade"),
        Route::post("/trade/contact", Rights::Public, trade::contact)
            .says("Who wants their result sent: a lead with the worksheet of their car. The same run sent again is there once.")
            .needs("key", ParamKind::Text, "The site's key.")
            .takes::<s::TradeContact>()
            .of_at_most(ANSWERS_MOST_BYTES)
            .any_site()
            .rate(RateClass::Lead)
            .gives::<s::TradeReceipt>()
            .may_refuse(StatusCode::UNAUTHORIZED, "wrong-key")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "trade"),
        Route::get("/price-alert.js", Rights::Public, price_alerts::form)
            .says("The price alert, a form for the page of one car on the store's website.")
            .any_site()
            .rate(RateClass::Collect)
            .gives_type("text/javascript"),
        Route::post("/price-alerts", Rights::Public, price_alerts::set)
            .says("Sets a price alert for a shopper who ticked that they may be written to. Posted twice it is one.")
            .needs("key", ParamKind::Text, "The site's key.")
            .takes_bytes(FORM_MOST_BYTES, &[])
            .any_site()
            .rate(RateClass::Form)
            .gives::<AlertReceipt>()
            .may_refuse(StatusCode::UNAUTHORIZED, "wrong-key")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "car")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "to")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "agreed")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "below")
            .may_refuse(StatusCode::UNPROCESSABLE_ENTITY, "name"),
        Route::get("/healthz", Rights::Public, health::healthz).says("The process answers.").rate(RateClass::Free).gives_type("text/plain"),
    ]
}

/// The socket in the data folder: the command line beside a running server.
#[must_use]
pub fn operator_routes() -> Vec<Route<Front>> {
    let mut perform = Route::post("/operator", Rights::OperatorSocket, operator::perform)
        .says("One act of the person at the store's own computer.")
        .rate(RateClass::Free);
    perform.body = BodyRule::Json { cap_bytes: REQUEST_MOST_BYTES };
    vec![perform]
}
