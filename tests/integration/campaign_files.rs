//! Wrong files of leads, wrong settings and wrong packs of law, as the program itself takes them: each is refused by its place and
//! with what was expected, and what is right beside it is taken over.

use std::path::Path;
use std::process::Output;

use crate::live_server::{RULES, usher};
use crate::support::surroundings::{repository_root, temp_dir};

const CAMPAIGN: &str = "queue = \"general\"\ngateway = \"gw\"\nmode = \"progressive\"\npurpose = \"sales\"\n\
                        [disposition.done]\nreached = \"right_party\"\nfinal = \"contact\"\n";
const LEADS: &str = "Phone,Name,Time zone\n+33199000001,Zoé,Europe/Paris\n+33199000002,Bo,\n";

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    usher(folder).args(arguments).output().unwrap()
}

/// A folder with rules, a campaign and its list.
fn prepared() -> tempfile::TempDir {
    let folder = temp_dir();
    std::fs::create_dir_all(folder.path().join("rules/queues")).unwrap();
    for (file, text) in RULES {
        std::fs::write(folder.path().join("rules").join(file), text).unwrap();
    }
    std::fs::write(folder.path().join("campaign.toml"), CAMPAIGN).unwrap();
    std::fs::write(folder.path().join("list.toml"), "campaign = \"winback\"\ndefault_country = \"FR\"\n").unwrap();
    for arguments in [
        ["campaign", "create", "winback", "--settings", "campaign.toml", "--by", "eva"],
        ["list", "create", "spring", "--settings", "list.toml", "--by", "eva"],
    ] {
        let made = run(folder.path(), &arguments);
        assert!(made.status.success(), "{}", said(&made));
    }
    folder
}

/// What became of a file of leads, and the rows that were refused, without their headings.
fn imported(folder: &Path, file: &str, bytes: &[u8]) -> (Output, String) {
    std::fs::write(folder.join(file), bytes).unwrap();
    let refused = folder.join("refused.csv");
    let arguments = ["import", "leads", "spring", file, "--accept-guess", "--errors", "refused.csv", "--by", "eva"];
    let output = run(folder, &arguments);
    let rows = std::fs::read(&refused).unwrap_or_default();
    // None is written when the whole file is refused.
    let _ = std::fs::remove_file(refused);
    let rows = String::from_utf8_lossy(&rows);
    (output, rows.split_once('\n').map(|(_, rows)| rows.to_owned()).unwrap_or_default())
}

fn leads(folder: &Path) -> String {
    let shown = run(folder, &["list", "show"]);
    String::from_utf8(shown.stdout).unwrap().trim_end().rsplit('\t').next().unwrap().to_owned()
}

