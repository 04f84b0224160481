//! A switch in memory: channels and bridges, with the events and refusals that Asterisk was seen to give. It hears no
//! voice.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::gateways::asterisk::Settings;
use crate::gateways::asterisk::ari::event::{
    Bridge, BridgeId, Channel, ChannelId, ChannelState, Dialplan, Event, Found, Party, Playback,
};
use crate::gateways::asterisk::ari::request::{Action, RequestError};
use crate::gateways::asterisk::switchboard::Switchboard;
use crate::protocol::{
    Address, AgentName, CallPlaceOrder, ConnectOrder, ContactId, ContactOrder, Endpoint, EventNumber, FirstCalled,
    GatewayOrder, GatewaySnapshot, GatewayTells, OrderAnswer, OrderId, Ref, Time, TransferOrder,
};

pub fn settings() -> Settings {
    Settings {
        application: "usher".to_owned(),
        trunk: "PJSIP/{number}@trunk".to_owned(),
        caller_id: None,
        home_region: None,
        music_class: "default".to_owned(),
        announce_every: None,
        fallback_after: std::time::Duration::from_secs(2),
        fallback_context: "usher-fallback".to_owned(),
        voicemail_context: "usher-voicemail".to_owned(),
        machine_detection_context: None,
        calls_max: None,
        calls_per_second_max: None,
        kept_for_inbound: 0,
        recording_format: "wav".to_owned(),
    }
}

#[derive(Clone, Debug)]
pub struct Line {
    pub state: ChannelState,
    pub is_ours: bool,
    pub is_in: Option<BridgeId>,
    pub endpoint: String,
    pub variables: BTreeMap<String, String>,
    pub playback: Option<String>,
}

/// The switch, the switchboard, and what was told to the server.
pub struct Lab {
    pub board: Switchboard,
    pub now: i64,
    pub lines: BTreeMap<ChannelId, Line>,
    pub bridges: BTreeSet<BridgeId>,
    pub told: Vec<GatewayTells>,
    /// Endpoints that there are not.
    pub unknown: BTreeSet<String>,
    pub events: VecDeque<Event>,
    /// Requests carried out.
    pub actions: Vec<Action>,
    /// What the server refuses: nothing, but by a test.
    pub refuse: Option<fn(&GatewayTells) -> Option<crate::protocol::ErrorKind>>,
    pub is_server_away: bool,
    orders: u64,
}

impl Lab {
    pub fn new(settings: Settings) -> Lab {
        let mut lab = Lab::before_session(settings);
        lab.open(&GatewaySnapshot { contacts: Vec::new(), agent_legs: Vec::new(), last_event: None });
        lab
    }

    pub fn before_session(settings: Settings) -> Lab {
        let mut board = Switchboard::new(settings);
        board.switch_found(Found::default(), 1_800_000_000_000);
        Lab {
            board,
            now: 1_800_000_000_000,
            lines: BTreeMap::new(),
            bridges: BTreeSet::new(),
            told: Vec::new(),
            unknown: BTreeSet::new(),
            events: VecDeque::new(),
            actions: Vec::new(),
            refuse: None,
            is_server_away: false,
            orders: 0,
        }
    }

    pub fn open(&mut self, snapshot: &GatewaySnapshot) {
        self.board.session_opened(snapshot, self.now);
        self.run();
    }

    pub fn channel(&self, id: &ChannelId) -> Channel {
        let line = &self.lines[id];
        Channel {
            id: id.clone(),
            name: format!("{}-00000001", line.endpoint),
            state: line.state,
            caller: Party { name: "Ana".to_owned(), number: "+33612345678".to_owned() },
            dialplan: Dialplan {
                exten: "+33140000000".to_owned(),
                app_name: if line.is_ours { "Stasis".to_owned() } else { "Dial".to_owned() },
                app_data: if line.is_ours { "usher,inbound".to_owned() } else { String::new() },
            },
            channelvars: line.variables.clone(),
        }
    }

    pub fn found(&self) -> Found {
        let bridge = |id: &BridgeId| Bridge {
            id: id.clone(),
            channels: self
                .lines
                .iter()
                .filter(|(_, line)| line.is_in.as_ref() == Some(id))
                .map(|(id, _)| id.clone())
                .collect(),
        };
        Found {
            channels: self.lines.keys().map(|id| self.channel(id)).collect(),
            bridges: self.bridges.iter().map(bridge).collect(),
            devices: Vec::new(),
        }
    }

