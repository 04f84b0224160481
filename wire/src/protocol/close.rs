//! Why a socket is closed, and whether to come back. It never closes one.

/// The WebSocket close codes that Usher sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// 1001: the server is going away.
    GoingAway,
    /// 1002: the WebSocket protocol was broken.
    Protocol,
    /// 1007: a text was not UTF-8.
    NotUtf8,
    /// 1008: against a policy, e.g. the wrong origin.
    Policy,
    /// 1009: a message was too big.
    TooBig,
    /// 1011: a mistake of the server's own.
    Internal,
    /// 1012: the server restarts.
    Restart,
    /// 1013: the server has no room.
    TryLater,
    /// 4001: `session.open` did not come in time.
    NotOpenedInTime,
    /// 4003: the token, ticket or key is not good.
    BadToken,
    /// 4004: the agent signed in elsewhere.
    TakenOver,
    /// 4008: the client reads too slowly.
    TooSlow,
    /// 4009: the session cannot be resumed.
    CannotResume,
    /// 4010: logged out.
    LoggedOut,
    /// 4029: too many messages.
    Rate,
}

impl CloseCode {
    /// All of them, by number.
    pub const ALL: [CloseCode; 15] = [
        CloseCode::GoingAway,
        CloseCode::Protocol,
        CloseCode::NotUtf8,
        CloseCode::Policy,
        CloseCode::TooBig,
        CloseCode::Internal,
        CloseCode::Restart,
        CloseCode::TryLater,
        CloseCode::NotOpenedInTime,
        CloseCode::BadToken,
        CloseCode::TakenOver,
        CloseCode::TooSlow,
        CloseCode::CannotResume,
        CloseCode::LoggedOut,
        CloseCode::Rate,
    ];

    /// The number in the close frame.
    #[must_use]
    pub fn number(self) -> u16 {
        match self {
            CloseCode::GoingAway => 1001,
            CloseCode::Protocol => 1002,
            CloseCode::NotUtf8 => 1007,
            CloseCode::Policy => 1008,
            CloseCode::TooBig => 1009,
            CloseCode::Internal => 1011,
            CloseCode::Restart => 1012,
            CloseCode::TryLater => 1013,
            CloseCode::NotOpenedInTime => 4001,
            CloseCode::BadToken => 4003,
            CloseCode::TakenOver => 4004,
            CloseCode::TooSlow => 4008,
            CloseCode::CannotResume => 4009,
            CloseCode::LoggedOut => 4010,
            CloseCode::Rate => 4029,
        }
    }

    /// The reason in the close frame.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            CloseCode::GoingAway => "going away",
            CloseCode::Protocol => "protocol error",
            CloseCode::NotUtf8 => "not UTF-8",
            CloseCode::Policy => "against policy",
            CloseCode::TooBig => "message too big",
            CloseCode::Internal => "internal error",
            CloseCode::Restart => "restarting",
            CloseCode::TryLater => "try later",
            CloseCode::NotOpenedInTime => "not opened in time",
            CloseCode::BadToken => "bad token",
            CloseCode::TakenOver => "taken over elsewhere",
            CloseCode::TooSlow => "too slow",
            CloseCode::CannotResume => "cannot resume",
            CloseCode::LoggedOut => "logged out",
            CloseCode::Rate => "too many messages",
        }
    }

    /// Whether the client should connect again by itself. Where not, the same try would end the
    /// same way until a person or the program's maker does something.
    #[must_use]
    pub fn retry(self) -> bool {
        match self {
            CloseCode::GoingAway
            | CloseCode::Internal
            | CloseCode::Restart
            | CloseCode::TryLater
            | CloseCode::NotOpenedInTime
            | CloseCode::TooSlow
            | CloseCode::CannotResume
            | CloseCode::Rate => true,
            CloseCode::Protocol
            | CloseCode::NotUtf8
            | CloseCode::Policy
            | CloseCode::TooBig
            | CloseCode::BadToken
            | CloseCode::TakenOver
            | CloseCode::LoggedOut => false,
        }
    }
}
