//! Takes away what a failure does not need (delta debugging). Knows nothing of routing.

/// Tries at most, so that a failure is told in seconds.
const TRIES_MAX: usize = 4_000;

/// The steps left when no chunk can be left out and it still fails.
pub(super) fn minimise<T: Clone>(steps: &[T], fails: impl Fn(&[T]) -> bool) -> Vec<T> {
    let mut steps = steps.to_vec();
    let mut tries = 0;
    let mut chunk = steps.len().div_ceil(2);
    while chunk > 0 && tries < TRIES_MAX {
        let mut start = 0;
        let mut shrunk = false;
        while start < steps.len() && tries < TRIES_MAX {
            let end = (start + chunk).min(steps.len());
            let without: Vec<T> = [&steps[..start], &steps[end..]].concat();
            tries += 1;
            if fails(&without) {
                steps = without;
                shrunk = true;
            } else {
                start = end;
            }
        }
        if chunk > 1 || !shrunk {
            chunk /= 2;
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::minimise;

    #[test]
    fn only_what_the_failure_needs_is_left() {
        let steps: Vec<u32> = (0..100).collect();
        let fails = |left: &[u32]| left.contains(&17) && left.contains(&80);
        assert_eq!(minimise(&steps, fails), [17, 80]);
    }
}