    /// Lets everything happen that follows: requests, their events, answers of the server.
    pub fn run(&mut self) {
        for _ in 0..10_000 {
            if let Some((no, request)) = self.board.next_request() {
                let reply = self.carry_out(&request.action);
                self.actions.push(request.action);
                self.board.replied(no, reply, self.now);
            } else if let Some(event) = self.events.pop_front() {
                self.board.heard(event, self.now);
            } else if let Some((event, tells)) = self.next_told() {
                let refusal = self.refuse.and_then(|refuse| refuse(&tells));
                self.told.push(tells);
                self.board.acknowledged(event, refusal.as_ref(), self.now);
            } else {
                return;
            }
        }
        panic!("it never comes to rest: {:?}", &self.actions[self.actions.len() - 20..]);
    }

    fn next_told(&mut self) -> Option<(EventNumber, GatewayTells)> {
        if self.is_server_away { None } else { self.board.tells.next_to_send() }
    }

    pub fn wait(&mut self, ms: i64) {
        self.now += ms;
        self.board.advance(self.now);
        self.run();
    }

    pub fn call(&mut self, id: &str) -> Ref {
        let channel = ChannelId(id.to_owned());
        let line = Line {
            state: ChannelState::Other,
            is_ours: true,
            is_in: None,
            endpoint: "PJSIP/trunk".to_owned(),
            variables: BTreeMap::new(),
            playback: None,
        };
        self.lines.insert(channel.clone(), line);
        let args = vec!["inbound".to_owned(), "language=fr".to_owned()];
        self.events.push_back(Event::StasisStart { channel: self.channel(&channel), args });
        self.run();
        Ref::clipped(id)
    }

    pub fn ring(&mut self, leg: &str) {
        let id = ChannelId(leg.to_owned());
        let Some(line) = self.lines.get_mut(&id) else { return };
        line.state = ChannelState::Ringing;
        self.events.push_back(Event::ChannelStateChange { channel: self.channel(&id) });
        self.run();
    }

    pub fn lift(&mut self, leg: &str) {
        let id = ChannelId(leg.to_owned());
        let line = self.lines.get_mut(&id).unwrap_or_else(|| panic!("no {leg}"));
        line.state = ChannelState::Up;
        line.is_ours = true;
        self.events.push_back(Event::StasisStart { channel: self.channel(&id), args: Vec::new() });
        self.run();
    }

    /// Somebody at the other end hangs up, or never lifts.
    pub fn hang_up(&mut self, leg: &str, cause: i64) {
        let id = ChannelId(leg.to_owned());
        if self.lines.contains_key(&id) {
            self.events.push_back(Event::ChannelHangupRequest { channel: self.channel(&id), cause: Some(cause) });
            self.end(&id, cause);
        }
        self.run();
    }

    /// The dialplan's clock runs out: the channel goes on there.
    pub fn take_back(&mut self, id: &str) {
        let id = ChannelId(id.to_owned());
        self.events.push_back(Event::StasisEnd { channel: self.channel(&id) });
        self.lines.get_mut(&id).expect("it is there").is_ours = false;
        self.run();
    }

    fn end(&mut self, id: &ChannelId, cause: i64) {
        let channel = self.channel(id);
        if let Some(playback) = self.lines.get_mut(id).and_then(|line| line.playback.take()) {
            self.playback_over(playback, "failed");
        }
        self.leave(id);
        let line = self.lines.remove(id).expect("it is there");
        if line.is_ours {
            self.events.push_back(Event::StasisEnd { channel: channel.clone() });
        }
        if id.0.starts_with("usher-") && !id.0.starts_with("usher-spy") && !id.0.starts_with("usher-listener")
            || !line.is_ours
        {
            self.events.push_back(Event::ChannelDestroyed { channel, cause });
        }
        let spies: Vec<ChannelId> = self
            .lines
            .iter()
            .filter(|(_, line)| line.variables.get("spies").is_some_and(|spied| *spied == id.0))
            .map(|(id, _)| id.clone())
            .collect();
        for spy in spies {
            self.end(&spy, 16);
        }
    }

