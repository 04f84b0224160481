//! Keys, values and names of each file by itself: files in, problems out.

use super::{ENTRY, check, check_agent, check_queue, check_warnings, loaded, queue, refused, with};
use crate::routing::ids::AgentId;
use crate::routing::rule_set::{
    CallbackRules, CustomersAgent, FirstCalled, MissedOffers, PreferredRules, QueueRules, SiteRules, TieBreaker,
};
use crate::routing::time::Millis;
use crate::rules::LoadedRules;

#[test]
fn what_is_left_out_has_its_default() {
    let LoadedRules { rules, warnings } = loaded(&with(&[]));
    assert!(warnings.is_empty(), "{warnings}");
    assert_eq!(*rules.queues[&queue("general")], Default::default());
    assert_eq!(rules.site, SiteRules::default());
    assert_eq!(&*rules.agents[&AgentId::new("ana").unwrap()].name, "ana");
    let site = "back_off.busy = \"1m\"\nchannel_cost = { chat = 25 }\nconnect_within = \"1m 30s\"\n";
    let site = loaded(&with(&[("site.toml", site)])).rules.site;
    assert_eq!((site.back_off.busy, site.back_off.declined), (Millis::minutes(1), Millis::seconds(5)));
    assert_eq!((site.channel_cost.0, site.connect_within), ([100, 100, 25, 20, 20], Millis::seconds(90)));
}

#[test]
fn unknown_keys_are_refused_with_the_right_one() {
    check_queue("prioritty = 1", &["2:1 unknown key prioritty | priority?"]);
    check_queue("timeout = \"15s\"", &["2:1 unknown key timeout | offer_timeout?"]);
    check_queue("Select = [\"random\"]", &["2:1 unknown key Select | select?"]);
    check_queue("wrap_up = { maxx = \"1s\" }", &["2:13 unknown key maxx | max?"]);
    check_agent("phone = { endpiont = \"S/1\" }", &["2:11 unknown key endpiont | endpoint?"]);
    check("site.toml", "gateway-grace = \"1s\"", &["1:1 unknown key gateway-grace | gateway_grace?"]);
    check(
        "site.toml",
        "back_off = { zzz = \"1s\" }",
        &["1:14 unknown key zzz | one of declined, missed, busy, no_answer, unregistered, rejected, failed"],
    );
    check("entry.toml", &format!("{ENTRY}quueue = \"general\"\n"), &["4:1 unknown key quueue | queue?"]);
}

#[test]
fn keys_of_later_versions_are_refused_in_plain_words() {
    let later = refused(&with(&[("queues/general.toml", "[queue.general]\non_change = true\nannouncements = []\n")]));
    let messages: Vec<&str> = later.problems().iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        ["on_change is not supported by this version yet", "announcements is not supported by this version yet"]
    );
    check_queue(
        "preferred = { who = \"owner\", within = \"7d\" }",
        &["2:30 within is not supported by this version yet | one of who, hold"],
    );
    check(
        "entry.toml",
        &format!("{ENTRY}preferred = {{ who = \"owner\" }}\n"),
        &["4:1 preferred is not supported by this version yet | one of name, when, queue, agent, skills, priority"],
    );
}

