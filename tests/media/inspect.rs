//! Prints the inspector's result for each named file, one line of JSON each, with the number of reads.

use evolink_video::domain::json::to_json;
use evolink_video::media::{Inspector, Step};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let mut file = File::open(&path)?;
        let mut inspector = Inspector::new(file.metadata()?.len());
        let mut reads = 0;
        let info = loop {
            match inspector.step() {
                Step::Read { start, length } => {
                    reads += 1;
                    file.seek(SeekFrom::Start(start))?;
                    let mut bytes = Vec::new();
                    (&mut file).take(length.into()).read_to_end(&mut bytes)?;
                    inspector.supply(start, &bytes);
                }
                Step::Done(info) => break info,
                _ => unreachable!("there are two steps"),
            }
        };
        println!(
            "{{\"file\":{path:?},\"reads\":{reads},\"info\":{}}}",
            to_json(&info)
        );
    }
    Ok(())
}
