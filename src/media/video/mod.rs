//! MP4 and MOV.

mod boxes;
mod brand;
mod fragments;
mod movie;
mod name;
mod sample_entry;
#[cfg(test)]
mod tests;
mod track;

pub(super) use movie::read;
