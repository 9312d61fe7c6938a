//! Bytes that are damaged or mean nothing are refused.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

use std::sync::Arc;

use alcedo_engine::{Audience, Book, Document, Order, Update};
use alcedo_model::Mapping;
use proptest::prelude::*;

/// One rule of every kind, window, trigger and gate that runs.
const RULES: &str = r#"[
  {"id":"always","revision":1,"measures":{"n":{"count":{"event":"a"}}},"when":{"ge":[{"measure":"n"},3]}},
  {"id":"last","revision":1,"measures":{"n":{"count":{"event":"a"},"window":{"last":"20ms"}}},"when":{"ge":[{"measure":"n"},2]}},
  {"id":"few","revision":1,"measures":{"n":{"count":{"event":["a","b"]},"window":{"last":"15ms"}},"m":{"count":{"event":"c"}}},
   "when":{"all":[{"lt":[{"measure":"n"},2]},{"ge":[{"measure":"m"},1]}]}},
  {"id":"exact","revision":1,"measures":{"n":{"count":{"event":"b"},"window":{"last":"25ms"}}},"trigger":{"rise":"n"},"when":{"ge":[{"measure":"n"},2]}},
  {"id":"compare","revision":1,"measures":{"n":{"count":{"event":"a"},"window":{"last":"30ms"}},"m":{"count":{"event":"b"},"window":{"last":"30ms"}}},
   "when":{"gt":[{"measure":"n"},{"measure":"m"}]}},
  {"id":"item","revision":1,"measures":{"n":{"count":{"event":"a"},"window":{"last":"30ms"},"by":["item"],"max_keys":2},
   "o":{"count":{"event":"c"},"by":["item"]}},"when":{"all":[{"ge":[{"measure":"n"},2]},{"eq":[{"measure":"o"},0]}]}},
  {"id":"unpaid","revision":1,"measures":{"u":{"absence":{"after":{"event":"a"},"no":{"event":"b"},"within":"7ms"},"by":["item"],"max_open":3}},"trigger":{"rise":"u"}},
  {"id":"silent","revision":1,"measures":{"u":{"absence":{"after":{"event":"a"},"no":{"event":"a"},"within":"9ms"},"window":{"last":"40ms"}}},"when":{"ge":[{"measure":"u"},2]}},
  {"id":"steps","revision":1,"measures":{"s":{"sequence":{"steps":[{"event":"a"},{"event":"b"},{"event":"a"}],"within":"30ms"}}},"trigger":{"rise":"s"}},
  {"id":"strict","revision":1,"measures":{"s":{"sequence":{"steps":[{"event":"a"},{"event":"b"}],"strict":true},"window":{"last":"50ms"}}},"when":{"ge":[{"measure":"s"},2]}},
  {"id":"without","revision":1,"measures":{"s":{"sequence":{"steps":[{"event":"a"},{"event":"b","without":{"event":"c"}}]},"by":["item"]}},"trigger":{"rise":"s"},"limits":[{"times":2,"per":"life"}]},
  {"id":"cool","revision":1,"trigger":{"on":{"event":["a","c"],"where":{"ge":[{"prop":"item"},1]}}},"cooldown":"12ms"},
  {"id":"vip","revision":1,"audience":{"id":"vip"},"measures":{"n":{"count":{"event":"a"}}},"when":{"ge":[{"measure":"n"},2]}},
  {"id":"span","revision":1,"published_at":"1970-01-01T00:59:59.960Z","validity":{"from":"1970-01-01T00:59:59.910Z","to":"1970-01-01T01:00:00.050Z"},
   "measures":{"h":{"count":{"event":"a"},"window":{"before_publish":"50ms"}},"s":{"count":{"event":"b"},"window":"since_publish"},
   "x":{"count":{"event":"c"},"window":{"across_publish":"30ms"}}},
   "when":{"any":[{"ge":[{"measure":"h"},2]},{"ge":[{"add":[{"measure":"s"},{"measure":"x"}]},2]}]}},
  {"id":"sum","revision":1,"measures":{"s":{"sum":{"value":{"prop":"item"},"of":{"event":"a"}},"window":{"last":"30ms"},"exact_events":3},
   "v":{"avg":{"value":{"mul":[{"prop":"item"},0.3]},"of":{}},"window":{"session":"12ms"}}},"when":{"any":[{"ge":[{"measure":"s"},3]},{"gt":[{"measure":"v"},0.5]}]}},
  {"id":"ends","revision":1,"measures":{"f":{"first":{"value":{"prop":"item"},"of":{"event":"a"}},"window":{"last":"25ms"}},"l":{"last":{"value":{"prop":"item"},"of":{"event":["a","b"]}}},
   "t":{"first_time":{"event":"c"},"window":{"session":"20ms"}},"u":{"last_time":{"event":"a"},"window":{"last":"40ms"}}},
   "when":{"all":[{"lt":[{"measure":"f"},{"measure":"l"}]},{"any":[{"not":{"exists":{"measure":"t"}}},{"lt":[{"sub":[{"measure":"u"},{"measure":"t"}]},10]}]}]}},
  {"id":"extreme","revision":1,"measures":{"n":{"min":{"value":{"prop":"item"},"of":{}},"window":{"last":"30ms"}},"m":{"max":{"value":{"prop":"item"},"of":{}},"window":{"session":"15ms"}},
   "t":{"top":{"value":{"prop":"item"},"of":{},"k":2,"take":"avg"},"window":{"last":"50ms"}}},"trigger":{"on":{"event":"b"}},"when":{"gt":[{"sub":[{"measure":"m"},{"measure":"n"}]},1]}},
  {"id":"distinct","revision":1,"measures":{"d":{"distinct":{"value":{"prop":"item"},"of":{},"up_to":3},"window":{"last":"30ms"}}},"trigger":{"rise":"d"},"when":{"ge":[{"measure":"d"},2]}},
  {"id":"pairs","revision":1,"measures":{"p":{"pairs":{"from":{"event":"a"},"to":{"event":["b","c"]},"min_gap":"3ms","max_gap":"20ms"},"window":{"last":"50ms"},"by":["item"]}},"trigger":{"rise":"p"}},
  {"id":"gaps","revision":1,"measures":{"s":{"sequence":{"steps":[{"event":"a"},{"event":"b","min_gap":"4ms","max_gap":"15ms"},{"event":["a","c"],"min_gap":"2ms"}],"within":"40ms"},"max_partials":3},
   "r":{"sequence":{"steps":[{"event":"b"},{"event":"b","min_gap":"9ms"}]}}},"when":{"any":[{"ge":[{"measure":"s"},1]},{"eq":[{"measure":"r"},2]}]}},
  {"id":"shop-day","revision":1,"time_zone":"Asia/Shanghai","measures":{"n":{"count":{"event":"a"},"window":{"calendar":"hour"}},"q":{"absence":{"after":{"event":"a"},"no":{"event":"b"},"within":"5ms"},"window":{"calendar":"day"}},
   "k":{"count":{"event":"a"},"window":{"session":"8ms"},"by":["item"]}},"when":{"any":[{"ge":[{"measure":"n"},6]},{"ge":[{"measure":"q"},3]},{"ge":[{"measure":"k"},2]}]},"limits":[{"times":2,"per":"hour"}]},
  {"id":"now","revision":1,"measures":{"n":{"count":{"event":"a"},"window":{"last":"20ms"}}},"when":{"all":[{"gt":[{"now":true},3599950]},{"ge":[{"measure":"n"},1]}]}}
]"#;