    fn leave(&mut self, id: &ChannelId) {
        let Some(bridge) = self.lines.get_mut(id).and_then(|line| line.is_in.take()) else { return };
        let (channel, bridge) = (self.channel(id), Bridge { id: bridge, channels: Vec::new() });
        self.events.push_back(Event::ChannelLeftBridge { bridge, channel });
    }

    fn playback_over(&mut self, id: String, state: &str) {
        let playback = Playback { id, state: state.to_owned() };
        self.events.push_back(Event::PlaybackFinished { playback });
    }

    pub fn message_over(&mut self, leg: &str) {
        let playback = self.lines.get_mut(&ChannelId(leg.to_owned())).and_then(|line| line.playback.take());
        if let Some(playback) = playback {
            self.playback_over(playback, "done");
        }
        self.run();
    }

    fn carry_out(&mut self, action: &Action) -> Result<(), RequestError> {
        let no = |status, message: &str| Err(RequestError::Refused { status, message: message.to_owned() });
        match action {
            Action::Answer { channel } => match self.lines.get_mut(channel) {
                Some(line) => {
                    line.state = ChannelState::Up;
                    self.events.push_back(Event::ChannelStateChange { channel: self.channel(channel) });
                    Ok(())
                }
                None => no(404, "Channel not found"),
            },
            Action::Originate(asked) => {
                if self.unknown.contains(&asked.endpoint) {
                    return no(500, "Allocation failed");
                }
                if self.lines.contains_key(&asked.channel) {
                    return no(409, "Channel with given unique ID already exists");
                }
                let line = Line {
                    state: ChannelState::Other,
                    is_ours: false,
                    is_in: None,
                    endpoint: asked.endpoint.clone(),
                    variables: asked.variables.clone(),
                    playback: None,
                };
                self.lines.insert(asked.channel.clone(), line);
                Ok(())
            }
            Action::HangUp { channel } => {
                if !self.lines.contains_key(channel) {
                    return no(404, "Channel not found");
                }
                self.events.push_back(Event::ChannelHangupRequest { channel: self.channel(channel), cause: Some(32) });
                self.end(channel, 16);
                Ok(())
            }
            Action::Continue { channel, .. } => {
                if !self.lines.contains_key(channel) {
                    return no(404, "Channel not found");
                }
                self.leave(channel);
                self.events.push_back(Event::StasisEnd { channel: self.channel(channel) });
                self.lines.get_mut(channel).expect("seen").is_ours = false;
                Ok(())
            }
            Action::MakeBridge { bridge, .. } => {
                self.bridges.insert(bridge.clone());
                Ok(())
            }
            Action::Enter { bridge, channel } => {
                if !self.bridges.contains(bridge) {
                    return no(404, "Bridge not found");
                }
                match self.lines.get(channel) {
                    None => return no(400, "Channel not found"),
                    Some(line) if !line.is_ours => return no(422, "Channel not in Stasis application"),
                    Some(line) => assert!(line.playback.is_none(), "moving {channel} would wait for what it hears"),
                }
                self.leave(channel);
                self.lines.get_mut(channel).expect("seen").is_in = Some(bridge.clone());
                let bridge = Bridge { id: bridge.clone(), channels: Vec::new() };
                self.events.push_back(Event::ChannelEnteredBridge { bridge, channel: self.channel(channel) });
                Ok(())
            }
            Action::Leave { bridge, channel } => {
                if self.lines.get(channel).is_none_or(|line| line.is_in.as_ref() != Some(bridge)) {
                    return no(422, "Channel not in this bridge");
                }
                self.leave(channel);
                Ok(())
            }
            Action::EndBridge { bridge } => {
                let inside: Vec<ChannelId> = self
                    .lines
                    .iter()
                    .filter(|(_, line)| line.is_in.as_ref() == Some(bridge))
                    .map(|(id, _)| id.clone())
                    .collect();
                for channel in inside {
                    self.leave(&channel);
                }
                if !self.bridges.remove(bridge) {
                    return no(404, "Bridge not found");
                }
                self.events
                    .push_back(Event::BridgeDestroyed { bridge: Bridge { id: bridge.clone(), channels: Vec::new() } });
                Ok(())
            }
            Action::Play { channel, playback, .. } => match self.lines.get_mut(channel) {
                Some(line) => {
                    line.playback = Some(playback.clone());
                    Ok(())
                }
                None => no(404, "Channel not found"),
            },
            Action::StopPlay { playback } => {
                for line in self.lines.values_mut() {
                    line.playback.take_if(|playing| playing == playback);
                }
                self.playback_over(playback.clone(), "done");
                Ok(())
            }
            Action::Spy { channel, spy, .. } => {
                if !self.lines.contains_key(channel) {
                    return no(404, "Channel not found");
                }
                let line = Line {
                    state: ChannelState::Up,
                    is_ours: true,
                    is_in: None,
                    endpoint: "Snoop".to_owned(),
                    variables: BTreeMap::from([("spies".to_owned(), channel.0.clone())]),
                    playback: None,
                };
                self.lines.insert(spy.clone(), line);
                self.events.push_back(Event::StasisStart { channel: self.channel(spy), args: Vec::new() });
                Ok(())
            }
            Action::LiftTimeLimit { .. }
            | Action::StartMusic { .. }
            | Action::Subscribe { .. }
            | Action::SendDigits { .. } => Ok(()),
            Action::Record { channel, .. } if !self.lines.contains_key(channel) => no(404, "Channel not found"),
            Action::Record { .. }
            | Action::PauseRecording { .. }
            | Action::ResumeRecording { .. }
            | Action::StopRecording { .. }
            | Action::EraseRecording { .. } => Ok(()),
        }
    }

