//! A person with a browser, in memory: for tests that have neither sockets nor a browser.

use std::collections::BTreeMap;
use std::fmt;

use http::{HeaderMap, Method, Request, StatusCode, header};

use crate::eid::Eid;
use crate::origins::Origin;
use crate::simulator::Simulator;

/// How many redirects and pages there may be before something is going in circles.
const MAX_STEPS: usize = 12;

/// A browser that keeps cookies, follows redirects among the simulator's origins and stops where it
/// would leave them.
///
/// ```
/// # use portvakt_simulator::{Client, Options, SignIn, Simulator, Visitor};
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mut options = Options::default();
/// options.clients.push(Client::public("app", "http://localhost:8080/callback"));
/// let simulator = Simulator::new(options)?;
/// let mut visitor = Visitor::new(&simulator);
/// # let authorization_url = "";
/// let callback = visitor.sign_in(authorization_url, &SignIn::person("15868510045").representing("310000019")).await?;
/// assert!(callback.starts_with("http://localhost:8080/callback?code="));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Visitor {
    simulator: Simulator,
    cookies: BTreeMap<String, String>,
}

/// What a person does on the pages.
#[derive(Clone, Debug)]
pub struct SignIn {
    pid: String,
    eid: Option<Eid>,
    parties: Vec<String>,
}

/// Where the browser has come to.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// A page of the simulator.
    Page(Page),
    /// An address outside the simulator, such as the application's redirect URI.
    Left(String),
}

/// A page that is shown.
#[derive(Clone)]
pub struct Page {
    /// The absolute address.
    pub url: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The document.
    pub html: String,
}

impl SignIn {
    /// Signs in as this person with the first eID that is offered, and represents only themself.
    #[must_use]
    pub fn person(pid: impl Into<String>) -> Self {
        Self {
            pid: pid.into(),
            eid: None,
            parties: Vec::new(),
        }
    }

    /// Signs in with this eID.
    #[must_use]
    pub fn with(mut self, eid: Eid) -> Self {
        self.eid = Some(eid);
        self
    }

    /// Chooses this organisation (or, with a mandate, this person) as well.
    #[must_use]
    pub fn representing(mut self, party: impl Into<String>) -> Self {
        self.parties.push(party.into());
        self
    }
}

