portvakt_jose::errors! {
    /// Why the page has no configuration that it could use.
    pub(crate) enum ConfigError {
        Unreachable => "config_unreachable",
            "The configuration could not be fetched.",
            "Portvakt demo, /config.json";
        Missing => "config_missing",
            "The server has no configuration for this page.",
            "Portvakt demo, /config.json";
        Malformed => "config_malformed",
            "The configuration is not the JSON that it should be.",
            "Portvakt demo, /config.json";
    }
}
