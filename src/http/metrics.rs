//! How is the door doing, in numbers?

use std::{
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64},
    },
    time::Duration,
};

use hyper::StatusCode;
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use super::{answer::Answer, routes::Router};

/// Upper ends of the latency classes, in seconds: the goals (2, 5, 50 ms) and a decade on either side.
const LATENCY_SECONDS: [f64; 12] = [0.000_25, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// The content type of `Metrics::text`.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRoute {
    listener: &'static str,
    method: String,
    route: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    listener: &'static str,
    method: String,
    route: &'static str,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByListener {
    listener: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByReason {
    listener: &'static str,
    reason: Refused,
}

/// Why a connection or a request was not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refused {
    /// The listener's places were all taken.
    ListenerFull,
    /// The caller's address had all of its places.
    AddressFull,
    /// A head or a body that did not come to its end in time, an answer nobody took.
    TooSlow,
    /// Not HTTP, or beyond the limits of a head.
    Malformed,
    /// A budget was spent.
    TooOften,
    /// Sent by another site's page, or to another name.
    Foreign,
}

impl EncodeLabelValue for Refused {
    fn encode(&self, encoder: &mut prometheus_client::encoding::LabelValueEncoder) -> Result<(), fmt::Error> {
        let word = match self {
            Self::ListenerFull => "listener-full",
            Self::AddressFull => "address-full",
            Self::TooSlow => "too-slow",
            Self::Malformed => "malformed",
            Self::TooOften => "too-often",
            Self::Foreign => "foreign",
        };
        fmt::Write::write_str(encoder, word)
    }
}

type Histograms = Family<ByRoute, Histogram, fn() -> Histogram>;

/// The counters of the whole process. Listeners share one; other rooms add their own lines with `register`.
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<ByOutcome, Counter<u64, AtomicU64>>,
    seconds: Histograms,
    connections: Family<ByListener, Gauge<i64, AtomicI64>>,
    live: Family<ByListener, Gauge<i64, AtomicI64>>,
    refused: Family<ByReason, Counter<u64, AtomicU64>>,
    looked_over: Gauge<i64, AtomicI64>,
    damaged: Gauge<i64, AtomicI64>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("headlight");
        let requests = Family::default();
        let seconds = Histograms::new_with_constructor(|| Histogram::new(LATENCY_SECONDS));
        let (connections, live, refused) = (Family::default(), Family::default(), Family::default());
        registry.register("http_requests", "Requests answered, by route and class of status", requests.clone());
        registry.register("http_request_seconds", "From the head of a request to its answer, in seconds", seconds.clone());
        registry.register("http_connections", "Connections open now", connections.clone());
        registry.register("http_live_streams", "Screens listening for changes now", live.clone());
        registry.register("http_refused", "Connections and requests turned away, by reason", refused.clone());
        let (looked_over, damaged) = (Gauge::default(), Gauge::default());
        registry.register("store_looked_over_seconds", "When every record was last opened, in seconds since 1970; 0 before", looked_over.clone());
        registry.register("store_damaged_records", "Records that did not open then", damaged.clone());
        Self { registry: Mutex::new(registry), requests, seconds, connections, live, refused, looked_over, damaged }
    }
}