#[test]
fn wrong_values_say_what_was_expected() {
    const DURATION: &str = "a duration such as \"500ms\", \"20s\", \"5m\" or \"1h30m\"";
    check_queue("offer_timeout = 15", &[&format!("2:17 offer_timeout is a whole number | {DURATION}")]);
    check_queue("offer_timeout = \"soon\"", &[&format!("2:17 offer_timeout is \"soon\" | {DURATION}")]);
    check_queue("offer_timeout = \"0s\"", &["2:17 offer_timeout is zero | a duration above zero"]);
    check_queue("weight = \"-5s\"", &["2:10 weight is negative | a duration of zero or more"]);
    check_queue("weight = \"169h\"", &["2:10 weight is \"169h\" | at most a week, \"168h\""]);
    check_queue("weight = \"1500us\"", &["2:10 weight is \"1500us\" | whole milliseconds"]);
    check_queue("tier = 10", &["2:8 tier is 10 | a whole number from 1 to 9"]);
    check_queue("tier = 99999999999999999999", &["2:8 tier is 99999999999999999999 | a whole number from 1 to 9"]);
    check_queue("strict = \"yes\"", &["2:10 strict is a text | true or false"]);
    check_queue("skills = { billing = 11 }", &["2:22 billing is 11 | a whole number from 1 to 10"]);
    check_queue(
        "skills = { billing = 2.5 }",
        &["2:22 billing is a number with a fraction | a whole number from 1 to 10"],
    );
    check_queue(
        "select = []",
        &["2:10 select is empty | a list of tie-breakers, such as [\"best_skill\", \"longest_idle\"]"],
    );
    check_queue("select = [\"random\", \"random\"]", &["2:21 select names it twice | each at most once"]);
    check_queue("select = [\"longest-idle\"]", &["2:11 select \"longest-idle\" is unknown | longest_idle?"]);
    check_queue(
        "channels = \"voice\"",
        &["2:12 channels is a text | a list of channels, such as [\"voice\", \"chat\"]"],
    );
    check_queue(
        "service_level = { target = 80 }",
        &["2:28 target is no share | a share from 0 to 1 in thousandths, such as 0.80"],
    );
    check_queue("alerts = { waiting = 0 }", &["2:22 waiting is 0 | a whole number from 1 to 100000"]);
    check_queue("alerts = { longest_wait = \"0s\" }", &["2:27 longest_wait is zero | a duration above zero"]);
    check_queue(
        "alerts = { abandonment = 15 }",
        &["2:26 abandonment is no share | a share from 0 to 1 in thousandths, such as 0.80"],
    );
    check_queue(
        "wrap_up = { disposition = \"required\" }",
        &["2:11 wrap_up asks for a disposition and leaves no time for it | a max, such as \"45s\""],
    );
    check_queue("agent_lost = \"drop\"", &["2:14 agent_lost \"drop\" is unknown | one of keep, requeue, close"]);
    check_agent("capacity = { voice = 101 }", &["2:22 voice is 101 | a whole number from 0 to 100"]);
    check_agent("teams = [\"day\", \"day\"]", &["2:17 teams names it twice | each team once"]);
    check_agent("attributes = { a = nan }", &["2:20 a holds a number out of range | finite numbers that fit 64 bits"]);
    check_agent(
        "phone = { mode = \"persistent\" }",
        &["2:9 phone has no endpoint | an endpoint, such as \"PJSIP/1001\", or mode \"none\""],
    );
    check_agent(
        "phone = { mode = \"none\", endpoint = \"S/1\" }",
        &["2:37 endpoint has no use with mode \"none\" | no endpoint"],
    );
    check("site.toml", "offers_in_row_max = 0", &["1:21 offers_in_row_max is 0 | a whole number from 1 to 1000"]);
}

#[test]
fn names_are_checked() {
    let long = "x".repeat(65);
    let bounds = "1 to 64 characters";
    check(
        "agents.toml",
        &format!("[agent.{long}]\n"),
        &[&format!("1:8 \"{}…\" is no name | {bounds} and no control characters", &long[..64])],
    );
    check("agents.toml", "[agent.\"\"]\n", &[&format!("1:8 \"\" is no name | {bounds} and no control characters")]);
    check(
        "queues/b.toml",
        "[queue.\"@ana\"]\n",
        &[&format!("1:8 \"@ana\" is no name of a queue | {bounds}, the first not @: that is for agents' own queues")],
    );
}

#[test]
fn preferences_ranks_and_broadcasts_are_checked() {
    const RANKS: &str = "agents with a rank each, such as { ana = 1, ben = 2 }";
    check_queue("preferred = { hold = \"20s\" }", &["2:1 who is missing | owner or last_agent"]);
    check_queue("preferred = { who = \"ownr\" }", &["2:21 who \"ownr\" is unknown | owner?"]);
    check_queue(
        "preferred = { who = \"owner\", hold = \"169h\" }",
        &["2:37 hold is \"169h\" | at most a week, \"168h\""],
    );
    check_queue(
        "select = [\"random\", \"preferred\"]",
        &["2:21 select names \"preferred\", and preferred is missing | preferred = { who = \"owner\" } in this queue"],
    );
    check_queue(
        "select = [\"rank\"]",
        &["2:11 select names \"rank\", and ranks is missing | ranks = { ana = 1 } in this queue"],
    );
    check_queue("ranks = { ana = 1000 }", &["2:17 ana is 1000 | a whole number from 1 to 999"]);
    check_queue("ranks = { ana = 0 }", &["2:17 ana is 0 | a whole number from 1 to 999"]);
    check_queue("ranks = {}", &[&format!("2:9 ranks is empty | {RANKS}")]);
    check_queue("ranks = [\"ana\"]", &[&format!("2:9 ranks is a list | {RANKS}")]);
    check_queue(
        "ranks = { ana = 1, anna = 2, zoe = 2 }",
        &["2:20 no agent is named \"anna\" | ana?", "2:30 no agent is named \"zoe\" | an agent of agents.toml"],
    );
    check_queue("broadcast = {}", &["2:1 offers_max is missing | how many offers at once, such as 3"]);
    check_queue("broadcast = 3", &["2:13 broadcast is a whole number | a table with offers_max"]);
    for offers in [1, 21] {
        check_queue(
            &format!("broadcast = {{ offers_max = {offers} }}"),
            &[&format!("2:28 offers_max is {offers} | a whole number from 2 to 20")],
        );
    }
    check_queue("place_kept = \"-1s\"", &["2:14 place_kept is negative | a duration of zero or more"]);
}

