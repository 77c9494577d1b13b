//! The simulator as a program.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use clap::Parser;
use portvakt_simulator::{
    Algorithm, Client, DEFAULT_PORT, GrantType, Options, Origin, Origins, ProviderName, RarProfile,
    Simulator, Switch,
};
use serde::de::DeserializeOwned;

/// Ansattporten, ID-porten and Dialogporten on your own machine.
///
/// Synthetic people and organisations only; nothing leaves the machine. The simulator is as strict as the
/// real services: it knows its clients, compares redirect URIs character by character, and demands PKCE,
/// state and nonce.
#[derive(Debug, Parser)]
#[command(version, after_long_help = EXAMPLES, max_term_width = 100)]
struct Arguments {
    /// The first of six consecutive ports on 127.0.0.1, from 1024 to 65530
    ///
    /// P is the control page and its JSON API, P+1 Ansattporten's issuer, P+2 its login pages, P+3 ID-porten's
    /// issuer, P+4 its login pages, P+5 Dialogporten.
    #[arg(long, value_name = "P", default_value_t = DEFAULT_PORT)]
    port: u16,

    /// The client_id of your application, a public client at both providers
    #[arg(long, value_name = "ID", default_value = "portvakt-demo")]
    client_id: String,

    /// The name of your application on the pages
    #[arg(long, value_name = "NAME")]
    client_name: Option<String>,

    /// Where your application takes answers; may be given more than once
    #[arg(
        long,
        value_name = "URI",
        default_value = "http://localhost:8080/callback"
    )]
    redirect_uri: Vec<String>,

    /// Where your application goes after signing out; may be given more than once
    #[arg(long, value_name = "URI", default_value = "http://localhost:8080/")]
    post_logout_redirect_uri: Vec<String>,

    /// A scope that your application may ask for; may be given more than once
    #[arg(long, value_name = "SCOPE", default_values = ["openid", "profile", "digdir:dialogporten"])]
    scope: Vec<String>,

    /// Called in a hidden frame, with iss and sid, when the person signs out
    #[arg(long, value_name = "URI")]
    frontchannel_logout_uri: Option<String>,

    /// Where a logout token is posted when the person signs out
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<String>,

    /// Give your application refresh tokens
    #[arg(long)]
    refresh_tokens: bool,

    /// One more client as JSON, with the members of --clients; may be given more than once
    #[arg(long, value_name = "JSON", value_parser = client_of_json)]
    client: Vec<Client>,

    /// A JSON file with an array of clients, in place of the one above
    ///
    /// The members are those of Digdir's self-service: client_id, redirect_uris, post_logout_redirect_uris,
    /// token_endpoint_auth_method, client_secret, grant_types, scopes, frontchannel_logout_uri …
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "client_id",
        "client_name",
        "redirect_uri",
        "post_logout_redirect_uri",
        "scope",
        "frontchannel_logout_uri",
        "backchannel_logout_uri",
        "refresh_tokens",
    ])]
    clients: Option<PathBuf>,

    /// A JSON file with organisations, resources and people that are added to the seeded ones
    ///
    /// The three arrays have the members of the control API; synthetic numbers only.
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,

    /// Let Dialogporten accept Ansattporten's tokens, which production does not do yet
    #[arg(long)]
    accept_ansattporten: bool,

    /// Let browsers read Dialogporten from other origins, which production does not allow
    #[arg(long)]
    dialogporten_cors: bool,

    /// The algorithm that Ansattporten signs with: RS256, PS256, ES256 or EdDSA
    #[arg(long, value_name = "ALG", default_value_t = Algorithm::Rs256)]
    ansattporten_algorithm: Algorithm,

    /// The algorithm that ID-porten signs with: RS256, PS256, ES256 or EdDSA
    #[arg(long, value_name = "ALG", default_value_t = Algorithm::Rs256)]
    idporten_algorithm: Algorithm,

    /// The shape of authorization_details: v4, v3, v2, legacy-service or live-2026
    #[arg(long, value_name = "PROFILE", default_value = "v4")]
    rar_profile: RarProfile,

    /// Switch a behaviour on (dpop_nonce, id_token_on_refresh …); may be given more than once
    #[arg(long, value_name = "SWITCH")]
    on: Vec<Switch>,

    /// Switch a behaviour off (dpop_ansattporten, dpop_idporten …); may be given more than once
    #[arg(long, value_name = "SWITCH")]
    off: Vec<Switch>,
}

