//! Names and notes in many scripts, found by their parts.

use proptest::prelude::*;

use crate::customers::search_terms::{
    NAME_LETTERS_MAX, NOTE_TERMS_MAX, QUERY_TERMS_MAX, SoughtTerm, Typed, WORD_LETTERS_MAX, beginning_of_query, fits,
    folded_words, note_fits, terms_of_name, terms_of_note, terms_of_note_query, terms_of_query,
};

/// As a store does it: all terms of the query stand among those of the name.
fn is_candidate(query: &str, name: &str) -> bool {
    let held = terms_of_name(name);
    let sought = terms_of_query(query);
    !sought.is_empty() && sought.iter().all(|term| held.contains(term))
}

/// By how its words begin, before anybody looks inside words.
fn is_found_at_once(query: &str, name: &str) -> bool {
    let held = terms_of_name(name);
    beginning_of_query(query).is_some_and(|sought| {
        let begins_so = |term: &String| sought.terms.iter().any(|sought| term.starts_with(sought));
        held.iter().any(begins_so) && sought.others.iter().all(|term| held.contains(term))
    })
}

fn is_note_candidate(query: &str, note: &str) -> bool {
    let held = terms_of_note(note);
    let sought = terms_of_note_query(query, Typed::Begun);
    !sought.is_empty()
        && sought.iter().all(|term| match term {
            SoughtTerm::Exactly(term) => held.contains(term),
            SoughtTerm::BeginningWith(beginning) => held.iter().any(|term| term.starts_with(beginning)),
        })
}

#[test]
fn the_terms_of_names() {
    for (name, terms) in [
        ("Ann", vec!["^a", "an", "nn", "ann", "=ann"]),
        ("Müller", vec!["^m", "er", "le", "ll", "mu", "ul", "ler", "lle", "mul", "ull", "=muller"]),
        ("Li Wu", vec!["^l", "^w", "li", "wu", "=li", "=wu", "+li+wu"]),
        ("李伟", vec!["伟", "李", "李伟", "^李", "=李伟"]),
        ("李 伟", vec!["伟", "李", "李伟", "^李", "=李伟"]),
        (
            "J. O'Neill",
            vec!["^j", "^o", "ei", "il", "ll", "ne", "on", "eil", "ill", "nei", "one", "=j", "=oneill", "+j+one"],
        ),
        ("", vec![]),
        (" -- ", vec![]),
    ] {
        let mut terms = terms;
        terms.sort_unstable();
        assert_eq!(terms_of_name(name), terms, "{name}");
    }
}

#[test]
fn names_are_found_by_their_parts_in_every_script() {
    for (query, name) in [
        ("muller", "Jürgen Müller"),
        ("MÜLL", "Jürgen Müller"),
        ("j", "Jürgen Müller"),
        ("m j", "Jürgen Müller"),
        ("ürg", "Ju\u{308}rgen Mu\u{308}ller"),
        ("strasse", "Anna Straße"),
        ("oneil", "Shaun O’Neill"),
        ("o'neil", "Shaun ONeill"),
        ("soren", "Søren Łukasiewicz"),
        ("lukas", "Søren Łukasiewicz"),
        ("ibrahim", "İbrahim Yıldız"),
        ("yildiz", "İbrahim YILDIZ"),
        ("李", "李伟"),
        ("伟", "李伟"),
        ("李伟", "李伟"),
        ("李 伟", "李伟"),
        ("伟 李", "李伟"),
        ("李伟", "李 伟"),
        ("小明", "王小明"),
        ("明", "王 小明"),
        ("олек", "Олександр Шевченко"),
        ("ШЕВЧ о", "Олександр Шевченко"),
        ("лукян", "Лук’яненко"),
        ("محمد", "مُحَمَّد علي"),
        ("احمد", "أحمد"),
        ("علی", "علي"),
        ("김", "김민수"),
        ("기", "김민수"),
        ("민수", "김 민수"),
        ("สมชาย", "นายสมชาย ใจดี"),
        ("ใจ", "นายสมชาย ใจดี"),
        ("さくら", "田中サクラ"),
        ("ｻｸﾗ", "田中さくら"),
        ("αλεξανδρος", "Αλέξανδρος"),
        ("דוד", "דָּוִד"),
        ("ｗａｎｇ", "Wang Xiaoming"),
        ("राम", "रामचंद्र"),
        ("3m", "3M Deutschland"),
        ("深圳", "ABC深圳公司"),
        ("abc", "深圳ABC公司"),
    ] {
        assert!(is_candidate(query, name), "{query} in {name}: {:?} {:?}", terms_of_query(query), terms_of_name(name));
        assert!(fits(query, name), "{query} fits {name}");
    }
}

