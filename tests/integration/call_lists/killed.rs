//! `usher list` and `usher import leads` as people run them: killed with `kill -9` in the middle and run again, on either
//! database; and what they refuse.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use secrecy::SecretString;
use usher::imports::import_batch::ImportState;
use usher::outbound::ids::LeadId;
use usher::records::{Records, RecordsPlace};

use super::name;
use crate::customers::imports_killed::{killed_after, refused_rows, the_import, usher_on};
use crate::support::postgres::PostgresServer;
use crate::support::surroundings::temp_dir;

const ROWS: usize = 40_000;
const SPRING: &str = "campaign = \"winback\"\ndefault_country = \"FR\"\nshare_percent = 30\n\
    release = { tranche = { leads = 500, every = \"hour\" } }\n\n[[field]]\nname = \"amount\"\ntype = \"integer\"\n";

const WINBACK: &str = "queue = \"outbound\"\ngateway = \"switch\"\nmode = \"progressive\"\npurpose = \"sales\"\n\n\
    [disposition.refused]\nreached = \"right_party\"\nfinal = \"contact\"\nis_live_answer = true\n";

fn ordered(folder: &Path, database: Option<&str>, args: &[&str]) -> Command {
    let mut command = usher_on(folder, database);
    command.args(args);
    command
}

fn said(output: &Output) -> (bool, String) {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    (output.status.success(), text.concat())
}

/// Every 1,000th row has no number, every 500th (but those) the number of another row, chunks before.
fn leads() -> String {
    let mut text = String::from("phone,name,amount\n");
    for no in 0..ROWS {
        let number = match no % 1_000 {
            7 => "12".to_owned(),
            500 => format!("+331{:08}", no - 500),
            _ => format!("+331{no:08}"),
        };
        text += &format!("{number},Lead {no},{no}\n");
    }
    text
}

fn import(folder: &Path, database: Option<&str>) -> Command {
    let args = ["import", "leads", "spring", "leads.csv", "--accept-guess", "--errors", "errors.csv", "--by", "ana"];
    ordered(folder, database, &args)
}

