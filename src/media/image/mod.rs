//! Images.

mod gif;

pub(super) use gif::read as gif;
