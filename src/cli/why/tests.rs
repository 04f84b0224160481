//! What `usher why` prints of a journal on disk, and how it refuses.

use clap::Parser;
use serde_json::Value;

use super::*;
use crate::hindsight::tests::{journal_in, numbered};

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    why: WhyArgs,
}

async fn usher_why(config: &Config, arguments: &[&str]) -> anyhow::Result<String> {
    let Command { why } = Command::try_parse_from([&["why"], arguments].concat())?;
    let mut out = Vec::new();
    run(why, config, &mut out).await?;
    Ok(String::from_utf8(out).unwrap())
}

#[tokio::test]
async fn a_contact_an_agent_and_overtakings_in_words_and_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data_directory: folder.path().to_owned(), ..Config::default() };
    let events = journal_in(folder.path()).await;
    let (plain, late) = (numbered(&events, "plain"), numbered(&events, "late"));

    let told = usher_why(&config, &["contact", &format!("{}-{plain}", config.site)]).await.unwrap();
    for expected in [
        "arrived by voice at gateway g",
        "waits in queue general, by entry rule \"everyone\"; asks billing 5",
        "offered to ana",
        "nobody else was there (1 matched, rules 1)",
        "offer to ana over: declined: lunch",
        "step 1 was taken; asks billing 1 now",
        "ended by the customer",
        "asked the slow way, the same",
    ] {
        assert!(told.contains(expected), "{expected} in:\n{told}");
    }
    assert!(!told.contains("+336"), "nobody's number is shown");

    let told = usher_why(&config, &["contact", &late.to_string()]).await.unwrap();
    for expected in [
        "place 1 of 1",
        "agents: 2 in all, 1 match, 1 away",
        "next step: 1 at",
        "next exit: max_wait at",
        "is not logged in",
        "has billing 2, level 5 is asked",
    ] {
        assert!(told.contains(expected), "{expected} in:\n{told}");
    }
    let told = usher_why(&config, &["agent", "ben"]).await.unwrap();
    for expected in ["agent ben", "0 of 100 units", "could be offered one", "0 wait whom he could serve"] {
        assert!(told.contains(expected), "{expected} in:\n{told}");
    }
    let told = usher_why(&config, &["overtakings"]).await.unwrap();
    assert!(told.starts_with("3 accepted, 1 of them before somebody who had come earlier\n"), "{told}");

    let text = usher_why(&config, &["contact", &plain.to_string(), "--json"]).await.unwrap();
    let story: Value = serde_json::from_str(&text).unwrap();
    let offered = story["events"].as_array().unwrap().iter().find(|event| event["fact"]["contact_offered"].is_object());
    let event = offered.unwrap()["event"].to_string();
    assert_eq!(story["last_decision"]["agrees"], true);
    let decided = usher_why(&config, &["contact", &plain.to_string(), "--event", &event]).await.unwrap();
    assert!(decided.starts_with(&format!("event {event}, ")) && decided.contains("right before it:"), "{decided}");
    let before = usher_why(&config, &["agent", "ana", "--event", &event, "--json"]).await.unwrap();
    let before: Value = serde_json::from_str(&before).unwrap();
    assert_eq!(before["waiting"][0]["contact"], plain.0);
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data_directory: folder.path().to_owned(), ..Config::default() };
    let nothing = usher_why(&config, &["overtakings"]).await.unwrap_err();
    assert!(format!("{nothing:#}").contains("cannot open the journal"), "{nothing:#}");
    assert!(folder.path().read_dir().unwrap().next().is_none(), "asking makes no journal");
    let events = journal_in(folder.path()).await;
    let plain = numbered(&events, "plain").to_string();
    for (arguments, reason) in [
        (&["contact", "a-b"][..], "contact: expected usher-17 or 17, found \"a-b\""),
        (&["contact", "999999"], "there is no contact 999999"),
        (&["contact", &plain, "--event", "1"], "event 1 is no decision"),
        (&["contact", &plain, "--event", "9999"], "the journal ends with event"),
        (&["agent", "nobody"], "there is no agent nobody"),
        (&["overtakings", "--from", "yesterday"], "expected a time such as"),
        (
            &["overtakings", "--from", "2026-11-22T09:00:00Z", "--to", "2026-11-21T09:00:00Z"],
            "--to: expected a time after --from",
        ),
    ] {
        let error = usher_why(&config, arguments).await.unwrap_err();
        assert!(format!("{error:#}").contains(reason), "{arguments:?}: {error:#}");
    }
}
