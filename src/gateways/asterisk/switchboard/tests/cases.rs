//! Call by call: what becomes of it at the switch, and what the server is told.

use super::model::{Lab, address, settings};
use crate::gateways::asterisk::ari::event::{ChannelId, Found};
use crate::gateways::asterisk::ari::request::Action;
use crate::protocol::{
    AgentName, CallPlaceOrder, CallProgressed, ConsultationOrder, ContactId, Endpoint, ErrorKind, FirstCalled,
    GatewayConsultation, GatewayContact, GatewayOrder, GatewaySnapshot, GatewayTells, HungUpBy, MonitorId, MonitorMode,
    MonitorOrder, Name, OrderFailure, PlayOrder, QueueName, Ref, ShouldBe, Time, TransferOrder, VoicemailOrder,
};

const HOLDING: Option<&str> = Some("usher-holding");

fn place_of<'a>(lab: &Lab, leg: &str) -> Option<&'a str> {
    lab.bridge_of(leg).map(|bridge| &*bridge.leak())
}

#[test]
fn a_call_is_announced_waits_with_music_is_connected_and_ends_with_its_customer() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    assert_eq!(lab.said(), ["contact.arrived"]);
    assert_eq!(place_of(&lab, "1.1"), HOLDING);
    let agent = lab.connect(&call, "PJSIP/1001");
    assert_eq!(lab.said(), ["contact.connected"]);
    assert_eq!(place_of(&lab, "1.1"), Some("usher-call-1.1"));
    assert_eq!(place_of(&lab, &agent), Some("usher-call-1.1"));
    lab.hang_up("1.1", 16);
    let Some(GatewayTells::ContactEnded(ended)) = lab.told.last() else { panic!("{:?}", lab.told) };
    assert_eq!(ended.by, HungUpBy::Customer);
    assert!(lab.lines.is_empty(), "the agent's leg is hung up: {:?}", lab.lines);
    assert_eq!(lab.bridges.iter().map(|bridge| bridge.0.as_str()).collect::<Vec<_>>(), ["usher-holding"]);
}

#[test]
fn what_the_switch_knows_of_a_caller_is_told() {
    let mut lab = Lab::new(settings());
    lab.call("1.1");
    let Some(GatewayTells::ContactArrived(arrived)) = lab.told.first() else { panic!("{:?}", lab.told) };
    assert_eq!(arrived.from, Some(address("+33612345678")));
    assert_eq!(arrived.to, Some(address("+33140000000")));
    let said: Vec<(&str, &str)> =
        arrived.attributes.values().iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect();
    assert_eq!(said, [("caller_name", "Ana"), ("language", "fr")]);
}

#[test]
fn who_hangs_up_while_he_waits_or_while_a_phone_rings_has_abandoned() {
    let mut lab = Lab::new(settings());
    lab.call("1.1");
    lab.hang_up("1.1", 16);
    assert_eq!(lab.said(), ["contact.arrived", "contact.abandoned"]);
    let call = lab.call("1.2");
    let order = lab.connect_order(&call, "PJSIP/1001");
    lab.order(&GatewayOrder::ContactConnect(order));
    lab.ring("usher-agent-1");
    lab.hang_up("1.2", 16);
    assert_eq!(lab.said(), ["contact.arrived", "contact.abandoned"]);
    assert!(lab.lines.is_empty(), "no phone rings for nobody: {:?}", lab.lines);
}

