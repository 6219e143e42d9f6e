//! The crates that cells can use, in one library that each of them is linked with once.

pub use {
    anyhow, base64, chrono, csv, indexmap, itertools, kernelbox, num_bigint, num_complex, num_integer, num_rational, num_traits,
};
pub use {rand, rayon, regex, serde, serde_json, sha2, thiserror};
