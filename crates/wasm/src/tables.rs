//! What the TypeScript knows of the core's tables is compared with them.

use std::fs;
use std::path::PathBuf;

use portvakt_digdir::login::ClaimsError;
use portvakt_digdir::rar::RepresentationError;
use portvakt_digdir::verify::{
    AccessTokenError, DialogTokenError, DpopError, MetadataError, VerifierMisuse,
};
use portvakt_digdir::{Misuse, Preset, Service};
use portvakt_oidc::{
    ApiMisuse, CallbackError, DeviceError, IdTokenError, LogoutTokenError, ProviderErrorCode,
    ProviderMisbehaved, SessionError, TransportError,
};

use crate::BoundaryError;

#[test]
fn the_codes_of_the_typescript_are_those_of_the_tables() {
    macro_rules! codes {
        ($($table:ty),+ $(,)?) => {
            [$(<$table>::ALL.iter().map(|error| error.code()).collect::<Vec<_>>()),+].concat()
        };
    }
    let mut codes = codes![
        ApiMisuse,
        CallbackError,
        ProviderErrorCode,
        ProviderMisbehaved,
        IdTokenError,
        SessionError,
        DeviceError,
        LogoutTokenError,
        TransportError,
        portvakt_jose::Error,
        Misuse,
        ClaimsError,
        RepresentationError,
        VerifierMisuse,
        MetadataError,
        AccessTokenError,
        DialogTokenError,
        DpopError,
        BoundaryError,
    ];
    codes.sort_unstable();
    codes.dedup();
    let mut text = String::from(
        "// Generated from the error tables of the core; a test of portvakt-wasm compares them.\n\n",
    );
    text.push_str("/** Every code of the core. */\nexport type CoreErrorCode =\n");
    for code in codes {
        text.push_str(&format!("  | '{code}'\n"));
    }
    let path = source("codes.ts");
    if std::env::var_os("PORTVAKT_UPDATE").is_some() {
        fs::write(&path, &text).expect("the file can be written");
    }
    let committed = fs::read_to_string(&path).expect("the file is there");
    assert!(
        committed == text,
        "pkg/src/codes.ts is out of date: run this test with PORTVAKT_UPDATE=1"
    );
}

#[test]
fn the_presets_of_the_typescript_have_the_issuers_of_the_core() {
    let typescript = fs::read_to_string(source("presets.ts")).expect("the file is there");
    for preset in Preset::ALL {
        let service = match preset.service() {
            Service::IdPorten => "idporten",
            Service::Ansattporten => "ansattporten",
            Service::Maskinporten => "maskinporten",
            Service::Altinn => "altinn",
            Service::Dialogporten => "dialogporten",
        };
        let declaration = typescript
            .split("export const ")
            .find(|declaration| declaration.starts_with(&format!("{service}:")))
            .expect("the service has its presets");
        let issuers: Vec<_> = declaration
            .split('\'')
            .filter(|text| text.starts_with("https://"))
            .collect();
        let of_service: Vec<_> = Preset::ALL
            .iter()
            .filter(|other| other.service() == preset.service())
            .map(Preset::issuer)
            .collect();
        assert_eq!(issuers, of_service, "{service}");
    }
}

#[test]
fn the_login_pages_are_on_the_host_that_the_logout_endpoint_takes_them_to_be_on() {
    let settings = fs::read_to_string(source("edge/settings.ts")).expect("the file is there");
    assert!(settings.contains("issuer.replace('https://', 'https://login.')"));
    for preset in Preset::ALL {
        if let Some(origin) = preset.login_origin() {
            let host = preset.issuer().replace("https://", "https://login.");
            assert_eq!(origin, host);
        }
    }
}

fn source(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../pkg/src")).join(name)
}
