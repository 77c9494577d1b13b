use axum::body::to_bytes;
use tower::ServiceExt;

use super::*;

#[tokio::test]
async fn every_address_of_the_application_is_the_page() -> Result<()> {
    for path in [
        "/",
        "/callback",
        "/callback?code=a.b&state=c",
        "/inbox/1/",
        "/index.html",
    ] {
        let response = get(path, &[]).await?;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(
            response.headers()["content-type"],
            "text/html; charset=utf-8",
            "{path}"
        );
        assert_eq!(
            to_bytes(response.into_body(), 1000).await?,
            "<!doctype html>",
            "{path}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn files_are_served_by_name_and_type() -> Result<()> {
    for (path, content_type) in [
        ("/portvakt-demo.js", "text/javascript; charset=utf-8"),
        ("/portvakt-demo_bg.wasm", "application/wasm"),
        ("/snippets/inline.js", "text/javascript; charset=utf-8"),
        ("/config.json", "application/json"),
    ] {
        let response = get(path, &[]).await?;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()["content-type"], content_type, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn a_missing_file_is_not_the_page() -> Result<()> {
    for path in ["/missing.js", "/snippets/../../secret.txt", "/.git"] {
        assert_eq!(
            get(path, &[]).await?.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() -> Result<()> {
    let first = get("/portvakt-demo.js", &[]).await?;
    assert_eq!(first.headers()["cache-control"], "no-cache");
    let etag = first.headers()["etag"].to_str()?.to_owned();
    let second = get("/portvakt-demo.js", &[("if-none-match", &etag)]).await?;
    assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    let other = get("/config.json", &[("if-none-match", &etag)]).await?;
    assert_eq!(other.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn every_answer_has_the_security_headers() -> Result<()> {
    for path in ["/", "/portvakt-demo.js", "/missing.js"] {
        let response = get(path, &[]).await?;
        for (name, value) in [
            (
                "content-security-policy",
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                 connect-src 'self' http://127.0.0.1:8101 http://127.0.0.1:8103 \
                 http://127.0.0.1:8105; img-src 'self' data:; font-src 'self'; base-uri 'none'; \
                 form-action 'none'; frame-ancestors 'none'",
            ),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-cache"),
        ] {
            assert_eq!(response.headers()[name], value, "{path}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn other_hosts_are_sent_to_the_application_or_refused() -> Result<()> {
    for (host, status) in [
        ("localhost:8080", StatusCode::OK),
        ("127.0.0.1:8080", StatusCode::TEMPORARY_REDIRECT),
        ("[::1]:8080", StatusCode::TEMPORARY_REDIRECT),
        ("localhost:8081", StatusCode::MISDIRECTED_REQUEST),
        ("localhost", StatusCode::MISDIRECTED_REQUEST),
        ("rebound.example:8080", StatusCode::MISDIRECTED_REQUEST),
    ] {
        assert_eq!(
            get("/a?b", &[("host", host)]).await?.status(),
            status,
            "{host}"
        );
    }
    let moved = get("/a?b", &[("host", "127.0.0.1:8080")]).await?;
    assert_eq!(moved.headers()["location"], "http://localhost:8080/a?b");
    Ok(())
}

#[tokio::test]
async fn writing_is_not_allowed() -> Result<()> {
    let request = Request::post("/")
        .header("host", "localhost:8080")
        .body(Body::empty())?;
    let response = router()?.oneshot(request).await?;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    Ok(())
}

#[tokio::test]
async fn the_logout_endpoint_may_be_framed_by_the_providers_and_by_nobody_else() -> Result<()> {
    let response = get("/portvakt/logout?iss=http://127.0.0.1:8103&sid=a", &[]).await?;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        response.headers()["content-security-policy"],
        "default-src 'none'; frame-ancestors http://127.0.0.1:8102 http://127.0.0.1:8104"
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
    Ok(())
}

#[tokio::test]
async fn the_neighbour_is_another_service_at_another_address() -> Result<()> {
    let request = Request::get(CONFIG)
        .header("host", "localhost:8081")
        .body(Body::empty())?;
    let response = site()?.neighbour()?.router().oneshot(request).await?;
    assert_eq!(response.status(), StatusCode::OK);
    let config = to_bytes(response.into_body(), 1000).await?;
    let config: serde_json::Value = serde_json::from_slice(&config)?;
    assert_eq!(config["idporten"]["clientId"], "portvakt-demo-2");
    assert_eq!(config["neighbour"], "http://localhost:8080/");
    Ok(())
}

#[test]
fn a_folder_without_a_page_is_no_built_demo() -> Result<()> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let refused = Site::load(&source, addresses()?)
        .map(drop)
        .map_err(|error| error.to_string());
    assert_eq!(
        refused,
        Err(format!("there is no built demo in {}", source.display()))
    );
    Ok(())
}

async fn get(path: &str, headers: &[(&str, &str)]) -> Result<Response> {
    let mut request = Request::get(path).body(Body::empty())?;
    request
        .headers_mut()
        .insert("host", HeaderValue::from_static("localhost:8080"));
    for (name, value) in headers {
        request
            .headers_mut()
            .insert(HeaderName::try_from(*name)?, HeaderValue::from_str(value)?);
    }
    Ok(router()?.oneshot(request).await?)
}

fn router() -> Result<Router> {
    Ok(site()?.router())
}

fn site() -> Result<Site> {
    let mut assets = BTreeMap::new();
    for (path, body) in [
        (PAGE, "<!doctype html>"),
        ("/portvakt-demo.js", "export default 1"),
        ("/portvakt-demo_bg.wasm", "\0asm"),
        ("/snippets/inline.js", "export default 2"),
    ] {
        assets.insert(path.to_owned(), Asset::new(path, body.into())?);
    }
    let addresses = addresses()?;
    assets.insert(CONFIG.to_owned(), config(addresses)?);
    Ok(Site {
        addresses,
        assets,
        headers: headers(addresses)?,
        logout: Arc::new(Logout::new(addresses)),
    })
}

fn addresses() -> Result<Addresses> {
    Addresses::new(8080, 8100)
}
