//! Files of leads over REST: sent, looked at, imported while one watches, stopped, gone on with after a crash, refused by name.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Centre, HOME, User};
use crate::customers::workbook_of;
use crate::support::http::{Answer, send};

const FILES: &str = "/api/v1/import-files";
const IMPORTS: &str = "/api/v1/imports";
/// Rows of one transaction.
const CHUNK: u64 = 5_000;

impl User {
    /// Sends a file, as pages do.
    async fn send_file(&self, query: &str, bytes: &[u8]) -> Answer {
        let path = format!("{FILES}?{query}");
        let headers = [("authorization", self.bearer.as_str()), ("content-type", "text/csv")];
        let answer = send(&self.host, "POST", &path, &headers, Some(bytes)).await;
        self.is_as_documented("POST", &path, &answer);
        answer
    }

    /// The head of a request that sends a file of so many bytes.
    async fn begin_file(&self, bytes: usize) -> TcpStream {
        let mut sent = TcpStream::connect(&self.host).await.unwrap();
        let head = format!(
            "POST {FILES}?name=slow.csv HTTP/1.1\r\nhost: {}\r\nauthorization: {}\r\nconnection: close\r\n\
             content-length: {bytes}\r\n\r\n",
            self.host, self.bearer
        );
        sent.write_all(head.as_bytes()).await.unwrap();
        sent
    }

    /// A file's number.
    async fn file(&self, bytes: &[u8]) -> String {
        let sent = self.send_file("name=leads.csv", bytes).await;
        assert_eq!(sent.status, 201, "{}", sent.json());
        sent.json()["file"].as_str().unwrap().to_owned()
    }