#[test]
fn what_an_agents_phone_answers_is_told() {
    let cases = [
        (17, true, OrderFailure::Busy),
        (19, true, OrderFailure::NoAnswer),
        (19, false, OrderFailure::Unregistered),
        (1, false, OrderFailure::Unregistered),
        (21, true, OrderFailure::Rejected),
        (34, false, OrderFailure::Failed),
    ];
    let mut lab = Lab::new(settings());
    for (cause, rings, why) in cases {
        let call = lab.call(&format!("1.{cause}{rings}"));
        let order = lab.connect_order(&call, "PJSIP/1001");
        let leg = format!("usher-agent-{}", order.order.as_str());
        lab.order(&GatewayOrder::ContactConnect(order));
        if rings {
            lab.ring(&leg);
        }
        lab.hang_up(&leg, cause);
        let Some(GatewayTells::OrderFailed(failed)) = lab.told.last() else { panic!("{cause}: {:?}", lab.told) };
        assert_eq!(failed.why, why, "{cause}");
        assert_eq!(place_of(&lab, call.as_str()), HOLDING);
    }
    lab.unknown.insert("PJSIP/nobody".to_owned());
    let call = lab.call("1.9");
    let order = lab.connect_order(&call, "PJSIP/nobody");
    lab.order(&GatewayOrder::ContactConnect(order));
    let Some(GatewayTells::OrderFailed(failed)) = lab.told.last() else { panic!("{:?}", lab.told) };
    assert_eq!(failed.why, OrderFailure::Unregistered);
}

#[test]
fn the_first_phone_that_is_lifted_has_the_call() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    for endpoint in ["PJSIP/1001", "PJSIP/1002"] {
        let order = lab.connect_order(&call, endpoint);
        lab.order(&GatewayOrder::ContactConnect(order));
    }
    lab.lift("usher-agent-2");
    lab.said();
    lab.lift("usher-agent-1");
    assert_eq!(lab.said(), ["order.failed"]);
    assert!(!lab.lines.contains_key(&ChannelId("usher-agent-1".to_owned())));
    assert_eq!(place_of(&lab, "usher-agent-2"), Some("usher-call-1.1"));
}

#[test]
fn an_agent_who_hangs_up_ends_the_call_and_a_line_that_drops_does_not() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    let agent = lab.connect(&call, "PJSIP/1001");
    lab.said();
    lab.hang_up(&agent, 38);
    assert_eq!(lab.said(), ["party.left"]);
    assert_eq!(place_of(&lab, "1.1"), HOLDING);
    let again = lab.connect(&call, "PJSIP/1001");
    assert_eq!(lab.said(), ["contact.connected"]);
    lab.hang_up(&again, 16);
    let Some(GatewayTells::ContactEnded(ended)) = lab.told.last() else { panic!("{:?}", lab.told) };
    assert_eq!(ended.by, HungUpBy::Agent);
    assert!(lab.lines.is_empty());
}

#[test]
fn hold_plays_music_and_unhold_brings_back() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    let agent = lab.connect(&call, "PJSIP/1001");
    lab.said();
    let order = lab.contact_order(&call);
    lab.order(&GatewayOrder::ContactHold(order));
    assert_eq!((place_of(&lab, "1.1"), place_of(&lab, &agent)), (HOLDING, Some("usher-call-1.1")));
    let order = lab.contact_order(&call);
    lab.order(&GatewayOrder::ContactUnhold(order));
    assert_eq!(place_of(&lab, "1.1"), Some("usher-call-1.1"));
    assert_eq!(lab.said(), ["order.done", "order.done"]);
}

#[test]
fn an_agent_who_transfers_is_off_and_the_caller_waits_for_the_next() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    lab.connect(&call, "PJSIP/1001");
    let order = lab.connect_order(&call, "PJSIP/1001");
    lab.order(&GatewayOrder::PartyRemove(order));
    assert_eq!(place_of(&lab, "1.1"), HOLDING);
    assert_eq!(lab.lines.len(), 1);
    let other = lab.connect(&call, "PJSIP/1002");
    assert_eq!(place_of(&lab, &other), Some("usher-call-1.1"));
    assert_eq!(lab.said(), ["contact.arrived", "contact.connected", "order.done", "contact.connected"]);
}

fn consult(lab: &mut Lab, call: &Ref) -> String {
    let order = lab.contact_order(call);
    lab.order(&GatewayOrder::ContactHold(order));
    let question = Ref::clipped("question");
    let mut order = lab.connect_order(&question, "PJSIP/1002");
    order.consultation = Some(GatewayConsultation {
        agent: AgentName::clipped("agent-1001"),
        endpoint: Endpoint::clipped("PJSIP/1001"),
        parent: Some(call.clone()),
        conference: false,
    });
    let leg = format!("usher-agent-{}", order.order.as_str());
    lab.order(&GatewayOrder::ContactConnect(order));
    lab.lift(&leg);
    leg
}

