//! A file is told by its content, however it is packed, and an unknown one is refused in a sentence.

use crate::written::{Files, bodies, events};
use flate2::Compression;
use flate2::write::GzEncoder;
use hft_data::{Body, Format, Merged, ReadError, ReadOptions, Recording};
use std::io::Write;

const NAME: &str = "TEST_2024-01-02_34200000_57600000_message_2.csv";
const DAY: &str = "34200.5,1,11,100,1000100,1\n34201.5,3,11,100,1000100,1\n";

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).expect("memory takes it");
    packed.finish().expect("memory takes it")
}

fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(*name, stored).expect("memory takes it");
        writer.write_all(text.as_bytes()).expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}

#[test]
fn packing_makes_no_difference() {
    let files = Files::new();
    let plain = bodies(&files.write(NAME, DAY));
    assert_eq!(plain.len(), 2);
    assert_eq!(bodies(&files.write("x.bin", gzip(DAY))), plain);
    let halves = [gzip("34200.5,1,11,100,1000100,1\n"), gzip("34201.5,3,11,100,1000100,1\n")].concat();
    assert_eq!(bodies(&files.write("two.gz", halves)), plain, "gzip files may be put one behind the other");
    let book = ("TEST_2024-01-02_orderbook_2.csv", "1000200,1,1000100,1\n");
    assert_eq!(bodies(&files.write("x.zip", zip(&[book, (NAME, DAY)]))), plain);
    let frame =
        |text: &str| ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let (first, second) = DAY.split_at(27);
    assert_eq!(bodies(&files.write("x.zst", [frame(first), frame(second)].concat())), plain, "frame by frame");
}

#[test]
fn what_is_packed_and_torn_is_told() {
    let files = Files::new();
    let day = DAY.repeat(2_000);
    let packed = gzip(&day);
    let path = files.write("torn.gz", &packed[..packed.len() / 2]);
    assert!(matches!(events(&path, &ReadOptions::default()), Err(ReadError::Broken(_))));
    let mut packed = zip(&[(NAME, DAY)]);
    let at = packed.windows(5).position(|bytes| bytes == b"34201").expect("stored as it is");
    packed[at + 4] = b'2';
    let path = files.write("damaged.zip", packed);
    let error = events(&path, &ReadOptions::default()).expect_err("another checksum");
    assert!(error.to_string().contains("not what the zip's checksum says"), "{error}");
}

#[test]
fn the_unknown_is_refused_with_what_is_known() {
    let files = Files::new();
    for content in ["", "hello\n", "a,b,c\n1,2,3\n", "\u{0}\u{1}\u{2}", "{}", "[]", "{\"t\":\"", "PK", "\u{1f}\u{8b}"] {
        let path = files.write("x", content);
        let error = match events(&path, &ReadOptions::default()) {
            Err(error) => error.to_string(),
            Ok(events) => panic!("{content:?} was read as {events:?}"),
        };
        assert!(error.contains("/x"), "{error}");
    }
    let error = events(&files.write("x", "hello\n"), &ReadOptions::default()).expect_err("unknown").to_string();
    assert!(error.contains("lobster, binance, bitstamp, itch"), "{error}");
    assert!(matches!(
        events(&files.write("x", "").with_file_name("none"), &ReadOptions::default()),
        Err(ReadError::Io { .. })
    ));
}

#[test]
fn a_name_on_the_command_line_is_a_format() {
    for format in Format::ALL {
        assert_eq!(format.name().parse().as_ref(), Ok(format));
    }
    let error = "lobstr".parse::<Format>().expect_err("misspelt");
    assert!(error.starts_with("`lobstr` is no format; one of lobster, "), "{error}");
}

#[test]
fn recordings_side_by_side_are_in_order() {
    let files = Files::new();
    let rows = |text: &str| format!("{}\n{text}", hft_data::formats::events_csv::HEADER);
    let a = files.write("a.csv", rows("1,,A,notice,,,1,,,,,\n5,,A,notice,,,2,,,,,\n5,,A,notice,,,3,,,,,\n"));
    let b = files.write("b.csv", rows("2,,B,notice,,,4,,,,,\n5,,B,notice,,,5,,,,,\n9,,B,notice,,,6,,,,,\n"));
    let open = |path| Recording::open(path, &ReadOptions::default()).expect("known");
    let mut merged = Merged::new(vec![open(&a), open(&b)]).expect("readable");
    let mut codes = Vec::new();
    while let Some((which, event)) = merged.next().expect("good") {
        codes.push((which, event.body));
    }
    let expected = [(0, 1), (1, 4), (0, 2), (0, 3), (1, 5), (1, 6)].map(|(which, code)| (which, Body::Notice(code)));
    assert_eq!(codes, expected);
}
