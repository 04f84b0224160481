//! Finds every path that a source file names, `use` trees and macros included. It works on tokens, so comments and
//! strings cannot mislead it, and it never resolves what a name means.

use proc_macro2::{Delimiter, Group, LexError, Spacing, TokenStream, TokenTree};

/// One path as it is written, a branch of a `use` tree written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPath {
    pub line: usize,
    pub segments: Vec<String>,
    /// The module it stands in, from the root of the crate.
    pub within: Vec<String>,
}

/// Words that cannot be part of a path, though a path may follow them.
const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern", "fn", "for", "if", "impl",
    "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "static", "struct", "trait", "type",
    "unsafe", "use", "where", "while",
];

pub fn named_paths(source: &str, module: &[String]) -> Result<Vec<NamedPath>, LexError> {
    let mut found = Vec::new();
    walk(&tokens_of(source.parse()?), module, &mut found);
    Ok(found)
}

/// Whether a function with a body stands in this source, outside its modules of tests.
pub fn has_function_body(source: &str) -> Result<bool, LexError> {
    Ok(body_in(&tokens_of(source.parse()?)))
}

/// The source's tokens without spaces, comments and literals, for finding an attribute however it was laid out.
pub fn flat_text(source: &str) -> Result<String, LexError> {
    let mut flat = String::new();
    flatten(source.parse()?, &mut flat);
    Ok(flat)
}

fn flatten(stream: TokenStream, flat: &mut String) {
    for token in stream {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                flat.push_str(open);
                flatten(group.stream(), flat);
                flat.push_str(close);
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => flat.push_str(&token.to_string()),
            TokenTree::Literal(_) => {}
        }
    }
}

fn tokens_of(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

fn walk(tokens: &[TokenTree], module: &[String], found: &mut Vec<NamedPath>) {
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(_) if starts_path(tokens, at) => {
                let prefix = Path { segments: Vec::new(), whole: stands_alone(tokens, at) };
                at = read_path(tokens, at, prefix, module, found);
            }
            TokenTree::Group(group) => {
                let mut inner = module.to_vec();
                inner.extend(inline_module(tokens, at));
                walk(&tokens_of(group.stream()), &inner, found);
                at += 1;
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => at += 1,
        }
    }
}

struct Path {
    segments: Vec<String>,
    /// Worth reporting with a single segment, as in `use tokio;`; elsewhere a single word is a local name.
    whole: bool,
}

/// Reads the path that starts at `at`, reports it, and returns where reading goes on.
fn read_path(tokens: &[TokenTree], at: usize, prefix: Path, module: &[String], found: &mut Vec<NamedPath>) -> usize {
    let line = tokens[at].span().start().line;
    let mut segments = prefix.segments;
    segments.push(tokens[at].to_string());
    let mut at = at + 1;
    while colons(tokens, at) {
        match tokens.get(at + 2) {
            Some(TokenTree::Ident(name)) => segments.push(name.to_string()),
            Some(TokenTree::Punct(star)) if star.as_char() == '*' => segments.push("*".to_owned()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                read_branches(group, &segments, module, found);
                return at + 3;
            }
            Some(TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) | None => break,
        }
        at += 3;
    }
    if segments.len() > 1 || prefix.whole {
        found.push(NamedPath { line, segments, within: module.to_vec() });
    }
    at
}

fn read_branches(group: &Group, prefix: &[String], module: &[String], found: &mut Vec<NamedPath>) {
    let tokens = tokens_of(group.stream());
    for branch in tokens.split(|token| is_punct(token, ',')) {
        if !branch.is_empty() {
            let prefix = Path { segments: prefix.to_vec(), whole: true };
            read_path(branch, 0, prefix, module, found);
        }
    }
}

fn starts_path(tokens: &[TokenTree], at: usize) -> bool {
    if !path_word(&tokens[at]) {
        return false;
    }
    let goes_on = at >= 2
        && colons(tokens, at - 2)
        && at.checked_sub(3).is_some_and(|before| path_word(&tokens[before]) || is_punct(&tokens[before], '>'));
    !goes_on
}

