//! The world that the simulator starts with.

use super::{
    Authority, BridgeClients, BridgeRule, BridgeSubject, Grant, LocalName, Mandate, Organisation,
    OrganisationNumber, Person, Pid, Role, ServiceResource, World,
};
use crate::eid::Eid;

/// Manager of several organisations, their sub-units included.
const KARI: &str = "15868510045";
/// Has single rights in one sub-unit.
const OLA: &str = "15868510126";
/// Represents nobody.
const NORA: &str = "15868510207";

const PROVE_AS: &str = "310000019";
const PROVE_OSLO: &str = "312223333";
const PROVE_BERGEN: &str = "310000035";
const HOLDING: &str = "310000027";
const NEDLAGT: &str = "310000043";
const KOMMUNE: &str = "314445554";
const SKOLE: &str = "314445562";
const NUF: &str = "311111221";
const ETAT: &str = "317778880";
const DIREKTORAT: &str = "316660002";
// Service owners; nobody represents them.
const SKATTEETAT: &str = "316660010";
const TILSKUDDSKONTOR: &str = "316660029";
const ARBEIDSTILSYN: &str = "316660037";
const TRYGDEETAT: &str = "316660045";

pub(super) fn world() -> World {
    let mut world = World::default();
    for organisation in organisations() {
        world
            .put_organisation(organisation)
            .expect("seeded organisations are in order");
    }
    for resource in resources() {
        world
            .put_resource(resource)
            .expect("seeded resources are in order");
    }
    for person in people() {
        world
            .put_person(person)
            .expect("seeded people are in order");
    }
    world
}

fn organisations() -> Vec<Organisation> {
    let main = |number_: &str, name: &str, unit_type: &str| Organisation {
        number: number(number_),
        name: name.to_owned(),
        unit_type: unit_type.to_owned(),
        parent: None,
        is_deleted: false,
        bridge_rules: Vec::new(),
    };
    let sub = |number: &str, name: &str, parent: &str| Organisation {
        parent: Some(self::number(parent)),
        ..main(number, name, "BEDR")
    };
    vec![
        main(PROVE_AS, "SYNTETISK PRØVE AS", "AS"),
        sub(PROVE_OSLO, "SYNTETISK PRØVE AVD OSLO", PROVE_AS),
        sub(PROVE_BERGEN, "SYNTETISK PRØVE AVD BERGEN", PROVE_AS),
        main(HOLDING, "SYNTETISK HOLDING AS", "AS"),
        Organisation {
            is_deleted: true,
            ..main(NEDLAGT, "NEDLAGT SYNTETISK HANDEL AS", "AS")
        },
        Organisation {
            bridge_rules: kommune_rules(),
            ..main(KOMMUNE, "SYNTETISK KOMMUNE", "KOMM")
        },
        sub(SKOLE, "SYNTETISK KOMMUNE FJELLVIK SKOLE", KOMMUNE),
        main(NUF, "SYNTHETIC TRADING LTD NUF", "NUF"),
        Organisation {
            bridge_rules: etat_rules(),
            ..main(ETAT, "SYNTETISK ETAT", "ORGL")
        },
        main(DIREKTORAT, "SYNTETISK DIREKTORAT", "ORGL"),
        main(SKATTEETAT, "SYNTETISK SKATTEETAT", "ORGL"),
        main(TILSKUDDSKONTOR, "SYNTETISK TILSKUDDSKONTOR", "ORGL"),
        main(ARBEIDSTILSYN, "SYNTETISK ARBEIDSTILSYN", "ORGL"),
        main(TRYGDEETAT, "SYNTETISK TRYGDEETAT", "ORGL"),
    ]
}

fn kommune_rules() -> Vec<BridgeRule> {
    vec![BridgeRule {
        subject: BridgeSubject::EmailDomain("syntetisk-kommune.example".to_owned()),
        clients: None,
        rights: Vec::new(),
    }]
}

fn etat_rules() -> Vec<BridgeRule> {
    vec![BridgeRule {
        subject: BridgeSubject::Group("5c0f7a52-0000-4000-8000-000000000001".to_owned()),
        clients: Some(BridgeClients::Allow(vec!["portvakt-demo".to_owned()])),
        rights: vec!["Report".to_owned(), "Write".to_owned()],
    }]
}