#[test]
fn preferences_ranks_and_broadcasts_are_read() {
    let with_queue = |lines: &str| with(&[("queues/general.toml", &format!("[queue.general]\n{lines}\n"))]);
    let LoadedRules { rules, warnings } = loaded(&with_queue(
        "select = [\"preferred\", \"least_loaded\", \"least_skilled\", \"least_occupied\", \"rank\"]\n\
         preferred = { who = \"last_agent\" }\nranks = { ana = 999 }\nbroadcast = { offers_max = 20 }\nplace_kept = \"0s\"",
    ));
    assert!(warnings.is_empty(), "{warnings}");
    let general = &rules.queues[&queue("general")];
    assert_eq!(
        general.select,
        [
            TieBreaker::Preferred,
            TieBreaker::LeastLoaded,
            TieBreaker::LeastSkilled,
            TieBreaker::LeastOccupied,
            TieBreaker::Rank
        ]
    );
    assert_eq!(general.preferred, Some(PreferredRules { who: CustomersAgent::LastAgent, hold: Millis::ZERO }));
    assert_eq!(general.ranks, [(AgentId::new("ana").unwrap(), 999)].into());
    assert_eq!((general.offers_max, general.place_kept), (20, Millis::ZERO));
    check_warnings(&with_queue("preferred = { who = \"owner\", hold = \"1s\" }"), &[]);
    check_warnings(
        &with_queue("preferred = { who = \"owner\" }"),
        &["2:13 preferred has no use in this queue | \"preferred\" in select, or a hold such as \"20s\""],
    );
    check_warnings(&with_queue("ranks = { ana = 1 }"), &["2:9 ranks has no use in this queue | \"rank\" in select"]);
}

#[test]
fn callbacks_and_idle_chats_are_read() {
    let callback = "callback = { first = \"customer\", ring_for = \"45s\", attempts = 5, gap = \"1h\" }";
    let text = format!("[queue.general]\n{callback}\nidle_limit = \"10m\"\n");
    let rules = loaded(&with(&[("queues/general.toml", &text)])).rules;
    let general = &rules.queues[&queue("general")];
    let expected = CallbackRules {
        first: FirstCalled::Customer,
        ring_for: Millis::seconds(45),
        attempts_max: 5,
        gap: Millis::minutes(60),
    };
    assert_eq!((&general.callback, general.idle_limit), (&expected, Millis::minutes(10)));
    check_queue("callback = { first = \"both\" }", &["2:22 first \"both\" is unknown | one of agent, customer"]);
    check_queue("callback = { attempts = 0 }", &["2:25 attempts is 0 | a whole number from 1 to 20"]);
    check_queue("callback = { tries = 2 }", &["2:14 unknown key tries | one of first, ring_for, attempts, gap"]);
    let written = "[queue.general]\nchannels = [\"voice\"]\ncallback = {}\nidle_limit = \"1m\"\n";
    let entry = "[[entry]]\nname = \"all\"\nqueue = \"other\"\n";
    let other = "[queue.other]\n";
    let files = with(&[("entry.toml", entry), ("queues/general.toml", written), ("queues/other.toml", other)]);
    let warnings = loaded(&files).warnings;
    let told: Vec<&str> = warnings.problems().iter().map(|problem| problem.message.as_str()).collect();
    assert!(told.contains(&"callback has no use in this queue"), "{told:?}");
    assert!(told.contains(&"idle_limit has no use in this queue"), "{told:?}");
}

#[test]
fn misses_by_channel_and_what_makes_a_queue_rise_are_read() {
    let general = |line: &str| {
        let loaded = loaded(&with(&[("queues/general.toml", &format!("[queue.general]\n{line}\n"))]));
        QueueRules::clone(&loaded.rules.queues[&queue("general")])
    };
    assert_eq!(general("missed_offers = 4").missed_offers, MissedOffers([4, 4, 4]));
    assert_eq!(general("missed_offers = { chat = 2, deferred = 3 }").missed_offers, MissedOffers([1, 2, 3]));
    assert_eq!(general("tier = 2\nrises_at = 0.75").rises_at_per_mille, Some(750));
    assert_eq!(general("tier = 2").rises_at_per_mille, None);
    check_queue("missed_offers = 0", &["2:17 missed_offers is 0 | a whole number from 1 to 100"]);
    check_queue("missed_offers = { voice = 0 }", &["2:27 voice is 0 | a whole number from 1 to 100"]);
    check_queue("missed_offers = { email = 1 }", &["2:19 unknown key email | one of voice, chat, deferred"]);
    check_queue("rises_at = 0", &["2:12 rises_at is zero | a share of answered_within above 0, such as 0.50"]);
    check_queue("rises_at = 1.5", &["2:12 rises_at is no share | a share from 0 to 1 in thousandths, such as 0.80"]);
    let first = with(&[("queues/general.toml", "[queue.general]\ntier = 1\nrises_at = 0.5\n")]);
    check_warnings(&first, &["3:12 rises_at has no use in this queue | a tier after the first"]);
    check_agent("may_transfer_outside = 1", &["2:24 may_transfer_outside is a whole number | true or false"]);
}
