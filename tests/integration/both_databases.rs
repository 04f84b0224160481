//! One test a database, of whatever its module runs `on_sqlite` and `on_postgres`. It opens none itself.

macro_rules! on_both {
    ($($check:path as $sqlite:ident and $postgres:ident;)+) => {$(
        #[tokio::test]
        async fn $sqlite() {
            on_sqlite($check).await;
        }

        #[tokio::test]
        async fn $postgres() {
            on_postgres($check).await;
        }
    )+};
}

pub(crate) use on_both;
