//! Who may ask what, where?
//!
//! One typed table feeds the router, the rights, the rate classes, the description in `schema/api.json` and the tests of all of them.
//! A listener answers only what stands in its own table: on the public one the staff's paths do not exist.

use std::{borrow::Cow, future::Future, pin::Pin};

use hyper::{Method, StatusCode};
use schemars::JsonSchema;
#[cfg(debug_assertions)]
use schemars::{Schema, SchemaGenerator};

use super::{
    answer::Answer,
    error::Problem,
    rate::RateClass,
    request::{Ctx, MAX_PAGE_ROWS, PAGE_ROWS, Peer, Req, Who},
};
use crate::domain::staff::Role;

/// What a JSON body may weigh unless the route says otherwise: 1 MiB is a thousand times a note.
const JSON_CAP_BYTES: usize = 1024 * 1024;

/// Who may call a route. There is no default: each entry says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rights {
    /// Everybody who reaches the listener.
    Public,
    /// Everybody who works here and is signed in.
    AnyStaff,
    /// Advisors, managers and the owner.
    ServiceDesk,
    /// Whoever sees what deals earn and owe: finance, managers and the owner.
    Money,
    /// Managers and the owner.
    Managers,
    Owner,
    /// A process of this machine through the server's own socket; on the network the route does not exist.
    OperatorSocket,
}

impl Rights {
    pub const ALL: [Self; 7] = [Self::Public, Self::AnyStaff, Self::ServiceDesk, Self::Money, Self::Managers, Self::Owner, Self::OperatorSocket];

    /// The one place where rights are decided. 401 asks to sign in, 403 says that signing in does not help.
    pub fn check(self, who: Option<&Who>, peer: Peer) -> Result<(), Problem> {
        let by_role = |may: fn(Role) -> bool| match who {
            None => Err(Problem::signed_out()),
            Some(who) if may(who.role) => Ok(()),
            Some(_) => Err(Problem::not_yours()),
        };
        match self {
            Self::Public => Ok(()),
            Self::AnyStaff => by_role(|role| role != Role::Unknown),
            Self::ServiceDesk => by_role(Role::runs_service),
            Self::Money => by_role(Role::sees_money),
            Self::Managers => by_role(Role::manages),
            Self::Owner => by_role(|role| role == Role::Owner),
            Self::OperatorSocket => match peer {
                Peer::Socket => Ok(()),
                Peer::Net(_) => Err(Problem::not_here()),
            },
        }
    }

    /// Whether it matters who is signed in.
    pub fn needs_somebody(self) -> bool {
        match self {
            Self::AnyStaff | Self::ServiceDesk | Self::Money | Self::Managers | Self::Owner => true,
            Self::Public | Self::OperatorSocket => false,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::AnyStaff => "any-staff",
            Self::ServiceDesk => "service-desk",
            Self::Money => "money",
            Self::Managers => "managers",
            Self::Owner => "owner",
            Self::OperatorSocket => "operator-socket",
        }
    }
}

/// Which pages may make a browser send this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sites {
    OwnOnly,
    /// The dealer's website does: the tag, its events, forms.
    Any,
}

/// What body a route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyRule {
    /// None; what is sent is ignored up to a few bytes.
    None,
    Json {
        cap_bytes: usize,
    },
    Bytes {
        cap_bytes: usize,
        /// Content types it takes; empty is any.
        types: &'static [&'static str],
    },
}

/// A shape that travels, for the description: that is written where the program is tested, so that no shipped program carries it.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    #[cfg(debug_assertions)]
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

impl Shape {
    fn of<T: JsonSchema>() -> Self {
        Self {
            #[cfg(debug_assertions)]
            schema: SchemaGenerator::subschema_for::<T>,
        }
    }
}

