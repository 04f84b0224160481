//! What a route is: method, path, who may, what goes in and comes out. The router and the document are both made of it.

use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::access::Role;

use super::caller::Caller;
use super::{HttpError, Parts};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As the document writes it.
    pub fn word(self) -> &'static str {
        match self {
            Method::Get => "get",
            Method::Post => "post",
            Method::Put => "put",
            Method::Patch => "patch",
            Method::Delete => "delete",
        }
    }

    fn filter(self) -> MethodFilter {
        match self {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
        }
    }
}

/// Whom a route answers. Nobody else, whatever the handler does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Who {
    Anybody,
    LoggedIn,
    OneOf(&'static [Role]),
}

/// A type as the document needs it.
#[derive(Clone, Copy)]
pub(super) struct TypeOf(pub fn(&mut SchemaGenerator) -> Schema);

impl TypeOf {
    fn of<T: JsonSchema>() -> TypeOf {
        TypeOf(|generator| generator.subschema_for::<T>())
    }
}

/// What an answer holds.
#[derive(Clone, Copy)]
pub(super) enum Content {
    Nothing,
    Json(TypeOf),
    AnyJson,
    Csv,
}

pub(super) struct Answer {
    pub status: StatusCode,
    pub purpose: &'static str,
    pub content: Content,
}

pub(super) struct Route {
    pub method: Method,
    pub path: &'static str,
    pub who: Who,
    pub purpose: &'static str,
    pub query: Option<TypeOf>,
    pub body: Option<TypeOf>,
    pub answers: Vec<Answer>,
    /// The body is a file, as long as it may be.
    pub takes_file: bool,
    /// It may be refused for what stands against it, though its path names nothing.
    pub is_contested: bool,
    /// Answers have an etag.
    pub has_etag: bool,
    /// It may be refused for what stands in files.
    pub reads_files: bool,
    /// The answer has an etag, which `If-None-Match` may name.
    pub is_tagged: bool,
    /// `If-Match` is expected.
    pub is_guarded: bool,
    /// `If-Match` and `If-None-Match` are heeded.
    pub is_conditional: bool,
    handler: MethodRouter<Parts>,
}

macro_rules! methods {
    ($($name:ident: $method:ident,)+) => {$(
        pub(super) fn $name<T: 'static>(
            path: &'static str,
            who: Who,
            handler: impl Handler<T, Parts>,
            purpose: &'static str,
        ) -> Route {
            Route::new(Method::$method, path, who, on(Method::$method.filter(), handler), purpose)
        }
    )+};
}

methods! { get: Get, post: Post, put: Put, patch: Patch, delete: Delete, }

impl Route {
    fn new(method: Method, path: &'static str, who: Who, handler: MethodRouter<Parts>, purpose: &'static str) -> Route {
        Route {
            method,
            path,
            who,
            purpose,
            query: None,
            body: None,
            answers: Vec::new(),
            takes_file: false,
            is_contested: false,
            has_etag: false,
            reads_files: false,
            is_tagged: false,
            is_guarded: false,
            is_conditional: false,
            handler,
        }
    }

    pub fn query<T: JsonSchema>(self) -> Route {
        Route { query: Some(TypeOf(T::json_schema)), ..self }
    }

    pub fn body<T: JsonSchema>(self) -> Route {
        Route { body: Some(TypeOf::of::<T>()), ..self }
    }

    fn answer(mut self, status: StatusCode, content: Content, purpose: &'static str) -> Route {
        self.answers.push(Answer { status, purpose, content });
        self
    }

    pub fn shows<T: JsonSchema>(self, purpose: &'static str) -> Route {
        self.answer(StatusCode::OK, Content::Json(TypeOf::of::<T>()), purpose)
    }

    pub fn adds<T: JsonSchema>(self, purpose: &'static str) -> Route {
        self.answer(StatusCode::CREATED, Content::Json(TypeOf::of::<T>()), purpose)
    }

    pub fn begins<T: JsonSchema>(self, purpose: &'static str) -> Route {
        self.answer(StatusCode::ACCEPTED, Content::Json(TypeOf::of::<T>()), purpose)
    }

    pub fn shows_any(self, purpose: &'static str) -> Route {
        self.answer(StatusCode::OK, Content::AnyJson, purpose)
    }

    pub fn streams(self, purpose: &'static str) -> Route {
        self.answer(StatusCode::OK, Content::Csv, purpose)
    }

    pub fn ends(self, purpose: &'static str) -> Route {
        self.answer(StatusCode::NO_CONTENT, Content::Nothing, purpose)
    }

    pub fn takes_file(self) -> Route {
        Route { takes_file: true, ..self }
    }

    pub fn contested(self) -> Route {
        Route { is_contested: true, ..self }
    }

    pub fn etagged(self) -> Route {
        Route { has_etag: true, ..self }
    }

    pub fn tagged(self) -> Route {
        Route { is_tagged: true, has_etag: true, ..self }
    }

    pub fn guarded(self) -> Route {
        Route { is_guarded: true, has_etag: true, ..self }
    }

    pub fn conditional(self) -> Route {
        Route { is_conditional: true, has_etag: true, ..self }
    }

    pub fn reads_files(self) -> Route {
        Route { reads_files: true, ..self }
    }

    /// The handler behind the check of who asks.
    pub fn into_handler(self, parts: &Parts) -> MethodRouter<Parts> {
        self.handler.route_layer(from_fn_with_state((parts.clone(), self.who), permit))
    }
}

async fn permit(State((parts, who)): State<(Parts, Who)>, mut request: Request, next: Next) -> Response {
    match admitted(&parts, who, request.headers()).await {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            let behind = behind_customer(request.uri());
            let mut response = next.run(request).await;
            if response.status() == StatusCode::PERMANENT_REDIRECT {
                lengthen_location(response.headers_mut(), &behind);
            }
            response
        }
        Err(error) => error.into_response(),
    }
}

/// What stands behind the customer in a path: the same is sought of the one that it is part of now.
fn behind_customer(uri: &Uri) -> String {
    let whole = uri.path_and_query().map_or("", PathAndQuery::as_str);
    let Some(rest) = whole.strip_prefix("/api/v1/customers/") else { return String::new() };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    rest[end..].to_owned()
}

fn lengthen_location(headers: &mut HeaderMap, behind: &str) {
    let kept = headers.get(header::LOCATION).and_then(|location| location.to_str().ok());
    if let Some(whole) = kept.and_then(|kept| HeaderValue::try_from(format!("{kept}{behind}")).ok()) {
        headers.insert(header::LOCATION, whole);
    }
}

async fn admitted(parts: &Parts, who: Who, headers: &HeaderMap) -> Result<Option<Caller>, HttpError> {
    match who {
        Who::Anybody => Ok(None),
        Who::LoggedIn => Caller::of(parts, headers).await.map(Some),
        Who::OneOf(roles) => {
            let caller = Caller::of(parts, headers).await?;
            let may = roles.iter().any(|role| caller.0.roles.contains(*role));
            if may { Ok(Some(caller)) } else { Err(HttpError::NotPermitted) }
        }
    }
}
