//! Where the application goes after a login, as somebody else may have written it.

use portvakt_oidc::{MAX_RETURN_PATH_BYTES, ReturnPath};

use super::text;

pub(super) fn seeds() -> Vec<Vec<u8>> {
    [
        "/",
        "/inbox?page=2#top",
        "/a/b;c=1/~d",
        "//host.example",
        "/\\host",
        "/%2Fhost",
        "/..//host",
        "https://host.example",
        "/a/%2e%2E/b",
        "/a?b=//c#//d",
        "/\t/host",
        "/a%5Cb%09",
    ]
    .map(Vec::from)
    .to_vec()
}

pub(super) fn run(input: &[u8]) {
    let Some(path) = text(input) else { return };
    let Ok(checked) = ReturnPath::parse(path) else {
        return;
    };
    assert_eq!(checked.as_str(), path);
    assert!(path.len() <= MAX_RETURN_PATH_BYTES);

    // The web's own reader stays at home, and goes where the text says: nothing of it was repaired.
    let home = url::Url::parse("https://app.example/callback?code=1").expect("a URL");
    let there = home.join(path).expect("a reference");
    assert_eq!(there.origin(), home.origin());
    assert_eq!(
        &there[url::Position::BeforePath..url::Position::AfterPath],
        path_of(path)
    );
    // And a router that decodes before it navigates stays there too.
    let decoded = percent_decoded(path_of(path));
    assert!(!decoded.starts_with("//") && !decoded.contains(['\\', '\n', '\r', '\t']));
    let there = home.join(&decoded).expect("a reference");
    assert_eq!(there.origin(), home.origin(), "{decoded}");
    // Query and fragment are the application's.
    let rest = &path[path_of(path).len()..];
    if rest.len() > 8 && rest[1..].bytes().any(|byte| byte.is_ascii_digit()) {
        assert!(!format!("{checked:?}").contains(rest));
    }
}

fn path_of(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

fn percent_decoded(text: &str) -> String {
    // A form decoder, but for the plus sign.
    let text = text
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    form_urlencoded::parse(text.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}