    pub fn next_order(&mut self) -> OrderId {
        self.orders += 1;
        OrderId::clipped(&self.orders.to_string())
    }

    pub fn connect_order(&mut self, of: &Ref, endpoint: &str) -> ConnectOrder {
        ConnectOrder {
            order: self.next_order(),
            not_after: Time::from_ms(self.now + 20_000),
            contact: ContactId::clipped(of.as_str()),
            r#ref: of.clone(),
            agent: AgentName::clipped(&format!("agent-{}", endpoint.trim_start_matches("PJSIP/"))),
            endpoint: Endpoint::clipped(endpoint),
            consultation: None,
            auto_answer: true,
        }
    }

    pub fn contact_order(&mut self, of: &Ref) -> ContactOrder {
        ContactOrder {
            order: self.next_order(),
            not_after: Time::from_ms(self.now + 5_000),
            contact: ContactId::clipped(of.as_str()),
            r#ref: of.clone(),
        }
    }

    pub fn transfer_order(&mut self, of: &Ref) -> TransferOrder {
        let ContactOrder { order, contact, r#ref, .. } = self.contact_order(of);
        let not_after = Time::from_ms(self.now + 20_000);
        TransferOrder { order, not_after, contact, r#ref, to: address("+33140000001") }
    }

    pub fn place_order(&mut self, of: &Ref, endpoint: &str, is_agent_first: bool) -> CallPlaceOrder {
        let ConnectOrder { order, not_after, contact, r#ref, agent, endpoint, .. } = self.connect_order(of, endpoint);
        CallPlaceOrder {
            order,
            not_after,
            contact,
            r#ref,
            to: address("+33687654321"),
            agent,
            endpoint,
            first: if is_agent_first { FirstCalled::Agent } else { FirstCalled::Customer },
            ring_for_ms: 25_000,
            caller_id: None,
            auto_answer: true,
        }
    }

    pub fn order(&mut self, order: &GatewayOrder) {
        assert_eq!(self.board.obey(order, self.now), OrderAnswer::ACCEPTED);
        self.run();
    }

    /// Rings the device and, when it is there, lifts it. The name of its leg.
    pub fn connect(&mut self, of: &Ref, endpoint: &str) -> String {
        let order = self.connect_order(of, endpoint);
        let leg = format!("usher-agent-{}", order.order.as_str());
        self.order(&GatewayOrder::ContactConnect(order));
        self.ring(&leg);
        self.lift(&leg);
        leg
    }

    pub fn bridge_of(&self, leg: &str) -> Option<String> {
        self.lines.get(&ChannelId(leg.to_owned()))?.is_in.as_ref().map(|bridge| bridge.0.clone())
    }

    /// The names of what was told since the last time, without inventories.
    pub fn said(&mut self) -> Vec<String> {
        use crate::protocol::Message;
        let told = std::mem::take(&mut self.told);
        told.iter().map(|tells| tells.method().to_owned()).filter(|method| method != "inventory").collect()
    }
}

pub fn address(number: &str) -> Address {
    Address::new(number).expect("a number")
}