async fn killed_and_run_again(folder: &Path, database: Option<&str>, place: RecordsPlace) {
    std::fs::write(folder.join("leads.csv"), leads()).unwrap();
    std::fs::write(folder.join("spring.toml"), SPRING).unwrap();
    std::fs::write(folder.join("winback.toml"), WINBACK).unwrap();
    for what in ["campaign create winback --settings winback.toml", "list create spring --settings spring.toml"] {
        let args: Vec<&str> = what.split(' ').chain(["--by", "ana"]).collect();
        assert!(said(&ordered(folder, database, &args).output().unwrap()).0);
    }
    let records = Records::open(&place).await.unwrap();
    let mut killed_at = BTreeSet::new();
    for nth in 1..=2 {
        let batch = killed_after(nth * 5_000, import(folder, database), &records).await;
        killed_at.insert(batch.place.row);
    }
    assert_eq!(killed_at.len(), 2, "the second run went on");
    let (is_done, told) = said(&import(folder, database).output().unwrap());
    assert!(is_done && told.contains("went on after row"), "{told}");

    let batch = the_import(&records).await.unwrap();
    let refused = 2 * ROWS as u64 / 1_000;
    let counts = batch.counts;
    assert_eq!((batch.state, counts.read, counts.refused), (ImportState::Done, ROWS as u64, refused));
    assert_eq!(counts.added, ROWS as u64 - refused);
    let list = records.call_list_named(&name("spring")).await.unwrap().unwrap().id;
    let (mut numbers, mut after) = (BTreeSet::new(), LeadId(0));
    loop {
        let some = records.leads_of_import(list, batch.id, after, 5_000).await.unwrap();
        let Some(last) = some.last() else { break };
        after = last.id;
        for lead in some {
            assert!(numbers.insert(lead.lead.numbers[0].value.as_str().to_owned()), "{} is there twice", lead.id);
        }
    }
    assert_eq!(numbers.len() as u64, counts.added, "every row that was added is there once");
    let rows = refused_rows(&folder.join("errors.csv"));
    let expected: Vec<usize> = (0..ROWS / 1_000).flat_map(|no| [no * 1_000 + 7 + 2, no * 1_000 + 500 + 2]).collect();
    assert_eq!(rows, expected, "each refused row once");

    let undone = ordered(folder, database, &["import", "undo", &batch.id.to_string(), "--by", "ana"]);
    let expected = format!("import {} is undone: {} leads removed, 0 stay\n", batch.id, counts.added);
    assert_eq!(said(&{ undone }.output().unwrap()), (true, expected));
    assert_eq!(records.count_leads(list).await.unwrap(), 0);
    records.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_leads_into_sqlite_that_is_killed_goes_on_where_it_was() {
    let folder = temp_dir();
    let place = RecordsPlace::Sqlite(folder.path().join("data/usher.db"));
    killed_and_run_again(folder.path(), None, place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_leads_into_postgres_that_is_killed_goes_on_where_it_was() {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let url = server.url(&server.new_database().await);
    let folder = temp_dir();
    let place = RecordsPlace::Postgres(SecretString::from(url.clone()));
    killed_and_run_again(folder.path(), Some(&url), place).await;
}

#[test]
fn lists_are_made_shown_and_changed_by_their_file() {
    let folder = temp_dir();
    let folder = folder.path();
    let run = |args: &[&str]| said(&ordered(folder, None, args).output().unwrap());
    std::fs::write(folder.join("spring.toml"), SPRING).unwrap();
    std::fs::write(folder.join("leads.csv"), "phone,amount\n0612345678,3\n").unwrap();
    let create = ["list", "create", "spring", "--settings", "spring.toml", "--by", "ana"];
    let (is_done, told) = run(&create);
    assert!(!is_done && told.contains("campaign: expected one that is there (none is), found \"winback\""), "{told}");
    std::fs::write(folder.join("winback.toml"), WINBACK).unwrap();
    assert!(run(&["campaign", "create", "winback", "--settings", "winback.toml", "--by", "ana"]).0);
    assert!(run(&create).0);
    let (_, dry) = run(&["import", "leads", "spring", "leads.csv", "--dry-run"]);
    assert!(dry.contains("home = \"FR\"") && dry.contains("nothing was changed"), "{dry}");
    let (is_done, told) = run(&["import", "leads", "spring", "leads.csv"]);
    assert!(!is_done && told.contains("nothing was imported: say --accept-guess"), "{told}");
    assert!(run(&["import", "leads", "spring", "leads.csv", "--accept-guess"]).0);
    assert_eq!(run(&["list", "show"]), (true, "spring\tcampaign winback\tactive\t1 leads\n".to_owned()));
    let (_, listed) = run(&["import", "list"]);
    assert!(listed.contains("\tdone\tleads\tleads.csv\tread 1\tadded 1\t"), "{listed}");
    let erase = ["privacy", "erase-number", "06 12 34 56 78", "--reason", "asked for it", "--by", "eva"];
    let (is_done, told) = run(&erase);
    assert!(!is_done && told.contains("expected a number with its country"), "{told}");

    let (_, shown) = run(&["list", "show", "spring"]);
    assert!(shown.starts_with("# call list \"spring\": 1 leads\n# version 1, changed "), "{shown}");
    std::fs::write(folder.join("shown.toml"), shown.replace("active = true", "active = false")).unwrap();
    let change = ["list", "change", "spring", "--settings", "shown.toml", "--if-version", "1", "--by", "ana"];
    assert_eq!(run(&change), (true, "call list \"spring\" is changed: version 2\n".to_owned()));
    let (is_done, told) = run(&change);
    assert!(!is_done && told.contains("expected version 1, found 2"), "{told}");
    assert_eq!(run(&["list", "show"]).1, "spring\tcampaign winback\tinactive\t1 leads\n");
    let rest = |text: &str| text.lines().skip(3).collect::<Vec<_>>().join("\n");
    let erase = ["privacy", "erase-number", "+33 6 12 34 56 78", "--reason", "asked for it", "--by", "eva"];
    assert_eq!(run(&erase), (true, "1 leads are erased\n".to_owned()));
    assert_eq!(rest(&run(&["list", "show", "spring"]).1), rest(&shown).replace("active = true", "active = false"));
}

#[test]
fn campaigns_are_made_shown_changed_and_taken_back_by_their_file() {
    let folder = temp_dir();
    let folder = folder.path();
    let run = |args: &[&str]| said(&ordered(folder, None, args).output().unwrap());
    let by_file = |what: &str, name: &str, text: &str| {
        std::fs::write(folder.join("settings.toml"), text).unwrap();
        run(&["campaign", what, name, "--settings", "settings.toml", "--by", "ana"])
    };
    assert!(by_file("create", "winback", WINBACK).0);
    let (is_done, told) = by_file("create", "winback", WINBACK);
    assert!(!is_done && told.contains("there is a campaign \"winback\" already"), "{told}");
    let (_, shown) = run(&["campaign", "show", "winback"]);
    assert!(
        shown.starts_with("# campaign \"winback\"\n# version 1, changed ") && shown.contains("ring_for = \"30 s\"")
    );
    let changed = by_file("change", "winback", &shown.replace("\"30 s\"", "\"20 s\""));
    assert_eq!(changed, (true, "campaign \"winback\" is changed: version 2\n".to_owned()));
    let (is_done, told) = by_file("change", "winback", &shown.replace("\"30 s\"", "\"1 s\""));
    assert!(!is_done && told.contains("ring_for: expected 5 s to 2 min, found 1 s"), "{told}");
    assert!(run(&["campaign", "show", "winback"]).1.contains("ring_for = \"20 s\""), "nothing was changed");
    let back = run(&["campaign", "back", "winback", "--to", "1", "--by", "eva"]);
    assert_eq!(back.1, "campaign \"winback\" is as it was with version 1: version 3\n");
    let settings = |text: &str| text.lines().skip(2).collect::<Vec<_>>().join("\n");
    assert_eq!(settings(&run(&["campaign", "show", "winback"]).1), settings(&shown));
    assert!(run(&["campaign", "show", "winback", "--version", "2"]).1.contains("ring_for = \"20 s\""));
    let (_, history) = run(&["campaign", "history", "winback"]);
    let made: Vec<&str> = history.lines().map(|line| line.rsplit('\t').next().unwrap()).collect();
    assert_eq!(made, ["eva", "ana", "ana"]);
    let (is_done, told) = run(&["campaign", "back", "winback", "--to", "9", "--by", "eva"]);
    assert!(!is_done && told.contains("campaign \"winback\" has no version 9"), "{told}");
    assert_eq!(run(&["campaign", "show"]).1, "winback\tqueue outbound\tprogressive\tstopped\tversion 3\n");
}

#[test]
fn lists_are_paused_released_and_deleted() {
    let folder = temp_dir();
    let folder = folder.path();
    let run = |args: &str| said(&ordered(folder, None, &args.split(' ').collect::<Vec<_>>()).output().unwrap());
    std::fs::write(folder.join("winback.toml"), WINBACK).unwrap();
    std::fs::write(folder.join("spring.toml"), "campaign = \"winback\"\nrelease = \"by_hand\"\n").unwrap();
    std::fs::write(folder.join("leads.csv"), "phone\n+33612345678\n+33612345679\n").unwrap();
    for what in [
        "campaign create winback --settings winback.toml --by ana",
        "list create spring --settings spring.toml --by ana",
        "import leads spring leads.csv --accept-guess",
    ] {
        assert!(run(what).0, "{what}");
    }
    assert_eq!(run("list pause spring --by ana").1, "call list \"spring\" is paused: version 2\n");
    assert_eq!(run("list show").1, "spring\tcampaign winback\tinactive\t2 leads\n");
    assert_eq!(run("list pause spring --by ana").1, "call list \"spring\" is paused already\n");
    assert_eq!(run("list resume spring --by ana").1, "call list \"spring\" is active: version 3\n");
    assert_eq!(run("list release spring --leads 50 --by ana").1, "call list \"spring\": 50 more leads, 50 in all\n");
    assert_eq!(run("list release spring --leads 5 --by ana").1, "call list \"spring\": 5 more leads, 55 in all\n");
    assert!(run("list show spring").1.contains("\n# never tried 2\n"));
    let deleted = run("list delete spring --by ana");
    let expected = "call list \"spring\" is deleted: 2 leads removed, 0 that were tried stay\n";
    assert_eq!(deleted, (true, expected.to_owned()));
    assert!(run("list create spring --settings spring.toml --by ana").0, "nothing is left of it");
    let (is_done, told) = run("list release summer --leads 5 --by ana");
    assert!(!is_done && told.contains("there is no call list \"summer\""), "{told}");
}

#[test]
fn lists_that_cannot_be_are_refused_with_the_place_in_their_file() {
    let folder = temp_dir();
    let folder = folder.path();
    let run = |args: &[&str]| said(&ordered(folder, None, args).output().unwrap());
    std::fs::write(folder.join("w.toml"), WINBACK).unwrap();
    assert!(run(&["campaign", "create", "w", "--settings", "w.toml", "--by", "ana"]).0);
    for (settings, expected) in [
        ("campaign = \"x\"\n", "campaign: expected one that is there (w), found \"x\""),
        ("campaign = \"w\"\nshare_percent = 0\n", "share_percent = 0"),
        ("campaign = \"w\"\nshare_percent = 0\n", "expected a share from 1 to 100 percent, found 0"),
        ("campaign = \"w\"\ntarget_sales = 0\n", "target_sales = 0"),
        ("campaign = \"w\"\n[[quota]]\ncontacts = 0\n", "contacts = 0"),
        ("campaign = \"w\"\norder = \"newest\"\n", "unknown variant `newest`"),
        ("campaign = \"w\"\nexpires_at = \"soon\"\n", "expected a date and time with its offset"),
        ("campaign = \"w\"\nexpires_at = \"2020-01-01T00:00:00Z\"\n", "expires_at: expected a moment to come"),
        (
            "campaign = \"w\"\nnext_list = \"autumn\"\n",
            "next_list: expected a call list that is there, found \"autumn\"",
        ),
        ("campaign = \"w\"\nskils = []\n", "unknown field `skils`"),
        ("active = true\n", "missing field `campaign`"),
    ] {
        std::fs::write(folder.join("wrong.toml"), settings).unwrap();
        let (is_done, told) = run(&["list", "create", "spring", "--settings", "wrong.toml", "--by", "ana"]);
        assert!(!is_done && told.contains("wrong.toml") && told.contains(expected), "{settings}{told}");
    }
    assert_eq!(run(&["list", "show"]), (true, String::new()), "nothing was made");
    std::fs::write(folder.join("leads.csv"), "phone\n0612345678\n").unwrap();
    let (is_done, told) = run(&["import", "leads", "spring", "leads.csv", "--accept-guess"]);
    assert!(!is_done && told.contains("there is no call list \"spring\""), "{told}");
    assert!(run(&["import", "list"]).1.is_empty());
}
