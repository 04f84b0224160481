//! `usher do-not-call` and `usher import do-not-call` as people run them.

use std::process::Output;

use crate::customers::imports_killed::usher_on;
use crate::support::surroundings::temp_dir;

fn said(output: &Output) -> (bool, String) {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    (output.status.success(), text.concat())
}

#[test]
fn numbers_are_listed_looked_for_counted_and_taken_off() {
    let folder = temp_dir();
    let folder = folder.path();
    let run = |args: &[&str]| said(&usher_on(folder, None).args(args).output().unwrap());
    assert_eq!(run(&["do-not-call", "count"]), (true, "there are no entries\n".to_owned()));
    let add = ["do-not-call", "add", "+33 6 11 11 11 11", "--source", "by letter", "--by", "ana"];
    assert_eq!(run(&add), (true, "it is not called any more; this holds for everyone\n".to_owned()));
    assert!(run(&add).1.starts_with("it was not to be called already"));
    let prefix = ["do-not-call", "add", "--prefix", "+1 900", "--campaign", "winback", "--by", "ana"];
    assert_eq!(run(&prefix), (true, "it is not called any more; this holds for campaign winback\n".to_owned()));
    std::fs::write(folder.join("list.csv"), "number\n0611111111\n0622222222\n12\n").unwrap();
    let import = ["import", "do-not-call", "list.csv", "--account", "acme", "--home-region", "FR", "--accept-guess"];
    let (is_done, told) = run(&import);
    assert!(is_done && told.contains("added                    2"), "{told}");
    assert!(told.contains("row 4, column \"number\": … is not a phone number"), "{told}");
    let counted = "everyone\t1\ncampaign winback\t1\naccount acme\t2\n";
    assert_eq!(run(&["do-not-call", "count"]), (true, counted.to_owned()));
    let (_, checked) = run(&["do-not-call", "check", "06 11 11 11 11", "--home-region", "FR"]);
    let lines: Vec<&str> = checked.lines().collect();
    assert!(
        lines[0].starts_with("everyone\tthe number\tfor good\tby hand, ") && lines[0].ends_with("by ana\tby letter")
    );
    assert!(lines[1].starts_with("account acme\tthe number\tfor good\timport 1, "), "{checked}");
    let (_, checked) = run(&["do-not-call", "check", "+19005550100"]);
    assert!(checked.starts_with("campaign winback\tnumbers that begin with 1900\tfor good\tby hand, "), "{checked}");
    let remove = ["do-not-call", "remove", "+33611111111", "--by", "ana"];
    assert_eq!(run(&remove), (true, "1 entries for everyone are removed\n".to_owned()));
    let (is_done, told) = run(&remove);
    assert!(!is_done && told.contains("there is no such entry for everyone"), "{told}");
    let (is_done, undone) = run(&["import", "undo", "1"]);
    assert!(is_done && undone == "import 1 is undone: 2 do-not-call entries removed, 0 stay\n", "{undone}");
    let (_, checked) = run(&["do-not-call", "check", "+33611111111"]);
    assert_eq!(checked, "no entry holds for this number\n");
}

#[test]
fn what_cannot_be_is_refused_with_what_was_expected() {
    let folder = temp_dir();
    let run = |args: &[&str]| said(&usher_on(folder.path(), None).args(args).output().unwrap());
    for (args, expected) in [
        (&["0611111111"][..], "expected a number with its country"),
        (&["--prefix", "33"], "expected at least 3 digits of a prefix"),
        (&["--prefix", "33x"], "expected 1 to 15 digits"),
        (&["+33611111111", "--expires-at", "2020-01-01T00:00:00Z"], "--expires-at: expected a moment to come"),
        (&["+33611111111", "--campaign", "a", "--account", "b"], "cannot be used with"),
        (&["+33611111111", "--prefix", "331"], "cannot be used with"),
        (&[], "required"),
    ] {
        let args: Vec<&str> = ["do-not-call", "add", "--by", "ana"].iter().chain(args).copied().collect();
        let (is_done, told) = run(&args);
        assert!(!is_done && told.contains(expected), "{args:?} {told}");
    }
    assert_eq!(run(&["do-not-call", "count"]), (true, "there are no entries\n".to_owned()));
}