fn stands_alone(tokens: &[TokenTree], at: usize) -> bool {
    let start = match at.checked_sub(2) {
        Some(before) if colons(tokens, before) => before,
        Some(_) | None => at,
    };
    let before = |back: usize| start.checked_sub(back).map(|at| tokens[at].to_string());
    before(1).as_deref() == Some("use")
        || (before(1).as_deref() == Some("crate") && before(2).as_deref() == Some("extern"))
}

fn inline_module(tokens: &[TokenTree], at: usize) -> Option<String> {
    let name = tokens.get(at.checked_sub(1)?)?;
    let keyword = tokens.get(at.checked_sub(2)?)?;
    (matches!(name, TokenTree::Ident(_)) && keyword.to_string() == "mod").then(|| name.to_string())
}

fn body_in(tokens: &[TokenTree]) -> bool {
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Ident(word) if word == "fn" => function_has_body(&tokens[at + 1..]),
        TokenTree::Group(group) => {
            inline_module(tokens, at).as_deref() != Some("tests") && body_in(&tokens_of(group.stream()))
        }
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn function_has_body(after_fn: &[TokenTree]) -> bool {
    let named = matches!(after_fn.first(), Some(TokenTree::Ident(_)));
    named
        && after_fn
            .iter()
            .take_while(|token| !is_punct(token, ';'))
            .any(|token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace))
}

fn path_word(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if !KEYWORDS.contains(&word.to_string().as_str()))
}

fn colons(tokens: &[TokenTree], at: usize) -> bool {
    let joint = matches!(tokens.get(at), Some(TokenTree::Punct(first))
        if first.as_char() == ':' && first.spacing() == Spacing::Joint);
    joint && tokens.get(at + 1).is_some_and(|next| is_punct(next, ':'))
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[&str]) {
        let found: Vec<String> =
            named_paths(source, &[]).unwrap().into_iter().map(|path| path.segments.join("::")).collect();
        assert_eq!(found, expected, "in: {source}");
    }

    #[test]
    fn use_trees_are_written_out() {
        check("use a::b;", &["a::b"]);
        check("use a::{b, c::{d, self}, e::*};", &["a::b", "a::c::d", "a::c::self", "a::e::*"]);
        check("use {a::b, ::c::d as e};", &["a::b", "c::d"]);
        check("use tokio; use ::cel; extern crate sqlx;", &["tokio", "cel", "sqlx"]);
    }

    #[test]
    fn paths_in_code_and_macros_are_found() {
        check(
            "fn f(x: ::a::B) -> c::D { e::<f::G>::h(); select! { _ = crate::i::j() => {} } }",
            &["a::B", "c::D", "f::G", "crate::i::j"],
        );
        check("#[tokio::test] fn f() { <a::B as c::D>::e() }", &["tokio::test", "a::B", "c::D"]);
        check("macro_rules! m { () => { $crate::a::b() } }", &["crate::a::b"]);
    }

    #[test]
    fn comments_strings_and_local_names_are_not_paths() {
        check("// use a::b;\n/// [`c::d`]\nfn f() { let bytes = \"e::f\"; g(bytes) }", &[]);
    }

    #[test]
    fn a_path_knows_its_module_and_line() {
        let found = named_paths("mod tests {\n  use super::a;\n}", &["routing".to_owned()]).unwrap();
        assert_eq!(found[0].within, ["routing", "tests"]);
        assert_eq!(found[0].line, 2);
    }

    #[test]
    fn function_bodies() {
        for source in ["fn f() {}", "impl A { fn f(&self) -> B { 1 } }", "trait A { fn f() {} }"] {
            assert!(has_function_body(source).unwrap(), "{source}");
        }
        for source in [
            "trait A { fn f(&self) -> B; }",
            "type F = fn(u8) -> u8; struct S {}",
            "#[cfg(test)] mod tests { fn f() {} }",
            "// fn f() {}\npub use a::{b};",
        ] {
            assert!(!has_function_body(source).unwrap(), "{source}");
        }
    }
}
