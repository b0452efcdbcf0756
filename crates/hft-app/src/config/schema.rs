//! JSON Schema of the configuration, made from the knobs that validate it.

use super::knob::{End, SYMBOL_MAX};
use super::{Bounds, Kind, Knob, PATTERN_TABLES, Presence, Table, Value};
use serde_json::{Map, Value as Json, json};

/// The schema (draft 2020-12) of a configuration file with these tables. The other patterns' tables may hold anything.
pub fn schema(title: &str, tables: &[Table]) -> Json {
    let mut properties = Map::new();
    for other in PATTERN_TABLES {
        properties
            .insert(other.to_owned(), json!({ "type": "object", "description": "Another pattern's table: ignored." }));
    }
    for table in tables {
        properties.insert(table.name().to_owned(), object(table.about(), table.knobs(), Some(table.defaults())));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn object(description: &str, knobs: &[Knob], defaults: Option<&Value>) -> Json {
    let properties = knobs.iter().map(|knob| {
        let default = defaults.and_then(Value::as_table).and_then(|entries| entries.get(knob.name()));
        let default = default.map(|given| &given.value);
        (knob.name().to_owned(), property(knob, default))
    });
    let required: Vec<&str> =
        knobs.iter().filter(|knob| knob.presence() == Presence::Required).map(Knob::name).collect();
    let mut object = json!({ "type": "object", "additionalProperties": false });
    object["properties"] = Json::Object(properties.collect());
    if !description.is_empty() {
        object["description"] = json!(description);
    }
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn property(knob: &Knob, default: Option<&Value>) -> Json {
    if let Kind::Table(knobs) = knob.kind() {
        return object(&knob.description(), knobs, default);
    }
    let mut property = of_kind(knob.kind());
    let description = knob.description();
    if !description.is_empty() {
        property["description"] = json!(description);
    }
    if let Some(default) = default.and_then(Value::to_json) {
        property["default"] = default;
    }
    property
}

fn of_kind(kind: &Kind) -> Json {
    match kind {
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Integer(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Real(bounds) => number(bounds),
        Kind::Decimal(bounds) => {
            json!({ "anyOf": [number(bounds), { "type": "string", "pattern": "^[+-]?[0-9]+(\\.[0-9]+)?$" }] })
        }
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::Text(longest) => json!({ "type": "string", "minLength": 1, "maxLength": longest }),
        Kind::Symbols(most) => {
            let symbol = json!({ "type": "string", "pattern": format!("^[A-Z0-9._-]{{1,{SYMBOL_MAX}}}$") });
            json!({ "type": "array", "items": symbol, "minItems": 1, "maxItems": most, "uniqueItems": true })
        }
        Kind::List(item, most) => json!({ "type": "array", "items": of_kind(item), "maxItems": most }),
        Kind::Table(knobs) => object("", knobs, None),
        Kind::Named(knobs, most) => {
            json!({ "type": "object", "additionalProperties": object("", knobs, None), "maxProperties": most })
        }
    }
}

fn number(bounds: &Bounds) -> Json {
    let low = match bounds.low_end {
        End::Included => "minimum",
        End::Excluded => "exclusiveMinimum",
    };
    let mut number = json!({ "type": "number", "maximum": bounds.high });
    number[low] = json!(bounds.low);
    number
}
