//! What does the API look like to who has never seen it?
//!
//! OpenAPI 3.1, written from the route table alone, the same bytes every time. `schema/api.json` is this, and the screens' types are
//! made from that.

use std::collections::BTreeMap;

use hyper::StatusCode;
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    error::ProblemShape,
    rate::RateClass,
    routes::{BadTable, BodyRule, Gives, MayRefuse, ParamKind, QueryParam, Rights, Route, Router, Shape},
};

/// What the description says of itself.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub title: &'a str,
    pub version: &'a str,
    /// The name of the session cookie.
    pub cookie: &'a str,
}

/// The shapes that travel. What we give names every field; what we take may leave out those that have a default.
struct Shapes {
    given: SchemaGenerator,
    taken: SchemaGenerator,
}

impl Shapes {
    fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|s| {
            s.definitions_path = "/components/schemas".into();
            s.meta_schema = None;
        });
        Self { given: settings.clone().for_serialize().into_generator(), taken: settings.for_deserialize().into_generator() }
    }

    fn given(&mut self, shape: Shape) -> Schema {
        (shape.schema)(&mut self.given)
    }

    fn taken(&mut self, shape: Shape) -> Schema {
        (shape.schema)(&mut self.taken)
    }

    /// All of them by name. A name that means one thing when given and another when taken is refused.
    fn named(mut self) -> Result<Map<String, Value>, BadTable> {
        let mut named = self.given.take_definitions(true);
        for (name, shape) in self.taken.take_definitions(true) {
            match named.get(&name) {
                Some(given) if *given != shape => return Err(BadTable(format!("`{name}` is given in one shape and taken in another"))),
                Some(_) => {}
                None => drop(named.insert(name, shape)),
            }
        }
        Ok(named)
    }
}