/// What a route gives when all is well.
#[derive(Debug, Clone)]
pub enum Gives {
    Nothing,
    Json(Shape),
    /// Server-sent events: each by its name, with the shape of its data.
    Events(Vec<(&'static str, Shape)>),
    /// Something else than JSON, by its content type.
    Other(&'static str),
}

/// One query parameter.
#[derive(Debug, Clone)]
pub struct QueryParam {
    pub name: &'static str,
    pub kind: ParamKind,
    /// Without it the request is refused.
    pub needed: bool,
    /// What it does, in a sentence.
    pub says: &'static str,
}

/// What a query parameter may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamKind {
    Text,
    /// A whole number within these bounds.
    Whole {
        least: u64,
        most: u64,
        /// What is meant when it is not said.
        usual: Option<u64>,
    },
    /// One of these; the first is meant when none is said.
    Word(Vec<&'static str>),
    /// Texts by a key each, `name[KEY]=TEXT`.
    Members,
}

/// The words a query parameter takes and what each means: the handler reads by this list, and the description tells it.
pub type Words<T> = [(&'static str, T)];

/// Browsers hold whole numbers up to here.
pub const MOST_WHOLE: u64 = (1 << 53) - 1;

impl ParamKind {
    /// An id, or how many rows to pass over.
    pub const COUNT: Self = Self::Whole { least: 0, most: MOST_WHOLE, usual: None };

    /// Rows a page.
    pub const ROWS: Self = Self::Whole { least: 1, most: MAX_PAGE_ROWS as u64, usual: Some(PAGE_ROWS as u64) };

    pub fn word<T>(words: &Words<T>) -> Self {
        Self::Word(words.iter().map(|(word, _)| *word).collect())
    }
}

/// A refusal of its own that a route may answer with.
#[derive(Debug, Clone, Copy)]
pub struct MayRefuse {
    pub status: StatusCode,
    pub code: &'static str,
    /// What it gives in place of a problem, where a sentence is not enough to go on.
    pub gives: Option<Shape>,
}

type Handler<C> = Box<dyn Fn(Ctx<C>, Req) -> Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send>> + Send + Sync>;

/// One entry of the table.
pub struct Route<C> {
    pub method: Method,
    pub path: &'static str,
    pub rights: Rights,
    pub rate: RateClass,
    pub sites: Sites,
    pub body: BodyRule,
    pub takes: Option<Shape>,
    pub gives: Gives,
    /// What it does, in a sentence.
    pub says: &'static str,
    pub query: Vec<QueryParam>,
    pub refusals: Vec<MayRefuse>,
    pub(super) handler: Handler<C>,
}

impl<C> std::fmt::Debug for Route<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({})", self.method, self.path, self.rights.word())
    }
}

impl<C> Route<C> {
    /// A read. HEAD comes with it.
    pub fn get<F, A>(path: &'static str, rights: Rights, handler: F) -> Self
    where
        F: Fn(Ctx<C>, Req) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(Method::GET, path, rights, RateClass::Read, handler)
    }

    /// A change.
    pub fn post<F, A>(path: &'static str, rights: Rights, handler: F) -> Self
    where
        F: Fn(Ctx<C>, Req) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(Method::POST, path, rights, RateClass::Write, handler)
    }

    /// A change that can be sent again with the same outcome.
    pub fn put<F, A>(path: &'static str, rights: Rights, handler: F) -> Self
    where
        F: Fn(Ctx<C>, Req) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(Method::PUT, path, rights, RateClass::Write, handler)
    }

    /// Takes something away.
    pub fn delete<F, A>(path: &'static str, rights: Rights, handler: F) -> Self
    where
        F: Fn(Ctx<C>, Req) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(Method::DELETE, path, rights, RateClass::Write, handler)
    }

    fn new<F, A>(method: Method, path: &'static str, rights: Rights, rate: RateClass, handler: F) -> Self
    where
        F: Fn(Ctx<C>, Req) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self {
            method,
            path,
            rights,
            rate,
            sites: Sites::OwnOnly,
            body: BodyRule::None,
            takes: None,
            gives: Gives::Nothing,
            says: "",
            query: Vec::new(),
            refusals: Vec::new(),
            handler: Box::new(move |ctx, req| Box::pin(handler(ctx, req))),
        }
    }

    /// What it does, in a sentence. Every entry needs one.
    #[must_use]
    pub fn says(mut self, sentence: &'static str) -> Self {
        self.says = sentence;
        self
    }

    #[must_use]
    pub fn rate(mut self, class: RateClass) -> Self {
        self.rate = class;
        self
    }

    /// Takes this shape as JSON, up to 1 MiB.
    #[must_use]
    pub fn takes<T: JsonSchema>(mut self) -> Self {
        self.takes = Some(Shape::of::<T>());
        self.body = BodyRule::Json { cap_bytes: JSON_CAP_BYTES };
        self
    }

    /// Takes no more than so many bytes of JSON.
    #[must_use]
    pub fn of_at_most(mut self, cap_bytes: usize) -> Self {
        self.body = BodyRule::Json { cap_bytes };
        self
    }

    /// Takes bytes of these content types (none named: any).
    #[must_use]
    pub fn takes_bytes(mut self, cap_bytes: usize, types: &'static [&'static str]) -> Self {
        self.body = BodyRule::Bytes { cap_bytes, types };
        self
    }

    #[must_use]
    pub fn gives<T: JsonSchema>(mut self) -> Self {
        self.gives = Gives::Json(Shape::of::<T>());
        self
    }

    /// Gives something else than JSON.
    #[must_use]
    pub fn gives_type(mut self, content_type: &'static str) -> Self {
        self.gives = Gives::Other(content_type);
        self
    }

    /// Tells this shape in a server-sent event of this name.
    #[must_use]
    pub fn tells<T: JsonSchema>(mut self, event: &'static str) -> Self {
        let told = (event, Shape::of::<T>());
        match &mut self.gives {
            Gives::Events(events) => events.push(told),
            Gives::Nothing | Gives::Json(_) | Gives::Other(_) => self.gives = Gives::Events(vec![told]),
        }
        self
    }

    /// A query parameter that may be left out.
    #[must_use]
    pub fn query(mut self, name: &'static str, kind: ParamKind, says: &'static str) -> Self {
        self.query.push(QueryParam { name, kind, needed: false, says });
        self
    }

    /// A query parameter without which the request is refused.
    #[must_use]
    pub fn needs(mut self, name: &'static str, kind: ParamKind, says: &'static str) -> Self {
        self.query.push(QueryParam { name, kind, needed: true, says });
        self
    }

    /// Gives a list by pages.
    #[must_use]
    pub fn by_pages(self) -> Self {
        self.query("after", ParamKind::COUNT, "The `next` of the page before.").query("limit", ParamKind::ROWS, "Rows a page.")
    }

    #[must_use]
    pub fn may_refuse(mut self, status: StatusCode, code: &'static str) -> Self {
        self.refusals.push(MayRefuse { status, code, gives: None });
        self
    }

    /// A refusal that gives what is needed to choose.
    #[must_use]
    pub fn may_refuse_with<T: JsonSchema>(mut self, status: StatusCode, code: &'static str) -> Self {
        self.refusals.push(MayRefuse { status, code, gives: Some(Shape::of::<T>()) });
        self
    }

    /// Other sites' pages may send it.
    #[must_use]
    pub fn any_site(mut self) -> Self {
        self.sites = Sites::Any;
        self
    }

    /// The names in braces of its path. What stands there is an id.
    pub fn path_params(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// The entries of a listener, found by path and method.
#[derive(Debug)]
pub struct Router<C> {
    routes: Vec<Route<C>>,
    /// Path to the entries that share it.
    paths: matchit::Router<Vec<usize>>,
}

/// A table that cannot be served: said at start, before a listener opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTable(pub String);

impl std::fmt::Display for BadTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the route table cannot be served: {}", self.0)
    }
}

impl std::error::Error for BadTable {}

/// An entry that was asked for: its place in the table, and the parts of the path.
pub(super) type Found = (usize, Vec<(String, String)>);

impl<C> Router<C> {
    /// Refuses two entries for one method and path, paths that could be confused, and an entry that does not say what it does.
    pub fn new(routes: Vec<Route<C>>) -> Result<Self, BadTable> {
        let mut by_path: Vec<(&'static str, Vec<usize>)> = Vec::new();
        for (index, route) in routes.iter().enumerate() {
            if route.says.is_empty() {
                return Err(BadTable(format!("{route:?} does not say what it does")));
            }
            match by_path.iter_mut().find(|(path, _)| *path == route.path) {
                None => by_path.push((route.path, vec![index])),
                Some((_, at)) if at.iter().all(|other| routes[*other].method != route.method) => at.push(index),
                Some(_) => return Err(BadTable(format!("{route:?} is there twice"))),
            }
        }
        let mut paths = matchit::Router::new();
        for (path, at) in by_path {
            paths.insert(path, at).map_err(|error| BadTable(format!("{path}: {error}")))?;
        }
        Ok(Self { routes, paths })
    }

    /// The whole table, in the order it was written.
    pub fn routes(&self) -> &[Route<C>] {
        &self.routes
    }

    /// 404 when the path is not in the table, 405 with the methods that are when only the method is not.
    pub(super) fn find(&self, method: &Method, path: &str) -> Result<Found, Problem> {
        let matched = self.paths.at(path).map_err(|_| Problem::not_here())?;
        let wanted = if method == Method::HEAD { &Method::GET } else { method };
        match matched.value.iter().find(|index| self.routes[**index].method == *wanted) {
            Some(index) => Ok((*index, matched.params.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect())),
            None => Err(Problem::wrong_method(self.methods_of(matched.value))),
        }
    }

    fn methods_of(&self, at: &[usize]) -> Vec<Method> {
        let mut methods: Vec<Method> = at.iter().map(|index| self.routes[*index].method.clone()).collect();
        if methods.contains(&Method::GET) {
            methods.push(Method::HEAD);
        }
        methods.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        methods
    }
}

impl BodyRule {
    /// The most bytes it takes.
    pub fn cap_bytes(self) -> usize {
        match self {
            Self::None => 0,
            Self::Json { cap_bytes } | Self::Bytes { cap_bytes, .. } => cap_bytes,
        }
    }

    /// 415 when the body is not of a type the route takes.
    pub(super) fn check_type(self, content_type: Option<&str>) -> Result<(), Problem> {
        match self {
            Self::None | Self::Bytes { types: [], .. } => Ok(()),
            Self::Json { .. } if content_type.is_some_and(super::guard::is_json) => Ok(()),
            Self::Json { .. } => Err(Problem::wrong_type("application/json")),
            Self::Bytes { types, .. } => {
                let is_taken = content_type.is_some_and(|sent| types.iter().any(|t| t.eq_ignore_ascii_case(sent)));
                let wanted: Cow<'_, str> = types.join(" or ").into();
                if is_taken { Ok(()) } else { Err(Problem::wrong_type(&wanted)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::ids::StaffId, http::request::SignedBy};

    async fn nothing(_: Ctx<()>, _: Req) -> Result<Answer, Problem> {
        Ok(Answer::nothing())
    }

    fn entry(method: fn(&'static str, Rights) -> Route<()>, path: &'static str) -> Route<()> {
        method(path, Rights::Public).says("Does nothing.")
    }

    fn get(path: &'static str, rights: Rights) -> Route<()> {
        Route::get(path, rights, nothing)
    }

    fn delete(path: &'static str, rights: Rights) -> Route<()> {
        Route::delete(path, rights, nothing)
    }

    #[test]
    fn a_path_finds_its_entry_and_its_parts() -> Result<(), Box<dyn std::error::Error>> {
        let router = Router::new(vec![entry(get, "/api/a"), entry(get, "/api/a/{id}"), entry(delete, "/api/a/{id}")])?;
        assert_eq!(router.find(&Method::GET, "/api/a").ok(), Some((0, vec![])));
        assert_eq!(router.find(&Method::HEAD, "/api/a/7").ok(), Some((1, vec![("id".to_owned(), "7".to_owned())])));
        assert_eq!(router.find(&Method::DELETE, "/api/a/7").ok().map(|found| found.0), Some(2));
        for path in ["/api/b", "/api/a/", "/api/a/7/x", "//api/a", "", "/API/a"] {
            assert_eq!(router.find(&Method::GET, path).err(), Some(Problem::not_here()), "{path}");
        }
        Ok(())
    }

    #[test]
    fn a_wrong_method_is_told_the_right_ones() -> Result<(), Box<dyn std::error::Error>> {
        let router = Router::new(vec![entry(get, "/x"), entry(delete, "/x")])?;
        let allowed = Problem::wrong_method(vec![Method::DELETE, Method::GET, Method::HEAD]);
        for method in [Method::POST, Method::OPTIONS, Method::TRACE, Method::PATCH] {
            assert_eq!(router.find(&method, "/x").err(), Some(allowed.clone()), "{method}");
        }
        Ok(())
    }

    #[test]
    fn a_table_that_contradicts_itself_is_refused() {
        assert!(Router::new(vec![entry(get, "/x"), entry(get, "/x")]).is_err(), "twice");
        assert!(Router::new(vec![entry(get, "/x/{a}"), entry(get, "/x/{b}")]).is_err(), "two names for one part");
        assert!(Router::new(vec![Route::get("/x", Rights::Public, nothing)]).is_err(), "says nothing");
    }

    #[test]
    fn rights_are_what_the_table_says_for_every_role() {
        let signed_in = |role| Some(Who { staff: StaffId(1), role, by: SignedBy::Bearer });
        let net = Peer::Net(std::net::IpAddr::from([10, 0, 0, 1]));
        let status = |rights: Rights, who: Option<Who>, peer| rights.check(who.as_ref(), peer).err().map_or(200, |p| p.status().as_u16());
        let everybody = [None, signed_in(Role::Unknown), signed_in(Role::Rep), signed_in(Role::Manager), signed_in(Role::Owner)];
        let table = [
            (Rights::Public, [200, 200, 200, 200, 200]),
            (Rights::AnyStaff, [401, 403, 200, 200, 200]),
            (Rights::ServiceDesk, [401, 403, 403, 200, 200]),
            (Rights::Money, [401, 403, 403, 200, 200]),
            (Rights::Managers, [401, 403, 403, 200, 200]),
            (Rights::Owner, [401, 403, 403, 403, 200]),
            (Rights::OperatorSocket, [404, 404, 404, 404, 404]),
        ];
        for (rights, expected) in table {
            let got = everybody.clone().map(|who| status(rights, who, net));
            assert_eq!(got, expected, "{rights:?}");
        }
        for role in [Role::Rep, Role::Bdc, Role::Advisor, Role::Finance] {
            assert_eq!(status(Rights::AnyStaff, signed_in(role), net), 200, "{role:?}");
            assert_eq!(status(Rights::Managers, signed_in(role), net), 403, "{role:?}");
            assert_eq!(status(Rights::Money, signed_in(role), net), if role == Role::Finance { 200 } else { 403 }, "{role:?}");
            assert_eq!(status(Rights::ServiceDesk, signed_in(role), net), if role == Role::Advisor { 200 } else { 403 }, "{role:?}");
        }
        assert_eq!(status(Rights::OperatorSocket, None, Peer::Socket), 200);
        assert_eq!(status(Rights::Owner, None, Peer::Socket), 401, "the socket proves no person");
    }
}
