//! URLs, return paths and query strings.

use portvakt_oidc::url::{MAX_QUERY_PARAMETERS, MAX_URL_BYTES, form_encode, parse_query};
use portvakt_oidc::{ApiMisuse, Issuer, ReturnPath, Url};

#[test]
fn urls_are_kept_as_they_are_and_taken_apart() {
    // Text, origin, host, path, query.
    let cases = [
        (
            "https://op.example",
            "https://op.example",
            "op.example",
            "/",
            None,
        ),
        (
            "https://op.example/",
            "https://op.example",
            "op.example",
            "/",
            None,
        ),
        (
            "https://OP.Example:443/A",
            "https://op.example",
            "op.example",
            "/A",
            None,
        ),
        (
            "https://op.example:8443/a/b?c=d&e",
            "https://op.example:8443",
            "op.example",
            "/a/b",
            Some("c=d&e"),
        ),
        (
            "https://op.example?a=/b?c",
            "https://op.example",
            "op.example",
            "/",
            Some("a=/b?c"),
        ),
        (
            "https://op.example/?",
            "https://op.example",
            "op.example",
            "/",
            Some(""),
        ),
        (
            "https://192.0.2.1/a",
            "https://192.0.2.1",
            "192.0.2.1",
            "/a",
            None,
        ),
        (
            "https://[::1]:444/",
            "https://[::1]:444",
            "[::1]",
            "/",
            None,
        ),
        (
            "https://xn--bcher-kva.example/%C3%B8",
            "https://xn--bcher-kva.example",
            "xn--bcher-kva.example",
            "/%C3%B8",
            None,
        ),
        (
            "http://localhost:8080/callback",
            "http://localhost:8080",
            "localhost",
            "/callback",
            None,
        ),
        (
            "http://localhost:80/",
            "http://localhost",
            "localhost",
            "/",
            None,
        ),
        (
            "http://app.localhost/",
            "http://app.localhost",
            "app.localhost",
            "/",
            None,
        ),
        (
            "http://127.0.0.1:8101",
            "http://127.0.0.1:8101",
            "127.0.0.1",
            "/",
            None,
        ),
        (
            "http://127.1.2.3/",
            "http://127.1.2.3",
            "127.1.2.3",
            "/",
            None,
        ),
        ("http://[::1]:1/", "http://[::1]:1", "[::1]", "/", None),
        (
            "https://op.example/a..b/.c/...",
            "https://op.example",
            "op.example",
            "/a..b/.c/...",
            None,
        ),
    ];
    for (text, origin, host, path, query) in cases {
        let url = Url::parse(text).unwrap();
        assert_eq!(url.as_str(), text);
        assert_eq!(url.origin(), origin, "{text}");
        assert_eq!(url.host(), host, "{text}");
        assert_eq!(url.path(), path, "{text}");
        assert_eq!(url.query(), query, "{text}");
        assert_eq!(url.is_https(), text.starts_with("https"), "{text}");
        let loopback = host == "localhost"
            || host.ends_with(".localhost")
            || host.starts_with("127.")
            || host == "[::1]";
        assert_eq!(url.is_loopback(), loopback, "{text}");
    }
}