/// The description of one listener's table, as indented JSON with a newline at the end.
pub fn describe<C>(about: About<'_>, router: &Router<C>) -> Result<String, BadTable> {
    let mut shapes = Shapes::new();
    let problem = json!({ "application/problem+json": { "schema": shapes.given.subschema_for::<ProblemShape>() } });
    let mut paths = Map::new();
    for route in router.routes() {
        let path = paths.entry(route.path).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(methods) = path {
            methods.insert(route.method.as_str().to_ascii_lowercase(), operation(route, &mut shapes, &problem));
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": about.title, "version": about.version },
        "paths": paths,
        "components": {
            "schemas": shapes.named()?,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": about.cookie, "description": "Set by signing in; for our own screens only." },
                "token": { "type": "http", "scheme": "bearer" },
            },
        },
    });
    let mut text = serde_json::to_string_pretty(&document).map_err(|error| BadTable(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

fn operation<C>(route: &Route<C>, shapes: &mut Shapes, problem: &Value) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".into(), operation_id(route).into());
    operation.insert("summary".into(), route.says.into());
    operation.insert("x-rights".into(), route.rights.word().into());
    operation.insert("x-rate".into(), route.rate.word().into());
    let parameters: Vec<Value> = route.path_params().map(path_param).chain(route.query.iter().map(query_param)).collect();
    if !parameters.is_empty() {
        operation.insert("parameters".into(), parameters.into());
    }
    if route.rights.needs_somebody() {
        operation.insert("security".into(), json!([{ "session": [] }, { "token": [] }]));
    }
    if let Some(body) = request_body(route, shapes) {
        operation.insert("requestBody".into(), body);
    }
    operation.insert("responses".into(), responses(route, shapes, problem));
    Value::Object(operation)
}

/// `post_api_alerts_id_claim`: unique because method and path are.
fn operation_id<C>(route: &Route<C>) -> String {
    let words = route.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let method = route.method.as_str().to_ascii_lowercase();
    std::iter::once(method.as_str()).chain(words).collect::<Vec<_>>().join("_")
}

fn path_param(name: &'static str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": param_schema(&ParamKind::COUNT) })
}

fn query_param(param: &QueryParam) -> Value {
    let mut schema = param_schema(&param.kind);
    if let (ParamKind::Word(words), false) = (&param.kind, param.needed) {
        schema["default"] = words.first().copied().into();
    }
    let mut described = json!({ "name": param.name, "in": "query", "required": param.needed, "description": param.says, "schema": schema });
    if param.kind == ParamKind::Members {
        described["style"] = "deepObject".into();
    }
    described
}

fn param_schema(kind: &ParamKind) -> Value {
    match kind {
        ParamKind::Text => json!({ "type": "string" }),
        ParamKind::Whole { least, most, usual: None } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        ParamKind::Whole { least, most, usual } => json!({ "type": "integer", "minimum": least, "maximum": most, "default": usual }),
        ParamKind::Word(words) => json!({ "type": "string", "enum": words }),
        ParamKind::Members => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
    }
}

fn request_body<C>(route: &Route<C>, shapes: &mut Shapes) -> Option<Value> {
    let content: Map<String, Value> = match route.body {
        BodyRule::None => return None,
        BodyRule::Json { .. } => {
            let schema = route.takes.map_or_else(|| json!({}), |shape| shapes.taken(shape).to_value());
            std::iter::once(("application/json".to_owned(), json!({ "schema": schema }))).collect()
        }
        BodyRule::Bytes { types: [], .. } => std::iter::once(("*/*".to_owned(), json!({}))).collect(),
        BodyRule::Bytes { types, .. } => types.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect(),
    };
    Some(json!({ "required": true, "content": content, "x-max-bytes": route.body.cap_bytes() }))
}

fn responses<C>(route: &Route<C>, shapes: &mut Shapes, problem: &Value) -> Value {
    let mut responses = BTreeMap::new();
    let good = match &route.gives {
        Gives::Nothing => (StatusCode::NO_CONTENT, json!({ "description": "Done." })),
        Gives::Json(shape) => {
            let schema = shapes.given(*shape);
            (StatusCode::OK, json!({ "description": "Done.", "content": { "application/json": { "schema": schema } } }))
        }
        Gives::Events(events) => {
            let events: Map<String, Value> = events.iter().map(|(name, shape)| ((*name).to_owned(), shapes.given(*shape).to_value())).collect();
            let stream = json!({ "schema": { "type": "string" }, "x-events": events });
            (StatusCode::OK, json!({ "description": "Done.", "content": { "text/event-stream": stream } }))
        }
        Gives::Other(kind) => (StatusCode::OK, json!({ "description": "Done.", "content": { *kind: {} } })),
    };
    responses.insert(good.0.as_u16().to_string(), good.1);
    for (status, codes) in refusals(route) {
        let description = StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or("Refused");
        let mut refusal = json!({ "description": format!("{description}."), "content": problem });
        if !codes.is_empty() {
            refusal["x-codes"] = codes.into();
        }
        for shape in route.refusals.iter().filter(|r| r.status.as_u16() == status).filter_map(|r| r.gives) {
            refusal["content"]["application/json"] = json!({ "schema": shapes.given(shape) });
        }
        responses.insert(status.to_string(), refusal);
    }
    json!(responses)
}

/// Every status the route may refuse with: its own, and those its entry brings with it.
fn refusals<C>(route: &Route<C>) -> BTreeMap<u16, Vec<&'static str>> {
    let mut by_status: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    for status in usual_refusals(route) {
        by_status.entry(status.as_u16()).or_default();
    }
    for MayRefuse { status, code, .. } in &route.refusals {
        by_status.entry(status.as_u16()).or_default().push(code);
    }
    by_status
}

