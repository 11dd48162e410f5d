//! MP4 and MOV.

mod boxes;
mod brand;
mod codec;
mod fragments;
mod movie;
mod sample_entry;
mod track;

pub(super) use movie::read;