const EXAMPLES: &str = "\
Examples:
  Try the pages with the application of the documentation:
    portvakt-simulator

  For an application on port 3000 that is registered as my-app:
    portvakt-simulator --client-id my-app \\
      --redirect-uri http://localhost:3000/callback \\
      --post-logout-redirect-uri http://localhost:3000/

  With a second application, to see how signing out of one reaches the other:
    portvakt-simulator --backchannel-logout-uri http://localhost:8080/logout \\
      --client '{\"client_id\":\"second\",\"redirect_uris\":[\"http://localhost:8090/callback\"]}'

  On other ports, with an inbox that takes Ansattporten's tokens:
    portvakt-simulator --port 9100 --accept-ansattporten --dialogporten-cors

  Read the issuer's metadata, arm a fault, move the clock:
    curl http://127.0.0.1:8101/.well-known/openid-configuration
    curl --json '{\"fault\":\"wrong_nonce\"}' http://127.0.0.1:8100/api/faults
    curl --json '{\"advance_seconds\":1860}' http://127.0.0.1:8100/api/clock

Serve your application from http://localhost, not from http://127.0.0.1: then it is another site than
the simulator, and cookies and storage behave as they do with the real services.";

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portvakt-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let mut options = Options::new(arguments.port);
    options.clients = clients(&arguments)?;
    if let Some(path) = &arguments.world {
        let added = options.world.add(read_json(path)?);
        added.map_err(|error| anyhow!("{} cannot be used: {error}", path.display()))?;
    }
    options.accept_ansattporten = arguments.accept_ansattporten;
    options.dialogporten_cors = arguments.dialogporten_cors;
    options.ansattporten_algorithm = arguments.ansattporten_algorithm;
    options.idporten_algorithm = arguments.idporten_algorithm;
    options.rar_profile = arguments.rar_profile;
    let on = arguments.on.iter().map(|&switch| (switch, true));
    let off = arguments.off.iter().map(|&switch| (switch, false));
    options.switches = on.chain(off).collect();
    let simulator = Simulator::new(options)?;
    let origins = simulator.origins();
    simulator.serve(|| announce(origins), interrupted()).await?;
    Ok(())
}

fn clients(arguments: &Arguments) -> anyhow::Result<Vec<Client>> {
    let mut clients = match &arguments.clients {
        Some(path) => read_json(path)?,
        None => vec![first_client(arguments)],
    };
    clients.extend(arguments.client.iter().cloned());
    Ok(clients)
}

fn first_client(arguments: &Arguments) -> Client {
    let mut client = Client::public(&arguments.client_id, "");
    client.client_name.clone_from(&arguments.client_name);
    client.redirect_uris.clone_from(&arguments.redirect_uri);
    client
        .post_logout_redirect_uris
        .clone_from(&arguments.post_logout_redirect_uri);
    client.scopes.clone_from(&arguments.scope);
    client
        .frontchannel_logout_uri
        .clone_from(&arguments.frontchannel_logout_uri);
    client.frontchannel_logout_session_required = client.frontchannel_logout_uri.is_some();
    client
        .backchannel_logout_uri
        .clone_from(&arguments.backchannel_logout_uri);
    if arguments.refresh_tokens {
        client.grant_types.push(GrantType::RefreshToken);
    }
    client
}

fn client_of_json(text: &str) -> Result<Client, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn read_json<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let name = path.display();
    let text = std::fs::read(path).map_err(|error| anyhow!("{name} cannot be read: {error}."))?;
    serde_json::from_slice(&text).map_err(|error| anyhow!("{name} cannot be used: {error}."))
}

fn announce(origins: Origins) {
    println!("Portvakt simulator, for development only: everybody in it is made up.");
    println!("  Control page        {}/", origins.url(Origin::Control));
    println!(
        "  Ansattporten        issuer {}",
        origins.issuer(ProviderName::Ansattporten)
    );
    println!(
        "  ID-porten           issuer {}",
        origins.issuer(ProviderName::Idporten)
    );
    println!(
        "  Dialogporten        {}/dialogporten",
        origins.url(Origin::Dialogporten)
    );
    println!("Stop with Ctrl-C.");
}

/// Ready when the person at the keyboard, or whoever started the program, wants it to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
