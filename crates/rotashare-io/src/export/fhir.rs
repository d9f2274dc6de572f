//! The rota as a FHIR R4 bundle: Location, HealthcareService, PractitionerRole, Schedule, Slot.
//!
//! A slot is a place of a session: `free` for appointments where a consultant has it, otherwise
//! `busy-unavailable`. Organisations and practitioners are referred to by their national identifiers; no
//! address, leave or duty goes out. Source: hl7.org/fhir/R4.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use rotashare_core::ids::{ConsultantId, SiteId, SpecialtyId, TrustId};
use rotashare_core::time::Moment;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::ics::civil;
use super::view::View;

/// The system of ODS codes.
pub const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
/// The system of GMC reference numbers.
pub const GMC: &str = "https://fhir.hl7.org.uk/Id/gmc-number";

/// A consultant (nobody, for empty places) at a site in a specialty.
type Diary = (Option<ConsultantId>, SiteId, SpecialtyId);

/// Makes the bundle.
#[must_use]
pub fn bundle(view: &View<'_>) -> Value {
    let maker =
        Maker { view, zone: TimeZone::get(view.network().timezone()).unwrap_or(TimeZone::UTC) };
    let mut entries: Vec<Value> = Vec::new();
    entries.extend(view.sites().into_iter().map(|site| maker.location(site)));
    let diary = |line: &super::view::Line| -> Diary {
        let session = view.session(line);
        (line.who, session.site(), session.specialty())
    };
    let diaries: BTreeSet<Diary> = view.lines().iter().map(diary).collect();
    let services: BTreeSet<(SiteId, SpecialtyId)> =
        diaries.iter().map(|(_, site, specialty)| (*site, *specialty)).collect();
    entries.extend(services.into_iter().map(|service| maker.service(service)));
    entries.extend(view.people().into_iter().map(|who| maker.role(who)));
    entries.extend(diaries.into_iter().map(|diary| maker.schedule(diary)));
    entries.extend(view.lines().iter().map(|line| maker.slot(line, diary(line))));
    json!({ "resourceType": "Bundle", "type": "collection", "entry": entries })
}

/// The bundle as a file.
#[must_use]
pub fn bundle_json(view: &View<'_>) -> Vec<u8> {
    format!("{}\n", bundle(view)).into_bytes()
}

struct Maker<'a> {
    view: &'a View<'a>,
    zone: TimeZone,
}