fn resources() -> Vec<ServiceResource> {
    let resource = |id: &str, nb: &str, en: &str, owner: &str, actions: &[&str]| ServiceResource {
        id: id.to_owned(),
        name: LocalName {
            nb: nb.to_owned(),
            en: en.to_owned(),
        },
        owner: number(owner),
        minimum_authentication_level: 3,
        actions: actions.iter().map(|&action| action.to_owned()).collect(),
        altinn2_service: None,
        roles: vec![Role::DagligLeder, Role::Styreleder],
        has_access_list: false,
    };
    let skatt = resource(
        "demo-skatt",
        "Skatt og avgift",
        "Tax and duties",
        SKATTEETAT,
        &["read", "write", "sign", "report"],
    );
    let tilskudd = resource(
        "demo-tilskudd",
        "Søknad om tilskudd",
        "Grant applications",
        TILSKUDDSKONTOR,
        &["read", "write", "sign"],
    );
    let sykmelding = resource(
        "demo-sykmelding",
        "Sykmeldinger for ansatte",
        "Sick leave of employees",
        TRYGDEETAT,
        &["read"],
    );
    vec![
        resource(
            "demo-post",
            "Post til virksomheten",
            "Letters to the business",
            DIREKTORAT,
            &["read", "write"],
        ),
        ServiceResource {
            altinn2_service: Some("2480:40".to_owned()),
            roles: vec![Role::DagligLeder, Role::Styreleder, Role::Regnskapsforer],
            ..skatt
        },
        tilskudd,
        resource(
            "demo-tilsyn",
            "Tilsyn og kontroll",
            "Inspections",
            ARBEIDSTILSYN,
            &["read", "write"],
        ),
        ServiceResource {
            minimum_authentication_level: 4,
            ..sykmelding
        },
    ]
}

fn people() -> Vec<Person> {
    let person = |pid: &str, given_name: &str, family_name: &str, email: &str| Person {
        pid: Pid::parse(pid).expect("seeded persons are synthetic"),
        given_name: given_name.to_owned(),
        family_name: family_name.to_owned(),
        email: Some(email.to_owned()),
        groups: Vec::new(),
        eids: Eid::all(),
        authorities: Vec::new(),
        mandates: Vec::new(),
    };
    vec![
        Person {
            groups: vec!["5c0f7a52-0000-4000-8000-000000000001".to_owned()],
            authorities: vec![
                holds(
                    PROVE_AS,
                    &[Role::DagligLeder, Role::Hovedadministrator],
                    &[],
                ),
                holds(HOLDING, &[Role::Styreleder], &[]),
                holds(NEDLAGT, &[Role::DagligLeder], &[]),
                holds(NUF, &[Role::Regnskapsforer], &[]),
                holds(
                    KOMMUNE,
                    &[],
                    &[
                        ("demo-post", &["read"]),
                        ("demo-tilskudd", &["read", "write"]),
                        ("demo-tilsyn", &["read"]),
                    ],
                ),
                holds(
                    SKOLE,
                    &[],
                    &[("demo-post", &["read"]), ("demo-sykmelding", &["read"])],
                ),
            ],
            ..person(KARI, "Kari", "Prøvesen", "kari@syntetisk-kommune.example")
        },
        Person {
            authorities: vec![holds(
                PROVE_OSLO,
                &[],
                &[
                    ("demo-post", &["read", "write"]),
                    ("demo-skatt", &["read"]),
                    ("demo-sykmelding", &["read"]),
                ],
            )],
            ..person(OLA, "Ola", "Testmann", "ola@syntetisk-prove.example")
        },
        Person {
            mandates: vec![Mandate {
                authorizer: Pid::parse(OLA).expect("seeded persons are synthetic"),
                owner: number(DIREKTORAT),
                role: "arbeid".to_owned(),
            }],
            ..person(NORA, "Nora", "Syntesen", "nora@post.example")
        },
    ]
}

fn holds(organisation: &str, roles: &[Role], grants: &[(&str, &[&str])]) -> Authority {
    Authority {
        organisation: number(organisation),
        roles: roles.to_vec(),
        grants: grants
            .iter()
            .map(|(resource, actions)| Grant {
                resource: (*resource).to_owned(),
                actions: actions.iter().map(|&action| action.to_owned()).collect(),
            })
            .collect(),
    }
}

fn number(text: &str) -> OrganisationNumber {
    OrganisationNumber::parse(text).expect("seeded organisations are synthetic")
}
