//! The simulator's clock: real time until somebody moves it.

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The farthest that the clock can be set or advanced to, in Unix seconds (the year 2200).
///
/// Everything that is added to a time in the simulator stays far from overflow below it.
pub const LATEST: u64 = 7_258_118_400;

/// One clock for all services, in whole Unix seconds.
///
/// It runs with the machine's clock until it is moved; a moved clock runs on from its new place, a
/// set clock stands still.
#[derive(Debug)]
pub struct Clock(Mutex<Mode>);

/// How the clock gets its time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mode {
    /// The machine's clock and so many seconds.
    Running { ahead: u64 },
    /// It stands still here.
    Frozen { at: u64 },
}

impl Clock {
    /// A clock that follows the machine, or one that stands still at `frozen_at`.
    #[must_use]
    pub fn new(frozen_at: Option<u64>) -> Self {
        Self(Mutex::new(match frozen_at {
            Some(at) => Mode::Frozen { at: at.min(LATEST) },
            None => Mode::Running { ahead: 0 },
        }))
    }

    /// The time, in Unix seconds.
    #[must_use]
    pub fn now(&self) -> u64 {
        match self.mode() {
            Mode::Running { ahead } => machine_time().saturating_add(ahead).min(LATEST),
            Mode::Frozen { at } => at,
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, seconds: u64) {
        self.change(|mode| match mode {
            Mode::Running { ahead } => Mode::Running {
                ahead: ahead.saturating_add(seconds).min(LATEST),
            },
            Mode::Frozen { at } => Mode::Frozen {
                at: at.saturating_add(seconds).min(LATEST),
            },
        });
    }

    /// Sets the clock, which stands still from then on.
    pub fn set(&self, now: u64) {
        self.change(|_| Mode::Frozen {
            at: now.min(LATEST),
        });
    }

    /// Follows the machine's clock again.
    pub fn unfreeze(&self) {
        self.change(|_| Mode::Running { ahead: 0 });
    }

    /// Whether the clock stands still.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        matches!(self.mode(), Mode::Frozen { .. })
    }

    /// Whether the clock follows the machine's, not moved and not standing still.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.mode() == Mode::Running { ahead: 0 }
    }

    fn mode(&self) -> Mode {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, to: impl FnOnce(Mode) -> Mode) {
        let mut mode = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *mode = to(*mode);
    }
}

fn machine_time() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_clock_stands_still_and_can_be_advanced() {
        let clock = Clock::new(Some(1_790_000_000));
        clock.advance(31);
        assert_eq!(clock.now(), 1_790_000_031);
        clock.set(5);
        assert_eq!((clock.now(), clock.is_frozen()), (5, true));
    }

    #[test]
    fn an_advanced_clock_runs_on_and_can_be_put_back() {
        let clock = Clock::new(None);
        clock.advance(7200);
        assert!(clock.now() >= machine_time() + 7199);
        assert!(!clock.is_live());
        clock.unfreeze();
        assert!(clock.is_live());
    }

    #[test]
    fn no_time_is_later_than_the_latest() {
        let clock = Clock::new(Some(u64::MAX));
        clock.advance(u64::MAX);
        assert_eq!(clock.now(), LATEST);
    }
}