#[test]
fn urls_that_lead_elsewhere_or_nowhere_are_refused() {
    let long = format!("https://op.example/{}", "a".repeat(MAX_URL_BYTES));
    let long_label = format!("https://{}.example/", "a".repeat(64));
    let long_host = format!("https://{}example/", "a.".repeat(125));
    let cases = [
        ("", ApiMisuse::UrlNotAbsolute),
        ("op.example", ApiMisuse::UrlNotAbsolute),
        ("//op.example", ApiMisuse::UrlNotAbsolute),
        ("https:op.example", ApiMisuse::UrlNotAbsolute),
        ("javascript:alert(1)", ApiMisuse::UrlNotAbsolute),
        ("javascript://op.example/%0aalert(1)", ApiMisuse::UrlScheme),
        ("HTTPS://op.example", ApiMisuse::UrlScheme),
        ("file:///etc/passwd", ApiMisuse::UrlScheme),
        ("ftp://op.example", ApiMisuse::UrlScheme),
        ("http://op.example", ApiMisuse::UrlScheme),
        ("http://localhost.evil.example", ApiMisuse::UrlScheme),
        ("http://evillocalhost", ApiMisuse::UrlScheme),
        ("http://127.0.0.1.evil.example", ApiMisuse::UrlScheme),
        ("http://128.0.0.1", ApiMisuse::UrlScheme),
        ("http://0.0.0.0", ApiMisuse::UrlScheme),
        ("https://user@op.example", ApiMisuse::UrlCredentials),
        ("https://user:word@op.example", ApiMisuse::UrlCredentials),
        (
            "https://op.example@evil.example/",
            ApiMisuse::UrlCredentials,
        ),
        ("https://op.example#a", ApiMisuse::UrlFragment),
        ("https://op.example/a#", ApiMisuse::UrlFragment),
        ("https://", ApiMisuse::UrlHost),
        ("https:///a", ApiMisuse::UrlHost),
        ("https://?a", ApiMisuse::UrlHost),
        ("https://.example", ApiMisuse::UrlHost),
        ("https://op..example", ApiMisuse::UrlHost),
        ("https://op.example.", ApiMisuse::UrlHost),
        ("https://-op.example", ApiMisuse::UrlHost),
        ("https://op_.example", ApiMisuse::UrlHost),
        ("https://op%2eexample", ApiMisuse::UrlHost),
        ("https://127.1", ApiMisuse::UrlHost),
        ("http://127.1", ApiMisuse::UrlHost),
        ("https://2130706433", ApiMisuse::UrlHost),
        ("https://0x7f000001", ApiMisuse::UrlHost),
        ("https://0177.0.0.1", ApiMisuse::UrlHost),
        ("https://1.2.3.4.5", ApiMisuse::UrlHost),
        ("https://[::1", ApiMisuse::UrlPort),
        ("https://[op.example]", ApiMisuse::UrlHost),
        ("https://[]", ApiMisuse::UrlHost),
        ("https://[::]", ApiMisuse::UrlHost),
        ("https://[::0]", ApiMisuse::UrlHost),
        ("https://[::01]", ApiMisuse::UrlHost),
        ("https://[1::]", ApiMisuse::UrlHost),
        ("https://[1:2:3:4:5:6:7:8]", ApiMisuse::UrlHost),
        ("https://[0:0::1]", ApiMisuse::UrlHost),
        ("https://[:::1]", ApiMisuse::UrlHost),
        ("https://[2001:db8::1]", ApiMisuse::UrlHost),
        ("http://[::2]", ApiMisuse::UrlHost),
        ("https://[::ffff:192.0.2.1]", ApiMisuse::UrlHost),
        ("https://1.2.3.04", ApiMisuse::UrlHost),
        ("https://1.2.3.256", ApiMisuse::UrlHost),
        ("https://[::1]x", ApiMisuse::UrlHost),
        ("https://op.example:", ApiMisuse::UrlPort),
        ("https://op.example:0", ApiMisuse::UrlPort),
        ("https://op.example:080", ApiMisuse::UrlPort),
        ("https://op.example:65536", ApiMisuse::UrlPort),
        ("https://op.example:+80", ApiMisuse::UrlPort),
        ("https://op.example:80:80", ApiMisuse::UrlPort),
        ("https://op.example/a/../b", ApiMisuse::UrlPath),
        ("https://op.example/./b", ApiMisuse::UrlPath),
        ("https://op.example/..", ApiMisuse::UrlPath),
        ("https://op.example/%2e%2E/b", ApiMisuse::UrlPath),
        ("https://op.example/.%2e/b", ApiMisuse::UrlPath),
        (
            "https://op.example\\@evil.example/",
            ApiMisuse::UrlCharacters,
        ),
        ("https://op.example/a b", ApiMisuse::UrlCharacters),
        ("https://op.example/\t", ApiMisuse::UrlCharacters),
        (" https://op.example/", ApiMisuse::UrlCharacters),
        ("https://op.example/\n", ApiMisuse::UrlCharacters),
        ("https://op.example/\0", ApiMisuse::UrlCharacters),
        ("https://op.exämple/", ApiMisuse::UrlCharacters),
        ("https://op。example/", ApiMisuse::UrlCharacters),
        ("https://op.example/<>", ApiMisuse::UrlCharacters),
        ("https://op.example/%", ApiMisuse::UrlCharacters),
        ("https://op.example/%2", ApiMisuse::UrlCharacters),
        ("https://op.example/%2g", ApiMisuse::UrlCharacters),
        (&long, ApiMisuse::UrlTooLong),
        (&long_label, ApiMisuse::UrlHost),
        (&long_host, ApiMisuse::UrlHost),
    ];
    for (text, expected) in cases {
        assert_eq!(Url::parse(text), Err(expected), "{text:.60}");
    }
}