fn about(lab: &mut Lab, call: &Ref) -> ConsultationOrder {
    ConsultationOrder {
        order: lab.next_order(),
        not_after: Time::from_ms(lab.now + 5_000),
        contact: ContactId::clipped("c"),
        r#ref: call.clone(),
        consultation: Ref::clipped("question"),
        agent: AgentName::clipped("agent-1002"),
        endpoint: Endpoint::clipped("PJSIP/1002"),
    }
}

#[test]
fn a_consultation_is_held_completed_or_joined() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    let first = lab.connect(&call, "PJSIP/1001");
    lab.said();
    let second = consult(&mut lab, &call);
    assert_eq!(lab.said(), ["order.done", "contact.connected"]);
    assert_eq!(place_of(&lab, "1.1"), HOLDING);
    assert_eq!(place_of(&lab, &first), Some("usher-call-question"));
    assert_eq!(place_of(&lab, &second), Some("usher-call-question"));
    // Back to the customer, the colleague hears music.
    let order = lab.contact_order(&Ref::clipped("question"));
    lab.order(&GatewayOrder::ContactHold(order));
    let order = lab.contact_order(&call);
    lab.order(&GatewayOrder::ContactUnhold(order));
    assert_eq!((place_of(&lab, "1.1"), place_of(&lab, &first)), (Some("usher-call-1.1"), Some("usher-call-1.1")));
    assert_eq!(place_of(&lab, &second), HOLDING);
    let order = about(&mut lab, &call);
    lab.order(&GatewayOrder::ConferenceJoin(order));
    for leg in ["1.1", &first, &second] {
        assert_eq!(place_of(&lab, leg), Some("usher-call-1.1"), "{leg}");
    }
    let order = about(&mut lab, &call);
    lab.order(&GatewayOrder::TransferComplete(order));
    assert!(!lab.lines.contains_key(&ChannelId(first)));
    assert_eq!((place_of(&lab, "1.1"), place_of(&lab, &second)), (Some("usher-call-1.1"), Some("usher-call-1.1")));
    assert_eq!(lab.said(), ["order.done"; 4]);
    lab.hang_up("1.1", 16);
    assert_eq!(lab.said(), ["contact.ended"]);
    assert!(lab.lines.is_empty());
}

