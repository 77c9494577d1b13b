//! How far the device's clock is from the provider's.

use portvakt_jose::UnixTime;
use portvakt_jose::json::{Object, Value};

use crate::error::DeviceError;
use crate::id_token::MAX_ID_TOKEN_AGE_SECONDS;

/// How far the clock of a device may be from the provider's, in seconds, for a login or a renewal:
/// "a few minutes" is what RFC 7519 §4.1.4 grants.
///
/// A device in use is rarely farther off, unless its date or time zone was set by hand; then TLS,
/// caches and everything else that looks at a clock fails as well, and the person must know.
pub const MAX_CLOCK_OFFSET_SECONDS: u32 = 300;

/// Learns the offset, provider minus device, from the id_token that the token endpoint has just
/// issued.
///
/// The token is the answer to a request of a moment ago, over TLS, and that of a login is bound to
/// it by its nonce. So its `iat` is the time by the provider's clock, and what is judged by that
/// clock from here on is judged more strictly than by a device's that is off.
pub(crate) fn learn_offset(claims: &Object, now: UnixTime) -> Result<i32, DeviceError> {
    // Without a usable `iat` there is nothing to learn, and the checks of the claims say so.
    let Some(issued_at) = date(claims, "iat") else {
        return Ok(0);
    };
    // Some providers date their tokens back. The person authenticated before the token was issued,
    // so that a later `auth_time` is nearer to the truth.
    let issued_at = match date(claims, "auth_time") {
        Some(auth_time) if issued_at < auth_time && auth_time <= now => auth_time,
        _ => issued_at,
    };
    let distance = issued_at.as_secs().abs_diff(now.as_secs());
    if distance <= u64::from(MAX_CLOCK_OFFSET_SECONDS) {
        let distance = i32::try_from(distance).unwrap_or_default();
        return Ok(if issued_at >= now {
            distance
        } else {
            -distance
        });
    }
    // One that is dated back and valid by this clock says nothing.
    let is_dated_back = issued_at < now
        && distance <= u64::from(MAX_ID_TOKEN_AGE_SECONDS)
        && date(claims, "exp").is_none_or(|expires_at| now < expires_at);
    if is_dated_back {
        Ok(0)
    } else {
        Err(DeviceError::ClockWrong)
    }
}

/// A moment by the device's clock, as the provider's has it.
pub(crate) fn by_provider(moment: UnixTime, offset_seconds: i32) -> UnixTime {
    let distance = u64::from(offset_seconds.unsigned_abs());
    if offset_seconds < 0 {
        moment.saturating_sub(distance)
    } else {
        moment.saturating_add(distance)
    }
}

/// A moment by the provider's clock, as the device's has it.
pub(crate) fn by_device(moment: UnixTime, offset_seconds: i32) -> UnixTime {
    by_provider(moment, offset_seconds.saturating_neg())
}

fn date(claims: &Object, name: &str) -> Option<UnixTime> {
    claims
        .get(name)
        .and_then(Value::as_number)
        .and_then(UnixTime::from_numeric_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::new(1_790_000_000);

    fn claims(issued: i64, lifetime: i64) -> Object {
        let issued = 1_790_000_000 + issued;
        let mut claims = Object::new();
        claims.insert("iat", issued);
        claims.insert("exp", issued + lifetime);
        claims
    }

    #[test]
    fn offsets_of_a_few_minutes_are_learnt_and_longer_ones_are_a_wrong_clock() {
        for (issued, lifetime, expected) in [
            (0, 120, Ok(0)),
            (300, 120, Ok(300)),
            (-300, 120, Ok(-300)),
            (301, 120, Err(DeviceError::ClockWrong)),
            (-301, 120, Err(DeviceError::ClockWrong)),
            (3600, 120, Err(DeviceError::ClockWrong)),
            (-3600, 120, Err(DeviceError::ClockWrong)),
            // A long-lived one is no more fresh for that.
            (-3600, 7200, Err(DeviceError::ClockWrong)),
            // Dated back by the provider, and still valid.
            (-301, 3600, Ok(0)),
            (-600, 3600, Ok(0)),
            (-601, 3600, Err(DeviceError::ClockWrong)),
            // It expires at this moment.
            (-600, 600, Err(DeviceError::ClockWrong)),
        ] {
            let learnt = learn_offset(&claims(issued, lifetime), NOW);
            assert_eq!(learnt, expected, "{issued} {lifetime}");
        }
        assert_eq!(learn_offset(&Object::new(), NOW), Ok(0));
    }

    #[test]
    fn the_moment_of_authentication_tells_that_a_token_is_dated_back() {
        let offset = |issued, auth_time: i64| {
            let mut claims = claims(issued, 3600);
            claims.insert("auth_time", 1_790_000_000 + auth_time);
            learn_offset(&claims, NOW)
        };
        assert_eq!(offset(-300, -2), Ok(-2));
        assert_eq!(offset(-300, -3600), Ok(-300));
        // By a device's clock that is slow, or by a provider that is wrong, it is in the future.
        assert_eq!(offset(-300, 5), Ok(-300));
        assert_eq!(offset(100, 90), Ok(100));
    }

    #[test]
    fn moments_are_carried_between_the_clocks() {
        for offset in [-300, -1, 0, 1, 300] {
            assert_eq!(by_device(by_provider(NOW, offset), offset), NOW);
        }
        assert_eq!(by_provider(NOW, 5), UnixTime::new(1_790_000_005));
        assert_eq!(by_device(NOW, 5), UnixTime::new(1_789_999_995));
    }
}
