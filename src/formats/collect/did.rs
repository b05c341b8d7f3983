//! What did the shopper do? The Council's names and GA4's, with the parameters that tell one thing from another.

use super::{clean::path_of, said::Raw};
use crate::domain::visitor::Did;

impl Raw<'_> {
    pub(super) fn did(&self, name: &str, page: &str, has_car: bool) -> Did {
        let plain = name.strip_prefix("asc_").unwrap_or(name);
        if let Some(did) = price_alert_by_name(plain, self) {
            return did;
        }
        match plain {
            "item_pageview" | "view_item" => looked(has_car),
            "itemlist_pageview" | "view_item_list" => Did::ViewedLot,
            "pageview" => self.page_kind(name, page, has_car),
            "media_interaction" | "video_start" => Did::ViewedMedia,
            "cta_interaction" => self.cta(),
            "element_configuration" => self.configured(),
            "special_offer" | "view_promotion" | "select_promotion" => self.offer(),
            "retail_process" => self.retail_step(),
            "form_engagement" | "form_start" => self.form_begun(),
            "click_to_call" | "phone_call" | "voice_engagement" | "voice_submission" => Did::ClickedToCall,
            "click" if self.text(&["link_url"]).to_ascii_lowercase().starts_with("tel:") => Did::ClickedToCall,
            "comm_engagement" => match self.text(&["comm_type"]).to_lowercase().as_str() {
                "voice" => Did::ClickedToCall,
                "form" => self.form_begun(),
                _ => Did::EngagedChat,
            },
            "generate_lead" | "form_submit" => self.form_sent(""),
            "search" | "view_search_results" => Did::Searched,
            "share" => Did::Shared,
            _ => match (plain.strip_prefix("form_submission"), plain.strip_prefix("comm_submission")) {
                (Some(of), _) => self.form_sent(of.trim_start_matches('_')),
                (_, Some(of)) if of.contains("appt") && !of.contains("service") => Did::BookedVisit,
                (_, Some(_)) => Did::GaveContact,
                (None, None) => Did::Other,
            },
        }
    }

    /// A plain page view. The Council's sites send the car's own event beside it, which counts as the look; here it must not count twice.
    fn page_kind(&self, name: &str, page: &str, has_car: bool) -> Did {
        let kind = self.text(&["page_type"]).to_lowercase();
        match kind.as_str() {
            "item" | "vdp" | "itemlist" | "srp" if name.starts_with("asc_") => Did::Other,
            "item" | "vdp" => looked(has_car),
            "itemlist" | "srp" => Did::ViewedLot,
            _ if has_word(&kind, HOURS_WORDS) || has_word(&path_of(page).to_lowercase(), HOURS_WORDS) => Did::ViewedHours,
            _ => Did::ViewedPage,
        }
    }

    fn cta(&self) -> Did {
        let words = self.words(&[
            "event_action",
            "event_action_result",
            "element_type",
            "element_text",
            "element_title",
            "element_value",
            "promotion_name",
            "comm_type",
            "link_url",
        ]);
        match () {
            () if has_any(&words, PRICE_ALERT_WORDS) => Did::ClickedPriceAlert,
            () if words.contains("compare") => Did::Compared,
            () if words.contains("share") => Did::Shared,
            () if words.contains(" tel:") || words.contains("click_to_call") => Did::ClickedToCall,
            () if has_any(&words, CHAT_WORDS) => Did::EngagedChat,
            // A credit application is often another company's page that reports nothing: opening it is all we shall see.
            () if has_any(&words, CREDIT_APPLICATION_WORDS) => Did::StartedFinance,
            () if has_word(&words, &["directions", "hours"]) => Did::ViewedHours,
            () => Did::Other,
        }
    }

    fn configured(&self) -> Did {
        let words =
            self.words(&["element_type", "element_text", "element_title", "element_value", "event_action", "form_name", "flow_name", "product_name"]);
        if has_any(&words, PAYMENT_WORDS) {
            return Did::UsedPaymentTool;
        }
        let on_list = matches!(self.text(&["page_type"]).to_lowercase().as_str(), "itemlist" | "srp");
        if on_list || has_any(&words, &["filter", "search"]) { Did::Searched } else { Did::Other }
    }

    fn offer(&self) -> Did {
        let words = self.words(&["promotion_name", "element_text", "element_title", "event_action", "event_action_result"]);
        match () {
            () if !has_any(&words, PRICE_ALERT_WORDS) => Did::Other,
            () if has_any(&words, CLICK_WORDS) => Did::ClickedPriceAlert,
            () => Did::OpenedPriceAlert,
        }
    }

    fn retail_step(&self) -> Did {
        let flow = self.words(&["flow_name", "form_type", "department"]);
        let outcome = self.words(&["flow_outcome", "flow_status"]);
        let ended = if outcome.trim().is_empty() {
            has_any(&self.words(&["event_action", "event_action_result"]), DONE_WORDS)
        } else {
            has_any(&outcome, DONE_WORDS)
        };
        match (Form::of(&flow), ended) {
            (Form::Trade, true) => Did::FinishedTradeTool,
            (Form::Trade, false) => Did::StartedTradeTool,
            (Form::Finance, true) => Did::SubmittedFinance,
            (Form::Finance, false) => Did::StartedFinance,
            (Form::Payment, _) => Did::UsedPaymentTool,
            (Form::Visit, true) => Did::BookedVisit,
            (Form::Service | Form::Plain, true) => Did::SubmittedForm,
            (Form::Visit | Form::Service | Form::Plain, false) => Did::StartedForm,
        }
    }

    fn form(&self) -> Form {
        let mut words = self.words(&["form_type", "form_name", "department", "element_text"]);
        // One vendor puts the form's type where the page's address belongs.
        let place = self.text(&["page_location"]).to_lowercase();
        if !place.contains(['/', '.']) {
            words.push_str(&place);
        }
        Form::of(&words)
    }

    fn form_begun(&self) -> Did {
        match self.form() {
            Form::Trade => Did::StartedTradeTool,
            Form::Finance => Did::StartedFinance,
            Form::Payment => Did::UsedPaymentTool,
            Form::Visit | Form::Service | Form::Plain => Did::StartedForm,
        }
    }

    /// `of` is what follows `asc_form_submission_`; the bare name is sent for every form beside it.
    fn form_sent(&self, of: &str) -> Did {
        let form = match of {
            "trade" => Form::Trade,
            "credit" | "finance" => Form::Finance,
            "sales_appt" => Form::Visit,
            "sales" | "other" => Form::Plain,
            "" => self.form(),
            service if service.starts_with("service") || service.starts_with("parts") => Form::Service,
            _ => Form::Plain,
        };
        match form {
            Form::Trade => Did::FinishedTradeTool,
            Form::Finance => Did::SubmittedFinance,
            Form::Payment => Did::UsedPaymentTool,
            Form::Visit => Did::BookedVisit,
            Form::Service | Form::Plain => Did::SubmittedForm,
        }
    }
}