fn usual_refusals<C>(route: &Route<C>) -> Vec<StatusCode> {
    let mut usual = vec![StatusCode::BAD_REQUEST, StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE];
    if route.rights.needs_somebody() {
        usual.extend([StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN]);
    }
    if route.rights == Rights::OperatorSocket || route.path_params().next().is_some() {
        usual.push(StatusCode::NOT_FOUND);
    }
    match route.body {
        BodyRule::None => {}
        BodyRule::Json { .. } | BodyRule::Bytes { .. } => {
            usual.extend([StatusCode::REQUEST_TIMEOUT, StatusCode::PAYLOAD_TOO_LARGE, StatusCode::UNSUPPORTED_MEDIA_TYPE]);
        }
    }
    if route.rate != RateClass::Free {
        usual.push(StatusCode::TOO_MANY_REQUESTS);
    }
    usual
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::answer::Answer;

    #[derive(serde::Deserialize, schemars::JsonSchema)]
    #[expect(dead_code, reason = "only its schema matters")]
    struct Snooze {
        until_ms: i64,
        why: Option<Reason>,
    }

    #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    enum Reason {
        Busy,
    }

    #[derive(serde::Serialize, schemars::JsonSchema)]
    struct Snoozed {
        why: Option<Reason>,
    }

    #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    struct TwoFaced {
        #[serde(default)]
        note: String,
    }

    const ABOUT: About<'_> = About { title: "Headlight", version: "1", cookie: "session" };

    fn router() -> Router<()> {
        let nothing = |_, _| async { Ok(Answer::nothing()) };
        let snooze = Route::post("/api/alerts/{id}/snooze", Rights::AnyStaff, nothing)
            .takes::<Snooze>()
            .gives::<Snoozed>()
            .query("how", ParamKind::Word(vec!["loudly", "quietly"]), "Whom it tells.")
            .needs("times", ParamKind::Whole { least: 1, most: 9, usual: None }, "How often.")
            .may_refuse(StatusCode::CONFLICT, "already-closed")
            .says("Puts it off.");
        let health = Route::get("/healthz", Rights::Public, nothing).rate(RateClass::Free).gives_type("text/plain").says("Says it is alive.");
        let live = Route::get("/api/live", Rights::AnyStaff, nothing).tells::<Snoozed>("snoozed").tells::<Reason>("why").says("Tells it.");
        Router::new(vec![snooze, health, live]).unwrap()
    }

    #[test]
    fn the_description_is_the_table() {
        let text = describe(ABOUT, &router()).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        let snooze = &document["paths"]["/api/alerts/{id}/snooze"]["post"];
        assert_eq!(snooze["operationId"], "post_api_alerts_id_snooze");
        assert_eq!(snooze["x-rights"], "any-staff");
        assert_eq!(snooze["parameters"][0]["name"], "id");
        assert_eq!(snooze["parameters"][0]["schema"]["type"], "integer");
        let how = json!({ "type": "string", "enum": ["loudly", "quietly"], "default": "loudly" });
        assert_eq!((&snooze["parameters"][1]["schema"], &snooze["parameters"][1]["required"]), (&how, &json!(false)));
        let times = json!({ "type": "integer", "minimum": 1, "maximum": 9 });
        assert_eq!((&snooze["parameters"][2]["schema"], &snooze["parameters"][2]["required"]), (&times, &json!(true)));
        assert_eq!(snooze["requestBody"]["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/Snooze");
        assert_eq!(snooze["responses"]["409"]["x-codes"][0], "already-closed");
        for status in ["200", "400", "401", "403", "404", "408", "413", "415", "429", "500", "503"] {
            assert!(snooze["responses"][status].is_object(), "{status}");
        }
        let health = &document["paths"]["/healthz"]["get"];
        assert!(health["responses"]["401"].is_null());
        assert!(health["responses"]["429"].is_null());
        let events = &document["paths"]["/api/live"]["get"]["responses"]["200"]["content"]["text/event-stream"]["x-events"];
        assert_eq!(events["snoozed"]["$ref"], "#/components/schemas/Snoozed");
        assert_eq!(events["why"]["$ref"], "#/components/schemas/Reason");
        for name in ["Snooze", "Snoozed", "Reason", "Problem"] {
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
        assert!(!text.contains("$schema") && !text.contains("$defs"));
    }

    #[test]
    fn what_is_given_names_every_field_and_what_is_taken_may_leave_some_out() {
        let document: Value = serde_json::from_str(&describe(ABOUT, &router()).unwrap()).unwrap();
        assert_eq!(document["components"]["schemas"]["Snoozed"]["required"], json!(["why"]));
        assert_eq!(document["components"]["schemas"]["Snooze"]["required"], json!(["until_ms"]));
    }

    #[test]
    fn one_name_for_two_shapes_is_refused() {
        let nothing = |_, _| async { Ok(Answer::nothing()) };
        let route = Route::post("/x", Rights::Public, nothing).takes::<TwoFaced>().gives::<TwoFaced>().says("Says it both ways.");
        assert!(describe(ABOUT, &Router::<()>::new(vec![route]).unwrap()).is_err());
    }

    #[test]
    fn the_description_is_the_same_bytes_every_time() {
        assert_eq!(describe(ABOUT, &router()).unwrap(), describe(ABOUT, &router()).unwrap());
    }
}
