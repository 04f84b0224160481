//! The lines of docs/rest.md, run as they stand there.

use std::process::Command;

use super::Centre;
use crate::live_server::PASSWORD;
use crate::support::surroundings::{repository_root, skip};

/// What a reader types, a block after the other.
fn blocks(page: &str) -> String {
    page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_the_page_do_what_it_says() {
    if Command::new("curl").arg("--version").output().is_err() {
        return skip("curl is not installed");
    }
    let page = std::fs::read_to_string(repository_root().join("docs/rest.md")).unwrap();
    let lines = blocks(&page);
    assert!(lines.matches("curl").count() > 8, "{lines}");
    let centre = Centre::on(&[super::HOME]).await;
    let script = format!("set -euo pipefail\nUSHER=http://{}\nPASSWORD='{PASSWORD}'\n{lines}", centre.server.host);
    let folder = centre.server.folder.path().to_owned();
    let run =
        tokio::task::spawn_blocking(move || Command::new("bash").current_dir(folder).args(["-c", &script]).output());
    let output = run.await.unwrap().unwrap();
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{errors}");
    assert!(out.contains("\"tier\":\"gold\"") && !out.contains("\"error\""), "{out}");
}
