//! The shapes of the engine's remaining types, until the engine brings its own.
#![allow(missing_docs, dead_code, clippy::unused_self)]
use alcedo_model::{Mapping, Predicate, Problem, Rule};
use std::borrow::Cow;
use std::sync::Arc;
#[derive(Debug, thiserror::Error)]
#[error("no")]
pub(crate) struct No;
#[derive(Default)]
pub(crate) struct Book;
#[derive(Default)]
pub(crate) struct Audiences;
pub(crate) struct Audience;
pub(crate) struct Document {
    pub(crate) source: String,
    pub(crate) text: String,
}
pub(crate) struct Update {
    pub(crate) complete: bool,
    pub(crate) documents: Vec<Document>,
}
pub(crate) struct RuleProblems {
    pub(crate) problems: Vec<Problem>,
}
pub(crate) struct Tags {
    pub(crate) user: String,
}
pub(crate) struct Profile;
pub(crate) struct Extractor;
pub(crate) enum Extracted<'a> {
    Event { user: Cow<'a, str>, time: i64 },
    Blank,
    Bad(&'static str),
}
pub(crate) use alcedo_engine::Program as RealProgram;
pub(crate) struct Program;
impl Audiences {
    pub(crate) fn new() -> Self {
        Audiences
    }
    pub(crate) fn insert(&mut self, _: &str, _: Arc<Audience>) {}
}
impl Audience {
    pub(crate) fn decode(_: &[u8]) -> Result<Audience, No> {
        Ok(Audience)
    }
    pub(crate) fn encode(&self) -> Vec<u8> {
        vec![]
    }
    pub(crate) fn from_users<'a>(_: impl IntoIterator<Item = &'a str>) -> Self {
        Audience
    }
}
impl Book {
    pub(crate) fn new() -> Self {
        Book
    }
    pub(crate) fn decode(_: &[u8]) -> Result<Self, No> {
        Ok(Book)
    }
    pub(crate) fn encode(&self) -> Vec<u8> {
        vec![1]
    }
    pub(crate) fn apply(&mut self, _: &Update, _: &Audiences, _: Option<i64>) -> Vec<String> {
        vec![]
    }
    pub(crate) fn hash(&self) -> String {
        String::new()
    }
    pub(crate) fn audiences(&self) -> Vec<String> {
        vec![]
    }
    pub(crate) fn program(&self) -> Arc<RealProgram> {
        Arc::new(RealProgram)
    }
}
impl Program {
    pub(crate) fn compile(_: &[Rule], _: &Audiences) -> Result<Arc<Program>, Vec<RuleProblems>> {
        Ok(Arc::new(Program))
    }
    pub(crate) fn report(&self) -> u8 {
        0
    }
}
impl Tags {
    pub(crate) fn parse_line(_: &str) -> Result<Self, String> {
        Err(String::new())
    }
}
impl Profile {
    pub(crate) fn compile(_: &Predicate) -> Result<Self, Vec<Problem>> {
        Ok(Profile)
    }
    pub(crate) fn holds(&self, _: &Tags) -> bool {
        true
    }
}
impl Extractor {
    pub(crate) fn new(_: &Mapping, _: Option<i64>) -> Self {
        Extractor
    }
    pub(crate) fn extract<'a>(&self, _: &'a [u8], _: Option<i64>) -> Extracted<'a> {
        Extracted::Event { user: Cow::Borrowed("u1"), time: 5 }
    }
}
pub(crate) fn audience_id(_: &alcedo_model::Audience) -> String {
    String::new()
}
