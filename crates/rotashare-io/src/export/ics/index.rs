//! What was sent out last time: every event with its sequence, kept beside the calendars.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value, json};

/// Why an index is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// It is no index that this program wrote.
    #[error("it is not an index of calendars: {0}")]
    Malformed(String),
    /// It is of another reader's calendars, all of which would be cancelled.
    #[error(
        "the calendars there are {}; these are {}: use another folder",
        whose(there.as_deref()),
        whose(here.as_deref())
    )]
    OtherView {
        /// The trust of the calendars there.
        there: Option<String>,
        /// The trust of the calendars asked for.
        here: Option<String>,
    },
}

fn whose(trust: Option<&str>) -> String {
    trust.map_or_else(|| "the whole network's".to_owned(), |trust| format!("trust {trust}'s"))
}

/// An event as it was sent out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// The calendar it is in: `consultants/9900001`.
    pub(super) calendar: String,
    pub(super) sequence: u32,
    /// The date on which it came to be as it is.
    pub(super) stamp: Date,
    pub(super) content: Content,
}

/// What an event says; another content is another sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) cancelled: bool,
    /// Whether nobody does it yet.
    pub(super) tentative: bool,
    pub(super) start: DateTime,
    pub(super) end: DateTime,
    pub(super) summary: String,
    pub(super) location: String,
    pub(super) geo: String,
    pub(super) description: String,
}

/// Every event ever sent out into a folder, by UID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    pub(super) view: Option<String>,
    pub(super) names: BTreeMap<String, String>,
    pub(super) events: BTreeMap<String, Event>,
}

impl Index {
    /// Reads `index.json` of a folder of calendars.
    ///
    /// # Errors
    /// Where it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, IndexError> {
        let wrong = |what: &str| IndexError::Malformed(what.to_owned());
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| IndexError::Malformed(error.to_string()))?;
        if value["format"] != json!(1) {
            return Err(wrong("format is not 1"));
        }
        let names = value["calendars"].as_object().ok_or_else(|| wrong("calendars is missing"))?;
        let names = names.iter().map(|(key, name)| {
            let name = name.as_str().ok_or_else(|| wrong("a calendar has no name"))?;
            Ok((key.clone(), name.to_owned()))
        });
        let events = value["events"].as_object().ok_or_else(|| wrong("events is missing"))?;
        let events = events.iter().map(|(uid, event)| {
            let event = read(event).ok_or_else(|| wrong(&format!("event {uid} is damaged")))?;
            Ok((uid.clone(), event))
        });
        Ok(Self {
            view: value["for"].as_str().map(str::to_owned),
            names: names.collect::<Result<_, IndexError>>()?,
            events: events.collect::<Result<_, IndexError>>()?,
        })
    }

    /// As JSON, in order of UID.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let names: Map<String, Value> =
            self.names.iter().map(|(key, name)| (key.clone(), json!(name))).collect();
        let mut text = String::from("{\n");
        let view = json!(self.view);
        text.push_str(&format!(
            "\"format\": 1,\n\"for\": {view},\n\"calendars\": {},\n",
            json!(names)
        ));
        text.push_str("\"events\": {");
        for (index, (uid, event)) in self.events.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            text.push_str(&format!("{comma}\n{}: {}", json!(uid), write(event)));
        }
        text.push_str("\n}\n}\n");
        text.into_bytes()
    }
}

fn write(event: &Event) -> Value {
    let content = &event.content;
    json!({
        "calendar": event.calendar,
        "sequence": event.sequence,
        "stamp": event.stamp.to_string(),
        "cancelled": content.cancelled,
        "tentative": content.tentative,
        "start": content.start.to_string(),
        "end": content.end.to_string(),
        "summary": content.summary,
        "location": content.location,
        "geo": content.geo,
        "description": content.description,
    })
}

fn read(value: &Value) -> Option<Event> {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Some(Event {
        calendar: text("calendar").filter(|path| is_safe(path))?,
        sequence: u32::try_from(value["sequence"].as_u64()?).ok()?,
        stamp: text("stamp")?.parse().ok()?,
        content: Content {
            cancelled: value["cancelled"].as_bool()?,
            tentative: value["tentative"].as_bool()?,
            start: text("start")?.parse().ok()?,
            end: text("end")?.parse().ok()?,
            summary: text("summary")?,
            location: text("location")?,
            geo: text("geo")?,
            description: text("description")?,
        },
    })
}

/// Whether it is a calendar's path as this program makes them: nothing leads out of the folder.
fn is_safe(path: &str) -> bool {
    path.split_once('/').is_some_and(|(folder, name)| {
        matches!(folder, "consultants" | "sites") && super::file_name(name) == name
    })
}