impl Visitor {
    /// A browser without cookies.
    #[must_use]
    pub fn new(simulator: &Simulator) -> Self {
        Self {
            simulator: simulator.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// Opens an address, as a link does.
    pub async fn open(&mut self, url: &str) -> Arrival {
        self.go(Method::GET, url, None).await
    }

    /// Posts a form of the simulator's own page.
    pub async fn post(&mut self, url: &str, form: &[(&str, &str)]) -> Arrival {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.go(Method::POST, url, Some(body)).await
    }

    /// Posts a form of a page on another site: `SameSite=Lax` cookies stay at home.
    pub async fn post_from_another_site(&mut self, url: &str, form: &[(&str, &str)]) -> Arrival {
        let kept = std::mem::take(&mut self.cookies);
        let arrival = self.post(url, form).await;
        let fresh = std::mem::replace(&mut self.cookies, kept);
        self.cookies.extend(fresh);
        arrival
    }

    /// Opens an authorization URL and goes through the pages to the end.
    ///
    /// # Errors
    /// The page on which it goes no further.
    pub async fn sign_in(
        &mut self,
        authorization_url: &str,
        choice: &SignIn,
    ) -> Result<String, Page> {
        let mut arrival = self.open(authorization_url).await;
        for _ in 0..MAX_STEPS {
            let page = match arrival {
                Arrival::Left(url) => return Ok(url),
                Arrival::Page(page) => page,
            };
            if !page.status.is_success() {
                return Err(page);
            }
            let (action, fields) = if page.html.contains("data-testid=\"eid\"") {
                let eid = choice
                    .eid
                    .map(Eid::as_str)
                    .or_else(|| attribute(&page.html, "data-eid"))
                    .unwrap_or_default();
                ("/login/eid", vec![("eid", eid)])
            } else if page.html.contains("action=\"/login/representation\"") {
                let mut parties: Vec<_> = choice
                    .parties
                    .iter()
                    .map(|party| ("party", party.as_str()))
                    .collect();
                if parties.is_empty() {
                    parties.push(("party", "self"));
                }
                ("/login/representation", parties)
            } else if page.html.contains("action=\"/login/person\"") {
                ("/login/person", vec![("pid", choice.pid.as_str())])
            } else {
                return Err(page);
            };
            arrival = self.submit(&page, action, fields).await;
        }
        match arrival {
            Arrival::Left(url) => Ok(url),
            Arrival::Page(page) => Err(page),
        }
    }

    /// Opens an authorization URL and cancels on the first page.
    ///
    /// # Errors
    /// The page, if there is nothing to cancel.
    pub async fn cancel(&mut self, authorization_url: &str) -> Result<String, Page> {
        match self.open(authorization_url).await {
            Arrival::Left(url) => Ok(url),
            Arrival::Page(page) => match self.submit(&page, "/login/cancel", Vec::new()).await {
                Arrival::Left(url) => Ok(url),
                Arrival::Page(page) => Err(page),
            },
        }
    }

    /// Submits a form of a login page; the hidden field `tx` is added.
    pub async fn submit(
        &mut self,
        page: &Page,
        action: &str,
        fields: Vec<(&str, &str)>,
    ) -> Arrival {
        let tx = page
            .url
            .split_once("tx=")
            .map_or("", |(_, tx)| tx.split('&').next().unwrap_or(tx));
        let mut form = vec![("tx", tx)];
        form.extend(fields);
        let origin = page.url.split("/login").next().unwrap_or(&page.url);
        self.post(&format!("{origin}{action}"), &form).await
    }

    /// Forgets all cookies, as a new browser profile does.
    pub fn clear_cookies(&mut self) {
        self.cookies.clear();
    }

    async fn go(&mut self, method: Method, url: &str, body: Option<String>) -> Arrival {
        let (mut method, mut url, mut body) = (method, url.to_owned(), body);
        for _ in 0..MAX_STEPS {
            let Some(origin) = self.origin(&url) else {
                return Arrival::Left(url);
            };
            let response = self.fetch(&method, &url, body.take()).await;
            self.keep_cookies(response.headers());
            let location = response
                .headers()
                .get(header::LOCATION)
                .and_then(|value| value.to_str().ok());
            match location.filter(|_| response.status().is_redirection()) {
                Some(path) if path.starts_with('/') => {
                    url = format!("{}{path}", self.simulator.origins().url(origin))
                }
                Some(location) => url = location.to_owned(),
                None => {
                    let (parts, body) = response.into_parts();
                    let html = String::from_utf8_lossy(&body).into_owned();
                    return Arrival::Page(Page {
                        url,
                        status: parts.status,
                        headers: parts.headers,
                        html,
                    });
                }
            }
            method = Method::GET;
        }
        Arrival::Left(url)
    }

    async fn fetch(
        &self,
        method: &Method,
        url: &str,
        body: Option<String>,
    ) -> http::Response<Vec<u8>> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder().method(method).uri(url);
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        match request.body(body.unwrap_or_default().into_bytes()) {
            Ok(request) => self.simulator.call(request).await,
            Err(_) => {
                let mut response = http::Response::new(b"The address cannot be opened.".to_vec());
                *response.status_mut() = StatusCode::BAD_REQUEST;
                response
            }
        }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
        {
            let Some((name, value)) = cookie
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='))
            else {
                continue;
            };
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn origin(&self, url: &str) -> Option<Origin> {
        let origins = self.simulator.origins();
        Origin::ALL.into_iter().find(|&origin| {
            url.strip_prefix(&origins.url(origin))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        })
    }
}

impl Page {
    /// The `data-code` of an error page.
    #[must_use]
    pub fn error_code(&self) -> Option<&str> {
        attribute(&self.html, "data-code")
    }
}

/// The address and the status; the document would fill a screen.
impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("url", &self.url)
            .field("status", &self.status)
            .field("error_code", &self.error_code())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The visitor is left on a page with status {}",
            self.status
        )?;
        match self.error_code() {
            Some(code) => write!(f, " and the error {code}."),
            None => f.write_str("."),
        }
    }
}

impl std::error::Error for Page {}

/// The first value of an attribute.
fn attribute<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}
