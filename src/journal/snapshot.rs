//! The frame around a snapshot: whole or not. Never looks inside.

use crate::routing::ids::EventNo;

/// Of this frame; the layout inside is versioned by who encodes it.
const FRAME_VERSION: u32 = 1;
const FRAME_LENGTH: usize = 16;

/// One statement writes at most this much, so that no append waits longer than for its write.
pub(super) const PART_BYTES: usize = 256 * 1024;

/// Little-endian: version (4 bytes), CRC-32 over event number and `bytes` (4), length of `bytes` (8); then `bytes`.
pub(super) fn frame(at: EventNo, bytes: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(FRAME_LENGTH + bytes.len());
    framed.extend(FRAME_VERSION.to_le_bytes());
    framed.extend(checksum(at, bytes).to_le_bytes());
    framed.extend((bytes.len() as u64).to_le_bytes());
    framed.extend(bytes);
    framed
}

/// # Errors
/// What is wrong with it.
pub(super) fn unframe(at: EventNo, mut framed: Vec<u8>) -> Result<Vec<u8>, &'static str> {
    let (version, rest) = framed.split_first_chunk::<4>().ok_or("it is cut short")?;
    let (crc, rest) = rest.split_first_chunk::<4>().ok_or("it is cut short")?;
    let (length, bytes) = rest.split_first_chunk::<8>().ok_or("it is cut short")?;
    if u32::from_le_bytes(*version) != FRAME_VERSION {
        return Err("its version is unknown");
    }
    if u64::from_le_bytes(*length) != bytes.len() as u64 {
        return Err("it is cut short");
    }
    if u32::from_le_bytes(*crc) != checksum(at, bytes) {
        return Err("its checksum does not fit");
    }
    framed.drain(..FRAME_LENGTH);
    Ok(framed)
}

fn checksum(at: EventNo, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&at.0.to_le_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_opens_only_whole_and_at_its_event() {
        let framed = frame(EventNo(9), b"state");
        assert_eq!(unframe(EventNo(9), framed.clone()).as_deref(), Ok(b"state".as_slice()));
        assert_eq!(unframe(EventNo(8), framed.clone()), Err("its checksum does not fit"));
        for byte in 0..framed.len() {
            let mut flipped = framed.clone();
            flipped[byte] ^= 0x10;
            assert!(unframe(EventNo(9), flipped).is_err(), "byte {byte}");
            assert!(unframe(EventNo(9), framed[..byte].to_vec()).is_err(), "cut at {byte}");
        }
    }
}
