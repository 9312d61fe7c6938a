//! The native methods of `io.alcedo.natives.Native`, one each, all inside the guard.
//!
//! Java's `Native` is package-private: only its classes call these, and only with buffers that they own.
#![allow(
    unsafe_code,
    reason = "a name that the JVM can find is an unsafe attribute; nothing else here is unsafe"
)]

use jni::objects::{JByteArray, JByteBuffer, JClass, JIntArray, JString};
use jni::sys::{jboolean, jint, jlong};
use jni::{Env, EnvUnowned};

use crate::guard::{Fault, guarded, note_panics, panic_text};
use crate::handles::{self, Table};
use crate::open::{
    self, BOOKS, ENGINES, EXTRACTORS, MEMBERS, OpenBook, OpenEngine, OpenExtractor, SELECTIONS,
};
use crate::selection::Selection;
use crate::shared::Members;
use crate::{buffers, layout, memory, stamp, wire};

type Class<'l> = JClass<'l>;

fn inside<T, R>(
    table: &Table<T>,
    handle: jlong,
    work: impl FnOnce(&mut T) -> Result<R, Fault>,
) -> Result<R, Fault> {
    table.with(handle, panic_text, work)
}

fn array<'l>(env: &mut Env<'l>, bytes: &[u8]) -> Result<JByteArray<'l>, Fault> {
    if bytes.len() > wire::HARD_CAP {
        let why = format!("an answer of {} bytes is above the cap of {}", bytes.len(), wire::HARD_CAP);
        return Err(Fault::Refused(why));
    }
    Ok(env.byte_array_from_slice(bytes)?)
}

/// Which build this is. The first call of all: from here on panics are noted instead of printed.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_buildStamp<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
) -> JString<'l> {
    note_panics();
    guarded(&mut env, |env| Ok(env.new_string(stamp::STAMP)?))
}

/// The layout's numbers in order.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_layout<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
) -> JIntArray<'l> {
    guarded(&mut env, |env| {
        let values = layout::values();
        let out = env.new_int_array(values.len())?;
        out.set_region(env, 0, &values)?;
        Ok(out)
    })
}

/// How many handles are open.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_openHandles<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
) -> jlong {
    guarded(&mut env, |_| Ok(handles::live()))
}

/// Bytes that the library has in use; -1 where this build does not count them.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_nativeBytes<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
) -> jlong {
    guarded(&mut env, |_| Ok(memory::live()))
}

/// The host's buffers for this engine have so many bytes now.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_countBuffers<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
    bytes: jlong,
) {
    guarded(&mut env, |_| {
        inside(&ENGINES, engine, |e| {
            e.count_buffers(usize::try_from(bytes).unwrap_or(0));
            Ok(())
        })
    })
}

/// Closes whatever the handle names; a closed one is fine.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_close<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    handle: jlong,
) {
    guarded(&mut env, |_| {
        open::close(handle);
        Ok(())
    })
}

/// Panics inside an engine (or, with 0, outside of any), so that a test can see what Java sees.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_panicForTest<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
) {
    #[allow(clippy::panic, reason = "it is what this export is for")]
    fn boom() -> Result<(), Fault> {
        panic!("a panic on request")
    }
    guarded(&mut env, |_| if engine == 0 { boom() } else { inside(&ENGINES, engine, |_| boom()) })
}

/// An extractor for a mapping; `max_ahead_ms` -1 = no bound.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_extractorOpen<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    mapping: JByteArray<'l>,
    max_ahead_ms: jlong,
) -> jlong {
    guarded(&mut env, |env| {
        let mapping = buffers::text(env, "the input mapping", &mapping)?;
        Ok(EXTRACTORS.open(open::extractor(&mapping, max_ahead_ms)?)?)
    })
}

/// An extractor for commands.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_commandExtractorOpen<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
) -> jlong {
    guarded(&mut env, |_| Ok(EXTRACTORS.open(OpenExtractor::Commands)?))
}

/// (user, time) of each record into `output`; the bytes written.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_extract<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    extractor: jlong,
    input: JByteBuffer<'l>,
    len: jint,
    mut output: JByteBuffer<'l>,
) -> jint {
    guarded(&mut env, |env| {
        buffers::apart(env, &input, &output)?;
        let records = buffers::input(env, &input, len)?;
        let out = buffers::output(env, &mut output)?;
        let written = inside(&EXTRACTORS, extractor, |e| open::extract(e, records, out))?;
        Ok(written as jint)
    })
}

