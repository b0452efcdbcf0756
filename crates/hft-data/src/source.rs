//! Opening a file: plain, gzip, zstandard or zip, told apart by its first bytes, never by its name.

use crate::bad_record::ReadError;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use ruzstd::decoding::StreamingDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A stream of uncompressed bytes.
pub(crate) type Bytes = Box<dyn Read + Send>;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const ZIP: &[u8] = b"PK";
/// The last three of the four bytes with which a zstandard frame that is to be skipped begins.
const SKIPPABLE: &[u8] = &[0x2a, 0x4d, 0x18];

const COMPRESSED_CHUNK: usize = 64 * 1024;

/// How many files a zip may hold.
pub(crate) const MAX_ENTRIES: usize = 256;

/// One stream of bytes in a file: the file itself, or what a zip holds under a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    /// The file on disk.
    pub(crate) path: PathBuf,
    /// The name that says what is in it: the one inside the zip, or the file's own.
    pub(crate) name: String,
    packed: Packed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Packed {
    Plain,
    Gzip,
    Zstd,
    /// Zstandard behind a frame that is to be skipped: `.dbz`, where it begins with these letters.
    Dbz,
    Zip {
        start: u64,
        size: u64,
        unpacked: u64,
        crc: u32,
        is_deflated: bool,
    },
}

impl Entry {
    /// What is in a file, in the file's order: one stream, or as many as a zip holds.
    pub(crate) fn list(path: &Path) -> Result<Vec<Self>, ReadError> {
        let shown = path.display().to_string();
        let failed = |error| ReadError::io(&shown, error);
        let mut file = File::open(path).map_err(failed)?;
        let mut head = Vec::new();
        Read::by_ref(&mut file).take(11).read_to_end(&mut head).map_err(failed)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let entry = |packed| Self { path: path.to_owned(), name: name.clone(), packed };
        if head.starts_with(ZIP) {
            return Self::list_zip(path, file).map_err(failed);
        }
        Ok(vec![entry(match head {
            head if head.starts_with(GZIP) => Packed::Gzip,
            head if head.starts_with(ZSTD) => Packed::Zstd,
            head if head.get(1..4) == Some(SKIPPABLE) && head.ends_with(b"DBZ") => Packed::Dbz,
            _ => Packed::Plain,
        })])
    }

    fn list_zip(path: &Path, mut file: File) -> io::Result<Vec<Self>> {
        file.seek(SeekFrom::Start(0))?;
        let mut archive = zip::ZipArchive::new(BufReader::new(file))?;
        if archive.len() > MAX_ENTRIES {
            return Err(io::Error::other(format!("a zip of {} files; at most {MAX_ENTRIES}", archive.len())));
        }
        let mut entries = Vec::new();
        for index in 0..archive.len() {
            let packed = archive.by_index_raw(index)?;
            if packed.is_dir() {
                continue;
            }
            let name = packed.name()?.into_owned();
            let method = packed.compression();
            let is_deflated = method == zip::CompressionMethod::DEFLATE;
            if !is_deflated && method != zip::CompressionMethod::STORE {
                return Err(io::Error::other(format!("{name} is packed by {method}; deflate only")));
            }
            let start = packed.data_start().ok_or_else(|| io::Error::other("a zip without data"))?;
            let (size, unpacked, crc) = (packed.compressed_size(), packed.size(), packed.crc32());
            entries.push(Self {
                path: path.to_owned(),
                name,
                packed: Packed::Zip { start, size, unpacked, crc, is_deflated },
            });
        }
        Ok(entries)
    }

    /// What errors call it.
    pub(crate) fn shown(&self) -> String {
        let path = self.path.display();
        match self.packed {
            Packed::Zip { .. } => format!("{path}!{}", self.name),
            Packed::Plain | Packed::Gzip | Packed::Zstd | Packed::Dbz => path.to_string(),
        }
    }

    /// True for the older form of Databento's encoding.
    #[cfg(feature = "dbn")]
    pub(crate) const fn is_dbz(&self) -> bool {
        matches!(self.packed, Packed::Dbz)
    }

    /// Its bytes, uncompressed, from the beginning.
    pub(crate) fn open(&self) -> Result<Bytes, ReadError> {
        self.open_file().map_err(|error| ReadError::io(&self.shown(), error))
    }

    fn open_file(&self) -> io::Result<Bytes> {
        let mut file = File::open(&self.path)?;
        Ok(match self.packed {
            Packed::Plain => Box::new(file),
            Packed::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(COMPRESSED_CHUNK, file))),
            Packed::Zstd | Packed::Dbz => Box::new(Frames::new(BufReader::with_capacity(COMPRESSED_CHUNK, file))?),
            Packed::Zip { start, size, unpacked, crc, is_deflated } => {
                file.seek(SeekFrom::Start(start))?;
                let packed = BufReader::with_capacity(COMPRESSED_CHUNK, file.take(size));
                let content: Bytes = if is_deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
                Box::new(Summed { content, left: unpacked, expected: crc, sum: crc32fast::Hasher::new() })
            }
        })
    }

    /// The first bytes of its content, at most `limit` of them.
    pub(crate) fn head(&self, limit: usize) -> Result<Vec<u8>, ReadError> {
        let mut head = Vec::new();
        let limit = u64::try_from(limit).expect("a small limit");
        match self.open()?.take(limit).read_to_end(&mut head) {
            // A file that breaks later than its head is told so by who reads it.
            Ok(_) | Err(_) if !head.is_empty() => Ok(head),
            Ok(_) => Ok(head),
            Err(error) => Err(ReadError::io(&self.shown(), error)),
        }
    }
}

/// Zstandard frames, one after the other until the file ends: large files are written so.
struct Frames {
    decoder: Option<StreamingDecoder<BufReader<File>, ruzstd::decoding::FrameDecoder>>,
}

impl Frames {
    fn new(mut packed: BufReader<File>) -> io::Result<Self> {
        while packed.fill_buf()?.get(1..4) == Some(SKIPPABLE) {
            let mut head = [0; 8];
            packed.read_exact(&mut head)?;
            let length = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
            io::copy(&mut Read::by_ref(&mut packed).take(length), &mut io::sink())?;
        }
        if packed.fill_buf()?.is_empty() {
            return Ok(Self { decoder: None }); // nothing but what is skipped
        }
        Ok(Self { decoder: Some(StreamingDecoder::new(packed).map_err(io::Error::other)?) })
    }
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(decoder) = &mut self.decoder {
            let count = decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            let mut rest = self.decoder.take().expect("just matched").into_inner();
            if !rest.fill_buf()?.is_empty() {
                self.decoder = Self::new(rest)?.decoder;
            }
        }
        Ok(0)
    }
}

/// The content of a zip's entry, compared with the length and the checksum that the zip promises.
struct Summed {
    content: Bytes,
    left: u64,
    expected: u32,
    sum: crc32fast::Hasher,
}

impl Read for Summed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.content.read(buffer)?;
        let read = u64::try_from(count).expect("a length fits");
        self.sum.update(&buffer[..count]);
        match self.left.checked_sub(read) {
            Some(left) => self.left = left,
            None => return Err(io::Error::new(io::ErrorKind::InvalidData, "longer than the zip's directory says")),
        }
        if count == 0 && !buffer.is_empty() {
            if self.left > 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "shorter than the zip's directory says"));
            }
            if self.sum.clone().finalize() != self.expected {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "not what the zip's checksum says"));
            }
        }
        Ok(count)
    }
}
