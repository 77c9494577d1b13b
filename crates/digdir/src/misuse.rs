portvakt_jose::errors! {
    /// What the application asked for and cannot have. It is found before any request goes out.
    pub enum Misuse {
        AcrUnknown => "misuse_acr_unknown",
            "The acr value is not one that ID-porten or Ansattporten has.",
            "ID-porten, id_token, acr values; Ansattporten, protocol";
        AcrLegacy => "misuse_acr_legacy",
            "Level3 and Level4 were the old platform's: ID-porten has idporten-loa-substantial and idporten-loa-high, Ansattporten has substantial and high.",
            "ID-porten, id_token, acr values";
        AcrOfOtherService => "misuse_acr_of_other_service",
            "The acr value is another service's: ID-porten's begin with idporten-loa or eidas-loa, Ansattporten's are substantial, high and entraid.",
            "ID-porten, id_token, acr values; Ansattporten, protocol";
        ServiceSignsNobodyIn => "misuse_service_signs_nobody_in",
            "People sign in with ID-porten or Ansattporten, and not with this service.",
            "Digdir, Ansattporten and ID-porten, metadata";
        IssuerOfOtherService => "misuse_issuer_of_other_service",
            "The client's issuer is not that of the service it is meant for.",
            "RFC 9700 §4.4";
        LocalIssuer => "misuse_local_issuer",
            "A local issuer is an absolute URL on a loopback host, without query and fragment.",
            "RFC 8414 §2";
        RarOfOtherService => "misuse_rar_of_other_service",
            "The service does not have this type of authorization details.",
            "Ansattporten, RAR; ID-porten, RAR";
        RarMixedTypes => "misuse_rar_mixed_types",
            "One request asks for one type of authorization details only.",
            "Ansattporten, RAR";
        RarResources => "misuse_rar_resources",
            "The request names no resource, the same one twice, or too many.",
            "Ansattporten, RAR, resource";
        RarResourceUrn => "misuse_rar_resource_urn",
            "The resource is not of the form urn:altinn:resource:{id}, or for link services urn:altinn:resource:{code}:{edition}.",
            "Ansattporten, RAR, resource";
        RarActions => "misuse_rar_actions",
            "An action is empty, named twice, or holds other characters than letters, digits, '-', '_', '.' and ':'.",
            "Ansattporten, RAR, actions";
        RarPermissionRoles => "misuse_rar_permission_roles",
            "The request names no permission role, the same one twice, too many, or one with other characters than letters, digits, '-', '_', '.' and ':'.",
            "ID-porten, fullmakt, permission_roles";
        RarFlag => "misuse_rar_flag",
            "The type of authorization details does not take one of the flags that are set.",
            "Ansattporten, RAR";
        RarNeedsOtherAcr => "misuse_rar_needs_other_acr",
            "Authorization details of type ansattporten:orgno need acr entraid, and those of Altinn need substantial or high.",
            "Ansattporten, RAR, source of truth";
        SessionLimits => "misuse_session_limits",
            "A session lasts for at most 30 minutes without use and 120 minutes in all, and its warning comes before its end.",
            "ID-porten, guide, sessions";
        TestLoginInProduction => "misuse_test_login_in_production",
            "Headless sign-in exists in test environments only.",
            "ID-porten, API testing";
        TestLoginRealPid => "misuse_test_login_real_pid",
            "Headless sign-in is for synthetic people only.",
            "ID-porten, API testing";
        SearchWithoutPartyOrResource => "misuse_search_without_party_or_resource",
            "A search for dialogs names at least one party or one service resource.",
            "Dialogporten, SearchDialogQueryValidator";
        SearchLimits => "misuse_search_limits",
            "A search names at most 100 parties and 20 service resources, and asks for 1 to 1000 dialogs.",
            "Dialogporten, metadata/limits";
        SearchText => "misuse_search_text",
            "The text that is searched for has 3 to 200 characters.",
            "Dialogporten, SearchDialogQueryValidator";
        SearchParameter => "misuse_search_parameter",
            "A parameter of the search is not of the form that the service takes.",
            "Dialogporten, SearchDialogQueryValidator";
        DialogId => "misuse_dialog_id",
            "The id of a dialog is a UUID.",
            "Dialogporten, GetDialog";
        DialogportenBaseUrl => "misuse_dialogporten_base_url",
            "The base URL of Dialogporten is an https or loopback URL without query, fragment and trailing slash.",
            "Dialogporten, reference, environments";
    }
}
