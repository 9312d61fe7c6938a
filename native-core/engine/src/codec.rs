//! State bytes: our envelope around a body that `bincode` writes. No other module speaks bincode.
//!
//! Envelope: magic `a1 ce`, kind (1 user, 2 book), format, body length u32 LE, body, xxh3-64's low 4 bytes over all
//! before. Bodies are explicit structs per format, so that the types in memory may change while old bytes load.
//! Times are written as distances (from the user's clock, or from the time before), which makes them short.

mod bounded;

use bincode::{Decode, Encode, config};
use xxhash_rust::xxh3::xxh3_64;

use crate::key::{Key, Part};
use crate::measure::{
    Absence, Accumulator, Aggregate, Body, Datum, Distinct, Open, Pairs, Partial, Sequence, SeriesPane, Slot,
};
use crate::shelf::Shelf;
use crate::state::{Instance, MeasureState, RuleState, UserState, Waiting};
use crate::tally::{Moments, Pane, Tally};
use crate::window::Frame;
use bounded::Raw;
pub(crate) use bounded::{List, Text};

/// Format written by this version.
pub const FORMAT: u8 = 1;
/// Largest state accepted, bytes.
pub const MAX_STATE: usize = 1 << 30;

const MAGIC: [u8; 2] = [0xa1, 0xce];
const HEAD: usize = 8;
const TAIL: usize = 4;

/// What an envelope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    User = 1,
    Book = 2,
}

/// Why state bytes cannot be read. The state is never reset because of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Not an envelope, or damaged.
    #[error("state bytes are damaged: {0}; restore from an earlier checkpoint")]
    Damaged(&'static str),
    /// Written by a newer version.
    #[error("state format {found} is newer than {FORMAT}, which this version writes; run the newer version")]
    Newer {
        /// The format in the bytes.
        found: u8,
    },
    /// Beyond the limit.
    #[error("state of {0} bytes is beyond the limit of {MAX_STATE}")]
    TooLarge(usize),
}

