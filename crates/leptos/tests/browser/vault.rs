//! Where sessions lie, and what tabs say to each other.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use portvakt_jose::UnixTime;
use portvakt_leptos::browser::{
    Found, Kept, Lock, MAX_RECORD_BYTES, Message, ProofKey, Tabs, Vault, Version,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::session_storage;

const ISSUER: &str = "https://issuer.example";
const NOW: UnixTime = UnixTime::new(1_790_000_000);
const SESSION: &str = "{\"access_token\":\"secret\"}";

#[wasm_bindgen_test]
async fn a_session_is_found_again_by_its_own_tab() {
    let vault = empty_vault("found-again").await;
    let kept = kept();
    vault.begin(&kept).await.expect("room");
    let found = found(&vault).await.expect("the session");
    assert_eq!(found.version, kept.version);
    assert_eq!(found.session, SESSION);
    assert_eq!(found.last_activity, NOW);
    assert!(found.proof_key.is_none());
}

#[wasm_bindgen_test]
async fn a_key_that_is_kept_signs_as_before_and_cannot_be_read() {
    let vault = empty_vault("proof-key").await;
    let key = ProofKey::generate().await.expect("a key");
    assert!(key.public_jwk().contains("\"P-256\""));
    assert!(!key.public_jwk().contains("\"d\""));
    let mut kept = kept();
    kept.proof_key = Some(key.clone());
    vault.begin(&kept).await.expect("room");
    let again = found(&vault)
        .await
        .and_then(|kept| kept.proof_key)
        .expect("the key");
    assert_eq!(again.public_jwk(), key.public_jwk());
    assert_eq!(again.sign(b"message").await.expect("a signature").len(), 64);
}

#[wasm_bindgen_test]
async fn a_tab_without_the_secret_cannot_open_the_session() {
    let vault = empty_vault("closed").await;
    let kept = kept();
    vault.begin(&kept).await.expect("room");
    let secret = vault.share_secret().expect("a secret");
    assert!(!vault.adopt_secret("too short"));
    session_storage().clear().expect("clearable");
    assert!(
        matches!(vault.find().await, Ok(Found::Closed { version, .. }) if version == kept.version)
    );
    // Another tab's secret of another session does not open it either.
    assert!(vault.adopt_secret(&"A".repeat(43)));
    assert!(matches!(vault.find().await, Ok(Found::Closed { .. })));
    assert!(vault.adopt_secret(&secret));
    assert_eq!(found(&vault).await.expect("the session").session, SESSION);
}

#[wasm_bindgen_test]
async fn a_session_is_opened_up_to_its_limit_and_not_beyond() {
    /// What the seal adds to a text, in bytes: the tag of AES-GCM.
    const TAG_BYTES: usize = 16;
    let vault = empty_vault("largest").await;
    let mut kept = kept();
    kept.session = "x".repeat(MAX_RECORD_BYTES as usize - TAG_BYTES);
    vault.begin(&kept).await.expect("room");
    let largest = found(&vault).await.expect("the session");
    // Compared without being shown: it is long.
    assert!(largest.session == kept.session);
    kept.session.push('x');
    vault.begin(&kept).await.expect("room");
    assert!(
        matches!(vault.find().await, Ok(Found::Closed { version, .. }) if version == kept.version)
    );
    vault.clear().await.expect("clearable");
}

#[wasm_bindgen_test]
async fn neither_store_holds_the_session_in_the_clear() {
    session_storage().clear().expect("clearable");
    let vault = empty_vault("sealed").await;
    let kept = kept();
    vault.begin(&kept).await.expect("room");
    let storage = session_storage();
    // The tab's half of the seal, and nothing else.
    assert_eq!(storage.length().expect("a length"), 1);
    let name = storage.key(0).expect("readable").expect("there");
    assert_eq!(name, format!("portvakt.tab.{ISSUER} sealed"));
    let value = storage.get_item(&name).expect("readable");
    assert_eq!(value, vault.share_secret());
    let records = records().await;
    assert!(records.contains(&kept.version.id), "{records}");
    assert!(!records.contains("secret"), "{records}");
    assert!(!records.contains("extractable"), "{records}");
    assert!(!records.contains(&value.expect("there")), "{records}");
    assert_eq!(format!("{kept:?}").find("secret"), None);
}

#[wasm_bindgen_test]
async fn a_renewal_replaces_what_was_read_and_nothing_else() {
    let vault = empty_vault("renewal").await;
    let first = kept();
    vault.begin(&first).await.expect("room");
    let mut second = first.clone();
    second.version.epoch += 1;
    second.session = "renewed".to_owned();
    assert_eq!(vault.renew(&first.version, &second).await, Ok(true));
    // The same renewal from a tab that was slower.
    let mut late = second.clone();
    late.session = "late".to_owned();
    assert_eq!(vault.renew(&first.version, &late).await, Ok(false));
    assert_eq!(found(&vault).await.expect("the session").session, "renewed");
    // And one that comes home after the person signed out.
    assert_eq!(vault.forget(&first.version.id).await, Ok(true));
    assert_eq!(vault.renew(&second.version, &late).await, Ok(false));
    assert!(matches!(vault.find().await, Ok(Found::Nothing)));
}

#[wasm_bindgen_test]
async fn forgetting_one_session_leaves_the_next_one_alone() {
    let vault = empty_vault("next").await;
    let (first, second) = (kept(), kept());
    vault.begin(&first).await.expect("room");
    vault.begin(&second).await.expect("room");
    assert_eq!(vault.forget(&first.version.id).await, Ok(false));
    assert_eq!(
        found(&vault).await.expect("the session").version,
        second.version
    );
}

#[wasm_bindgen_test]
async fn activity_is_noted_for_the_session_that_it_belongs_to() {
    let vault = empty_vault("activity").await;
    let kept = kept();
    vault.begin(&kept).await.expect("room");
    let later = NOW.saturating_add(60);
    assert_eq!(vault.note_activity("another", later).await, Ok(false));
    assert_eq!(vault.note_activity(&kept.version.id, later).await, Ok(true));
    let found = found(&vault).await.expect("the session");
    assert_eq!(found.last_activity, later);
    assert_eq!(found.version, kept.version);
}

#[wasm_bindgen_test]
async fn clients_have_records_of_their_own() {
    let (one, other) = (empty_vault("one").await, empty_vault("other").await);
    one.begin(&kept()).await.expect("room");
    assert!(matches!(other.find().await, Ok(Found::Nothing)));
    other.begin(&kept()).await.expect("room");
    one.clear().await.expect("clearable");
    assert!(matches!(one.find().await, Ok(Found::Nothing)));
    assert!(found(&other).await.is_some());
}

#[wasm_bindgen_test]
async fn tabs_hear_each_other_and_not_themselves() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let note = |heard: &Rc<RefCell<Vec<Message>>>| {
        let heard = heard.clone();
        move |message| heard.borrow_mut().push(message)
    };
    let own = Rc::new(RefCell::new(Vec::new()));
    let first = Tabs::join(ISSUER, "tabs", note(&own)).expect("channels");
    let second = Tabs::join(ISSUER, "tabs", note(&heard)).expect("channels");
    let others = Rc::new(RefCell::new(Vec::new()));
    let _others = Tabs::join(ISSUER, "others", note(&others)).expect("channels");
    first.tell_changed(None);
    first.tell_changed(Some("session_idle"));
    first.tell_active(NOW);
    // An answer that nobody waits for, to give the channel time.
    assert_eq!(second.ask_secret("unknown").await, None);
    assert_eq!(
        *heard.borrow(),
        [
            Message::Changed(None),
            Message::Changed(Some("session_idle".to_owned())),
            Message::Active(NOW)
        ]
    );
    assert_eq!(*own.borrow(), [Message::Asked("unknown".to_owned())]);
    assert!(others.borrow().is_empty());
}

