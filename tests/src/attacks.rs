//! The catalogue of attacks: what is tried on the library, and what must come of it.
//!
//! One table. Every row is run natively (`tests/attacks.rs`), those that the npm package can meet are
//! run again by its built modules (`packaging/runtimes/attacks.mjs`), and `docs/attacks.md` is written
//! from it. A row is an [`Attack`]; how it is made is its [`Mount`].
//!
//! - [`rows`] is the table.
//! - [`scene`] is a login, or a renewal, with a provider that does as the row says.
//! - [`crafted`] is a token that is not what it should be.
//! - [`stage`] plays a row, and [`transcript`] writes down what was said.
//! - [`coverage`] is what there must be rows of: the rules, the classes of bugs, the conformance suite.

use portvakt_simulator::Fault;

pub mod coverage;
pub mod crafted;
mod left_out;
pub mod page;
pub mod rows;
pub mod scene;
mod sentences;
pub mod signer;
pub mod stage;
pub mod transcript;

pub use self::crafted::{Crafted, Kind};
pub use self::left_out::{LEFT_OUT, LeftOut};
pub use self::scene::Scene;

/// Something that somebody tries, and what comes of it.
#[derive(Clone, Copy, Debug)]
pub struct Attack {
    /// The name, which is the test's too: the conformance suite's, the simulator's fault, or a true sentence.
    pub name: &'static str,
    /// The rules that it breaks and the classes of bugs that it belongs to, as [`coverage`] lists them.
    pub of: &'static [&'static str],
    /// What is tried, in a sentence.
    pub attack: &'static str,
    /// Why it ends so, where the error does not say it all: above all where one might have chosen otherwise.
    pub why: &'static str,
    /// What comes of it.
    pub outcome: Outcome,
    /// How it is made.
    pub mount: Mount,
}

/// What comes of an attack.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The code that ends it.
    Refused(&'static str),
    /// A renewal is refused with this code, and can be tried again with the session as it was.
    RefusedForNow(&'static str),
    /// A renewal goes well, and the next one is refused with this code.
    RefusedNext(&'static str),
    /// It is told with this code, and hinders nothing.
    Told(&'static str),
    /// Nothing is believed, and it is no error.
    Ignored,
    /// All is well: it is no attack, or it has no effect.
    Accepted,
}

/// How an attack is made.
#[derive(Clone, Copy, Debug)]
pub enum Mount {
    /// The simulator is told to do it, where that fault shows itself.
    Fault(Fault),
    /// A login.
    Login(fn(Scene) -> Scene),
    /// A renewal, after a login in which nothing was wrong.
    Renewal(fn(Scene) -> Scene),
    /// The return from a logout.
    Return(fn(Scene) -> Scene),
    /// What the userinfo endpoint says.
    Userinfo(fn(Scene) -> Scene),
    /// A token that is brought to somebody who verifies it.
    Token(Kind, fn(Crafted) -> Crafted),
    /// A test of its own, since neither party can do it alone: the file, and the name in it.
    Test(&'static str, &'static str),
}

impl Attack {
    /// An attack that is refused.
    pub const fn refused(
        name: &'static str,
        code: &'static str,
        of: &'static [&'static str],
        attack: &'static str,
        mount: Mount,
    ) -> Self {
        Self::new(name, Outcome::Refused(code), of, attack, mount)
    }

    /// Something that must be accepted.
    pub const fn accepted(
        name: &'static str,
        of: &'static [&'static str],
        attack: &'static str,
        mount: Mount,
    ) -> Self {
        Self::new(name, Outcome::Accepted, of, attack, mount)
    }

    /// An attack with any outcome.
    pub const fn new(
        name: &'static str,
        outcome: Outcome,
        of: &'static [&'static str],
        attack: &'static str,
        mount: Mount,
    ) -> Self {
        Self {
            name,
            of,
            attack,
            why: "",
            outcome,
            mount,
        }
    }

    /// The same, with the reason.
    #[must_use]
    pub const fn because(self, why: &'static str) -> Self {
        Self { why, ..self }
    }

    /// Whether the modules of the npm package can meet it: they carry no userinfo and no Dialogporten.
    pub fn is_played_in_wasm(&self) -> bool {
        use portvakt_simulator::Place;
        match self.mount {
            Mount::Fault(fault) => !matches!(fault.place(), Place::Userinfo | Place::Dialogporten),
            Mount::Userinfo(_) | Mount::Test(..) => false,
            _ => true,
        }
    }
}

/// Every row, in the order of the page.
pub fn all() -> Vec<Attack> {
    rows::sections()
        .into_iter()
        .flat_map(|section| section.rows)
        .collect()
}