    /// An import as it is, when `is_so` says that it has come so far.
    async fn import_when(&self, import: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..3_000 {
            let shown = self.get(&format!("{IMPORTS}/{import}")).await.json();
            if is_so(&shown) {
                return shown;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it never comes so far: {}", self.get(&format!("{IMPORTS}/{import}")).await.json());
    }

    async fn refused_rows(&self, import: &str) -> Vec<String> {
        let answer = self.get(&format!("{IMPORTS}/{import}/refused")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
        let text = String::from_utf8(answer.bytes).unwrap();
        text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
    }
}

fn import_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{}", answer.json());
    answer.json()["import"].as_str().unwrap().to_owned()
}

fn is_done(import: &Value) -> bool {
    import["state"] == "done"
}

/// Whoever runs campaigns, and an empty list of his.
async fn with_list(centre: &Centre) -> (User, String) {
    centre.server.add_user(&["cyd", "--role", "campaign_manager"]);
    let cyd = centre.user("cyd").await;
    let settings = json!({
        "queue": "outbound", "gateway": "switch", "mode": "progressive", "purpose": "sales",
        "disposition": { "refused": { "reached": "right_party", "final": "contact" } },
    });
    assert_eq!(cyd.post("/api/v1/campaigns", json!({ "name": "winback", "settings": settings })).await.status, 201);
    let list = list(&cyd, "spring").await;
    (cyd, list)
}

async fn list(cyd: &User, name: &str) -> String {
    let field = json!([{ "name": "amount", "type": "integer", "label": "Betrag" }]);
    let settings = json!({ "campaign": "winback", "default_country": "FR", "field": field });
    let made = cyd.post("/api/v1/call-lists", json!({ "name": name, "settings": settings })).await;
    made.json()["id"].as_str().unwrap().to_owned()
}

fn lead_file(leads: u64) -> String {
    let rows: String = (0..leads).map(|no| format!("+336{no:08},Lead {no}\n")).collect();
    format!("phone,name\n{rows}")
}

fn of_leads(file: &str, list: &str) -> Value {
    json!({ "file": file, "list": list, "mapping": { "columns": { "phone": "number", "name": "name" } } })
}

pub async fn sent_looked_at_and_imported(centre: Centre) {
    let (cyd, list) = with_list(&centre).await;
    let rows = "\u{feff}手机;姓名;Betrag;colour\n06 12 34 56 78;Zoe Canary;12;red\n12;Bo Short;1;blue\n\
                0612345679;Cy;many;\n06 12 34 56 78;Zoe again;;\n\"06 12 34 56 80\";\"=1+1\";3;\n";
    let sent = cyd.send_file(&format!("name=C%3A%5Cmy%20leads.csv&list={list}"), rows.as_bytes()).await;
    let shown = sent.json();
    assert_eq!(sent.status, 201, "{shown}");
    assert_eq!((&shown["name"], &shown["size_bytes"]), (&json!("my leads.csv"), &json!(rows.len())));
    assert_eq!((&shown["sheets"], &shown["columns"]), (&json!([]), &json!(["手机", "姓名", "Betrag", "colour"])));
    assert_eq!(shown["rows_sample"].as_array().unwrap().len(), 5);
    assert_eq!(shown["rows_sample"][1], json!(["12", "Bo Short", "1", "blue"]));
    let guessed = json!({ "手机": { "number_of": { "label": "mobile" } }, "姓名": "name", "Betrag": { "field": { "name": "amount" } } });
    assert_eq!((&shown["mapping"]["columns"], &shown["mapping"]["home"]), (&guessed, &json!("FR")));
    let file = shown["file"].as_str().unwrap().to_owned();
    let again = cyd.get(&format!("{FILES}/{file}?list={list}")).await;
    assert_eq!((again.status, again.json()), (200, shown.clone()), "it can be looked at anew");
    let eva = centre.user("eva").await;
    let others = eva.get(&format!("{FILES}/{file}")).await;
    assert_eq!((others.status, others.kind()), (404, "unknown_import_file".to_owned()), "only who sent it sees it");

    let asked = json!({ "file": file, "kind": "leads", "list": list, "mapping": shown["mapping"] });
    let checked = cyd.post(&format!("{IMPORTS}/check"), asked.clone()).await.json();
    assert_eq!((&checked["rows_read"], &checked["added"], &checked["refused"]), (&json!(5), &json!(2), &json!(3)));
    assert_eq!((&checked["is_whole"], &checked["refused_rows"][2]["row"]), (&json!(true), &json!(5)), "{checked}");
    assert_eq!(checked["refused_rows"][0]["field"], "手机");
    assert_eq!(cyd.get(IMPORTS).await.json()["items"], json!([]), "a check begins nothing");
    let import = import_of(&cyd.post(IMPORTS, asked.clone()).await);
    let done = cyd.import_when(&import, is_done).await;
    let counts = ["rows_read", "added", "changed", "unchanged", "refused"].map(|count| done[count].as_u64().unwrap());
    assert_eq!((counts, &done["row"], &done["list"]), ([5, 2, 0, 0, 3], &json!(6), &json!(list)), "{done}");
    assert_eq!((&done["bytes_read"], &done["size_bytes"]), (&json!(rows.len()), &json!(rows.len())));
    assert_eq!((&done["file_name"], &done["begun"]["by"]), (&json!("my leads.csv"), &json!("cyd")));
    let refused = cyd.refused_rows(&import).await;
    assert_eq!((refused.len(), refused[0].as_str()), (4, "row,field,why"));
    assert!(
        refused[1].starts_with("3,手机,") && refused[2].starts_with("4,Betrag,\"field amount: expected"),
        "{refused:?}"
    );
    assert_eq!(refused[3], "5,手机,expected a number that stands in this file once");
    assert!(
        !refused.concat().contains("Zoe") && !refused.concat().contains("345678"),
        "nothing of the rows: {refused:?}"
    );
    let leads = eva.get(&format!("/api/v1/call-lists/{list}/leads")).await.json();
    assert_eq!((leads["items"].as_array().unwrap().len(), &leads["items"][1]["name"]), (2, &json!("=1+1")));

    let gone = cyd.post(IMPORTS, asked).await;
    assert_eq!((gone.status, &gone.json()["error"]["field"]), (422, &json!("file")), "a file that is done goes");
    let same = cyd.file(rows.as_bytes()).await;
    let mut asked = json!({ "file": same, "list": list, "mapping": shown["mapping"] });
    let twice = cyd.post(IMPORTS, asked.clone()).await;
    assert_eq!((twice.status, &twice.json()["error"]["with"]), (409, &json!([import])), "{}", twice.json());
    asked["again"] = json!(true);
    let second = import_of(&cyd.post(IMPORTS, asked).await);
    let done = cyd.import_when(&second, is_done).await;
    assert_eq!((&done["added"], &done["refused"]), (&json!(0), &json!(5)), "no lead twice");
    let newest = cyd.get(&format!("{IMPORTS}?list={list}&limit=1")).await.json();
    assert_eq!((&newest["items"][0]["import"], &newest["next"]), (&json!(second), &json!(second)));
    let older = cyd.get(&format!("{IMPORTS}?list={list}&after={second}")).await.json();
    assert_eq!((&older["items"][0]["import"], &older["next"]), (&json!(import), &Value::Null));
    let other = super::imports::list(&cyd, "summer").await;
    assert_eq!(cyd.get(&format!("{IMPORTS}?list={other}")).await.json()["items"], json!([]));
    assert_eq!(cyd.get(IMPORTS).await.json()["items"].as_array().unwrap().len(), 2);
    let over = cyd.send("POST", &format!("{IMPORTS}/{import}/stop"), &[], None).await;
    assert_eq!((over.status, &over.json()["error"]["with"]), (409, &json!(["done"])));
    let log = centre.server.log();
    assert!(!log.contains("Canary") && !log.contains("345678") && !log.contains("my leads"), "{log}");
}

pub async fn other_kinds(centre: Centre) {
    let (cyd, list) = with_list(&centre).await;
    let rows = r#"<row r="1"><c r="A1" t="str"><v>Phone</v></c><c r="B1" t="str"><v>Name</v></c></row>
        <row r="3"><c r="A3"><v>33612345678</v></c><c r="B3" t="str"><v>Zoe</v></c></row>"#;
    let sent = cyd.send_file("name=leads.xlsx", &workbook_of(rows)).await;
    let shown = sent.json();
    assert_eq!((sent.status, shown["sheets"].as_array().unwrap().len()), (201, 2), "{shown}");
    let sheet = shown["sheets"][0].as_str().unwrap();
    assert_eq!((&shown["sheet"], &shown["rows_sample"]), (&json!(sheet), &json!([["33612345678", "Zoe"]])));
    let (file, calls) = (shown["file"].as_str().unwrap(), shown["sheets"][1].as_str().unwrap());
    let other = cyd.get(&format!("{FILES}/{file}?kind=interactions&sheet={calls}")).await;
    assert_eq!(other.status, 403, "what happened with customers is not his");
    let other = cyd.get(&format!("{FILES}/{file}?sheet={calls}")).await.json();
    assert!(other["sheet"] == calls && other["columns"] != shown["columns"], "{other}");
    let asked = json!({ "file": file, "list": list, "sheet": sheet, "mapping": shown["mapping"] });
    let done = cyd.import_when(&import_of(&cyd.post(IMPORTS, asked).await), is_done).await;
    assert_eq!((&done["added"], &done["row"], &done["bytes_read"]), (&json!(1), &json!(3), &done["size_bytes"]));

    let eva = centre.user("eva").await;
    let sent = eva.send_file("name=people.csv&kind=customers", b"name,phone\nAnn,0612345678\nBo,12\n").await.json();
    assert_eq!(sent["mapping"]["columns"], json!({ "name": "name", "phone": "phone" }));
    let asked = json!({ "file": sent["file"], "kind": "customers", "mapping": sent["mapping"], "if_known": "update" });
    let mapping = sent["mapping"].clone();
    let done = eva.import_when(&import_of(&eva.post(IMPORTS, asked).await), is_done).await;
    assert_eq!((&done["kind"], &done["added"], &done["refused"]), (&json!("customers"), &json!(1), &json!(1)));
    let file = cyd.file(b"name,phone\nAnn,0612345678\n").await;
    let refused = cyd.post(IMPORTS, json!({ "file": file, "kind": "customers", "mapping": mapping })).await;
    assert_eq!((refused.status, refused.kind()), (403, "not_permitted".to_owned()), "he brings no customers");

    let sent = cyd.send_file("name=dnc.csv&kind=do_not_call", b"phone\n+33612345678\n").await.json();
    let asked = json!({
        "file": sent["file"], "kind": "do_not_call", "mapping": sent["mapping"], "campaign": "winback", "source": "national",
    });
    let done = cyd.import_when(&import_of(&cyd.post(IMPORTS, asked).await), is_done).await;
    assert_eq!((&done["kind"], &done["added"], &done["list"]), (&json!("do_not_call"), &json!(1), &Value::Null));
}

pub async fn stopped_and_gone_on_with(mut centre: Centre) {
    let (cyd, list) = with_list(&centre).await;
    let leads = 8 * CHUNK;
    let rows = lead_file(leads);
    let file = cyd.file(rows.as_bytes()).await;
    let checked = cyd.post(&format!("{IMPORTS}/check"), of_leads(&file, &list)).await.json();
    assert_eq!((&checked["rows_read"], &checked["is_whole"]), (&json!(2 * CHUNK), &json!(false)), "{checked}");
    let import = import_of(&cyd.post(IMPORTS, of_leads(&file, &list)).await);
    let other = cyd.file(lead_file(3).as_bytes()).await;
    let beside = cyd.post(IMPORTS, of_leads(&other, &list)).await;
    assert_eq!((beside.status, &beside.json()["error"]["with"]), (409, &json!([import])), "one at a time for a list");
    let thrown = cyd.send("DELETE", &format!("{FILES}/{file}"), &[], None).await;
    assert_eq!(thrown.status, 409, "what is imported stays");
    cyd.import_when(&import, |shown| shown["rows_read"].as_u64().unwrap() >= CHUNK).await;
    let stopped = cyd.send("POST", &format!("{IMPORTS}/{import}/stop"), &[], None).await.json();
    let read = stopped["rows_read"].as_u64().unwrap();
    assert_eq!((&stopped["state"], &stopped["why"]), (&json!("stopped"), &Value::Null), "{stopped}");
    assert!((CHUNK..leads).contains(&read) && stopped["added"] == read && read % CHUNK == 0, "{stopped}");
    assert_eq!(cyd.send("POST", &format!("{IMPORTS}/{import}/stop"), &[], None).await.json()["state"], "stopped");
    let there = cyd.get(&format!("/api/v1/call-lists/{list}/counts")).await.json();
    assert_eq!(there["all"], read, "what was taken over stands");

    let mut another = of_leads(&file, &list);
    another["mapping"]["columns"]["name"] = json!("ignored");
    let refused = cyd.post(IMPORTS, another).await;
    assert_eq!((refused.status, &refused.json()["error"]["with"]), (409, &json!([import])), "{}", refused.json());
    let went_on = cyd.post(IMPORTS, of_leads(&file, &list)).await;
    assert_eq!((import_of(&went_on), &went_on.json()["state"]), (import.clone(), &json!("running")));
    cyd.import_when(&import, |shown| shown["rows_read"].as_u64().unwrap() > read).await;
    centre.server.kill_and_start_again();
    let cyd = centre.user("cyd").await;
    let done = cyd.import_when(&import, is_done).await;
    assert_eq!(
        (&done["added"], &done["refused"], &done["row"]),
        (&json!(leads), &json!(0), &json!(leads + 1)),
        "{done}"
    );
    let there = cyd.get(&format!("/api/v1/call-lists/{list}/counts")).await.json();
    assert_eq!(there["all"], leads, "every row once");
    assert_eq!(cyd.get(&format!("{FILES}/{file}")).await.status, 404, "its file is gone");
    assert_eq!(cyd.send("DELETE", &format!("{FILES}/{other}"), &[], None).await.status, 204);
    let left = std::fs::read_dir(centre.server.folder.path().join("data/import-files")).unwrap().count();
    assert_eq!(left, 0, "nothing is left on the disk");
}

pub async fn lost_with_its_file(mut centre: Centre) {
    let (cyd, list) = with_list(&centre).await;
    let rows = lead_file(6 * CHUNK);
    let file = cyd.file(rows.as_bytes()).await;
    let import = import_of(&cyd.post(IMPORTS, of_leads(&file, &list)).await);
    cyd.import_when(&import, |shown| shown["rows_read"].as_u64().unwrap() >= CHUNK).await;
    centre.server.stop();
    let files = centre.server.folder.path().join("data/import-files");
    std::fs::remove_dir_all(files.join(&file)).unwrap();
    // Of this one not all came.
    std::fs::create_dir_all(files.join("0b0e8f3e-6a0c-4d7e-9d4f-0c2a4a4f0001")).unwrap();
    centre.server.kill_and_start_again();
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 0);
    let cyd = centre.user("cyd").await;
    let lost = cyd.get(&format!("{IMPORTS}/{import}")).await.json();
    let why = format!("it ended after row {} with the server", lost["row"]);
    assert_eq!(lost["state"], "failed", "{lost}");
    assert!(lost["why"].as_str().unwrap().starts_with(&why), "{lost}");
    let file = cyd.file(rows.as_bytes()).await;
    assert_eq!(import_of(&cyd.post(IMPORTS, of_leads(&file, &list)).await), import, "the same file goes on with it");
    let done = cyd.import_when(&import, is_done).await;
    assert_eq!((&done["added"], &done["refused"]), (&json!(6 * CHUNK), &json!(0)), "no row twice");
}

pub async fn refused_by_name(centre: Centre) {
    let (cyd, list) = with_list(&centre).await;
    for (bytes, expected) in [
        (&b""[..], "headings, found none (in row 1)"),
        (b"\n\n", "headings, found none (in row 1)"),
        (b"%PDF-1.4 \xe2\xe3", "CSV in UTF-8 or an XLSX workbook, found a PDF document: save it as one of them"),
        (b"\xff\xfep\0h\0", "CSV in UTF-8 or an XLSX workbook, found UTF-16: save it as one of them"),
        (
            b"n\xe9me,phone\nx,0611111111\n",
            "headings in UTF-8, found bytes that are none: save the file as CSV UTF-8 (in row 1)",
        ),
    ] {
        let refused = cyd.send_file("name=wrong.csv", bytes).await;
        let error = refused.json()["error"].clone();
        assert_eq!((refused.status, &error["field"], &error["expected"]), (422, &json!("file"), &json!(expected)));
    }
    let refused = cyd.send_file("name=wrong.xlsx", b"PK\x03\x04 and nothing").await;
    assert_eq!((refused.status, &refused.json()["error"]["field"]), (422, &json!("file")), "{}", refused.json());
    for query in ["", "name=", "name=folder%2F", "name=a%0Ab", "name=a.csv&list=99", "name=a.csv&kind=agents"] {
        let refused = cyd.send_file(query, b"phone\n").await;
        let field = if query.ends_with("99") {
            "list"
        } else if query.ends_with("agents") {
            "kind"
        } else {
            "name"
        };
        assert_eq!((refused.status, &refused.json()["error"]["field"]), (422, &json!(field)), "{query}");
    }
    let refused = cyd.send_file("name=big.csv", &vec![b'1'; 1_048_577]).await;
    assert_eq!((refused.status, &refused.json()["error"]["bytes_max"]), (413, &json!(1_048_576)));
    assert_eq!(centre.host().await.send_file("name=a.csv", b"phone\n").await.status, 403);
    let left = std::fs::read_dir(centre.server.folder.path().join("data/import-files")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "what was refused is not kept");

    let file = cyd.file(b"phone,name\n0611111111,Zoe\n").await;
    let columns = |columns: Value| json!({ "file": file, "list": list, "mapping": { "columns": columns } });
    let with = |field: &str, value: Value| {
        let mut asked = of_leads(&file, &list);
        asked[field] = value;
        asked
    };
    let zone = json!({ "columns": { "phone": "number" }, "zone": "Mars/Olympus" });
    for (asked, field, expected) in [
        (
            columns(json!({ "Telefon": "number" })),
            "mapping.columns.Telefon",
            "a heading in the table, found none of that name",
        ),
        (columns(json!({ "name": "name" })), "mapping.columns", "a column with a number"),
        (columns(json!({ "phone": "numbre" })), "mapping.columns.phone", "one of number,"),
        (columns(json!({ "phone": { "field": { "name": "size" } } })), "mapping.columns.phone", ""),
        (with("mapping", json!({})), "mapping.columns", "this field, which is missing"),
        (with("mapping", zone), "mapping.zone", "a time zone such as Europe/Paris"),
        (with("mapping", json!({ "columns": {}, "home": "Mars" })), "mapping.home", ""),
        (with("list", json!("99")), "list", "the id of a call list that is there"),
        (with("list", json!(5)), "list", "a text"),
        (with("file", json!("99")), "file", "a file that you sent within a day, and that is not imported yet"),
        (with("sheet", json!("leads")), "sheet", "an XLSX workbook where a sheet is named, found CSV"),
        (with("if_known", json!("add")), "if_known", "it only with kind customers"),
        (with("colour", json!(1)), "colour", "a known field: "),
    ] {
        let refused = cyd.post(IMPORTS, asked.clone()).await;
        let error = refused.json()["error"].clone();
        assert_eq!(cyd.post(&format!("{IMPORTS}/check"), asked).await.json()["error"], error, "a check says the same");
        assert_eq!((refused.status, &error["field"]), (422, &json!(field)), "{error}");
        assert!(error["expected"].as_str().unwrap().starts_with(expected), "{error}");
    }
    let others = centre.user("eva").await.post(IMPORTS, of_leads(&file, &list)).await;
    assert_eq!((others.status, &others.json()["error"]["field"]), (422, &json!("file")), "somebody else sent it");
    assert_eq!(cyd.get(&format!("{IMPORTS}?list={list}")).await.json()["items"], json!([]), "nothing was begun");
    assert_eq!(cyd.get(&format!("{IMPORTS}?list=99")).await.status, 422);
    for path in ["99", "99/refused"] {
        let unknown = cyd.get(&format!("{IMPORTS}/{path}")).await;
        assert_eq!((unknown.status, unknown.kind()), (404, "unknown_import".to_owned()));
    }
    assert_eq!(cyd.send("POST", &format!("{IMPORTS}/99/stop"), &[], None).await.status, 404);

    let path = format!("/api/v1/call-lists/{list}");
    let held = cyd.get(&path).await;
    assert_eq!(cyd.send("DELETE", &path, &[("if-match", &held.etag())], None).await.status, 204);
    let refused = cyd.post(IMPORTS, of_leads(&file, &list)).await;
    assert_eq!((refused.status, &refused.json()["error"]["field"]), (422, &json!("list")), "it was deleted");
    let done = cyd.post(IMPORTS, of_leads(&file, &super::imports::list(&cyd, "summer").await)).await;
    assert_eq!(cyd.import_when(&import_of(&done), is_done).await["added"], 1, "the file itself is good");
}

/// The whole takes longer than a request may; a piece does not, and then one does.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_may_come_slowly_while_it_comes() {
    let centre = Centre::on(&[HOME, ("USHER_LISTEN_REQUEST_MS", "1000")]).await;
    let (cyd, _) = with_list(&centre).await;
    let files = centre.server.folder.path().join("data/import-files");
    let on_disk = || std::fs::read_dir(&files).map_or(0, Iterator::count);
    let mut sent = cyd.begin_file(48).await;
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        sent.write_all(b"phone,name\n\n").await.unwrap();
    }
    assert!(answer_to(sent).await.starts_with("HTTP/1.1 201 "));
    assert_eq!(on_disk(), 1);
    let mut stuck = cyd.begin_file(48).await;
    stuck.write_all(b"phone").await.unwrap();
    let told = answer_to(stuck).await;
    assert!(told.starts_with("HTTP/1.1 408 ") && told.contains("too_slow"), "{told}");
    assert_eq!(on_disk(), 1, "what did not come whole is not kept");
    let mut broken = cyd.begin_file(48).await;
    broken.write_all(b"phone").await.unwrap();
    while on_disk() == 1 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(broken);
    while on_disk() == 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(cyd.get(FILES).await.kind(), "wrong_method");
}

async fn answer_to(mut sent: TcpStream) -> String {
    let mut text = Vec::new();
    let _ = sent.read_to_end(&mut text).await;
    String::from_utf8(text).unwrap()
}
