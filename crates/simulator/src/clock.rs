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

/// A time as people write it, `2026-11-21 08:30:00 UTC`.
pub(crate) fn utc(seconds: u64) -> String {
    const DAY: u64 = 86_400;
    // Howard Hinnant's algorithm for the proleptic Gregorian calendar; years begin in March.
    let days = seconds / DAY + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (seconds % DAY / 3_600, seconds % 3_600 / 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
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
    fn times_are_written_as_in_the_calendar() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(951_782_399), "2000-02-28 23:59:59 UTC");
        assert_eq!(utc(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(utc(1_790_000_000), "2026-09-21 14:13:20 UTC");
        assert_eq!(utc(LATEST), "2200-01-01 00:00:00 UTC");
    }

    #[test]
    fn no_time_is_later_than_the_latest() {
        let clock = Clock::new(Some(u64::MAX));
        clock.advance(u64::MAX);
        assert_eq!(clock.now(), LATEST);
    }
}
