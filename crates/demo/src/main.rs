//! A single-page application that signs people in with Ansattporten or ID-porten, shows which organisation they
//! chose and how the sign-in was checked, and reads the inbox in Dialogporten.
//!
//! It is an example of how `portvakt-leptos` is used: [`app`] sets up the context, [`view`] is what there is to
//! see, [`inbox`] makes the calls. It decides nothing about tokens.

#![expect(unreachable_pub, reason = "#[component] makes its functions public")]

mod app;
mod config;
mod date;
mod inbox;
mod language;
mod markdown;
mod pretty;
mod problem;
mod route;
mod text;
mod view;
mod words;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
