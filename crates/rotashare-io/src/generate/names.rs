//! Invented people and a list of specialties.

/// Women's forenames; invented, or too common to point at anybody.
const WOMEN: [&str; 48] = [
    "Adaora", "Amara", "Anwen", "Asha", "Aveline", "Bethan", "Carys", "Dalia", "Delphi", "Dervla",
    "Dilys", "Edda", "Eilidh", "Elswyth", "Esme", "Fenna", "Freya", "Gita", "Greer", "Hanne",
    "Hesper", "Ifeoma", "Ines", "Iona", "Isolde", "Jaya", "Juno", "Kerensa", "Lalita", "Linnea",
    "Lowri", "Maren", "Merrin", "Mirela", "Morwen", "Nadia", "Nerys", "Niamh", "Oriel", "Parveen",
    "Petra", "Priya", "Sabine", "Seren", "Tamsin", "Tegan", "Xanthe", "Zara",
];

/// Men's forenames.
const MEN: [&str; 48] = [
    "Aled", "Anand", "Arjun", "Bastian", "Bram", "Caius", "Callum", "Cato", "Chidi", "Corin",
    "Danesh", "Elan", "Emeka", "Farid", "Finlay", "Garan", "Hamza", "Imran", "Ivor", "Jago",
    "Joaquim", "Kamal", "Keir", "Kofi", "Leif", "Lucan", "Mahesh", "Nasir", "Obinna", "Osian",
    "Padraig", "Quentin", "Ravi", "Rohan", "Rufus", "Sanjay", "Tariq", "Tobias", "Vikram",
    "Wendell", "Yusuf", "Zoltan", "Idris", "Tomos", "Rhodri", "Kwame", "Stellan", "Ewan",
];

/// Beginnings of invented surnames.
const STARTS: [&str; 60] = [
    "Ald", "Ambl", "Ash", "Bald", "Barl", "Bexl", "Birk", "Brack", "Bramb", "Briar", "Calv",
    "Carn", "Chald", "Cleev", "Corv", "Crund", "Dalv", "Dremb", "Dunn", "Eld", "Elm", "Fallow",
    "Farn", "Fenn", "Garv", "Gilm", "Grend", "Hald", "Harb", "Hawk", "Holm", "Inch", "Jarv",
    "Kelv", "Kest", "Lang", "Larch", "Lund", "Mald", "Marl", "Mell", "Norv", "Oak", "Ormb", "Pell",
    "Pend", "Quill", "Rav", "Rook", "Sald", "Selw", "Skell", "Stav", "Tarn", "Thorn", "Ulv",
    "Vann", "Wend", "Wick", "Yarr",
];

/// Endings of invented surnames.
const ENDS: [&str; 40] = [
    "acre", "adine", "aford", "alby", "amoor", "anwell", "arden", "astow", "avale", "away",
    "ebank", "ecott", "eford", "egarth", "eholt", "eland", "elith", "emere", "enby", "enquist",
    "eraska", "ering", "erwick", "eshaw", "ethwaite", "ewold", "idge", "imsay", "ingay", "inshaw",
    "istead", "ivar", "odale", "omond", "onfield", "orrow", "oster", "umbra", "ustane", "yhew",
];

/// The name of the `index`-th invented person; no two alike up to 230,400 of them.
///
/// Surgeons are styled Mr or Ms, others Dr, as British custom has it.
#[must_use]
pub fn person(index: usize, surgeon: bool) -> String {
    let all = 2 * WOMEN.len() * STARTS.len() * ENDS.len();
    // A step that shares no factor with the number of names visits each of them once; at the golden
    // section of it neighbours have little in common.
    let place = index.wrapping_mul(142_393) % all;
    let (woman, place) = (place.is_multiple_of(2), place / 2);
    let forenames = if woman { &WOMEN } else { &MEN };
    let (forename, surname) = (forenames[place % WOMEN.len()], place / WOMEN.len());
    let style = match (surgeon, woman) {
        (false, _) => "Dr",
        (true, true) => "Ms",
        (true, false) => "Mr",
    };
    format!("{style} {forename} {}{}", STARTS[surname / ENDS.len()], ENDS[surname % ENDS.len()])
}

/// The consultant code of the `index`-th invented person: 99xxxxx, which no register gives out.
#[must_use]
pub fn person_code(index: usize) -> String {
    format!("99{index:05}")
}

/// A treatment function that generated networks use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Specialty {
    /// National code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Whether its consultants are surgeons.
    pub surgical: bool,
}

const fn surgical(code: &'static str, name: &'static str) -> Specialty {
    Specialty { code, name, surgical: true }
}

const fn medical(code: &'static str, name: &'static str) -> Specialty {
    Specialty { code, name, surgical: false }
}

/// Treatment functions, those that usually have most consultants first.
pub const SPECIALTIES: [Specialty; 41] = [
    medical("420", "Paediatrics"),
    medical("300", "General Internal Medicine"),
    surgical("110", "Trauma and Orthopaedics"),
    medical("320", "Cardiology"),
    surgical("100", "General Surgery"),
    medical("430", "Elderly Medicine"),
    surgical("502", "Gynaecology"),
    medical("301", "Gastroenterology"),
    medical("340", "Respiratory Medicine"),
    surgical("130", "Ophthalmology"),
    medical("400", "Neurology"),
    medical("303", "Clinical Haematology"),
    medical("330", "Dermatology"),
    surgical("101", "Urology"),
    surgical("120", "Ear Nose and Throat"),
    medical("361", "Renal Medicine"),
    medical("302", "Endocrinology"),
    medical("410", "Rheumatology"),
    medical("800", "Clinical Oncology"),
    surgical("104", "Colorectal Surgery"),
    medical("370", "Medical Oncology"),
    surgical("160", "Plastic Surgery"),
    surgical("103", "Breast Surgery"),
    surgical("150", "Neurosurgery"),
    surgical("107", "Vascular Surgery"),
    medical("307", "Diabetes"),
    surgical("140", "Oral Surgery"),
    medical("191", "Pain Management"),
    surgical("170", "Cardiothoracic Surgery"),
    medical("421", "Paediatric Neurology"),
    medical("321", "Paediatric Cardiology"),
    medical("350", "Infectious Diseases"),
    medical("306", "Hepatology"),
    surgical("106", "Upper Gastrointestinal Surgery"),
    surgical("171", "Paediatric Surgery"),
    medical("315", "Palliative Medicine"),
    medical("314", "Rehabilitation Medicine"),
    medical("422", "Neonatal Critical Care"),
    medical("313", "Clinical Immunology and Allergy"),
    medical("360", "Genitourinary Medicine"),
    surgical("105", "Hepatobiliary and Pancreatic Surgery"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_people_share_a_name() {
        let names: BTreeSet<String> = (0..60_000).map(|index| person(index, false)).collect();
        assert_eq!(names.len(), 60_000);
        assert_eq!(person_code(42), "9900042");
    }
}
