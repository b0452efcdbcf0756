//! The items of an RSS or Atom feed: titles with their moments. Whatever else stands there is passed over.

use super::recorded::{Fault, Found};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

/// Hands over every item in the order of the file, or why it is none. A file that is no XML ends with one fault where it stops being it.
pub(super) fn items(bytes: &[u8], mut take: impl FnMut(Result<Found, Fault>)) {
    let Ok(text) = std::str::from_utf8(bytes) else { return take(Err(Fault::Unreadable)) };
    let mut reader = Reader::from_str(text);
    let mut item: Option<Found> = None;
    let mut field = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                field.clear();
                if is_item(tag.local_name().into_inner()) {
                    item = Some(Found::default());
                }
            }
            Ok(Event::Text(part)) => field.push_str(&part.into_inner()),
            Ok(Event::CData(part)) => field.push_str(&part.into_inner()),
            Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(c)) => field.push(c),
                _ => field.push_str(resolve_predefined_entity(&reference).unwrap_or(" ")),
            },
            Ok(Event::End(tag)) => {
                let name = tag.local_name();
                let name = name.into_inner();
                if is_item(name) {
                    take(item.take().ok_or(Fault::Malformed));
                } else if let Some(item) = &mut item {
                    let field = std::mem::take(&mut field);
                    match name {
                        "title" => item.text = Some(field),
                        "pubDate" | "published" => item.published = Some(field),
                        // The moment of the latest change says when it was published only if nothing else does.
                        "updated" | "date" if item.published.is_none() => item.published = Some(field),
                        _ => {}
                    }
                }
            }
            Ok(Event::Eof) if item.is_none() => return,
            Ok(Event::Eof) | Err(_) => return take(Err(Fault::Malformed)),
            Ok(Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
        }
    }
}

fn is_item(name: &str) -> bool {
    matches!(name, "item" | "entry")
}