impl Metrics {
    /// Lines of other rooms.
    pub fn register(&self, add: impl FnOnce(&mut Registry)) {
        add(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What the last look over the whole store found.
    pub fn looked_over(&self, at_s: i64, damaged: u64) {
        self.looked_over.set(at_s);
        self.damaged.set(i64::try_from(damaged).unwrap_or(i64::MAX));
    }

    /// Everything, as a scraper reads it.
    pub fn text(&self) -> Answer {
        let mut body = String::with_capacity(16 * 1024);
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing into a String cannot fail.
        let _written = text::encode(&mut body, &registry);
        Answer::bytes(OPEN_METRICS, body)
    }

    /// The counters of one listener, looked up once.
    pub(super) fn meters<C>(&self, listener: &'static str, router: &Router<C>) -> Meters {
        let outcome = |method: &str, route, status| {
            let labels = ByOutcome { listener, method: method.to_owned(), route, status };
            self.requests.get_or_create_owned(&labels)
        };
        let meter = |method: &str, route| RouteMeter {
            outcomes: ["2xx", "3xx", "4xx", "5xx"].map(|status| outcome(method, route, status)),
            seconds: self.seconds.get_or_create_owned(&ByRoute { listener, method: method.to_owned(), route }),
        };
        let refused = |reason| (reason, self.refused.get_or_create_owned(&ByReason { listener, reason }));
        Meters {
            routes: router.routes().iter().map(|route| meter(route.method.as_str(), route.path)).collect(),
            // What is not in the table shares one line, so that a scan of addresses cannot grow the memory.
            elsewhere: meter("any", "elsewhere"),
            connections: self.connections.get_or_create_owned(&ByListener { listener }),
            live: self.live.get_or_create_owned(&ByListener { listener }),
            refused: [Refused::ListenerFull, Refused::AddressFull, Refused::TooSlow, Refused::Malformed, Refused::TooOften, Refused::Foreign]
                .map(refused),
        }
    }
}

/// The counters of one listener.
#[derive(Debug)]
pub(super) struct Meters {
    routes: Vec<RouteMeter>,
    elsewhere: RouteMeter,
    connections: Gauge<i64, AtomicI64>,
    live: Gauge<i64, AtomicI64>,
    refused: [(Refused, Counter<u64, AtomicU64>); 6],
}

#[derive(Debug)]
struct RouteMeter {
    /// 2xx, 3xx, 4xx, 5xx.
    outcomes: [Counter<u64, AtomicU64>; 4],
    seconds: Histogram,
}

impl Meters {
    /// One request answered; `route` is its place in the table.
    pub(super) fn answered(&self, route: Option<usize>, status: StatusCode, took: Duration) {
        let meter = route.and_then(|index| self.routes.get(index)).unwrap_or(&self.elsewhere);
        let class = match status.as_u16() {
            0..300 => 0,
            300..400 => 1,
            400..500 => 2,
            500.. => 3,
        };
        meter.outcomes[class].inc();
        meter.seconds.observe(took.as_secs_f64());
    }

    pub(super) fn refused(&self, reason: Refused) {
        if let Some((_, counter)) = self.refused.iter().find(|(r, _)| *r == reason) {
            counter.inc();
        }
    }

    /// One more connection, until the guard goes.
    pub(super) fn connection(&self) -> Counted {
        Counted::new(&self.connections)
    }

    /// One more live stream, until the guard goes.
    pub(super) fn live_stream(&self) -> Counted {
        Counted::new(&self.live)
    }
}

/// Something that is open now.
#[derive(Debug)]
pub(super) struct Counted(Gauge<i64, AtomicI64>);

impl Counted {
    fn new(gauge: &Gauge<i64, AtomicI64>) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{
        answer::AnswerBody,
        routes::{Rights, Route, Sites},
    };
    use hyper::Method;

    #[test]
    fn a_scraper_reads_what_was_counted() -> Result<(), Box<dyn std::error::Error>> {
        let route = Route::<()>::get("/api/a/{id}", Rights::Public, |_, _| async { Ok(Answer::nothing()) }).says("Does nothing.");
        let metrics = Metrics::default();
        let meters = metrics.meters("lan", &Router::new(vec![route])?);
        meters.answered(Some(0), StatusCode::NOT_FOUND, Duration::from_millis(3));
        meters.answered(None, StatusCode::OK, Duration::from_millis(3));
        meters.refused(Refused::AddressFull);
        let open = meters.connection();
        drop(meters.connection());

        let AnswerBody::Whole(Some(body)) = metrics.text().finish(&Method::GET, None, Sites::OwnOnly).into_body() else {
            return Err("a body".into());
        };
        let text = std::str::from_utf8(&body)?;
        for line in [
            r#"headlight_http_requests_total{listener="lan",method="GET",route="/api/a/{id}",status="4xx"} 1"#,
            r#"headlight_http_requests_total{listener="lan",method="any",route="elsewhere",status="2xx"} 1"#,
            r#"headlight_http_request_seconds_bucket{le="0.005",listener="lan",method="GET",route="/api/a/{id}"} 1"#,
            r#"headlight_http_request_seconds_bucket{le="0.002",listener="lan",method="GET",route="/api/a/{id}"} 0"#,
            r#"headlight_http_connections{listener="lan"} 1"#,
            r#"headlight_http_refused_total{listener="lan",reason="address-full"} 1"#,
            "# EOF",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
        drop(open);
        Ok(())
    }
}