/// What a form or a flow is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Trade,
    Finance,
    Payment,
    /// A visit to the showroom, a test drive.
    Visit,
    /// Service and parts: the other side of the building, no step towards a car.
    Service,
    Plain,
}

impl Form {
    fn of(words: &str) -> Self {
        match () {
            () if has_any(words, TRADE_WORDS) => Self::Trade,
            () if has_any(words, CREDIT_WORDS) => Self::Finance,
            () if has_any(words, PAYMENT_WORDS) => Self::Payment,
            () if has_any(words, &["service", "parts"]) => Self::Service,
            () if has_any(words, VISIT_WORDS) => Self::Visit,
            () => Self::Plain,
        }
    }
}

const HOURS_WORDS: &[&str] = &["hours", "directions", "location", "locations", "hoursdirections"];
const PRICE_ALERT_WORDS: &[&str] =
    &["price alert", "price drop", "price_alert", "price_drop", "price-drop", "price-alert", "pricedrop", "price watch", "reduced price"];
const TRADE_WORDS: &[&str] = &["trade", "appraisal", "appraise", "value your", "sell your", "sell us", "instant cash", "instant offer"];
const CREDIT_WORDS: &[&str] = &["credit", "financ", "prequal", "pre-qual", "pre_qual", "preapprov", "pre-approv"];
const CREDIT_APPLICATION_WORDS: &[&str] =
    &["credit app", "credit_app", "apply for", "prequal", "pre-qual", "preapprov", "pre-approv", "get approved"];
const PAYMENT_WORDS: &[&str] = &["payment", "calculator", "lease_term", "down_payment", " apr ", " term "];
const VISIT_WORDS: &[&str] = &["test drive", "test_drive", "testdrive", "test-drive", "appointment", "appt", "schedule", "book a visit"];
const CHAT_WORDS: &[&str] = &["whatsapp", "chat", " sms", "text us", "contact_tool"];
const CLICK_WORDS: &[&str] = &["click", "redirect", "open", "select"];
const DONE_WORDS: &[&str] = &["complete", "submit", "success", "finish", "crm_update", " end ", " done "];

