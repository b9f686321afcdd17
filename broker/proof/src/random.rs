//! Randomness from the operating system, through aws-lc-rs.

use inbreng_domain::Randomness;

/// The source for keys and nonces.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        if aws_lc_rs::rand::fill(buffer).is_err() {
            // A buffer left as it was would become a key that anyone can guess; there is nothing sensible to go on with.
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fills_and_does_not_repeat() {
        let (mut a, mut b) = ([0; 32], [0; 32]);
        SystemRandomness.fill(&mut a);
        SystemRandomness.fill(&mut b);
        assert!(a != b && a != [0; 32]);
    }
}
