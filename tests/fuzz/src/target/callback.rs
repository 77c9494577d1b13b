//! The address that the browser came back to.

use portvakt_oidc::{
    Callback, CompleteLogin, HttpRequest, LogoutReturn, PendingLogin, Step, url::parse_query,
};

use super::{assert_hidden, text, web_url};
use crate::world::{CLIENT, ISSUER, NOW, PENDING, REDIRECT_URI};

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let state = &PENDING.state;
    let iss = "https%3A%2F%2Ftest.ansattporten.no";
    [
        format!("{REDIRECT_URI}?code=c0de.c0de-0123&iss={iss}&state={state}"),
        format!("{REDIRECT_URI}?code=c%30de&iss={ISSUER}&state={state}&session_state=1#top"),
        format!("{REDIRECT_URI}?error=access_denied&error_description=Nei+takk%2E&iss={iss}&state={state}"),
        format!("{REDIRECT_URI}?error=login_required&iss={iss}&state={state}&error_uri=https%3A%2F%2Fx"),
        format!("{REDIRECT_URI}?code=a&code=b&state={state}&access_token=x&id_token=y&response=z"),
        format!("https://app.example/?state={state}"),
    ]
    .map(String::into_bytes)
    .to_vec()
}

pub(super) fn run(input: &[u8]) {
    let Some(address) = text(input) else { return };
    let is_present = Callback::is_present(address);
    let _ = LogoutReturn::storage_key(address);
    let _ = LogoutReturn::check(address, None, NOW);
    let Ok(callback) = Callback::parse(address) else {
        return;
    };

    // The names of an answer may be percent-encoded, which makes it none that is looked for.
    assert!(is_present || address.contains('%'));
    assert_eq!(
        callback.storage_key(),
        Callback::parse(address).expect("again").storage_key()
    );

    // The web's own reader sees the same parameters.
    let Some(web) = web_url(address) else {
        return;
    };
    let parameter = |name: &str| {
        let values: Vec<_> = web.query_pairs().filter(|pair| pair.0 == name).collect();
        assert!(values.len() <= 1, "{name} is there {} times", values.len());
        values.into_iter().next().map(|pair| pair.1.into_owned())
    };
    let (code, state) = (parameter("code"), parameter("state").expect("a state"));
    assert_eq!(code.is_some(), parameter("error").is_none());
    // What stands before the query is no secret, and neither is what is there as well.
    let mut readable = address.split('?').next().unwrap_or_default().to_string();
    readable.extend(web.query_pairs().map(|pair| pair.0 + " " + pair.1));
    assert_hidden(&callback, code.as_deref().unwrap_or_default(), &readable);
    assert_hidden(&callback, &state, &readable);

    let pending = PendingLogin::from_json(&PENDING.json).expect("it was written");
    let begun = CompleteLogin::start(&CLIENT.oidc, callback, pending, None, NOW);
    if let Ok(Step::Fetch { request, .. }) = begun {
        assert_eq!(state, PENDING.state);
        assert_eq!(parameter("iss").as_deref(), Some(ISSUER));
        let code = code.expect("it is redeemed");
        assert_eq!(web.origin().ascii_serialization(), "https://app.example");
        assert_eq!(web.path(), "/callback");
        check_redemption(&request, &code);
        assert_hidden(&request, &code, &readable);
    }
}

/// The code arrives at the token endpoint as it came, in a body that is read back as it was meant.
fn check_redemption(request: &HttpRequest, code: &str) {
    assert_eq!(request.url.as_str(), "https://test.ansattporten.no/token");
    let body = request.body.as_deref().unwrap_or_default();
    let ours = parse_query(body).expect("a form");
    let web: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(ours, web);
    let codes: Vec<_> = ours.iter().filter(|pair| pair.0 == "code").collect();
    assert_eq!(codes, [&("code".to_string(), code.to_string())]);
}
