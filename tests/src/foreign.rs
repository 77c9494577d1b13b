//! OpenID providers that are not ours, and a person who signs in there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use portvakt_jose::Algorithm;
use portvakt_oidc::{ClientConfig, Issuer, Url};
use ureq::Agent;
use ureq::http::Response;
use xtask::process::{Guarded, command};
use xtask::setup;

use crate::native;

/// Where the provider sends people back to. Nothing listens there: the answer is in the address.
const REDIRECT_URI: &str = "http://localhost:9/callback";

/// Where the provider sends people to after signing out.
const POST_LOGOUT_REDIRECT_URI: &str = "http://localhost:9/goodbye";

/// An implementation of a provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Program {
    /// The npm package `oidc-provider`, which the OpenID Foundation has certified.
    OidcProvider,
    /// The Python package `idpyoidc`, the successor of another certified one.
    Idpyoidc,
}

impl Program {
    /// Says why the program cannot run here, if it cannot.
    pub fn missing(self) -> Option<&'static str> {
        let installed = match self {
            Self::OidcProvider => self.folder().join("node_modules/oidc-provider").is_dir(),
            Self::Idpyoidc => setup::python_of(&self.folder()).is_file(),
        };
        (!installed).then_some(match self {
            Self::OidcProvider => "the npm packages of tests/foreign are not installed",
            Self::Idpyoidc => "the Python packages of tests/foreign-python are not installed",
        })
    }

    fn command(self) -> tokio::process::Command {
        let (interpreter, program) = match self {
            Self::OidcProvider => (PathBuf::from("node"), "provider.js"),
            Self::Idpyoidc => (setup::python_of(&self.folder()), "provider.py"),
        };
        let mut command = command(interpreter);
        command.arg(self.folder().join(program));
        command
    }

    fn folder(self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(match self {
            Self::OidcProvider => "foreign",
            Self::Idpyoidc => "foreign-python",
        })
    }
}

/// A provider that runs on this machine.
#[derive(Debug)]
pub struct Provider {
    program: Program,
    issuer: String,
    _process: Guarded,
}

impl Provider {
    /// Starts a provider on a free port.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start(program: Program) -> Result<Self> {
        let mut command = program.command();
        command
            .args([REDIRECT_URI, POST_LOGOUT_REDIRECT_URI])
            .stdout(Stdio::piped())
            // It warns of being a provider for development, which is what it is here.
            .stderr(Stdio::null());
        let mut process = Guarded::spawn(&mut command)?;
        let issuer = process.announcement(|line| line.starts_with("http").then(|| line.into()));
        let issuer = issuer.await.context("the foreign provider did not start")?;
        Ok(Self {
            program,
            issuer,
            _process: process,
        })
    }

    /// Which implementation it is.
    pub const fn program(&self) -> Program {
        self.program
    }

    /// The configuration of the client that the provider signs with one algorithm for.
    ///
    /// # Errors
    /// When the provider's address is none.
    pub fn client(&self, algorithm: Algorithm) -> Result<ClientConfig> {
        let issuer = Issuer::parse(&self.issuer)?;
        let redirect_uri = Url::parse(REDIRECT_URI)?;
        let mut config = ClientConfig::new(issuer, algorithm.as_str(), redirect_uri);
        config.algorithms = vec![algorithm];
        config.post_logout_redirect_uri = Some(Url::parse(POST_LOGOUT_REDIRECT_URI)?);
        Ok(config)
    }
}

/// A person with a browser: keeps cookies, follows redirects, fills in forms.
#[derive(Debug)]
pub struct Person {
    agent: Agent,
    cookies: BTreeMap<String, String>,
}

/// More pages than any road through the provider has.
const MAX_PAGES: usize = 16;

/// What this person writes into the forms that they meet.
const ANSWERS: [(&str, &str); 3] = [("login", "kari"), ("password", "any"), ("logout", "yes")];

impl Default for Person {
    fn default() -> Self {
        Self {
            agent: native::agent(),
            cookies: BTreeMap::new(),
        }
    }
}

impl Person {
    /// Agrees to everything until the provider sends them back to the application, and gives the
    /// address that they are sent to.
    ///
    /// # Errors
    /// When the road does not lead back.
    pub fn agree(&mut self, start: &Url) -> Result<String> {
        self.walk(start, filled_in)
    }

    /// Cancels at the first page, and gives the address that the provider sends them back to.
    ///
    /// # Errors
    /// When the road does not lead back.
    pub fn cancel(&mut self, start: &Url) -> Result<String> {
        self.walk(start, cancelling)
    }

    fn walk(&mut self, start: &Url, choose: fn(&str) -> Option<Choice>) -> Result<String> {
        let origin = start.origin();
        let mut choice = Choice::Follow(start.as_str().to_owned());
        for _ in 0..MAX_PAGES {
            let mut response = self.request(choice)?;
            choice = if response.status().is_redirection() {
                let location = response
                    .headers()
                    .get("location")
                    .context("no location")?
                    .to_str()?;
                if location.starts_with("http://localhost:9/") {
                    return Ok(location.to_owned());
                }
                Choice::Follow(location.to_owned()).at(origin)
            } else {
                let page = response.body_mut().read_to_string()?;
                ensure!(
                    response.status().is_success(),
                    "{}: {page}",
                    response.status()
                );
                choose(&page)
                    .with_context(|| format!("a page without a way on: {page}"))?
                    .at(origin)
            };
        }
        bail!("the provider did not send the person back within {MAX_PAGES} pages")
    }

    fn request(&mut self, choice: Choice) -> Result<Response<ureq::Body>> {
        let cookies = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let response = match choice {
            Choice::Follow(url) => self.agent.get(url).header("cookie", cookies).call()?,
            Choice::Submit { action, fields } => self
                .agent
                .post(action)
                .header("cookie", cookies)
                .send_form(fields)?,
        };
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').context("a cookie without a value")?;
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(response)
    }
}

/// What a person does on a page.
enum Choice {
    Follow(String),
    Submit {
        action: String,
        fields: Vec<(String, String)>,
    },
}

impl Choice {
    /// With a whole address where it had a path.
    fn at(mut self, origin: &str) -> Self {
        let (Self::Follow(address)
        | Self::Submit {
            action: address, ..
        }) = &mut self;
        if address.starts_with('/') {
            address.insert_str(0, origin);
        }
        self
    }
}

/// The form of a page, filled in: what it holds already, and [`ANSWERS`].
fn filled_in(page: &str) -> Option<Choice> {
    let action = attribute(elements(page, "form").next()?, "action")?;
    let mut fields = Vec::from(ANSWERS.map(|(name, value)| (name.to_owned(), value.to_owned())));
    for input in elements(page, "input").filter(|input| input.contains("type=\"hidden\"")) {
        fields.push((attribute(input, "name")?, attribute(input, "value")?));
    }
    Some(Choice::Submit { action, fields })
}

/// Where the link that cancels leads.
fn cancelling(page: &str) -> Option<Choice> {
    let links = elements(page, "a").filter_map(|link| attribute(link, "href"));
    links
        .filter(|href| href.contains("/abort"))
        .map(Choice::Follow)
        .next()
}

/// The start tags of a name. The provider's pages are simple: double quotes, and no `>` in values.
fn elements<'a>(page: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    page.split('<').filter_map(move |part| {
        let (tag, _) = part.split_once('>')?;
        tag.strip_prefix(name).filter(|rest| rest.starts_with(' '))
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}
