//! A person with a browser, in memory: keeps cookies, follows redirects, fills in the simulator's forms.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{Request, StatusCode, Uri};
use portvakt_simulator::Simulator;
use scraper::{ElementRef, Html, Selector};

/// More redirects in a row than any road through the simulator has.
const MAX_REDIRECTS: usize = 8;

/// A person with a browser of their own.
#[derive(Debug)]
pub struct Visitor {
    simulator: Simulator,
    cookies: BTreeMap<String, String>,
}

/// Where a request led to.
#[derive(Debug)]
pub enum Arrival {
    /// A page of the simulator.
    Page(Page),
    /// An address that is not the simulator's: the person is back in the application.
    Application(String),
}

impl Arrival {
    /// The page.
    ///
    /// # Errors
    /// When the person has left the simulator.
    pub fn page(self) -> Result<Page> {
        match self {
            Self::Page(page) => Ok(page),
            Self::Application(_) => bail!("the person is back in the application"),
        }
    }

    /// The address in the application.
    ///
    /// # Errors
    /// When the person is still at the simulator.
    pub fn application(self) -> Result<String> {
        match self {
            Self::Application(url) => Ok(url),
            Self::Page(page) => bail!("the person is still on a page: {}", page.text()),
        }
    }
}

impl Visitor {
    /// A person who has never been here.
    pub fn new(simulator: &Simulator) -> Self {
        Self {
            simulator: simulator.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When the simulator redirects for ever, or not at all where it should.
    pub async fn open(&mut self, url: &str) -> Result<Arrival> {
        let request = Request::get(url).body(Vec::new())?;
        self.follow(request).await
    }

    /// Clicks what carries a `data-testid`, and a second attribute where one is given, on the page:
    /// a link is followed, a button submits its form.
    ///
    /// # Errors
    /// When there is no such thing to click.
    pub async fn click(&mut self, page: &Page, mark: &Mark<'_>) -> Result<Arrival> {
        let request = page.click(mark)?;
        self.follow(request).await
    }

    /// Chooses what the marks stand for, and clicks a button of the form that they are in.
    ///
    /// # Errors
    /// When something of it is not on the page.
    pub async fn submit(
        &mut self,
        page: &Page,
        choices: &[Mark<'_>],
        button: &Mark<'_>,
    ) -> Result<Arrival> {
        let request = page.submit(choices, button)?;
        self.follow(request).await
    }

    async fn follow(&mut self, mut request: Request<Vec<u8>>) -> Result<Arrival> {
        for _ in 0..MAX_REDIRECTS {
            let here = request.uri().clone();
            if !self.is_simulator(&here) {
                return Ok(Arrival::Application(here.to_string()));
            }
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            if !cookies.is_empty() {
                request
                    .headers_mut()
                    .insert(COOKIE, cookies.join("; ").parse()?);
            }
            let response = self.simulator.call(request).await;
            for cookie in response.headers().get_all(SET_COOKIE) {
                self.keep(cookie.to_str()?)?;
            }
            if response.status().is_redirection() {
                ensure!(
                    response.status() != StatusCode::TEMPORARY_REDIRECT,
                    "307 repeats a form"
                );
                let location = response.headers().get(LOCATION).context("no location")?;
                request = Request::get(resolve(&here, location.to_str()?)?).body(Vec::new())?;
                continue;
            }
            return Ok(Arrival::Page(Page {
                address: here,
                status: response.status(),
                html: String::from_utf8(response.into_body())?,
            }));
        }
        bail!("more than {MAX_REDIRECTS} redirects")
    }

    /// Browsers keep one jar for all ports of a host; the simulator is one host.
    fn keep(&mut self, cookie: &str) -> Result<()> {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').context("a cookie without a value")?;
        if value.is_empty() || attributes.to_ascii_lowercase().contains("max-age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Ok(())
    }

    fn is_simulator(&self, url: &Uri) -> bool {
        let base = self
            .simulator
            .origins()
            .port(portvakt_simulator::Origin::Control);
        url.host() == Some("127.0.0.1")
            && url
                .port_u16()
                .is_some_and(|port| (base..base + 6).contains(&port))
    }
}

/// What to click: a `data-testid`, and a second attribute with its value.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The value of `data-testid`.
    pub testid: &'a str,
    /// Another attribute and its value, for one of many.
    pub which: Option<(&'a str, &'a str)>,
}

impl<'a> Mark<'a> {
    /// The only one of its kind on the page.
    pub const fn the(testid: &'a str) -> Self {
        Self {
            testid,
            which: None,
        }
    }

    /// One of many.
    pub const fn one(testid: &'a str, attribute: &'a str, value: &'a str) -> Self {
        Self {
            testid,
            which: Some((attribute, value)),
        }
    }

    fn selector(&self) -> Result<Selector> {
        let mut selector = format!("[data-testid=\"{}\"]", self.testid);
        if let Some((attribute, value)) = self.which {
            selector.push_str(&format!("[{attribute}=\"{value}\"]"));
        }
        Selector::parse(&selector).map_err(|_| anyhow::anyhow!("not a selector: {selector}"))
    }
}

/// A page of the simulator.
#[derive(Debug)]
pub struct Page {
    address: Uri,
    /// The status that it came with.
    pub status: StatusCode,
    html: String,
}

impl Page {
    /// Whether the mark is on the page.
    pub fn has(&self, mark: &Mark<'_>) -> bool {
        let html = Html::parse_document(&self.html);
        mark.selector()
            .is_ok_and(|selector| html.select(&selector).next().is_some())
    }

    /// The values of an attribute of everything with this `data-testid`.
    ///
    /// # Errors
    /// When the mark is not one.
    pub fn all(&self, testid: &str, attribute: &str) -> Result<Vec<String>> {
        let html = Html::parse_document(&self.html);
        let marked = Mark::the(testid).selector()?;
        Ok(html
            .select(&marked)
            .filter_map(|element| element.attr(attribute))
            .map(str::to_owned)
            .collect())
    }

    /// What a person reads.
    pub fn text(&self) -> String {
        let html = Html::parse_document(&self.html);
        let words: Vec<&str> = html
            .root_element()
            .text()
            .flat_map(str::split_whitespace)
            .collect();
        words.join(" ")
    }

    fn find<'h>(&self, html: &'h Html, mark: &Mark<'_>) -> Result<ElementRef<'h>> {
        html.select(&mark.selector()?)
            .next()
            .with_context(|| format!("{mark:?} is not on the page: {}", self.text()))
    }

    fn click(&self, mark: &Mark<'_>) -> Result<Request<Vec<u8>>> {
        let html = Html::parse_document(&self.html);
        match self.find(&html, mark)?.attr("href") {
            Some(href) => Ok(Request::get(resolve(&self.address, href)?).body(Vec::new())?),
            None => self.submit(&[], mark),
        }
    }

    fn submit(&self, choices: &[Mark<'_>], button: &Mark<'_>) -> Result<Request<Vec<u8>>> {
        let html = Html::parse_document(&self.html);
        let button = self.find(&html, button)?;
        let form = match button.attr("form") {
            // A button may stand outside of its form.
            Some(id) => html
                .root_element()
                .descendent_elements()
                .find(|element| element.attr("id") == Some(id)),
            None => button
                .ancestors()
                .filter_map(ElementRef::wrap)
                .find(|ancestor| ancestor.value().name() == "form"),
        };
        let form = form.context("the button is in no form")?;
        let inputs = Selector::parse("input").map_err(|_| anyhow::anyhow!("not a selector"))?;
        let mut chosen = Vec::with_capacity(choices.len());
        for choice in choices {
            let label = self.find(&html, choice)?;
            chosen.push(
                label
                    .select(&inputs)
                    .next()
                    .context("the label has no input")?,
            );
        }
        let mut fields = Vec::new();
        for input in form.select(&inputs) {
            let is_chosen = chosen.iter().any(|other| other.id() == input.id());
            let is_replaced = chosen
                .iter()
                .any(|other| other.attr("name") == input.attr("name"));
            let sent = match input.attr("type").unwrap_or("text") {
                "radio" => is_chosen || !is_replaced && input.attr("checked").is_some(),
                "checkbox" => is_chosen || input.attr("checked").is_some(),
                "submit" => false,
                _ => true,
            };
            if let (true, Some(name)) = (sent, input.attr("name")) {
                fields.push((name, input.attr("value").unwrap_or("on")));
            }
        }
        if let (Some(name), Some(value)) = (button.attr("name"), button.attr("value")) {
            fields.push((name, value));
        }
        let action = resolve(&self.address, form.attr("action").unwrap_or_default())?;
        let method = form.attr("method").unwrap_or("get");
        ensure!(
            method.eq_ignore_ascii_case("post"),
            "the simulator's forms are posted"
        );
        Ok(Request::post(action)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", origin(&self.address))
            .body(portvakt_oidc::url::form_encode(fields).into_bytes())?)
    }
}

fn origin(url: &Uri) -> String {
    format!(
        "http://{}",
        url.authority().map_or("", |authority| authority.as_str())
    )
}

fn resolve(here: &Uri, reference: &str) -> Result<Uri> {
    if reference.starts_with("http") {
        return Ok(reference.parse()?);
    }
    let target = match reference {
        "" => here
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned(),
        query if query.starts_with('?') => format!("{}{query}", here.path()),
        path => path.to_owned(),
    };
    Ok(format!("{}{target}", origin(here)).parse()?)
}