#[wasm_bindgen_test]
async fn a_new_tab_is_given_the_secret_of_the_session_that_it_asked_for() {
    let knowing = Rc::new(RefCell::new(None::<Tabs>));
    let tab = Tabs::join(ISSUER, "asking", {
        let knowing = knowing.clone();
        move |message| {
            if let (Message::Asked(id), Some(tabs)) = (message, &*knowing.borrow()) {
                tabs.tell_secret("another", "wrong");
                tabs.tell_secret(&id, "right");
            }
        }
    });
    knowing.replace(tab);
    let new = Tabs::join(ISSUER, "asking", |_| {}).expect("channels");
    assert_eq!(new.ask_secret("this").await.as_deref(), Some("right"));
}

#[wasm_bindgen_test]
async fn a_lock_is_held_by_one_at_a_time() {
    let first = Lock::acquire("portvakt.test").await;
    let order = Rc::new(RefCell::new(Vec::new()));
    let second = {
        let order = order.clone();
        async move {
            let _lock = Lock::acquire("portvakt.test").await;
            order.borrow_mut().push("second");
        }
    };
    let release = {
        let order = order.clone();
        async move {
            // A lock of another name is not waited for.
            drop(Lock::acquire("portvakt.other").await);
            order.borrow_mut().push("first");
            drop(first);
        }
    };
    wasm_bindgen_futures::spawn_local(release);
    second.await;
    assert_eq!(*order.borrow(), ["first", "second"]);
}

/// Everything that the databases of the page hold, as text, with a character for each byte.
async fn records() -> String {
    const READ: &str = "(async () => {
        const done = (request) => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result)
            request.onerror = () => reject(request.error)
        })
        const read = (name, value) => {
            if (value instanceof CryptoKey) return value.extractable ? 'extractable' : 'key'
            return ArrayBuffer.isView(value) ? new TextDecoder('latin1').decode(value) : value
        }
        const found = []
        for (const { name } of await indexedDB.databases()) {
            const database = await done(indexedDB.open(name))
            for (const store of database.objectStoreNames) {
                found.push(...await done(database.transaction(store).objectStore(store).getAll()))
            }
            database.close()
        }
        return JSON.stringify(found, read)
    })()";
    let reading: Promise = js_sys::eval(READ).expect("a script").unchecked_into();
    let records = JsFuture::from(reading).await.expect("readable");
    records.as_string().expect("text")
}

fn kept() -> Kept {
    Kept {
        version: new_version(),
        session: SESSION.to_owned(),
        proof_key: None,
        last_activity: NOW,
    }
}

fn new_version() -> Version {
    Vault::new_version().expect("random bytes")
}

async fn empty_vault(client_id: &str) -> Vault {
    let vault = Vault::open(ISSUER, client_id).await.expect("a database");
    vault.clear().await.expect("clearable");
    vault
}

async fn found(vault: &Vault) -> Option<Kept> {
    match vault.find().await {
        Ok(Found::Session(kept)) => Some(*kept),
        _ => None,
    }
}