/// An empty book, or one out of state bytes.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_bookOpen<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    state: JByteArray<'l>,
    max_user_bytes: jlong,
) -> jlong {
    guarded(&mut env, |env| {
        let state =
            if state.is_null() { None } else { Some(buffers::bytes(env, "the book's state", &state)?) };
        Ok(BOOKS.open(OpenBook::new(state.as_deref(), max_user_bytes)?)?)
    })
}

/// Merges an update; a JSON list of statuses.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_bookApply<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    book: jlong,
    update: JByteArray<'l>,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let update = buffers::bytes(env, "the update", &update)?;
        let statuses = inside(&BOOKS, book, |b| b.apply(&update))?;
        array(env, &statuses)
    })
}

/// The book as state bytes.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_bookEncode<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    book: jlong,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let bytes = inside(&BOOKS, book, |b| Ok(b.encode()))?;
        array(env, &bytes)
    })
}

/// An audience whose members come piece by piece.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_membersOpen<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
) -> jlong {
    guarded(&mut env, |_| Ok(MEMBERS.open(Members::default())?))
}

/// The next piece.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_membersAdd<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    members: jlong,
    piece: JByteArray<'l>,
) {
    guarded(&mut env, |env| {
        let piece = buffers::bytes(env, "a piece of an audience", &piece)?;
        inside(&MEMBERS, members, |m| m.add(&piece))
    })
}

/// Brings an audience whose pieces are complete.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_bookAudience<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    book: jlong,
    id: JByteArray<'l>,
    name: JByteArray<'l>,
    members: jlong,
) {
    guarded(&mut env, |env| {
        let id = buffers::text(env, "the audience's id", &id)?;
        let name = buffers::text(env, "the audience's name", &name)?;
        let members = inside(&MEMBERS, members, |m| Ok(m.take()))?;
        inside(&BOOKS, book, |b| b.audience(&id, &name, &members))
    })
}

/// Brings an audience that another book has under this name; false: none has.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_bookShare<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    book: jlong,
    id: JByteArray<'l>,
    name: JByteArray<'l>,
) -> jboolean {
    guarded(&mut env, |env| {
        let id = buffers::text(env, "the audience's id", &id)?;
        let name = buffers::text(env, "the audience's name", &name)?;
        inside(&BOOKS, book, |b| Ok(b.share(&id, &name)))
    })
}

/// The audiences that the book's rules need, each u16 length | id.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_bookAudiences<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    book: jlong,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let ids = inside(&BOOKS, book, |b| Ok(b.audiences()))?;
        array(env, &ids)
    })
}

/// The hash of what the book runs.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_bookHash<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    book: jlong,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let hash = inside(&BOOKS, book, |b| Ok(b.hash()))?;
        array(env, hash.as_bytes())
    })
}

/// What the book runs, as JSON.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_bookInfo<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    book: jlong,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let info = inside(&BOOKS, book, |b| b.info())?;
        array(env, &info)
    })
}

/// Why a rule of the book fires, or does not, for a user; JSON.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_bookExplain<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    book: jlong,
    rule: JByteArray<'l>,
    user: JByteArray<'l>,
    state: JByteArray<'l>,
    at: jlong,
    config: JByteArray<'l>,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let rule = buffers::text(env, "the rule's id", &rule)?;
        let user = buffers::text(env, "the user", &user)?;
        let state =
            if state.is_null() { None } else { Some(buffers::bytes(env, "the user's state", &state)?) };
        let config = buffers::text(env, "the engine's configuration", &config)?;
        let at = (at != jlong::MIN).then_some(at);
        let told = inside(&BOOKS, book, |b| b.explain(&rule, &user, state.as_deref(), at, &config))?;
        array(env, &told)
    })
}

/// An engine that runs the book's rules.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_engineOpen<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    config: JByteArray<'l>,
    book: jlong,
    watermark: jlong,
) -> jlong {
    guarded(&mut env, |env| {
        let config = buffers::text(env, "the engine's configuration", &config)?;
        let program = inside(&BOOKS, book, |b| Ok(b.program()))?;
        Ok(ENGINES.open(OpenEngine::new(&config, program, watermark)?)?)
    })
}

/// Hands a batch over; the records taken.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_begin<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
    input: JByteBuffer<'l>,
    len: jint,
) -> jint {
    guarded(&mut env, |env| {
        let batch = buffers::input(env, &input, len)?;
        inside(&ENGINES, engine, |e| e.begin(batch)).map(|taken| taken as jint)
    })
}

