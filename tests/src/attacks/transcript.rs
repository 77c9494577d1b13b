//! What was said in a flow, written down so that another driver can say the same to the module of the
//! npm package, and see whether it asks the same and ends the same.

use portvakt_jose::base64url::encode;
use portvakt_oidc::{HttpRequest, HttpResponse, TransportError};
use serde_json::{Value, json};

/// The flows of one attack, in order.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    plays: Vec<Value>,
    turns: Vec<Value>,
}

impl Transcript {
    /// A request of the flow under way, and its answer.
    pub fn fetched(
        &mut self,
        request: &HttpRequest,
        answer: &Result<HttpResponse, TransportError>,
    ) {
        let (answer, body) = match answer {
            Ok(response) => (
                json!({ "status": response.status, "headers": response.headers }),
                encode(&response.body),
            ),
            Err(error) => (json!({ "error": error.code() }), String::new()),
        };
        self.turns.push(json!({
            "method": request.method.as_str(),
            "url": request.url.as_str(),
            "sent": request.body,
            "maxResponseBytes": request.max_response_bytes,
            "answer": answer,
            "body": body,
        }));
    }

    /// A signature that the flow under way asked about.
    pub fn verified(&mut self) {
        self.turns.push(json!({ "verify": true }));
    }

    /// How many requests the flow under way has sent.
    pub fn requests(&self) -> usize {
        self.turns
            .iter()
            .filter(|turn| turn.get("url").is_some())
            .count()
    }

    /// The flow under way is over; `start` is what it began with, `code` how it ended.
    pub fn ended(&mut self, start: Value, code: &str) {
        let turns = std::mem::take(&mut self.turns);
        self.plays
            .push(json!({ "start": start, "turns": turns, "code": code }));
    }

    /// All of it.
    pub fn into_json(self) -> Value {
        Value::Array(self.plays)
    }
}