fn seal<T: Encode>(content: Content, body: &T) -> Vec<u8> {
    let mut bytes = vec![MAGIC[0], MAGIC[1], content as u8, FORMAT, 0, 0, 0, 0];
    // Encoding into memory cannot fail for these structs; an empty body would be refused as damaged on reading.
    if let Ok(body) = bincode::encode_to_vec(body, config::standard()) {
        bytes[4..HEAD].copy_from_slice(&(body.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&body);
    }
    let sum = xxh3_64(&bytes) as u32;
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

fn open<T: Decode<()>>(content: Content, bytes: &[u8]) -> Result<T, StateError> {
    if bytes.len() > MAX_STATE {
        return Err(StateError::TooLarge(bytes.len()));
    }
    if bytes.len() < HEAD + TAIL || bytes[..2] != MAGIC {
        return Err(StateError::Damaged("no envelope"));
    }
    let (sealed, sum) = bytes.split_at(bytes.len() - TAIL);
    if (xxh3_64(sealed) as u32).to_le_bytes() != *sum {
        return Err(StateError::Damaged("checksum"));
    }
    if bytes[2] != content as u8 {
        return Err(StateError::Damaged("other content"));
    }
    match bytes[3] {
        0 => return Err(StateError::Damaged("format")),
        found if found > FORMAT => return Err(StateError::Newer { found }),
        _ => {}
    }
    let body = &sealed[HEAD..];
    if bytes[4..HEAD] != (body.len() as u32).to_le_bytes() {
        return Err(StateError::Damaged("length"));
    }
    match bincode::decode_from_slice(body, config::standard()) {
        Ok((value, read)) if read == body.len() => Ok(value),
        _ => Err(StateError::Damaged("body")),
    }
}

#[derive(Encode, Decode)]
struct UserV1 {
    generation: u64,
    clock: Option<i64>,
    armed: Option<i64>,
    /// Ids of the last events taken in, as hashes.
    seen: List<Option<[u8; 16]>>,
    waiting: List<WaitingV1>,
    measures: List<MeasureV1>,
    rules: List<RuleV1>,
    /// Reserved: events kept while a rule warms.
    warming: Raw,
}

#[derive(Encode, Decode)]
struct WaitingV1 {
    time: i64,
    partition: i32,
    position: i64,
    raw: Raw,
}

#[derive(Encode, Decode)]
struct MeasureV1 {
    hash: [u8; 8],
    ordinal: u64,
    instances: List<InstanceV1>,
}

#[derive(Encode, Decode)]
struct InstanceV1 {
    key: List<PartV1>,
    slot: SlotV1,
}

#[derive(Encode, Decode)]
enum PartV1 {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Text),
}

/// The frame (distances from the clock) only where the window has one.
#[derive(Encode, Decode)]
struct SlotV1 {
    frame: Option<(i64, i64)>,
    body: BodyV1,
}

#[derive(Encode, Decode)]
enum BodyV1 {
    Count(TallyV1),
    Absence {
        opens: List<OpenV1>,
        tally: TallyV1,
    },
    Sequence {
        partials: List<List<(i64, i64)>>,
        tally: TallyV1,
    },
    Pairs {
        open: Option<i64>,
        tally: TallyV1,
    },
    Aggregate {
        whole: AccumulatorV1,
        entries: List<(i64, u64, DatumV1)>,
        panes: List<(i64, i64, AccumulatorV1)>,
    },
    Distinct(List<(PartV1, i64)>),
}

#[derive(Encode, Decode)]
struct OpenV1 {
    time: i64,
    ordinal: u64,
    carried: List<([u8; 8], List<PartV1>)>,
}

#[derive(Encode, Decode)]
enum AccumulatorV1 {
    Sum { count: u64, ints: i128, floats: f64, float: bool },
    One(Option<DatumV1>),
    Top(List<(DatumV1, u64)>),
}

#[derive(Encode, Decode)]
enum DatumV1 {
    Int(i128),
    Float(f64),
    Bool(bool),
    Text(Text),
}

#[derive(Encode, Decode)]
struct TallyV1 {
    total: u64,
    /// Distances: from the clock back to the last moment, then each from the one after it.
    moments: List<i64>,
    panes: List<(i64, u64, i64)>,
}

#[derive(Encode, Decode)]
struct RuleV1 {
    hash: [u8; 8],
    occurrence: u64,
    fired: i64,
    counts: [u32; 4],
    truths: List<List<PartV1>>,
}

/// The book of rules, format 1.
#[derive(Encode, Decode)]
pub(crate) struct BookV1 {
    pub(crate) generation: u64,
    pub(crate) rules: List<HeldV1>,
    pub(crate) since: List<SinceV1>,
}

#[derive(Encode, Decode)]
pub(crate) struct HeldV1 {
    pub(crate) id: Text,
    pub(crate) text: Text,
    pub(crate) revision: u64,
    pub(crate) absent: bool,
    pub(crate) born: u64,
    pub(crate) judgement_since: u64,
    pub(crate) judgement_at: Option<i64>,
    pub(crate) pending: Option<Text>,
}

#[derive(Encode, Decode)]
pub(crate) struct SinceV1 {
    pub(crate) hash: [u8; 8],
    pub(crate) born: u64,
    pub(crate) kept: List<(u64, Option<i64>)>,
}

pub(crate) fn encode_book(book: &BookV1) -> Vec<u8> {
    seal(Content::Book, book)
}

pub(crate) fn decode_book(bytes: &[u8]) -> Result<BookV1, StateError> {
    open(Content::Book, bytes)
}

/// A user's state as bytes.
pub(crate) fn encode_user(state: &UserState) -> Vec<u8> {
    let base = state.clock.unwrap_or(0);
    let waiting = |w: &Waiting| WaitingV1 {
        time: w.time.wrapping_sub(base),
        partition: w.partition,
        position: w.position,
        raw: Raw(w.raw.to_vec()),
    };
    let rule = |r: &RuleState| RuleV1 {
        hash: r.hash.to_le_bytes(),
        occurrence: r.occurrence,
        fired: base.wrapping_sub(r.fired),
        counts: r.counts,
        truths: r.truths.iter().map(key_out).collect(),
    };
    let body = UserV1 {
        generation: state.generation,
        clock: state.clock,
        armed: state.armed,
        seen: state.seen.iter().map(|id| id.map(u128::to_le_bytes)).collect(),
        waiting: state.waiting.iter().map(waiting).collect(),
        measures: state.measures.iter().map(|m| measure_out(m, base)).collect(),
        rules: state.rules.iter().map(rule).collect(),
        warming: Raw(Vec::new()),
    };
    seal(Content::User, &body)
}

/// The state in these bytes.
pub(crate) fn decode_user(bytes: &[u8]) -> Result<UserState, StateError> {
    let body: UserV1 = open(Content::User, bytes)?;
    let base = body.clock.unwrap_or(0);
    let waiting = |w: WaitingV1| Waiting {
        time: w.time.wrapping_add(base),
        partition: w.partition,
        position: w.position,
        raw: w.raw.0.into(),
    };
    let rule = |r: RuleV1| RuleState {
        hash: u64::from_le_bytes(r.hash),
        occurrence: r.occurrence,
        fired: base.wrapping_sub(r.fired),
        counts: r.counts,
        truths: r.truths.into_iter().map(key_in).collect(),
    };
    let measures: Vec<MeasureState> = body.measures.into_iter().map(|m| measure_in(m, base)).collect();
    let sorted = measures.is_sorted_by(|a, b| a.hash < b.hash);
    let state = UserState {
        generation: body.generation,
        clock: body.clock,
        armed: body.armed,
        seen: body.seen.into_iter().map(|id| id.map(u128::from_le_bytes)).collect(),
        waiting: body.waiting.into_iter().map(waiting).collect(),
        measures: Shelf::new(measures.into_iter()),
        rules: body.rules.into_iter().map(rule).collect(),
    };
    if sorted && state.rules.is_sorted_by(|a, b| a.hash < b.hash) {
        Ok(state)
    } else {
        Err(StateError::Damaged("order"))
    }
}

fn measure_out(m: &MeasureState, base: i64) -> MeasureV1 {
    let instance = |i: &Instance| InstanceV1 { key: key_out(&i.key), slot: slot_out(&i.slot, base) };
    MeasureV1 {
        hash: m.hash.to_le_bytes(),
        ordinal: m.ordinal,
        instances: m.instances.iter().map(instance).collect(),
    }
}

fn measure_in(m: MeasureV1, base: i64) -> MeasureState {
    let instance = |i: InstanceV1| Instance { key: key_in(i.key), slot: slot_in(i.slot, base) };
    MeasureState {
        hash: u64::from_le_bytes(m.hash),
        ordinal: m.ordinal,
        instances: m.instances.into_iter().map(instance).collect(),
    }
}

fn slot_out(slot: &Slot, base: i64) -> SlotV1 {
    let Frame { first, last } = slot.frame;
    let frame = (slot.frame != Frame::default()).then(|| (base.wrapping_sub(first), base.wrapping_sub(last)));
    SlotV1 { frame, body: body_out(&slot.body, base) }
}

fn slot_in(slot: SlotV1, base: i64) -> Slot {
    let frame = slot.frame.map_or(Frame::default(), |(first, last)| Frame {
        first: base.wrapping_sub(first),
        last: base.wrapping_sub(last),
    });
    Slot { frame, body: body_in(slot.body, base) }
}

fn body_out(body: &Body, base: i64) -> BodyV1 {
    match body {
        Body::Count(tally) => BodyV1::Count(tally_out(tally, base)),
        Body::Absence(a) => BodyV1::Absence {
            opens: a.opens.iter().map(|o| open_out(o, base)).collect(),
            tally: tally_out(&a.tally, base),
        },
        Body::Sequence(s) => {
            let run = |p: &Partial| (base.wrapping_sub(p.first), base.wrapping_sub(p.last));
            let partials = s.partials.iter().map(|runs| runs.iter().map(run).collect()).collect();
            BodyV1::Sequence { partials, tally: tally_out(&s.tally, base) }
        }
        Body::Pairs(p) => {
            BodyV1::Pairs { open: p.open.map(|t| base.wrapping_sub(t)), tally: tally_out(&p.tally, base) }
        }
        Body::Aggregate(a) => {
            let entry = |(t, n, d): &(i64, u64, Datum)| (base.wrapping_sub(*t), *n, datum_out(d));
            let pane = |p: &SeriesPane| (p.index, base.wrapping_sub(p.last), accumulator_out(&p.values));
            BodyV1::Aggregate {
                whole: accumulator_out(&a.whole),
                entries: a.entries.iter().map(entry).collect(),
                panes: a.panes.iter().map(pane).collect(),
            }
        }
        Body::Distinct(d) => {
            BodyV1::Distinct(d.values.iter().map(|(p, t)| (part_out(p), base.wrapping_sub(*t))).collect())
        }
    }
}

fn body_in(body: BodyV1, base: i64) -> Body {
    match body {
        BodyV1::Count(tally) => Body::Count(tally_in(tally, base)),
        BodyV1::Absence { opens, tally } => Body::Absence(Absence {
            opens: opens.into_iter().map(|o| open_in(o, base)).collect(),
            tally: tally_in(tally, base),
        }),
        BodyV1::Sequence { partials, tally } => {
            let run =
                |(first, last)| Partial { first: base.wrapping_sub(first), last: base.wrapping_sub(last) };
            let partials = partials.into_iter().map(|runs| runs.into_iter().map(run).collect()).collect();
            Body::Sequence(Sequence { partials, tally: tally_in(tally, base) })
        }
        BodyV1::Pairs { open, tally } => {
            Body::Pairs(Pairs { open: open.map(|t| base.wrapping_sub(t)), tally: tally_in(tally, base) })
        }
        BodyV1::Aggregate { whole, entries, panes } => Body::Aggregate(Box::new(Aggregate {
            whole: accumulator_in(whole),
            entries: entries.into_iter().map(|(t, n, d)| (base.wrapping_sub(t), n, datum_in(d))).collect(),
            panes: panes
                .into_iter()
                .map(|(index, last, values)| SeriesPane {
                    index,
                    last: base.wrapping_sub(last),
                    values: accumulator_in(values),
                })
                .collect(),
        })),
        BodyV1::Distinct(values) => Body::Distinct(Distinct {
            values: values.into_iter().map(|(p, t)| (part_in(p), base.wrapping_sub(t))).collect(),
        }),
    }
}

fn open_out(open: &Open, base: i64) -> OpenV1 {
    let carried = open.carried.iter().map(|(hash, key)| (hash.to_le_bytes(), key_out(key))).collect();
    OpenV1 { time: base.wrapping_sub(open.time), ordinal: open.ordinal, carried }
}

fn open_in(open: OpenV1, base: i64) -> Open {
    let carried =
        open.carried.into_iter().map(|(hash, key)| (u64::from_le_bytes(hash), key_in(key))).collect();
    Open { time: base.wrapping_sub(open.time), ordinal: open.ordinal, carried }
}

fn accumulator_out(a: &Accumulator) -> AccumulatorV1 {
    match a {
        Accumulator::Sum { count, ints, floats, float } => {
            AccumulatorV1::Sum { count: *count, ints: *ints, floats: *floats, float: *float }
        }
        Accumulator::One(held) => AccumulatorV1::One(held.as_ref().map(datum_out)),
        Accumulator::Top(held) => AccumulatorV1::Top(held.iter().map(|(d, n)| (datum_out(d), *n)).collect()),
    }
}

fn accumulator_in(a: AccumulatorV1) -> Accumulator {
    match a {
        AccumulatorV1::Sum { count, ints, floats, float } => Accumulator::Sum { count, ints, floats, float },
        AccumulatorV1::One(held) => Accumulator::One(held.map(datum_in)),
        AccumulatorV1::Top(held) => {
            Accumulator::Top(held.into_iter().map(|(d, n)| (datum_in(d), n)).collect())
        }
    }
}

fn datum_out(d: &Datum) -> DatumV1 {
    match d {
        Datum::Int(i) => DatumV1::Int(*i),
        Datum::Float(f) => DatumV1::Float(*f),
        Datum::Bool(b) => DatumV1::Bool(*b),
        Datum::Text(t) => DatumV1::Text(Text(t.to_string())),
        // Keys live in distinct bodies only, which have their own form.
        Datum::Key(_) => DatumV1::Bool(false),
    }
}

fn datum_in(d: DatumV1) -> Datum {
    match d {
        DatumV1::Int(i) => Datum::Int(i),
        DatumV1::Float(f) => Datum::Float(f),
        DatumV1::Bool(b) => Datum::Bool(b),
        DatumV1::Text(t) => Datum::Text(t.0.into()),
    }
}

fn tally_out(tally: &Tally, base: i64) -> TallyV1 {
    let mut next = base;
    let mut moments = Vec::with_capacity(tally.moments.len());
    for moment in tally.moments.iter().rev() {
        moments.push(next.wrapping_sub(*moment));
        next = *moment;
    }
    let panes = tally.panes().iter().map(|p| (p.index, p.count, base.wrapping_sub(p.last))).collect();
    TallyV1 { total: tally.total, moments: List(moments), panes }
}

fn tally_in(tally: TallyV1, base: i64) -> Tally {
    let mut next = base;
    let mut moments = Moments::with_capacity(tally.moments.0.len());
    for distance in tally.moments {
        next = next.wrapping_sub(distance);
        moments.push(next);
    }
    moments.reverse();
    let panes = tally.panes.into_iter().map(|(index, count, last)| Pane {
        index,
        count,
        last: base.wrapping_sub(last),
    });
    Tally::new(tally.total, moments, panes.collect())
}

fn key_out(key: &Key) -> List<PartV1> {
    key.iter().map(part_out).collect()
}

fn part_out(part: &Part) -> PartV1 {
    match part {
        Part::Bool(b) => PartV1::Bool(*b),
        Part::Int(i) => PartV1::Int(*i),
        Part::Float(f) => PartV1::Float(*f),
        Part::Text(t) => PartV1::Text(Text(t.to_string())),
    }
}

fn key_in(key: List<PartV1>) -> Key {
    key.into_iter().map(part_in).collect()
}

fn part_in(part: PartV1) -> Part {
    match part {
        PartV1::Bool(b) => Part::Bool(b),
        PartV1::Int(i) => Part::Int(i),
        PartV1::Float(f) => Part::Float(f),
        PartV1::Text(t) => Part::Text(t.0.into()),
    }
}
