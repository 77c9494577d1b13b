//! The driver in a real browser: `wasm-bindgen-test-runner` with a WebDriver.

#![cfg(target_arch = "wasm32")]

mod signature;
mod vault;

use portvakt_jose::UnixTime;
use portvakt_leptos::browser::{self, MAX_ENTRIES, MAX_ENTRY_BYTES, TabStore};
use portvakt_oidc::{HttpRequest, TransportError, Url};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const NOW: UnixTime = UnixTime::new(1_790_000_000);

#[wasm_bindgen_test]
fn an_entry_is_taken_once() {
    let store = empty_store();
    store
        .put("portvakt.a", "{\"x\": 1}", later(60), NOW)
        .expect("room");
    assert_eq!(store.take("portvakt.a").as_deref(), Some("{\"x\": 1}"));
    assert_eq!(store.take("portvakt.a"), None);
}

#[wasm_bindgen_test]
fn entries_do_not_disturb_each_other() {
    let store = empty_store();
    store
        .put("portvakt.a", "first", later(60), NOW)
        .expect("room");
    store
        .put("portvakt.b", "second", later(60), NOW)
        .expect("room");
    assert_eq!(store.take("portvakt.b").as_deref(), Some("second"));
    assert_eq!(store.take("portvakt.a").as_deref(), Some("first"));
}

#[wasm_bindgen_test]
fn expired_entries_are_swept_and_others_stay() {
    let store = empty_store();
    store
        .put("portvakt.old", "old", later(10), NOW)
        .expect("room");
    store
        .put("portvakt.new", "new", later(100), NOW)
        .expect("room");
    session_storage()
        .set_item("somebody.else", "theirs")
        .expect("room");
    store
        .put("portvakt.newest", "newest", later(200), later(10))
        .expect("room");
    assert_eq!(store.take("portvakt.old"), None);
    assert_eq!(store.take("portvakt.new").as_deref(), Some("new"));
    assert_eq!(
        session_storage()
            .get_item("somebody.else")
            .expect("readable")
            .as_deref(),
        Some("theirs")
    );
}

#[wasm_bindgen_test]
fn the_secret_of_a_tab_is_no_entry_to_be_swept() {
    let store = empty_store();
    let name = "portvakt.tab.https://issuer.example client";
    session_storage().set_item(name, "secret").expect("room");
    store.put("portvakt.a", "a", later(60), NOW).expect("room");
    assert_eq!(
        session_storage()
            .get_item(name)
            .expect("readable")
            .as_deref(),
        Some("secret")
    );
}

#[wasm_bindgen_test]
fn the_store_is_bounded_and_the_first_to_expire_gives_way() {
    let store = empty_store();
    let name = |index: u64| format!("portvakt.{index}");
    for index in 0..=MAX_ENTRIES as u64 {
        store
            .put(&name(index), "x", later(60 + index), NOW)
            .expect("room");
    }
    assert_eq!(store.take(&name(0)), None);
    for index in 1..=MAX_ENTRIES as u64 {
        assert!(store.take(&name(index)).is_some(), "{index}");
    }
}

#[wasm_bindgen_test]
fn what_somebody_else_wrote_is_taken_away_and_not_given_out() {
    let store = empty_store();
    let long = format!("1790000060 {}", "x".repeat(MAX_ENTRY_BYTES));
    for foreign in ["", "no number", "1790000060", "-1 x", "1e9 x", &long] {
        session_storage()
            .set_item("portvakt.a", foreign)
            .expect("room");
        assert_eq!(store.take("portvakt.a"), None);
        assert_eq!(
            session_storage().get_item("portvakt.a").expect("readable"),
            None
        );
    }
}

#[wasm_bindgen_test]
fn an_entry_is_given_out_up_to_its_limit_and_not_beyond() {
    let store = empty_store();
    let take = |value: &str| {
        let entry = format!("1790000060 {value}");
        let storage = session_storage();
        storage.set_item("portvakt.a", &entry).expect("room");
        (entry.len(), store.take("portvakt.a"))
    };
    let mut value = "x".repeat(MAX_ENTRY_BYTES - "1790000060 ".len());
    // Compared without being shown: it is long.
    assert!(take(&value) == (MAX_ENTRY_BYTES, Some(value.clone())));
    value.push('x');
    assert!(take(&value) == (MAX_ENTRY_BYTES + 1, None));
}

#[wasm_bindgen_test]
fn storage_without_room_is_an_error() {
    let store = empty_store();
    // Browsers give an origin some megabytes.
    let error = store
        .put("portvakt.a", &"x".repeat(64 << 20), later(60), NOW)
        .expect_err("no room");
    assert_eq!(error.code(), "browser_storage_full");
}

#[wasm_bindgen_test]
async fn a_body_is_read_up_to_its_limit_and_not_beyond() {
    let request = |max_bytes| HttpRequest::get(own_url("/"), max_bytes);
    let page = browser::fetch(&request(1 << 20)).await.expect("reachable");
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
    );
    let length = page.body.len();
    assert!(browser::fetch(&request(length)).await.is_ok());
    assert_eq!(
        browser::fetch(&request(length - 1)).await,
        Err(TransportError::TooLarge)
    );
    assert_eq!(
        browser::fetch(&request(0)).await,
        Err(TransportError::TooLarge)
    );
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_there_is_unreachable() {
    // Port 1 is one that browsers refuse to connect to at all.
    let url = Url::parse("http://127.0.0.1:1/").expect("a URL");
    let answer = browser::fetch(&HttpRequest::get(url, 1024)).await;
    assert_eq!(answer, Err(TransportError::Unreachable));
}

#[wasm_bindgen_test]
fn the_address_is_replaced_and_the_history_does_not_grow() {
    let history = web_sys::window()
        .expect("a window")
        .history()
        .expect("a history");
    let length = history.length().expect("a length");
    let before = browser::current_url().expect("an address");
    browser::replace_url("/?code=c&state=s").expect("allowed");
    browser::replace_url("/inbox").expect("allowed");
    assert!(
        browser::current_url()
            .expect("an address")
            .ends_with("/inbox")
    );
    assert_eq!(history.length().expect("a length"), length);
    browser::replace_url(&before).expect("allowed");
}

#[wasm_bindgen_test]
fn entropy_and_the_clock_are_there() {
    browser::entropy().expect("random bytes");
    assert!(browser::now() > UnixTime::new(1_700_000_000));
}

fn empty_store() -> TabStore {
    session_storage().clear().expect("clearable");
    TabStore::open().expect("storage")
}

fn session_storage() -> web_sys::Storage {
    web_sys::window()
        .expect("a window")
        .session_storage()
        .expect("allowed")
        .expect("there")
}

fn own_url(path: &str) -> Url {
    let origin = web_sys::window()
        .expect("a window")
        .location()
        .origin()
        .expect("an origin");
    Url::parse(&format!("{origin}{path}")).expect("a URL")
}

fn later(seconds: u64) -> UnixTime {
    NOW.saturating_add(seconds)
}
