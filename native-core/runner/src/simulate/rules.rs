//! The rules that come with the simulated shop, as files of their own so that any tool can check them.

/// (file name, text).
pub(crate) const RULES: [(&str, &str); 7] = [
    ("r1-business-casual.json", include_str!("../../rules/r1-business-casual.json")),
    ("r2-winback-coffee.json", include_str!("../../rules/r2-winback-coffee.json")),
    ("r3-second-thoughts.json", include_str!("../../rules/r3-second-thoughts.json")),
    ("r4-unpaid-order.json", include_str!("../../rules/r4-unpaid-order.json")),
    ("r5-nike-search.json", include_str!("../../rules/r5-nike-search.json")),
    ("r6-new-mothers.json", include_str!("../../rules/r6-new-mothers.json")),
    ("cart-looked-again.json", include_str!("../../rules/cart-looked-again.json")),
];