/// Answers needs.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_supply<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
    input: JByteBuffer<'l>,
    len: jint,
) {
    guarded(&mut env, |env| {
        let answers = buffers::input(env, &input, len)?;
        inside(&ENGINES, engine, |e| e.supply(answers))
    })
}

/// Takes the batch in.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_evaluate<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
) {
    guarded(&mut env, |_| inside(&ENGINES, engine, OpenEngine::evaluate))
}

/// Time passes; false: drain and call again.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_advance<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
    watermark: jlong,
) -> jboolean {
    guarded(&mut env, |_| inside(&ENGINES, engine, |e| e.advance(watermark)))
}

/// The input ended; false: drain and call again.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_end<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
    fire: jboolean,
) -> jboolean {
    guarded(&mut env, |_| inside(&ENGINES, engine, |e| e.end(fire)))
}

/// Queues stores of dirty users; how many are still dirty.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_writeBack<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
    limit: jint,
) -> jint {
    guarded(&mut env, |_| {
        let limit = usize::try_from(limit).map_err(|_| {
            Fault::Refused(format!("the limit of a write-back is {limit}: it cannot be negative"))
        })?;
        inside(&ENGINES, engine, |e| Ok(e.write_back(limit)))
            .map(|left| jint::try_from(left).unwrap_or(jint::MAX))
    })
}

/// Outcomes into `output`; bytes written, or the size that is needed, negated.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_drain<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
    mut output: JByteBuffer<'l>,
) -> jint {
    guarded(&mut env, |env| {
        let out = buffers::output(env, &mut output)?;
        // A buffer that Java can allocate has at most 2 GiB, and so does an outcome.
        inside(&ENGINES, engine, |e| e.drain(out)).map(|bytes| bytes as jint)
    })
}

/// Swaps the rules.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_publish<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
    book: jlong,
) {
    guarded(&mut env, |_| {
        let program = inside(&BOOKS, book, |b| Ok(b.program()))?;
        inside(&ENGINES, engine, |e| {
            e.publish(program);
            Ok(())
        })
    })
}

/// The counters into `output`, each an i64; the bytes written.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_counters<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    engine: jlong,
    mut output: JByteBuffer<'l>,
) -> jint {
    guarded(&mut env, |env| {
        let out = buffers::output(env, &mut output)?;
        let bytes = wire::counters(&inside(&ENGINES, engine, |e| Ok(e.counters()))?);
        match out.get_mut(..bytes.len()) {
            Some(room) => room.copy_from_slice(&bytes),
            None => return Err(Fault::Refused(format!("counters need {} bytes of output", bytes.len()))),
        }
        Ok(bytes.len() as jint)
    })
}

/// Judges a rule's text, as JSON.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_validate<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    rule: JByteArray<'l>,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let rule = buffers::text(env, "the rule", &rule)?;
        array(env, &open::validate(&rule)?)
    })
}

/// The bytes of an audience of these users.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_audienceOfUsers<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    users: JByteArray<'l>,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let users = buffers::bytes(env, "the users", &users)?;
        array(env, &open::audience_of_users(&users)?)
    })
}

/// A rule's audience, out of the users' tags.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_audienceOfTags<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    rule: JByteArray<'l>,
    tags: JByteArray<'l>,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let rule = buffers::text(env, "the rule", &rule)?;
        let tags = buffers::text(env, "the tags", &tags)?;
        array(env, &open::audience_of_tags(&rule, &tags)?)
    })
}

/// A selection of users by the profile of a rule's audience.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_selectionOpen<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    rule: JByteArray<'l>,
) -> jlong {
    guarded(&mut env, |env| {
        let rule = buffers::text(env, "the rule", &rule)?;
        Ok(SELECTIONS.open(Selection::open(&rule)?)?)
    })
}

/// The next users' tags.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_selectionAdd<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    selection: jlong,
    tags: JByteArray<'l>,
) {
    guarded(&mut env, |env| {
        let tags = buffers::text(env, "the tags", &tags)?;
        inside(&SELECTIONS, selection, |s| s.add(&tags))
    })
}

/// Who was selected.
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_io_alcedo_natives_Native_selectionFinish<'l>(
    mut env: EnvUnowned<'l>,
    _: Class<'l>,
    selection: jlong,
) -> JByteArray<'l> {
    guarded(&mut env, |env| {
        let found = inside(&SELECTIONS, selection, |s| Ok(s.finish()))?;
        array(env, &found)
    })
}