fn update() -> Update {
    Update { complete: true, documents: vec![Document { source: "test".into(), text: RULES.into() }] }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let extractor = alcedo_engine::Extractor::new(&Mapping::default(), Some(5));
        let _ = extractor.extract(&bytes, Some(3));
        let _ = Audience::decode(&bytes);
        let _ = Book::decode(&bytes);
    }
}

/// Damage to stored state is refused with a typed error; it is never an empty user and never a panic.
#[test]
fn damaged_state_is_refused() {
    use alcedo_engine::{Engine, EngineConfig, Outcome, Record, RecordKind};
    let config = EngineConfig {
        order: Order::Arrival { lateness: 0 },
        mapping: Mapping::default(),
        until: None,
        mappings: Vec::new(),
        cache_bytes: 1 << 20,
        cache_users: 10,
        dirty_users: 10,
        dedupe: 0,
    };
    let mut book = Book::new();
    let mut audiences = alcedo_engine::Audiences::new();
    audiences.insert("vip", Arc::new(Audience::from_users(["u1"])));
    book.apply(&update(), &audiences, None);
    let mut engine = Engine::new(config.clone(), book.program(), i64::MIN);
    let raw = br#"{"user":"u1","type":"a","time":5,"item":1}"#;
    let record = Record { kind: RecordKind::Event, user: "u1", time: 5, partition: 0, position: 0, raw };
    engine.begin([record]).unwrap();
    let Some(Outcome::Need { token, .. }) = engine.next_outcome() else { panic!() };
    engine.supply(token, None).unwrap();
    engine.evaluate().unwrap();
    assert_eq!(engine.write_back(9), 0);
    let stored = std::iter::from_fn(|| engine.next_outcome()).find_map(|outcome| match outcome {
        Outcome::Store { state, .. } => state,
        _ => None,
    });
    let stored = stored.unwrap();
    for at in 0..stored.len() {
        for change in [1u8, 0x80, 0xff] {
            let mut damaged = stored.clone();
            damaged[at] ^= change;
            let mut engine = Engine::new(config.clone(), book.program(), i64::MIN);
            engine.begin([record]).unwrap();
            let Some(Outcome::Need { token, .. }) = engine.next_outcome() else { panic!() };
            assert!(engine.supply(token, Some(&damaged)).is_err(), "byte {at}");
            assert!(engine.evaluate().is_err());
        }
        let mut engine = Engine::new(config.clone(), book.program(), i64::MIN);
        engine.begin([record]).unwrap();
        let Some(Outcome::Need { token, .. }) = engine.next_outcome() else { panic!() };
        assert!(engine.supply(token, Some(&stored[..at])).is_err(), "cut at {at}");
    }
}
