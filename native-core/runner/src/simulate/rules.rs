//! The rules that come with the simulated shop, as files of their own so that any tool can check them.

/// Rules that run: (file name, text).
pub(crate) const NOW: [(&str, &str); 6] = [
    ("r1-business-casual.json", include_str!("../../rules/r1-business-casual.json")),
    ("r2-winback-coffee.json", include_str!("../../rules/r2-winback-coffee.json")),
    ("r4-unpaid-order.json", include_str!("../../rules/r4-unpaid-order.json")),
    ("r5-nike-search.json", include_str!("../../rules/r5-nike-search.json")),
    ("r6-new-mothers.json", include_str!("../../rules/r6-new-mothers.json")),
    ("cart-looked-again.json", include_str!("../../rules/cart-looked-again.json")),
];

/// Rules that need a measure the engine does not run yet; it says which when they are validated.
pub(crate) const LATER: [(&str, &str); 1] =
    [("r3-second-thoughts.json", include_str!("../../rules-later/r3-second-thoughts.json"))];
