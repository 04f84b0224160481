//! Users, log-ins, gateway keys and cuts: the same text for both databases. Binds nothing.

use super::Statement;

pub(in crate::records) const NEXT_CUT: &str = "update cut_counter set last = last + 1 returning last";
pub(in crate::records) const LAST_CUT: &str = "select last from cut_counter";

pub(in crate::records) const ADD_USER: &str = "
    insert into users (name, password, roles, agent, created_at_ms, cut_no) values ($1, $2, $3, $4, $5, 0)";
pub(in crate::records) const USER: &str = "
    select name, password, roles, agent, created_at_ms, disabled_at_ms from users where name = $1";
pub(in crate::records) const USERS: &str = "
    select name, password, roles, agent, created_at_ms, disabled_at_ms from users order by name";
pub(in crate::records) const DISABLE_USER: &str = "
    update users set disabled_at_ms = $2, cut_no = $3 where name = $1 and disabled_at_ms is null";
pub(in crate::records) const SET_PASSWORD: &str = "update users set password = $2, cut_no = $3 where name = $1";
pub(in crate::records) const USERS_CUT: &str = "select cut_no, name from users where cut_no > $1 order by cut_no";

pub(in crate::records) const ADD_LOG_IN: &str = "
    insert into log_in (id, token_hash, user_name, cut_no, created_at_ms, expires_at_ms)
    select $1, $2, name, cut_no, $5, $6 from users
    where name = $3 and password = $4 and disabled_at_ms is null";
pub(in crate::records) const PERSON_BY_TOKEN: &str = "
    select log_in.id, users.name, users.roles, users.agent, log_in.expires_at_ms
    from log_in join users on users.name = log_in.user_name
    where log_in.token_hash = $1 and log_in.expires_at_ms > $2
      and log_in.cut_no = users.cut_no and users.disabled_at_ms is null";
pub(in crate::records) const PERSON_BY_LOG_IN: &str = "
    select log_in.id, users.name, users.roles, users.agent, log_in.expires_at_ms
    from log_in join users on users.name = log_in.user_name
    where log_in.id = $1 and log_in.expires_at_ms > $2
      and log_in.cut_no = users.cut_no and users.disabled_at_ms is null";
pub(in crate::records) const END_LOG_IN: &str = "delete from log_in where id = $1";
pub(in crate::records) const END_LOG_INS_OF_USER: &str = "delete from log_in where user_name = $1";
pub(in crate::records) const DROP_EXPIRED_LOG_INS: &str = "delete from log_in where expires_at_ms <= $1";

pub(in crate::records) const ADD_GATEWAY_KEY: &str = "
    insert into gateway_key (key_hash, gateway, created_at_ms, cut_no) values ($1, $2, $3, 0)";
pub(in crate::records) const GATEWAY_OF_KEY: &str = "
    select gateway from gateway_key where key_hash = $1 and revoked_at_ms is null";
pub(in crate::records) const GATEWAY_KEYS: &str = "
    select gateway, created_at_ms, revoked_at_ms from gateway_key order by gateway, created_at_ms";
pub(in crate::records) const REVOKE_GATEWAY_KEYS: &str = "
    update gateway_key set revoked_at_ms = $2, cut_no = $3 where gateway = $1 and revoked_at_ms is null";
pub(in crate::records) const GATEWAYS_CUT: &str = "
    select cut_no, gateway from gateway_key where cut_no > $1 group by cut_no, gateway order by cut_no";

/// The same on both.
pub(in crate::records) const ALL: &[(&str, Statement)] = &[
    ("NEXT_CUT", Statement::same(NEXT_CUT)),
    ("LAST_CUT", Statement::same(LAST_CUT)),
    ("ADD_USER", Statement::same(ADD_USER)),
    ("USER", Statement::same(USER)),
    ("USERS", Statement::same(USERS)),
    ("DISABLE_USER", Statement::same(DISABLE_USER)),
    ("SET_PASSWORD", Statement::same(SET_PASSWORD)),
    ("USERS_CUT", Statement::same(USERS_CUT)),
    ("ADD_LOG_IN", Statement::same(ADD_LOG_IN)),
    ("PERSON_BY_TOKEN", Statement::same(PERSON_BY_TOKEN)),
    ("PERSON_BY_LOG_IN", Statement::same(PERSON_BY_LOG_IN)),
    ("END_LOG_IN", Statement::same(END_LOG_IN)),
    ("END_LOG_INS_OF_USER", Statement::same(END_LOG_INS_OF_USER)),
    ("DROP_EXPIRED_LOG_INS", Statement::same(DROP_EXPIRED_LOG_INS)),
    ("ADD_GATEWAY_KEY", Statement::same(ADD_GATEWAY_KEY)),
    ("GATEWAY_OF_KEY", Statement::same(GATEWAY_OF_KEY)),
    ("GATEWAY_KEYS", Statement::same(GATEWAY_KEYS)),
    ("REVOKE_GATEWAY_KEYS", Statement::same(REVOKE_GATEWAY_KEYS)),
    ("GATEWAYS_CUT", Statement::same(GATEWAYS_CUT)),
];