impl Maker<'_> {
    fn location(&self, id: SiteId) -> Value {
        let site = self.view.network().site(id);
        let mut resource = json!({
            "resourceType": "Location",
            "identifier": [{ "system": ODS, "value": site.code() }],
            "status": "active",
            "name": site.name(),
            "mode": "instance",
            "managingOrganization": self.organisation(site.trust()),
        });
        if let Some(postcode) = site.postcode() {
            resource["address"] = json!({ "postalCode": postcode });
        }
        if let Some(at) = site.coordinates() {
            resource["position"] = json!({ "longitude": at.longitude, "latitude": at.latitude });
        }
        entry(self.location_id(id), resource)
    }

    fn service(&self, (site, specialty): (SiteId, SpecialtyId)) -> Value {
        let network = self.view.network();
        let name =
            format!("{}, {}", network.specialty(specialty).name(), network.site(site).name());
        entry(
            self.service_id(site, specialty),
            json!({
                "resourceType": "HealthcareService",
                "active": true,
                "providedBy": self.organisation(network.site(site).trust()),
                "specialty": [self.specialty(specialty)],
                "location": [reference(&self.location_id(site))],
                "name": name,
            }),
        )
    }

    fn role(&self, who: ConsultantId) -> Value {
        let network = self.view.network();
        let consultant = network.consultant(who);
        let mut practitioner = json!({ "type": "Practitioner", "display": consultant.name() });
        practitioner["identifier"] = if is_gmc_number(consultant.code()) {
            json!({ "system": GMC, "value": consultant.code() })
        } else {
            json!({ "value": consultant.code() })
        };
        let lines = self.view.lines_of(who);
        let specialties: BTreeSet<SpecialtyId> =
            lines.map(|line| self.view.session(line).specialty()).collect();
        let sites: BTreeSet<SiteId> =
            self.view.lines_of(who).map(|line| self.view.session(line).site()).collect();
        let specialties: Vec<Value> =
            specialties.into_iter().map(|specialty| self.specialty(specialty)).collect();
        let sites: Vec<Value> =
            sites.into_iter().map(|site| reference(&self.location_id(site))).collect();
        entry(
            self.role_id(who),
            json!({
                "resourceType": "PractitionerRole",
                "active": true,
                "practitioner": practitioner,
                "organization": self.organisation(consultant.employer()),
                "specialty": specialties,
                "location": sites,
            }),
        )
    }

    fn schedule(&self, diary: Diary) -> Value {
        let (who, site, specialty) = diary;
        let horizon = self.view.network().horizon();
        let mut actors =
            vec![reference(&self.location_id(site)), reference(&self.service_id(site, specialty))];
        actors.extend(who.map(|who| reference(&self.role_id(who))));
        entry(
            self.schedule_id(diary),
            json!({
                "resourceType": "Schedule",
                "active": true,
                "specialty": [self.specialty(specialty)],
                "actor": actors,
                "planningHorizon": {
                    "start": horizon.from().to_string(),
                    "end": horizon.to().to_string(),
                },
            }),
        )
    }

    fn slot(&self, line: &super::view::Line, diary: Diary) -> Value {
        let session = self.view.session(line);
        let name = format!("{}#{}", session.code(), line.place.number);
        let status = if line.who.is_some() { "free" } else { "busy-unavailable" };
        entry(
            id("Slot", &name),
            json!({
                "resourceType": "Slot",
                "identifier": [{ "value": name }],
                "specialty": [self.specialty(session.specialty())],
                "schedule": reference(&self.schedule_id(diary)),
                "status": status,
                "start": self.instant(session.span().start()),
                "end": self.instant(session.span().end()),
            }),
        )
    }

    fn organisation(&self, trust: TrustId) -> Value {
        let trust = self.view.network().trust(trust);
        json!({
            "type": "Organization",
            "identifier": { "system": ODS, "value": trust.code() },
            "display": trust.name(),
        })
    }

    fn specialty(&self, specialty: SpecialtyId) -> Value {
        let specialty = self.view.network().specialty(specialty);
        json!({
            "coding": [{ "code": specialty.code(), "display": specialty.name() }],
            "text": specialty.name(),
        })
    }

    /// With the offset of the network's time zone at that time.
    fn instant(&self, moment: Moment) -> String {
        let civil = civil(moment);
        match civil.to_zoned(self.zone.clone()) {
            Ok(zoned) => zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            Err(_) => format!("{civil}Z"),
        }
    }

    fn location_id(&self, site: SiteId) -> String {
        id("Location", self.view.network().site(site).code())
    }

    fn service_id(&self, site: SiteId, specialty: SpecialtyId) -> String {
        let network = self.view.network();
        let (site, specialty) = (network.site(site).code(), network.specialty(specialty).code());
        id("HealthcareService", &format!("{site}\n{specialty}"))
    }

    fn role_id(&self, who: ConsultantId) -> String {
        id("PractitionerRole", self.view.network().consultant(who).code())
    }

    fn schedule_id(&self, (who, site, specialty): Diary) -> String {
        let network = self.view.network();
        let who = who.map_or("", |who| network.consultant(who).code());
        let (site, specialty) = (network.site(site).code(), network.specialty(specialty).code());
        id("Schedule", &format!("{who}\n{site}\n{specialty}"))
    }
}

/// A GMC reference number has seven digits.
fn is_gmc_number(code: &str) -> bool {
    code.len() == 7 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// A UUID (version 8, RFC 9562) made from what it names, the same in every version.
fn id(kind: &str, name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    hash.update([0]);
    hash.update(name.as_bytes());
    let mut bytes = [0_u8; 16];
    for (byte, from) in bytes.iter_mut().zip(hash.finalize()) {
        *byte = from;
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn reference(id: &str) -> Value {
    json!({ "reference": format!("urn:uuid:{id}") })
}

fn entry(id: String, mut resource: Value) -> Value {
    let full_url = format!("urn:uuid:{id}");
    resource["id"] = Value::String(id);
    json!({ "fullUrl": full_url, "resource": resource })
}