#[test]
fn who_types_how_words_begin_finds_them_at_once() {
    let name = "Maria del Carmen Müller-Schmidt";
    for query in ["mar", "m", "schmidt", "carm mul", "schm maria", "del carmen", "maria m", "mul schmi c", "maria de"] {
        assert!(is_found_at_once(query, name), "{query}: {:?}", beginning_of_query(query));
        assert!(is_candidate(query, name) && fits(query, name), "{query}");
    }
    for query in ["ller", "maria x", "schmitt carmen", "mariam", "", "!"] {
        assert!(!is_found_at_once(query, name), "{query}");
    }
    assert!(is_found_at_once("li w", "Li Wei") && is_found_at_once("na w", "Na Wu"));
    assert!(is_found_at_once("anna s", "Anna Smith") && !is_found_at_once("a smith", "Anna Smith"));
    assert!(is_candidate("a smith", "Anna Smith"), "one letter of the first word");
    let company = "Alte Bäckerei Carl Dorn und Erben Frankfurt";
    assert!(is_found_at_once("alte erben", company) && !is_found_at_once("alte frankfurt", company));
    assert!(is_candidate("alte frankfurt", company), "the seventh word");
}

#[test]
fn what_does_not_fit_is_refused_by_the_check() {
    for (query, name) in [
        ("", "Ann"),
        ("...", "Ann"),
        ("n", "Ann"),
        ("nan", "Annan"),
        ("伟李", "李伟"),
        ("banana", "banan"),
        ("ann bob", "Ann"),
        ("민", "김"),
    ] {
        let fits_slowly = fits(query, name);
        assert_eq!(fits_slowly, query == "nan", "{query} in {name}");
    }
    assert!(is_candidate("anana", "banan nana"), "its parts alone make it a candidate");
    assert!(!fits("anana", "banan nana"));
}

#[test]
fn notes_are_found_by_the_beginnings_of_words() {
    let note = "Promised a call-back on Überweisung 4711; 客户要求退款 before Friday. ลูกค้าโกรธมาก";
    for query in
        ["promis", "ÜBER", "uberweisung 47", "call back", "退款", "款", "要求退款", "fri 客户", "โกรธ", "before friday"]
    {
        assert!(is_note_candidate(query, note), "{query}: {:?}", terms_of_note_query(query, Typed::Begun));
        assert!(note_fits(query, note), "{query}");
    }
    for query in ["romised", "weisung", "退客", "", "!"] {
        assert!(!(is_note_candidate(query, note) && note_fits(query, note)), "{query}");
    }
}

#[test]
fn whole_words_of_notes_are_asked_for_as_such() {
    let whole = |word: &str| SoughtTerm::Exactly(word.to_owned());
    let begun = |word: &str| SoughtTerm::BeginningWith(word.to_owned());
    for (typed, expected) in [
        (Typed::Whole, vec![whole("call"), whole("invo"), whole("退款")]),
        (Typed::LastBegun, vec![whole("call"), whole("退款"), begun("invo")]),
        (Typed::Begun, vec![whole("退款"), begun("call"), begun("invo")]),
    ] {
        assert_eq!(terms_of_note_query("Call 退款 invo", typed), expected, "{typed:?}");
    }
    assert_eq!(terms_of_note_query("!", Typed::Whole), []);
}

#[test]
fn hostile_texts_have_few_terms() {
    let random: String = (0..65_536u32).filter_map(|code| char::from_u32(code * 7 % 0x3_0000)).collect();
    for text in [
        "a".repeat(65_536),
        "ab ".repeat(21_845),
        "\u{301}".repeat(32_768),
        "a\u{e48}\u{e38}".repeat(9_000),
        "\u{e38}\u{e48}".repeat(9_000),
        "ﷺ".repeat(21_845),
        "李".repeat(21_845),
        "李 ".repeat(16_384),
        (0..10_000).map(|number| format!("{number} ")).collect(),
        random,
    ] {
        assert!(terms_of_name(&text).len() <= 5 * NAME_LETTERS_MAX);
        assert!(terms_of_query(&text).len() <= QUERY_TERMS_MAX);
        assert!(terms_of_note(&text).len() <= NOTE_TERMS_MAX);
        assert!(terms_of_note_query(&text, Typed::Begun).len() <= QUERY_TERMS_MAX);
        assert!(terms_of_name(&text).iter().all(|term| term.chars().count() <= 1 + WORD_LETTERS_MAX));
        let _ = (fits(&text, &text), note_fits(&text, &text), folded_words(&text));
    }
}

