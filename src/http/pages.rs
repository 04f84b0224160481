//! The consoles' pages, built before and carried in the binary. Without them, one page says how to build them.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

use super::HttpError;

/// In debug builds read from the disk, so that new pages need no new server.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

/// The page of every address that is not a file: its scripts read the address.
const INDEX: &str = "index.html";
/// Files here have a hash of their content in their name.
const HASHED_FOLDER: &str = "assets/";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Usher</title>\
    <h1>Usher runs, its pages are not built</h1>\
    <p>Build them with <code>make demo</code>, or in the folder <code>web</code> with <code>npm ci</code> and \
    <code>npm run build</code>; then load this page again.</p></html>";

struct File {
    bytes: Cow<'static, [u8]>,
    /// Of the bytes.
    hash: [u8; 32],
}

pub(super) async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return HttpError::WrongMethod.into_response();
    }
    let built = |path: &str| Built::get(path).map(|file| File { hash: file.metadata.sha256_hash(), bytes: file.data });
    answer(built, uri.path(), &headers)
}

fn answer(built: impl Fn(&str) -> Option<File>, path: &str, headers: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let path = if is_file { path } else { INDEX };
    let accepts_gzip = header_has(headers, &header::ACCEPT_ENCODING, "gzip");
    let packed = if accepts_gzip { built(&format!("{path}.gz")) } else { None };
    let is_packed = packed.is_some();
    let Some(file) = packed.or_else(|| built(path)) else {
        let there_is_nothing = is_file || built(INDEX).is_some();
        return if there_is_nothing {
            HttpError::UnknownPath.into_response()
        } else {
            (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response()
        };
    };
    let tag = tag_of(&file.hash);
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { file.bytes.into_owned().into_response() };
    let answer = response.headers_mut();
    let lasts = if path.starts_with(HASHED_FOLDER) { FOR_EVER } else { ASK_EACH_TIME };
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasts));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::ETAG, HeaderValue::try_from(tag).expect("a tag is made of hexadecimal digits"));
    if is_packed {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn header_has(headers: &HeaderMap, name: &header::HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| {
        let mut parts = part.split(';').map(str::trim);
        parts.next() == Some(word) && parts.next() != Some("q=0")
    })
}

fn tag_of(hash: &[u8; 32]) -> String {
    let digits: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 4] = [
        ("index.html", "<p>"),
        ("assets/main-1a2b.js", "1"),
        ("assets/main-1a2b.js.gz", "packed"),
        ("icon.svg", "<svg>"),
    ];

    fn get(path: &str, headers: &[(header::HeaderName, &'static str)]) -> Response {
        let built = |wanted: &str| {
            let (_, text) = FILES.iter().find(|(path, _)| *path == wanted)?;
            Some(File { bytes: text.as_bytes().into(), hash: [text.len() as u8; 32] })
        };
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        answer(built, path, &headers)
    }

    fn header_of(response: &Response, name: header::HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn an_address_without_a_file_is_the_index() {
        for path in ["/", "/agent", "/agent/", "/board/sales"] {
            let response = get(path, &[]);
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/html; charset=utf-8");
            assert_eq!(header_of(&response, header::CACHE_CONTROL), ASK_EACH_TIME);
        }
        for path in ["/missing.js", "/assets/main.js", "/../Cargo.toml", "/assets/../index.htm"] {
            assert_eq!(get(path, &[]).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn hashed_files_are_kept_and_packed() {
        let plain = get("/assets/main-1a2b.js", &[]);
        assert_eq!(header_of(&plain, header::CACHE_CONTROL), FOR_EVER);
        assert_eq!(header_of(&plain, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
        assert_eq!(header_of(&plain, header::CONTENT_ENCODING), "");
        let packed = get("/assets/main-1a2b.js", &[(header::ACCEPT_ENCODING, "br, gzip;q=0.5")]);
        assert_eq!(header_of(&packed, header::CONTENT_ENCODING), "gzip");
        assert_eq!(header_of(&packed, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
        let refused = get("/assets/main-1a2b.js", &[(header::ACCEPT_ENCODING, "gzip;q=0")]);
        assert_eq!(header_of(&refused, header::CONTENT_ENCODING), "");
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let first = get("/icon.svg", &[]);
        assert_eq!(header_of(&first, header::CONTENT_TYPE), "image/svg+xml");
        let tag: &'static str = header_of(&first, header::ETAG).to_owned().leak();
        assert_eq!(get("/icon.svg", &[(header::IF_NONE_MATCH, tag)]).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(get("/icon.svg", &[(header::IF_NONE_MATCH, "\"other\"")]).status(), StatusCode::OK);
    }

    #[test]
    fn without_pages_one_says_how_to_build_them() {
        let response = answer(|_| None, "/", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer(|_| None, "/icon.svg", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
        assert!(NOT_BUILT.contains("npm run build"));
    }
}