fn has_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

/// One of the words stands alone in the text, whatever is around it.
fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

fn looked(has_car: bool) -> Did {
    if has_car { Did::ViewedCar } else { Did::ViewedPage }
}

pub(super) fn lists_cars(name: &str) -> bool {
    matches!(name, "asc_itemlist_pageview" | "view_item_list" | "view_search_results")
}

/// A tool that names its event after the alert: `price_alert_open`, `asc_price_drop_click`.
fn price_alert_by_name(plain: &str, raw: &Raw<'_>) -> Option<Did> {
    if !plain.starts_with("price_alert") && !plain.starts_with("price_drop") {
        return None;
    }
    let clicked = plain.contains("click") || has_any(&raw.words(&["event_action", "event_action_result"]), &["click", "redirect"]);
    Some(if clicked { Did::ClickedPriceAlert } else { Did::OpenedPriceAlert })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::time::At, formats::collect::read};

    fn did(name: &str, params: &str) -> Did {
        let json = format!(r#"{{"client_id":"555.777","event":"{name}","params":{{{params}}}}}"#);
        read(json.as_bytes(), At(1_795_531_260_000)).unwrap().events[0].did
    }

    #[test]
    fn each_name_of_the_council_says_what_was_done() {
        for (name, params, expected) in [
            ("asc_pageview", r#""page_type":"home""#, Did::ViewedPage),
            ("asc_page_view", r#""page_type":"custom","page_location":"https://example.com/about-us/hours-and-directions/""#, Did::ViewedHours),
            ("asc_pageview", r#""page_type":"hours-directions""#, Did::ViewedHours),
            ("asc_pageview", r#""page_type":"itemlist","page_location":"https://example.com/used/location-portland""#, Did::Other),
            ("asc_pageview", r#""page_type":"item","item_id":"1HGCM82633A004352""#, Did::Other),
            ("asc_item_pageview", r#""item_id":"1HGCM82633A004352""#, Did::ViewedCar),
            ("asc_item_page_view", r#""item_id":"NA","item_number":"24117""#, Did::ViewedCar),
            ("asc_item_pageview", r#""item_id":"NA","item_number":"""#, Did::ViewedPage),
            ("asc_itemlist_pageview", r#""item_results":"48""#, Did::ViewedLot),
            ("asc_menu_interaction", r#""element_text":"Finance""#, Did::Other),
            ("asc_media_interaction", r#""media_type":"photo""#, Did::ViewedMedia),
            ("asc_cta_interaction", r#""element_type":"compare_tool","event_action_result":"compare""#, Did::Compared),
            ("asc_cta_interaction", r#""element_type":"share_tool""#, Did::Shared),
            ("asc_cta_interaction", r#""element_type":"contact_tool","element_text":"WhatsApp""#, Did::EngagedChat),
            ("asc_cta_interaction", r#""element_text":"Apply for Credit","link_url":"https://example.com/apply""#, Did::StartedFinance),
            ("asc_cta_interaction", r#""element_text":"Get directions""#, Did::ViewedHours),
            ("asc_cta_interaction", r#""element_text":"Price Drop Alert""#, Did::ClickedPriceAlert),
            ("asc_cta_interaction", r#""element_text":"Learn more""#, Did::Other),
            ("asc_element_configuration", r#""element_type":"calculator","element_text":"Down payment""#, Did::UsedPaymentTool),
            ("asc_element_configuration", r#""element_text":"Term","element_value":"72""#, Did::UsedPaymentTool),
            ("asc_element_configuration", r#""page_type":"itemlist","element_type":"filter","element_value":"SUV""#, Did::Searched),
            ("asc_element_configuration", r#""element_type":"tab","element_text":"Specs""#, Did::Other),
            ("asc_special_offer", r#""promotion_name":"Price Drop on #24117","event_action_result":"redirect""#, Did::ClickedPriceAlert),
            ("asc_special_offer", r#""promotion_name":"Price drop banner","event_action":"view""#, Did::OpenedPriceAlert),
            ("asc_special_offer", r#""promotion_name":"Summer sale""#, Did::Other),
            ("price_alert_open", "", Did::OpenedPriceAlert),
            ("asc_price_drop_click", "", Did::ClickedPriceAlert),
            ("asc_retail_process", r#""flow_name":"Trade-In","flow_outcome":"start""#, Did::StartedTradeTool),
            ("asc_retail_process", r#""flow_name":"trade","flow_outcome":"proceed","event_action_result":"success""#, Did::StartedTradeTool),
            ("asc_retail_process", r#""flow_name":"trade","flow_outcome":"complete""#, Did::FinishedTradeTool),
            ("asc_retail_process", r#""flow_name":"prequalify","flow_outcome":"start""#, Did::StartedFinance),
            ("asc_retail_process", r#""flow_name":"credit application","flow_outcome":"submitted""#, Did::SubmittedFinance),
            ("asc_retail_process", r#""flow_name":"payments","flow_outcome":"start""#, Did::UsedPaymentTool),
            ("asc_retail_process", r#""flow_name":"buy online","flow_outcome":"complete""#, Did::SubmittedForm),
            ("asc_form_engagement", r#""form_type":"trade""#, Did::StartedTradeTool),
            ("asc_form_engagement", r#""form_type":"contact us""#, Did::StartedForm),
            ("asc_form_engagement", r#""page_location":"credit application""#, Did::StartedFinance),
            ("asc_form_engagement", r#""form_name":"Ask","page_location":"https://example.com/finance/""#, Did::StartedForm),
            ("asc_form_submission", r#""form_name":"Value Your Trade""#, Did::FinishedTradeTool),
            ("asc_form_submission", r#""form_name":"Check availability""#, Did::SubmittedForm),
            ("asc_form_submission_sales", "", Did::SubmittedForm),
            ("asc_form_submission_sales_appt", "", Did::BookedVisit),
            ("asc_form_submission_service_appt", "", Did::SubmittedForm),
            ("asc_form_submission_trade", "", Did::FinishedTradeTool),
            ("asc_form_submission_credit", "", Did::SubmittedFinance),
            ("asc_form_submission_service", "", Did::SubmittedForm),
            ("asc_form_submission_parts", "", Did::SubmittedForm),
            ("asc_form_submission_other", "", Did::SubmittedForm),
            ("asc_click_to_call", r#""comm_phone_number":"NA""#, Did::ClickedToCall),
            ("asc_comm_engagement", r#""comm_status":"start""#, Did::EngagedChat),
            ("asc_comm_engagement", r#""comm_type":"sms","comm_status":"engage""#, Did::EngagedChat),
            ("asc_comm_engagement", r#""comm_type":"voice""#, Did::ClickedToCall),
            ("asc_comm_engagement", r#""comm_type":"form","form_type":"trade""#, Did::StartedTradeTool),
            ("dl_asc_comm_engagement", r#""comm_status":"engage""#, Did::EngagedChat),
            ("asc_comm_submission", r#""comm_status":"crm_update""#, Did::GaveContact),
            ("asc_comm_submission_sales", "", Did::GaveContact),
            ("asc_comm_submission_sales_appt", "", Did::BookedVisit),
            ("asc_comm_submission_service", "", Did::GaveContact),
            ("asc_comm_submission_service_appt", "", Did::GaveContact),
            ("asc_voice_engagement", "", Did::ClickedToCall),
            ("asc_voice_submission", "", Did::ClickedToCall),
            ("website.dl_asc_item_pageview", r#""item_id":"1HGCM82633A004352""#, Did::ViewedCar),
            ("website.asc_form_submission", "", Did::SubmittedForm),
            ("ASC_Click_To_Call", "", Did::ClickedToCall),
            ("page_view", r#""page_type":"vdp","vin":"1HGCM82633A004352""#, Did::ViewedCar),
            ("view_item", r#""items":[{"item_id":"1HGCM82633A004352"}]"#, Did::ViewedCar),
            ("view_item_list", "", Did::ViewedLot),
            ("page_view", r#""page_type":"srp""#, Did::ViewedLot),
            ("generate_lead", "", Did::SubmittedForm),
            ("form_start", r#""form_name":"Prequalify""#, Did::StartedFinance),
            ("form_submit", "", Did::SubmittedForm),
            ("click", r#""link_url":"tel:+12075550148""#, Did::ClickedToCall),
            ("click", r#""link_url":"https://example.com""#, Did::Other),
            ("video_start", "", Did::ViewedMedia),
            ("select_promotion", r#""promotion_name":"Price drop","event_action":"click""#, Did::ClickedPriceAlert),
            ("search", "", Did::Searched),
            ("share", "", Did::Shared),
            ("scroll", "", Did::Other),
        ] {
            assert_eq!(did(name, params), expected, "{name} {params}");
        }
    }
}