#[test]
fn return_paths_are_paths_of_this_origin() {
    for text in [
        "/",
        "/inbox",
        "/inbox/",
        "/inbox?page=2&sort=%C3%B8#top",
        "/a//b",
        "/a:b@c",
        "/a?next=https://elsewhere.example/..%2f//",
        "/#//evil.example",
        "/s%C3%B8k/100%25",
        "/.well-known/x",
        "/...",
    ] {
        assert_eq!(ReturnPath::parse(text).unwrap().as_str(), text);
    }
    let long = format!("/{}", "a".repeat(2048));
    for text in [
        "",
        "inbox",
        "?a",
        "#a",
        ".",
        "./inbox",
        "../inbox",
        "https://evil.example/",
        "https:/evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "///evil.example",
        "//evil.example/..",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        " /inbox",
        "/inbox ",
        "/in\0box",
        "/%2Fevil.example",
        "/%2fevil.example",
        "/%5Cevil.example",
        "/%5cevil.example",
        "/%09/evil.example",
        "/%0d%0aLocation:%20x",
        "/%00",
        "/%7F",
        "/..//evil.example",
        "/.//evil.example",
        "/%2e%2e//evil.example",
        "/a/..//evil.example",
        "/a/%2E./b",
        "/a/..",
        "/å",
        "/／evil.example",
        "/%",
        "/%2",
        "/%zz",
        "/<script>",
        &long,
    ] {
        assert_eq!(
            ReturnPath::parse(text),
            Err(ApiMisuse::ReturnPath),
            "{text:.60}"
        );
    }
}

#[test]
fn issuers_are_exact_strings() {
    for text in [
        "https://op.example",
        "https://op.example/",
        "https://OP.example",
        "http://127.0.0.1:1",
    ] {
        let issuer = Issuer::parse(text).unwrap();
        assert_eq!(issuer.as_str(), text);
        assert_eq!(issuer.to_string(), text);
        assert!(issuer.is(text));
        assert!(!issuer.is("https://op.example/a"));
    }
    assert_ne!(
        Issuer::parse("https://op.example"),
        Issuer::parse("https://op.example/")
    );
    assert_ne!(
        Issuer::parse("https://op.example"),
        Issuer::parse("https://OP.example")
    );
    assert_eq!(
        Issuer::parse("https://op.example?a"),
        Err(ApiMisuse::Issuer)
    );
    assert_eq!(
        Issuer::parse("https://op.example#a"),
        Err(ApiMisuse::UrlFragment)
    );
    assert_eq!(
        Issuer::parse("http://op.example"),
        Err(ApiMisuse::UrlScheme)
    );
}

#[test]
fn forms_are_encoded_so_that_every_decoder_agrees() {
    assert_eq!(form_encode([]), "");
    assert_eq!(form_encode([("a", ""), ("b", "c")]), "a=&b=c");
    assert_eq!(
        form_encode([("a b&c=", "-._~ +/?#%\"\\ø\n€😀*'()!")]),
        "a%20b%26c%3D=-._~%20%2B%2F%3F%23%25%22%5C%C3%B8%0A%E2%82%AC%F0%9F%98%80%2A%27%28%29%21"
    );
}

#[test]
fn queries_are_decoded_exactly_once() {
    let decoded = |query: &str| {
        let pairs = parse_query(query).unwrap();
        pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("|")
    };
    for (query, expected) in [
        ("", ""),
        ("&&", ""),
        ("a", "a="),
        ("a=", "a="),
        ("=a", "=a"),
        ("a=b=c", "a=b=c"),
        ("a=1&a=2", "a=1|a=2"),
        ("a+b=c+d%2B", "a b=c d+"),
        ("iss=https%3A%2F%2Fop.example", "iss=https://op.example"),
        (
            "iss=https%253A%252F%252Fop.example",
            "iss=https%3A%2F%2Fop.example",
        ),
        ("a=%C3%B8%c3%b8", "a=øø"),
        ("a=%00", "a=\0"),
        ("a=<>\"{}|^`[]", "a=<>\"{}|^`[]"),
    ] {
        assert_eq!(decoded(query), expected, "{query}");
    }
    let many = vec!["a"; MAX_QUERY_PARAMETERS].join("&");
    assert_eq!(parse_query(&many).unwrap().len(), MAX_QUERY_PARAMETERS);
    assert_eq!(
        parse_query(&(many + "&a")).unwrap_err().code(),
        "callback_too_long"
    );
}

#[test]
fn a_query_is_added_to_what_is_there() {
    for (text, expected) in [
        ("https://op.example", "https://op.example?a=b%20c"),
        ("https://op.example/?", "https://op.example/?a=b%20c"),
        ("https://op.example/x?d", "https://op.example/x?d&a=b%20c"),
    ] {
        let url = Url::parse(text)
            .unwrap()
            .with_query([("a", "b c")])
            .unwrap();
        assert_eq!(url.as_str(), expected);
        assert_eq!(Url::parse(expected).unwrap(), url);
    }
    let value = "a".repeat(MAX_URL_BYTES);
    let result = Url::parse("https://op.example")
        .unwrap()
        .with_query([("a", value.as_str())]);
    assert_eq!(result, Err(ApiMisuse::UrlTooLong));
}
