//! Every statement prepares on its database, so that none fails first in production.

use sqlx::{Executor, SqlSafeStr};

use super::*;
use crate::journal::statements::{ON_BOTH, ON_POSTGRES, ON_SQLITE};

#[tokio::test]
async fn every_statement_prepares_on_sqlite() {
    let ground = Ground::sqlite();
    drop(ground.open().await);
    let mut database = sqlite(ground.folder()).await;
    for statement in ON_BOTH.iter().chain(ON_SQLITE) {
        database.prepare(statement.into_sql_str()).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

#[tokio::test]
async fn every_statement_prepares_on_postgres() {
    let Some(ground) = Ground::postgres().await else { return };
    drop(ground.open().await);
    let Place::Postgres(options) = &ground.place else { panic!("not PostgreSQL") };
    let mut database = options.connect().await.unwrap();
    for statement in ON_BOTH.iter().chain(ON_POSTGRES) {
        database.prepare(statement.into_sql_str()).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

/// The lists above are complete: each text of the page stands in one of them.
#[test]
fn no_statement_is_left_out() {
    let page = include_str!("../statements.rs");
    let texts = page.matches(": &str =").count();
    assert_eq!(texts, ON_BOTH.len() + ON_SQLITE.len() + ON_POSTGRES.len());
}