#[test]
fn a_file_in_another_encoding_is_refused_whole_or_by_its_rows() {
    let folder = prepared();
    let wide = |is_big: bool| -> Vec<u8> {
        LEADS.encode_utf16().flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let files = [
        ("le-bom.csv", [&[0xff, 0xfe], &wide(false)[..]].concat()),
        ("be-bom.csv", [&[0xfe, 0xff], &wide(true)[..]].concat()),
        ("le.csv", wide(false)),
        ("be.csv", wide(true)),
    ];
    for (file, bytes) in files {
        let (output, _) = imported(folder.path(), file, &bytes);
        let told = said(&output);
        assert!(!output.status.success() && told.contains("expected CSV in UTF-8"), "{file}: {told}");
        assert!(told.contains("found UTF-16"), "{file}: {told}");
        assert_eq!(leads(folder.path()), "0 leads", "{file}");
    }
    let latin: Vec<u8> = LEADS.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let (output, rows) = imported(folder.path(), "latin.csv", &latin);
    assert!(output.status.success(), "{}", said(&output));
    assert!(rows.starts_with("2,Name,\"expected text in UTF-8, found bytes that are none\""), "{rows}");
    assert_eq!((rows.lines().count(), &*leads(folder.path())), (1, "1 leads"));
    let (output, rows) = imported(folder.path(), "utf8-bom.csv", &[&[0xef, 0xbb, 0xbf], LEADS.as_bytes()].concat());
    assert!(output.status.success(), "{}", said(&output));
    assert!(rows.starts_with("3,Phone,expected a number that this list does not have yet"), "{rows}");
    assert_eq!(leads(folder.path()), "2 leads");
}

#[test]
fn a_row_that_is_wrong_is_refused_and_the_others_are_taken_over() {
    let folder = prepared();
    let file = "Phone,Name,Time zone\n+33199000011,Ann,Europe/Paris\n+33199000012,Bo\n+33199000013,Cy,Europe/Paris,more\n\
                01 99 00 00 11,Di,\n+33199000014,Ed,Mars/Olympus\n+33 1 99,Fa,\nabc,Gu,\n,Hal,\n+33199000015,A\0b,\n\
                +33199000016;+33199000017;+33199000016,Ida,\n\"+33199000018,Jo,Europe/Paris\n+33199000019,Kay,\n";
    let (output, rows) = imported(folder.path(), "broken.csv", file.as_bytes());
    assert!(output.status.success(), "{}", said(&output));
    let refused = [
        "3,,\"expected 3 cells, found 2\"",
        "4,,\"expected 3 cells, found 4\"",
        "5,Phone,expected a number that stands in this file once",
        "6,Time zone,expected a time zone such as Europe/Paris",
        "7,Phone,… is not a phone number: expected more digits for its country",
        "8,Phone,\"… is not a phone number: expected one number",
        "9,,expected a number to call",
        "10,Name,\"expected text, found a control character\"",
        // The quote that is never closed takes the rest of the file.
        "12,,\"expected 3 cells, found 1\"",
    ];
    for reason in refused {
        assert!(rows.lines().any(|row| row.starts_with(reason)), "{reason}: {rows}");
    }
    let counts = String::from_utf8_lossy(&output.stdout).into_owned();
    let count =
        |of: &str| counts.lines().find(|line| line.starts_with(of)).unwrap().rsplit(' ').next().unwrap().to_owned();
    assert_eq!((&*count("added"), &*count("refused")), ("2", "9"), "{counts}");
    assert_eq!(leads(folder.path()), "2 leads");
}

#[test]
fn settings_that_make_no_sense_make_no_campaign() {
    let folder = prepared();
    let hours = |zone: &str, hours: &str| format!("[hours]\nzone = \"{zone}\"\nweek = {{ mon-fri = [\"{hours}\"] }}\n");
    let cap = |calls: u32, within: &str| format!("[[cap]]\ncalls = {calls}\nwithin = \"{within}\"\nper = \"number\"\n");
    for (wrong, told) in [
        (hours("lead", "20:00-08:00"), "week: expected an end after the beginning"),
        (hours("lead", "08:00-08:00"), "week: expected an end after the beginning"),
        (hours("Mars/Olympus", "08:00-20:00"), "zone: expected \"lead\" or a time zone such as Europe/Paris"),
        ("[hours]\nzone = \"lead\"\nweek = {}\n".to_owned(), "week: expected hours on one day at least"),
        (cap(0, "24 h"), "calls = 0"),
        (cap(3, "0 h"), "cap: expected a time above zero"),
        ("[retries]\nattempts_of_lead_max = 0\n".to_owned(), "`attempts_of_lead_max` is 0; expected 1 or more"),
    ] {
        std::fs::write(folder.path().join("wrong.toml"), format!("{CAMPAIGN}{wrong}")).unwrap();
        let output = run(folder.path(), &["campaign", "create", "autumn", "--settings", "wrong.toml", "--by", "eva"]);
        assert!(!output.status.success() && said(&output).contains(told), "{wrong}: {}", said(&output));
    }
    let shown = run(folder.path(), &["campaign", "show"]);
    assert_eq!(String::from_utf8_lossy(&shown.stdout).lines().count(), 1, "only the first is there");
}

#[test]
fn a_server_does_not_begin_with_a_pack_that_is_wrong() {
    let folder = prepared();
    let packs = folder.path().join("rules/jurisdictions");
    std::fs::create_dir_all(&packs).unwrap();
    let france = std::fs::read_to_string(repository_root().join("routing-rules/jurisdictions/france.toml")).unwrap();
    let source = france.lines().find(|line| line.starts_with("source = ")).unwrap();
    for (wrong, told) in [
        (
            france.replacen("allowed = false", "allowed = true", 1),
            "allowed is true, and by this pack a call is refused",
        ),
        (france.replacen(source, "", 1), "source is missing"),
    ] {
        std::fs::write(packs.join("france.toml"), &wrong).unwrap();
        let checked = run(folder.path(), &["rules", "check", "rules"]);
        let all = format!("{}{}", String::from_utf8_lossy(&checked.stdout), said(&checked));
        assert!(!checked.status.success() && all.contains(told), "{all}");
        assert!(all.contains("jurisdictions/france.toml:"), "{all}");
        let served = run(folder.path(), &["serve"]);
        assert!(!served.status.success(), "it must not begin");
        assert_eq!(said(&served).matches(told).count(), 1, "said once: {}", said(&served));
    }
    std::fs::write(packs.join("france.toml"), &france).unwrap();
    assert!(run(folder.path(), &["rules", "check", "rules"]).status.success());
}