/// Words of one script; composed letters, as keyboards give them.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z]{1,12}",
        "[a-zäöüßéèñçåøæłšžğıİ]{1,12}",
        "[А-Яа-яёїієґ]{1,12}",
        "[Α-ΡΣ-Ωα-ωάέήίόύώ]{1,12}",
        "[ء-غف-ي]{1,10}",
        "[א-ת]{1,10}",
        "[一-龥]{1,5}",
        "[ぁ-んァ-ヶ]{1,8}",
        "[가-힣]{1,5}",
        "[ก-ฮะาเแโใไ]{1,14}",
        "[अ-हा-ौ]{1,10}",
        "[0-9]{1,8}",
        "[a-z一-龥가-힣0-9]{1,8}",
    ]
}

/// A text and a part of one of its words.
fn text_and_part(least: usize) -> impl Strategy<Value = (String, String)> {
    (prop::collection::vec(word(), 1..5), any::<prop::sample::Index>(), any::<[prop::sample::Index; 2]>(), "[ ,-]")
        .prop_map(move |(words, which, cut, separator)| {
            let letters: Vec<char> = which.get(&words).chars().collect();
            let begin = cut[0].index(letters.len());
            let length = least.max(1 + cut[1].index(letters.len()));
            let part = letters.iter().skip(begin).take(length).collect();
            (words.join(&separator), part)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_part_of_two_letters_of_a_word_is_found((name, part) in text_and_part(2)) {
        prop_assume!(part.chars().count() >= 2);
        prop_assert!(is_candidate(&part, &name), "{:?} {:?}", terms_of_query(&part), terms_of_name(&name));
        prop_assert!(fits(&part, &name));
    }

    #[test]
    fn the_first_letter_and_the_whole_name_are_found(name in prop::collection::vec(word(), 1..4)) {
        let text = name.join(" ");
        for word in &name {
            let first: String = word.chars().take(1).collect();
            prop_assert!(is_candidate(&first, &text) && fits(&first, &text));
        }
        prop_assert!(is_candidate(&text, &text) && fits(&text, &text));
        prop_assert!(is_candidate(&text.to_uppercase(), &text) && fits(&text.to_uppercase(), &text));
    }

    #[test]
    fn the_beginnings_of_two_words_are_found_at_once(
        name in prop::collection::vec(word(), 2..5),
        which in any::<[prop::sample::Index; 2]>(),
        lengths in [3usize..12, 3usize..12],
    ) {
        let text = name.join(" ");
        let held = folded_words(&text);
        prop_assume!(held.len() > 1);
        let one = which[0].index(held.len());
        let other = (one + 1 + which[1].index(held.len() - 1)) % held.len();
        let beginning = |no: usize, length: usize| held[no].chars().take(length).collect::<String>();
        let words = [beginning(one, lengths[0]), beginning(other, lengths[1])];
        let query = words.join(" ");
        prop_assume!(folded_words(&query) == words);
        prop_assert!(is_found_at_once(&query, &text), "{query} in {text}: {:?}", beginning_of_query(&query));
        prop_assert!(is_found_at_once(&words[0], &text));
    }

    #[test]
    fn what_fits_is_a_candidate(query in "\\PC{0,12}|[ab李 ]{0,6}", name in "\\PC{0,40}|[ab李 ]{0,12}") {
        if fits(&query, &name) {
            prop_assert!(is_candidate(&query, &name), "{:?} {:?}", terms_of_query(&query), terms_of_name(&name));
        }
        if note_fits(&query, &name) {
            prop_assert!(is_note_candidate(&query, &name));
        }
    }

    #[test]
    fn a_beginning_of_a_word_of_a_note_is_found(note in prop::collection::vec(word(), 1..9), which in any::<prop::sample::Index>(), length in 1usize..12) {
        let part: String = which.get(&note).chars().take(length).collect();
        let text = note.join(" ");
        prop_assert!(is_note_candidate(&part, &text) && note_fits(&part, &text));
    }

    #[test]
    fn folded_again_nothing_changes(text in "\\PC{0,40}|.{0,60}") {
        let once = folded_words(&text);
        prop_assert_eq!(folded_words(&once.join(" ")), once);
    }
}