#[test]
fn each_leg_of_a_consultation_may_drop() {
    // The colleague.
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    let first = lab.connect(&call, "PJSIP/1001");
    let second = consult(&mut lab, &call);
    lab.said();
    lab.hang_up(&second, 16);
    assert_eq!(lab.said(), ["party.left"]);
    assert_eq!(place_of(&lab, &first), Some("usher-call-1.1"));
    let order = lab.contact_order(&Ref::clipped("question"));
    lab.order(&GatewayOrder::ContactEnd(order));
    // The one who asks.
    let second = consult(&mut lab, &call);
    lab.said();
    lab.hang_up(&first, 16);
    let Some(GatewayTells::PartyLeft(left)) = lab.told.last() else { panic!("{:?}", lab.told) };
    assert_eq!(left.r#ref, call);
    let order = about(&mut lab, &call);
    lab.order(&GatewayOrder::TransferComplete(order));
    assert_eq!((place_of(&lab, "1.1"), place_of(&lab, &second)), (Some("usher-call-1.1"), Some("usher-call-1.1")));
    // The customer: the two talk on.
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    let first = lab.connect(&call, "PJSIP/1001");
    let second = consult(&mut lab, &call);
    lab.said();
    lab.hang_up("1.1", 16);
    assert_eq!(lab.said(), ["contact.ended"]);
    assert_eq!(
        (place_of(&lab, &first), place_of(&lab, &second)),
        (Some("usher-call-question"), Some("usher-call-question"))
    );
    let order = lab.contact_order(&Ref::clipped("question"));
    lab.order(&GatewayOrder::ContactEnd(order));
    assert!(lab.lines.is_empty());
}

fn place_order(lab: &mut Lab, first: FirstCalled) -> CallPlaceOrder {
    CallPlaceOrder {
        order: lab.next_order(),
        not_after: Time::from_ms(lab.now + 20_000),
        contact: ContactId::clipped("c"),
        r#ref: Ref::clipped("lead"),
        to: address("+33687654321"),
        agent: AgentName::clipped("agent-1001"),
        endpoint: Endpoint::clipped("PJSIP/1001"),
        first,
        ring_for_ms: 25_000,
        caller_id: None,
        auto_answer: true,
    }
}

#[test]
fn a_customer_is_called_once_his_agent_has_lifted() {
    let mut lab = Lab::new(settings());
    let order = place_order(&mut lab, FirstCalled::Agent);
    lab.order(&GatewayOrder::CallPlace(order));
    assert_eq!(lab.lines.len(), 1);
    lab.lift("usher-agent-1");
    lab.ring("usher-customer-1");
    lab.lift("usher-customer-1");
    assert_eq!(lab.said(), ["call.progress", "call.progress", "contact.connected"]);
    assert_eq!(place_of(&lab, "usher-customer-1"), Some("usher-call-lead"));
    lab.hang_up("usher-customer-1", 16);
    assert_eq!(lab.said(), ["contact.ended"]);
    assert!(lab.lines.is_empty());
}

#[test]
fn an_agent_is_rung_once_his_customer_has_answered() {
    let mut lab = Lab::new(settings());
    let order = place_order(&mut lab, FirstCalled::Customer);
    lab.order(&GatewayOrder::CallPlace(order));
    lab.ring("usher-customer-1");
    lab.lift("usher-customer-1");
    assert_eq!(lab.said(), ["call.progress", "call.progress"]);
    assert_eq!(place_of(&lab, "usher-customer-1"), HOLDING);
    lab.hang_up("usher-agent-1", 17);
    assert_eq!(lab.said(), ["order.failed"]);
    assert_eq!(place_of(&lab, "usher-customer-1"), HOLDING, "who has answered is kept");
}

#[test]
fn what_becomes_of_a_called_number_is_told() {
    let cases = [
        (17, CallProgressed::Busy),
        (19, CallProgressed::NoAnswer),
        (21, CallProgressed::Rejected),
        (1, CallProgressed::InvalidNumber),
        (27, CallProgressed::Disconnected),
        (34, CallProgressed::Congestion),
        (0, CallProgressed::Failed),
    ];
    for (cause, becomes) in cases {
        let mut lab = Lab::new(settings());
        let order = place_order(&mut lab, FirstCalled::Agent);
        lab.order(&GatewayOrder::CallPlace(order));
        lab.lift("usher-agent-1");
        lab.hang_up("usher-customer-1", cause);
        let Some(GatewayTells::CallProgress(told)) = lab.told.last() else { panic!("{:?}", lab.told) };
        assert_eq!(told.progress, becomes, "{cause}");
        assert!(lab.lines.is_empty(), "the agent is free: {:?}", lab.lines);
    }
}

#[test]
fn a_machine_is_told_from_a_person_where_the_switch_listens() {
    for (heard, said) in [("MACHINE", CallProgressed::Machine), ("HUMAN", CallProgressed::Answered)] {
        let mut lab = Lab::new(crate::gateways::asterisk::Settings {
            machine_detection_context: Some("usher-machine".to_owned()),
            ..settings()
        });
        let order = place_order(&mut lab, FirstCalled::Customer);
        lab.order(&GatewayOrder::CallPlace(order));
        lab.lift("usher-customer-1");
        let customer = ChannelId("usher-customer-1".to_owned());
        assert!(!lab.lines[&customer].is_ours, "it is in the dialplan");
        lab.lines.get_mut(&customer).unwrap().is_ours = true;
        let args = vec!["amd".to_owned(), heard.to_owned()];
        let channel = lab.channel(&customer);
        lab.events.push_back(crate::gateways::asterisk::ari::event::Event::StasisStart { channel, args });
        lab.run();
        let Some(GatewayTells::CallProgress(told)) = lab.told.last() else { panic!("{:?}", lab.told) };
        assert_eq!(told.progress, said);
        assert_eq!(lab.lines.contains_key(&customer), said == CallProgressed::Answered);
    }
}

#[test]
fn a_switch_begins_no_more_calls_than_it_has_lines_for() {
    let mut lab = Lab::new(crate::gateways::asterisk::Settings {
        calls_max: Some(3),
        kept_for_inbound: 2,
        calls_per_second_max: Some(1),
        ..settings()
    });
    let order = place_order(&mut lab, FirstCalled::Customer);
    lab.order(&GatewayOrder::CallPlace(order));
    let second = CallPlaceOrder { r#ref: Ref::clipped("another"), ..place_order(&mut lab, FirstCalled::Customer) };
    lab.order(&GatewayOrder::CallPlace(second));
    let Some(GatewayTells::CallProgress(told)) = lab.told.last() else { panic!("{:?}", lab.told) };
    assert_eq!(told.progress, CallProgressed::Congestion);
    lab.hang_up("usher-customer-1", 17);
    let third = CallPlaceOrder { r#ref: Ref::clipped("third"), ..place_order(&mut lab, FirstCalled::Customer) };
    lab.order(&GatewayOrder::CallPlace(third));
    assert!(lab.lines.is_empty(), "one within a second");
    lab.wait(1_000);
    assert_eq!(lab.lines.len(), 1);
}

#[test]
fn a_call_of_which_the_server_says_nothing_goes_back_to_the_dialplan() {
    let mut lab = Lab::new(settings());
    lab.is_server_away = true;
    lab.call("1.1");
    lab.wait(1_999);
    assert!(!lab.actions.iter().any(|action| matches!(action, Action::Continue { .. } | Action::Answer { .. })));
    lab.wait(1);
    assert!(
        matches!(lab.actions.last(), Some(Action::Continue { context, extension, .. }) if context == "usher-fallback" && extension == "33140000000")
    );
    lab.is_server_away = false;
    lab.run();
    assert_eq!(lab.said(), ["contact.arrived", "contact.ended"]);
}

#[test]
fn a_call_that_the_server_takes_is_not_taken_back_by_the_dialplan() {
    let mut lab = Lab::new(settings());
    lab.is_server_away = true;
    lab.call("1.1");
    assert!(lab.actions.is_empty(), "until then its clock runs: {:?}", lab.actions);
    lab.is_server_away = false;
    lab.run();
    let channel = ChannelId("1.1".to_owned());
    assert_eq!(lab.actions[0], Action::LiftTimeLimit { channel: channel.clone() });
    assert_eq!(lab.actions[1], Action::Answer { channel });
}

#[test]
fn a_call_that_the_dialplan_takes_back_has_not_abandoned() {
    let mut lab = Lab::new(settings());
    lab.is_server_away = true;
    lab.call("1.1");
    lab.take_back("1.1");
    lab.is_server_away = false;
    lab.run();
    let Some(GatewayTells::ContactEnded(ended)) = lab.told.last() else { panic!("{:?}", lab.told) };
    assert_eq!(ended.by, HungUpBy::Gateway);
    assert_eq!(lab.said(), ["contact.arrived", "contact.ended"]);
    assert!(lab.actions.is_empty(), "it is not ours any more: {:?}", lab.actions);
}

#[test]
fn a_call_that_the_server_refuses_goes_back_too() {
    let mut lab = Lab::new(settings());
    lab.refuse = Some(|_| Some(ErrorKind::Internal));
    lab.call("1.1");
    assert!(matches!(lab.actions.last(), Some(Action::Continue { .. })));
}

#[test]
fn messages_the_mailbox_and_numbers_outside() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    let (not_after, contact) = (Time::from_ms(lab.now + 60_000), ContactId::clipped("c"));
    let message = Name::clipped("closed");
    let order = lab.next_order();
    let (of, at) = (call.clone(), not_after);
    lab.order(&GatewayOrder::ContactPlay(PlayOrder {
        order,
        not_after: at,
        contact: contact.clone(),
        r#ref: of,
        message,
    }));
    assert_eq!(lab.said(), ["contact.arrived"]);
    lab.message_over("1.1");
    assert_eq!(lab.said(), ["order.done"]);
    let order = lab.contact_order(&call);
    lab.order(&GatewayOrder::ContactEnd(order));
    assert_eq!(lab.said(), ["contact.ended"]);

    let call = lab.call("1.2");
    let (order, mailbox) = (lab.next_order(), None);
    let of = call.clone();
    lab.order(&GatewayOrder::ContactVoicemail(VoicemailOrder {
        order,
        not_after,
        contact: contact.clone(),
        r#ref: of,
        mailbox,
    }));
    assert_eq!(lab.said(), ["contact.arrived", "order.done"]);
    lab.hang_up("1.2", 16);
    assert_eq!(lab.said(), ["contact.ended"]);

    let call = lab.call("1.3");
    let agent = lab.connect(&call, "PJSIP/1001");
    lab.said();
    let (order, to) = (lab.next_order(), address("+33140000001"));
    let leg = format!("usher-outside-{}", order.as_str());
    lab.order(&GatewayOrder::ContactTransfer(TransferOrder { order, not_after, contact, r#ref: call, to }));
    assert!(!lab.lines.contains_key(&ChannelId(agent)));
    assert_eq!(place_of(&lab, "1.3"), HOLDING);
    assert_eq!(lab.said(), [""; 0], "he is on his way");
    lab.lift(&leg);
    assert_eq!(lab.said(), ["order.done"]);
    assert_eq!((place_of(&lab, "1.3"), place_of(&lab, &leg)), (Some("usher-call-1.3"), Some("usher-call-1.3")));
    lab.hang_up(&leg, 16);
    assert_eq!(lab.said(), [""; 0], "it is the server's no more");
    assert!(lab.lines.is_empty());
}

#[test]
fn a_supervisor_listens_whispers_and_speaks() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    let agent = lab.connect(&call, "PJSIP/1001");
    lab.said();
    let order = MonitorOrder {
        order: lab.next_order(),
        not_after: Time::from_ms(lab.now + 20_000),
        contact: ContactId::clipped("c"),
        r#ref: call.clone(),
        monitor: MonitorId::clipped("m1"),
        endpoint: Endpoint::clipped("PJSIP/9001"),
        mode: MonitorMode::Listen,
    };
    lab.order(&GatewayOrder::MonitorStart(order.clone()));
    lab.ring("usher-supervisor-m1");
    lab.lift("usher-supervisor-m1");
    assert_eq!(lab.said(), ["monitor.changed", "monitor.changed"]);
    assert_eq!(place_of(&lab, "usher-supervisor-m1"), Some("usher-monitor-m1"));
    assert_eq!(place_of(&lab, "usher-spy-m1-1"), Some("usher-monitor-m1"));
    let change = |lab: &mut Lab, mode| crate::protocol::MonitorModeOrder {
        order: lab.next_order(),
        not_after: order.not_after,
        contact: order.contact.clone(),
        r#ref: call.clone(),
        monitor: order.monitor.clone(),
        mode,
    };
    let whisper = change(&mut lab, MonitorMode::Whisper);
    lab.order(&GatewayOrder::MonitorMode(whisper));
    assert_eq!(place_of(&lab, "usher-spy-m1-2"), Some("usher-monitor-m1"));
    assert!(!lab.lines.contains_key(&ChannelId("usher-spy-m1-1".to_owned())));
    let barge = change(&mut lab, MonitorMode::Barge);
    lab.order(&GatewayOrder::MonitorMode(barge));
    assert_eq!(place_of(&lab, "usher-supervisor-m1"), Some("usher-call-1.1"));
    lab.said();
    lab.hang_up(&agent, 16);
    assert!(lab.lines.is_empty(), "{:?}", lab.lines);
    let mut said = lab.said();
    said.sort_unstable();
    assert_eq!(said, ["contact.ended", "monitor.changed"]);
}

#[test]
fn a_restart_takes_up_who_talks_who_waits_and_who_has_gone() {
    let mut lab = Lab::new(settings());
    let talking = lab.call("1.1");
    let agent = lab.connect(&talking, "PJSIP/1001");
    let waiting = lab.call("1.2");
    let gone = lab.call("1.3");
    let order = lab.connect_order(&waiting, "PJSIP/1002");
    lab.order(&GatewayOrder::ContactConnect(order.clone()));
    // Another life, which knows nothing.
    lab.events.clear();
    lab.lines.remove(&ChannelId("1.3".to_owned()));
    lab.board = crate::gateways::asterisk::switchboard::Switchboard::new(settings());
    let found = lab.found();
    lab.actions.clear();
    lab.told.clear();
    lab.board.switch_found(found, lab.now);
    let contact = |of: &Ref, should_be| GatewayContact {
        contact: ContactId::clipped("c"),
        r#ref: of.clone(),
        should_be,
        consultation: None,
        recording: None,
    };
    let (agent_name, endpoint) = (AgentName::clipped("agent-1001"), Endpoint::clipped("PJSIP/1001"));
    let connecting = ShouldBe::Connecting {
        order: order.order.clone(),
        agent: order.agent.clone(),
        endpoint: order.endpoint.clone(),
        not_after: order.not_after,
        auto_answer: true,
    };
    lab.open(&GatewaySnapshot {
        contacts: vec![
            contact(&talking, ShouldBe::Connected { agent: agent_name, endpoint }),
            contact(&waiting, connecting),
            contact(&gone, ShouldBe::Queued { queue: QueueName::clipped("sales") }),
        ],
        agent_legs: Vec::new(),
        last_event: EventNumberOf::seven(),
    });
    assert_eq!(lab.actions, [], "nobody is disturbed, and the phone that rings is not rung twice");
    lab.board.take_inventory(lab.now);
    lab.run();
    let Some(GatewayTells::Inventory(inventory)) = lab.told.last() else { panic!("{:?}", lab.told) };
    let named: Vec<&str> = inventory.contacts.iter().map(|contact| contact.r#ref.as_str()).collect();
    assert_eq!(named, ["1.1", "1.2"]);
    assert!(inventory.event.get() > 7);
    lab.told.clear();
    lab.lift("usher-agent-2");
    assert_eq!(lab.said(), ["contact.connected"]);
    lab.hang_up(&agent, 16);
    assert_eq!(lab.said(), ["contact.ended"]);
    assert_eq!(lab.lines.len(), 2);
}

struct EventNumberOf;

impl EventNumberOf {
    fn seven() -> Option<crate::protocol::EventNumber> {
        crate::protocol::EventNumber::new(7)
    }
}

#[test]
fn a_switch_that_comes_back_empty_has_lost_its_calls() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    lab.connect(&call, "PJSIP/1001");
    lab.call("1.2");
    lab.said();
    lab.board.switch_lost();
    lab.lines.clear();
    lab.bridges.clear();
    lab.board.switch_found(Found::default(), lab.now);
    lab.run();
    let mut said = lab.said();
    said.sort_unstable();
    assert_eq!(said, ["contact.ended", "contact.ended"]);
    lab.call("1.3");
    assert_eq!(place_of(&lab, "1.3"), HOLDING, "the bridge is made again");
}

#[test]
fn a_leg_that_stays_up_is_not_rung_again() {
    let mut lab = Lab::new(settings());
    let order = crate::protocol::AgentLegOrder {
        order: lab.next_order(),
        not_after: Time::from_ms(lab.now + 20_000),
        agent: AgentName::clipped("agent-1001"),
        endpoint: Endpoint::clipped("PJSIP/1001"),
    };
    lab.order(&GatewayOrder::AgentLegOpen(order.clone()));
    lab.lift("usher-agent-1");
    assert_eq!(lab.said(), ["order.done"]);
    let call = lab.call("1.1");
    let connect = lab.connect_order(&call, "PJSIP/1001");
    lab.order(&GatewayOrder::ContactConnect(connect));
    assert_eq!(lab.said(), ["contact.arrived", "contact.connected"]);
    assert_eq!(place_of(&lab, "usher-agent-1"), Some("usher-call-1.1"));
    lab.hang_up("1.1", 16);
    assert_eq!((lab.lines.len(), place_of(&lab, "usher-agent-1")), (1, None));
    let close = crate::protocol::AgentLegOrder { order: lab.next_order(), ..order };
    lab.order(&GatewayOrder::AgentLegClose(close));
    assert!(lab.lines.is_empty());
}

#[test]
fn an_order_comes_true_once_and_never_too_late() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    let order = lab.connect_order(&call, "PJSIP/1001");
    lab.order(&GatewayOrder::ContactConnect(order.clone()));
    lab.order(&GatewayOrder::ContactConnect(order.clone()));
    assert_eq!(lab.lines.len(), 2);
    let mut late = lab.connect_order(&call, "PJSIP/1002");
    late.not_after = Time::from_ms(lab.now - 1);
    let answer = lab.board.obey(&GatewayOrder::ContactConnect(late), lab.now);
    assert_eq!(answer, crate::protocol::OrderAnswer::TOO_LATE);
}

#[test]
fn keys_are_exits_and_digits_while_a_caller_waits_and_nothing_in_a_talk() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    lab.said();
    let key = |lab: &mut Lab, digit: &str| {
        let channel = lab.channel(&ChannelId("1.1".to_owned()));
        let event =
            crate::gateways::asterisk::ari::event::Event::ChannelDtmfReceived { channel, digit: digit.to_owned() };
        lab.events.push_back(event);
        lab.run();
    };
    key(&mut lab, "4");
    key(&mut lab, "2");
    key(&mut lab, "nonsense");
    lab.wait(2_000);
    let Some(GatewayTells::ContactUpdated(told)) = lab.told.last() else { panic!("{:?}", lab.told) };
    assert_eq!(told.attributes.values()["digits"], "42");
    assert_eq!(lab.said(), ["contact.exit_key", "contact.exit_key", "contact.updated"]);
    lab.connect(&call, "PJSIP/1001");
    lab.said();
    key(&mut lab, "4");
    lab.wait(2_000);
    assert_eq!(lab.said(), [""; 0]);
}

#[test]
fn a_recording_begins_pauses_and_ends_with_its_call() {
    let mut lab = Lab::new(settings());
    let call = lab.call("1.1");
    lab.connect(&call, "PJSIP/1001");
    lab.said();
    let order = |lab: &mut Lab| crate::protocol::RecordingOrder {
        order: lab.next_order(),
        not_after: Time::from_ms(lab.now + 5_000),
        contact: ContactId::clipped("c"),
        r#ref: call.clone(),
        recording: crate::protocol::RecordingId::clipped("r1"),
    };
    let start = order(&mut lab);
    lab.order(&GatewayOrder::RecordingStart(start));
    let pause = order(&mut lab);
    lab.order(&GatewayOrder::RecordingPause(pause));
    let states = |lab: &mut Lab| -> Vec<crate::protocol::RecordingState> {
        let told = std::mem::take(&mut lab.told);
        let states = told.into_iter().filter_map(|tells| match tells {
            GatewayTells::RecordingState(told) => {
                assert_eq!(told.file.unwrap().as_str(), "usher/r1.wav");
                Some(told.state)
            }
            _ => None,
        });
        states.collect()
    };
    use crate::protocol::RecordingState::{Finished, Paused, Recording};
    assert_eq!(states(&mut lab), [Recording, Paused]);
    assert_eq!(place_of(&lab, "usher-listener-r1"), None);
    lab.hang_up("1.1", 16);
    let recording = crate::gateways::asterisk::ari::event::LiveRecording {
        name: "usher/r1".to_owned(),
        duration: Some(7),
        cause: None,
    };
    lab.events.push_back(crate::gateways::asterisk::ari::event::Event::RecordingFinished { recording });
    lab.run();
    assert_eq!(states(&mut lab), [Finished]);
    assert!(lab.lines.is_empty(), "{:?}", lab.lines);
}
